"""What makes objects of a class: found by text, run where no plan works, and watched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from keras_layer_lint.confirm.encoding import decode, encode
from keras_layer_lint.confirm.messages import Finished, RunProbe, UsesSeen, ZygoteReady
from keras_layer_lint.confirm.probe import FoundCall, User
from keras_layer_lint.confirm.probe_run import ProbeRun
from keras_layer_lint.confirm.time_allowed import TimeAllowed
from keras_layer_lint.confirm.users import users_of
from tests.confirm.conftest import probe
from tests.conftest import Run
from tests.frameworks import needs

pytestmark = pytest.mark.usefixtures("zygotes_are_held")


def found(files: dict[str, str], most: int = 9) -> list[tuple[str, str, str]]:
    def naming(name: str) -> list[tuple[Path, str]]:
        return [(Path(file), text) for file, text in files.items() if name in text]

    return [(user.path.name, user.name, user.kind) for user in users_of("Gate", naming, most)]


@pytest.mark.parametrize(
    ("code", "users"),
    [
        ("def build(x):\n    return layers.Gate(4)(x)", [("a.py", "build", "function")]),
        ("class Net:\n    def __init__(self):\n        self.gate = Gate()", [("a.py", "Net", "class")]),
        ("def test_gate():\n    Gate()", [("a.py", "test_gate", "test")]),
        (
            "class GateTest(TestCase):\n    def test_a(self):\n        Gate()\n    def test_b(self):\n        pass",
            [("a.py", "GateTest.test_a", "test")],
        ),
        ("def test_gate(units):\n    Gate(units)", []),
        (
            "@pytest.mark.parametrize('units', [4])\ndef test_gate(units):\n    Gate(units)",
            [("a.py", "test_gate", "test")],
        ),
        (
            "class TestGate:\n    def test_a(self):\n        Gate()\n    def test_b(self, tmp_path):\n        Gate()",
            [("a.py", "TestGate.test_a", "test")],
        ),
        ("class TestBed:\n    def gate(self):\n        return Gate()", [("a.py", "TestBed", "class")]),
        ("class Gate(Layer):\n    def from_config(cls, config):\n        return Gate(**config)", []),
        ("Gate()", []),
        ("def build(x):\n    return Gated(4)(x)", []),
        ("((", []),
    ],
)
def test_who_makes_objects_of_a_class(code: str, users: list[tuple[str, str, str]]) -> None:
    assert found({"a.py": code}) == users


def test_users_of_users_come_after_the_users() -> None:
    files = {
        "b.py": "def build():\n    return Net()",
        "net.py": "class Net:\n    def __init__(self):\n        self.gate = Gate()",
        "test_net.py": "def test_net():\n    build()",
    }
    users = [("net.py", "Net", "class"), ("b.py", "build", "function")]
    assert found(files) == users
    assert found(files, most=1) == users[:1]


READY = ZygoteReady(keras="Keras 3", backend="tensorflow", lacking=(), seconds=0.0)
CALL = FoundCall(arguments="units=4", place="nets.build", inputs="float32[5,3]", is_made_up=True)


def watched(*reports: UsesSeen | Finished, killed: str = "") -> ProbeRun:
    run = ProbeRun(probe(Path("/project/gates.py"), "Gate"), 60)
    run.begin(READY)
    for report in reports:
        run.take(report)
    assert run.end(0, killed, "", 1.0)
    return run


@pytest.mark.parametrize("killed", ["", "processor"])
def test_another_process_goes_on_with_what_was_seen(killed: str) -> None:
    run = watched(UsesSeen(calls=()), UsesSeen(calls=(CALL,)), killed=killed)
    assert run.next_probe().calls == (CALL,)
    assert run.next_probe().users == ()


def test_what_was_seen_is_kept_where_both_processes_came_to_their_end() -> None:
    def ended(is_repeatable: bool) -> ProbeRun:
        seen = Finished(seconds=1.0, files=("/a.py",), is_repeatable=is_repeatable)
        run = watched(UsesSeen(calls=(CALL,)), seen)
        run.begin(READY)
        run.take(Finished(seconds=1.0, files=("/b.py", "/a.py"), is_repeatable=True))
        assert not run.end(0, "", "", 1.0)
        return run

    assert ended(is_repeatable=True).result().is_repeatable
    assert ended(is_repeatable=True).result().files == ("/a.py", "/b.py")
    assert not ended(is_repeatable=False).result().is_repeatable


def test_a_process_that_was_stopped_while_it_watched_keeps_nothing() -> None:
    run = watched(UsesSeen(calls=()), killed="waiting")
    run.begin(READY)
    run.take(Finished(seconds=1.0, is_repeatable=True))
    assert not run.end(0, "", "", 1.0)
    assert not run.result().is_repeatable


def test_users_pass_between_processes() -> None:
    user = User(module="nets", name="build", root="/project", kind="function", calls=(CALL,))
    asked = replace(probe(Path("/project/gates.py"), "Gate"), users=(user,))
    message = RunProbe(number=0, probe=asked, time=TimeAllowed.of(60), folder="/x")
    assert decode(encode(message), [RunProbe]) == message


LAYERS = """\
import keras


