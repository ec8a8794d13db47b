"""`--fix --confirm`: what fixes touch is run before and after them, and only what that speaks for is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import libcst as cst
import pytest

from keras_layer_lint import Settings
from keras_layer_lint.confirm.request import Request
from keras_layer_lint.confirm.verifying import Candidate, Verification, verify
from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes import engine
from keras_layer_lint.fixes.place import Place, walked
from keras_layer_lint.lint import report_of_source
from tests.conftest import Run
from tests.fixes.test_command import GATE as OTHER_GATE
from tests.frameworks import needs

pytestmark = pytest.mark.usefixtures("zygotes_are_held")

Klint = Callable[..., Run]

SCALE = """\
import keras


class Scale(keras.layers.Layer):
    def __init__(self, units=4, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.rate = rate

    def build(self, input_shape):
        self.scale = self.add_weight(shape=(input_shape[-1], self.units), name="scale")

    def call(self, inputs):
        return keras.ops.matmul(inputs, self.scale) * self.rate

    def get_config(self):
        config = super().get_config()
        config["units"] = self.units
        return config
"""
RIGHT = SCALE.replace("        return config\n", '        return {**config, "rate": self.rate}\n')
KEEPS = "self.scale) * self.rate"
ANOTHER_RATE = SCALE.replace(
    '        config["units"] = self.units\n', '        config["units"], config["rate"] = self.units, 0.25\n'
).replace("        return keras.ops", "        print(inputs)\n        return keras.ops")
NOISE = SCALE.replace(KEEPS, f"{KEEPS} * keras.random.uniform(())")
DERIVED = "\n\nclass Half(Scale):\n    def call(self, inputs):\n        return super().call(inputs) / 2\n"


@dataclass(frozen=True)
class Case:
    before: str
    after: str
    is_verified: bool
    text: str
    """What is said of it, in part."""
    applicability: Literal["safe", "unsafe"] = "safe"
    name: str = "Scale"

    @property
    def candidate(self) -> Candidate:
        found = report_of_source(self.before, "scale.py", Settings(keras=("3",))).diagnostics
        fix = Fix(self.applicability, "", ())
        made = tuple(replace(each, fix=fix) for each in found if each.class_name == self.name)
        assert made
        return Candidate("", self.before.encode(), self.after.encode(), made)


PAIR = """\
import keras


class Scale(keras.layers.Layer):
    def call(self, inputs, mask=None):
        x, y = inputs
        output = x + y
        if mask is not None:
            output *= mask[0]
        return output
"""
SPARSE = """\
import keras
import tensorflow as tf


class Scale(keras.layers.Layer):
    def call(self, inputs):
        return tf.sparse.to_dense(tf.sparse.reorder(tf.sparse.from_dense(inputs)))
"""
PRINTS = """\
import keras
import tensorflow as tf


class Scale(keras.layers.Layer):
    def call(self, inputs):
        print(inputs)
        return inputs * 2.0
"""
RANDOM = """\
import keras


class Scale(keras.layers.Layer):
    def call(self, inputs):
        return inputs + keras.random.normal(keras.ops.shape(inputs))
"""
DROPS = """\
import keras


class Scale(keras.layers.Layer):
    def __init__(self, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.dropout = keras.layers.Dropout(rate)

    def call(self, inputs, training=None):
        return self.dropout(inputs * 2.0, training=training)

    def get_config(self):
        return {**super().get_config()}
"""
UNBUILT = """\
import keras


class Projection(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(4)

    def build(self, input_shape):
        super().build(input_shape)

    def call(self, inputs):
        return self.dense(inputs)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 4)
"""
UNTRACKED = """\
from collections import deque

import keras


class Projection(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.queue = deque([keras.layers.Dense(4)])

    def call(self, inputs):
        return self.queue[0](inputs)
"""
SEEDED = """\
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed = keras.random.SeedGenerator()
"""
SWITCHED_OFF = """\
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_jit = False
"""
RUNS = "return keras.ops.matmul(inputs, self.scale) * self.rate"
CAST = 'return keras.ops.cast(keras.ops.matmul(inputs, self.scale) * self.rate, "float16")'
INIT = "super().__init__(**kwargs)"
CASES = {
    "right": Case(SCALE, RIGHT, True, "same outputs and saved file and weights; KLL302 no longer confirmed"),
    "comment": Case(SCALE, SCALE + "# done\n", True, "no code changes"),
    "nothing fixed": Case(SCALE, SCALE + "\n\nA = 1\n", False, "KLL302 is still confirmed: "),
    "another result": Case(SCALE, RIGHT.replace(KEEPS, KEEPS + " * 2"), False, "it returns ["),
    "rounding": Case(SCALE, RIGHT.replace(KEEPS, KEEPS + " * (1 + 3e-7)"), False, "it returns ["),
    "rounding, unsafe": Case(SCALE, RIGHT.replace(KEEPS, KEEPS + " * (1 + 3e-7)"), True, "same outputs", "unsafe"),
    "another type": Case(SCALE, RIGHT.replace(RUNS, CAST), False, "it returns float16["),
    "another weight": Case(
        SCALE,
        RIGHT.replace('name="scale"', 'name="kernel"'),
        False,
        "its weights are scale/kernel (8, 4), and were scale/scale (8, 4)",
    ),
    "another argument": Case(
        SCALE, RIGHT.replace("rate=0.5,", "*, rate,"), False, "it ran before, and raises now: TypeError"
    ),
    "what was saved": Case(
        SCALE,
        RIGHT.replace("units=4", "size=4").replace("= units", "= size").replace('["units"]', '["size"]'),
        False,
        "what was saved before does not load now: TypeError",
    ),
    "what was saved without its weights": Case(
        UNBUILT,
        UNBUILT.replace("        super().build", "        self.dense.build(input_shape)\n        super().build"),
        True,
        "; it lacked weights, and gave something else before, too",
        "unsafe",
        "Projection",
    ),
    "what was saved of random numbers": Case(
        NOISE,
        NOISE.replace("units=4", "size=4")
        .replace("= units", "= size")
        .replace("        return config\n", '        return {"size": self.units, "rate": self.rate}\n'),
        False,
        "what was saved before does not load now: TypeError",
    ),
    "what was saved without an argument": Case(
        ANOTHER_RATE,
        ANOTHER_RATE.replace("        print(inputs)\n", "")
        .replace("units=4", "size=4")
        .replace("= units", "= size")
        .replace('["units"]', '["size"]'),
        False,
        "what was saved before does not load now: TypeError",
    ),
    "what was not tracked": Case(
        UNTRACKED,
        UNTRACKED.replace(
            "self.queue = deque([keras.layers.Dense(4)])",
            "self.dense = keras.layers.Dense(4)\n        self.queue = deque([self.dense])",
        ),
        True,
        "same outputs and weights; KLL206 no longer confirmed",
        "unsafe",
        "Projection",
    ),
    "raises": Case(SCALE, RIGHT.replace("ops.matmul", "ops.matmal"), False, "it ran before, and raises now"),
    "does not import": Case(SCALE, RIGHT + "\n\nassert False\n", False, "raises AssertionError"),
    "derived": Case(SCALE + DERIVED, RIGHT + DERIVED, True, "same outputs"),
    "derived, and broken": Case(
        SCALE + DERIVED,
        RIGHT.replace(INIT, f"{INIT}\n        assert type(self) is Scale") + DERIVED,
        False,
        "Half: it ran before, and raises now: AssertionError",
    ),
    "never ran": Case(
        SCALE.replace("matmul", "matmal"), RIGHT.replace("matmul", "matmal"), False, "has no attribute 'matmal'"
    ),
    "runs now": Case(
        SCALE.replace(f"        {INIT}\n", ""), RIGHT, True, "runs, which it did not; KLL204 no longer confirmed"
    ),
    "the mask of a list": Case(
        PAIR,
        PAIR.replace("mask is not None", "mask is not None and mask[0] is not None"),
        True,
        "KLL144 no longer confirmed",
    ),
    "random numbers": Case(
        RANDOM,
        RANDOM.replace("    def call", f"{SEEDED}\n    def call").replace("(inputs))", "(inputs), seed=self.seed)"),
        True,
        "same outputs",
        "unsafe",
    ),
    "a print": Case(
        PRINTS, PRINTS.replace("print(", "tf.print("), True, "same outputs and saved file and weights; build", "unsafe"
    ),
    "a print that stays": Case(PRINTS, PRINTS + "\n\nA = 1\n", False, "KLL122 is still confirmed: "),
    "what is random in training only": Case(
        DROPS, DROPS.replace("* 2.0", "* 3.0").replace("return {", 'return {"rate": self.rate, '), False, "it returns ["
    ),
    "XLA switched off": Case(
        SPARSE,
        SPARSE.replace("    def call", f"{SWITCHED_OFF}\n    def call"),
        True,
        "same outputs",
        "unsafe",
    ),
    "what it returns": Case(
        SCALE.replace(RUNS, "return str(self.rate)"),
        RIGHT.replace(RUNS, "return str(self.rate)"),
        False,
        "cannot be compared",
    ),
    "another way fails": Case(
        SCALE,
        RIGHT.replace(RUNS, f'{RUNS} * (1 if __import__("tensorflow").executing_eagerly() else 2)'),
        False,
        "graph fails, which it did not: ",
    ),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verification]:
    needs("3")
    folder = tmp_path_factory.mktemp("verified")
    candidates = []
    for number, case in enumerate(CASES.values()):
        path = folder / f"scale_{number}.py"
        path.write_text(case.before, encoding="utf-8")
        candidates.append(replace(case.candidate, path=str(path)))
    settings = Settings(keras=("3",), root=str(folder))
    found = verify(candidates, settings, Request(device="cpu"), lambda *_: None)
    return {name: each[case.name] for (name, case), each in zip(CASES.items(), found, strict=True)}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, seen: dict[str, Verification]) -> None:
    found = seen[name]
    assert (found.is_verified, CASES[name].text) == (CASES[name].is_verified, CASES[name].text), found.text
    assert CASES[name].text in found.text


GATE = OTHER_GATE.removeprefix("import keras\n")


@pytest.fixture
def scale(tmp_path: Path) -> Path:
    needs("3")
    path = tmp_path / "layers.py"
    path.write_text(SCALE + GATE, encoding="utf-8")
    return path


def _replaces(old: str, new: str) -> Callable[[Place], Fix | None]:
    """A fix that replaces the first text of a file."""

    def fix(place: Place) -> Fix | None:
        nodes = [node for node in walked(place.tree.module) if place.tree.module.code_for_node(node) == old]
        return Fix("safe", "", (place.replaced(nodes[0], cst.parse_expression(new)),)) if nodes else None

    return fix


def test_only_verified_fixes_are_written(klint: Klint, scale: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = klint("layers.py", "--fix", "--confirm=all", "--isolated", "--device", "cpu", "--output-format", "concise")
    fixed = scale.read_text(encoding="utf-8")
    assert fixed == RIGHT + GATE.replace("        self.units", "        super().__init__(**kwargs)\n        self.units")
    assert run.code == 1
    assert [line.split(" ")[2] for line in run.out.splitlines() if line.startswith("layers.py:")] == ["KLL101"]
    told = run.err.splitlines()
    assert told[0].startswith("klint: layers.py: fix verified in Scale: Keras 3")
    assert told[1].startswith("klint: layers.py: fix verified in Gate: Keras 3")
    assert told[2].startswith("klint: layers.py: still fails in Gate: KLL101 on line 28: ")
    assert told[-1] == "klint: fixed 2 problems, each verified by running it"


def test_what_is_right_of_a_class_is_made(klint: Klint, scale: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two fixes of a class is wrong: the other is made, and the class beside it is not held up."""
    wrong = _replaces("keras.ops.matmul(inputs, self.scale)", "keras.ops.matmul(inputs, 2 * self.scale)")
    right = engine.registered()["init-drops-base-kwargs"]

    def both(place: Place) -> Fix | None:
        fixes = [each for make in (right, wrong) if (each := make(place)) is not None]
        return Fix("safe", "", tuple(edit for each in fixes for edit in each.edits))

    monkeypatch.setitem(engine.registered(), "init-drops-base-kwargs", both)
    text = scale.read_text(encoding="utf-8").replace("rate=0.5, **kwargs", "rate=0.5").replace("(**kwargs)", "()")
    scale.write_text(text, encoding="utf-8")
    run = klint("layers.py", "--diff", "--confirm", "--isolated", "--device", "cpu")
    assert run.code == 1
    added = [line for line in run.out.splitlines() if line.startswith("+ ")]
    assert added == ['+        return {**config, "rate": self.rate}', "+        super().__init__(**kwargs)"]
    assert "layers.py:5: KLL306 is not fixed: it returns [" in run.err
    assert scale.read_text(encoding="utf-8") == text


REGISTRY = """\
NAMES = set()


def register(thing):
    assert thing.__name__ not in NAMES, f"{thing.__name__} is there"
    NAMES.add(thing.__name__)
    return thing
"""


def test_a_module_that_can_be_executed_once(klint: Klint, scale: Path) -> None:
    """Its package keeps a list of what it defines, and refuses it a second time: all of the package runs anew."""
    folder = scale.parent / "listed"
    folder.mkdir()
    (folder / "__init__.py").write_text("from listed import scale\n", encoding="utf-8")
    (folder / "registry.py").write_text(REGISTRY, encoding="utf-8")
    text = f"from listed.registry import register\n{SCALE}".replace("\nclass Scale", "\n@register\nclass Scale")
    (folder / "scale.py").write_text(text, encoding="utf-8")
    run = klint("listed", "--fix", "--confirm", "--isolated", "--device", "cpu")
    assert (run.code, run.err.splitlines()[-1]) == (0, "klint: fixed 1 problem, each verified by running it")
    assert '"rate": self.rate' in (folder / "scale.py").read_text(encoding="utf-8")