class Mix(keras.layers.Layer):
    def __init__(self, settings, inner, table, **kwargs):
        super().__init__(**kwargs)
        if settings.heads != 3 or table["kind"].upper() != "GRAPH":
            raise ValueError("unusual")
        self.settings = settings
        self.inner = inner

    def call(self, inputs):
        (left, middle), right = inputs["left"], inputs["right"]
        if right.shape[-1] != 7:
            raise ValueError("unusual")
        if keras.ops.sum(right) > 0:  # KLL101
            left = left * 2.0
        return self.inner(left) + middle * right[..., :1]
"""
NETS = """\
import keras
from nets.settings import Settings
from nets.layers import Mix


def build(width):
    left, middle, right = keras.Input((width,)), keras.Input((6,)), keras.Input((7,))
    mix = Mix(Settings(3), keras.layers.Dense(6, activation="relu"), {"kind": "graph"})
    return mix({"left": (left, middle), "right": right})
"""
SETTINGS = "class Settings:\n    def __init__(self, heads):\n        self.heads = heads\n"
TEST = """\
import unittest
import keras
from nets.layers import Mix
from nets.settings import Settings


class MixTest(unittest.TestCase):
    def setUp(self):
        keras.config.set_floatx("float16")
        self.mix = Mix(Settings(3), keras.layers.Dense(6), table={"kind": "graph"})

    def test_it(self):
        self.mix({"left": (keras.ops.ones((2, 4)), keras.ops.ones((2, 6))), "right": keras.ops.ones((2, 7))})
"""


@pytest.fixture
def confirmed(klint: Callable[..., Run], tmp_path: Path) -> Callable[..., str]:
    needs("3")
    project = '[project]\nname = "x"\nversion = "1"\ndependencies = ["keras>=3"]\n'
    (tmp_path / "pyproject.toml").write_text(project, encoding="utf-8")

    def run(**files: str) -> str:
        for name, text in {"__init__": "", "layers": LAYERS, "settings": SETTINGS, **files}.items():
            path = tmp_path / "nets" / f"{name}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return klint("--confirm", "--no-cache", "nets/layers.py").out

    return run


@pytest.mark.keras
def test_a_function_shows_how_a_layer_is_made_and_called(confirmed: Callable[..., str]) -> None:
    assert "inconclusive" in confirmed()
    out = confirmed(build=NETS)
    assert "confirmed: " in out
    assert "nets.settings.Settings(heads=3)" in out
    assert "{'left': (float32[5,4], float32[5,6]), 'right': float32[5,7]}" in out


@pytest.mark.keras
def test_a_test_shows_it_and_changes_nothing_for_what_is_run_after_it(confirmed: Callable[..., str]) -> None:
    out = confirmed(test_mix=TEST)
    assert "confirmed: " in out
    assert "float16" not in out.replace("float16[2,", "")
