"""`--confirm` on the command line: what is asked for, what is shown, and what it cannot be reached from."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint.confirm import confirming, probes
from keras_layer_lint.confirm.probe import FoundCall, Probe, ProbeResult, Recipe, UnseenFailure
from keras_layer_lint.diagnostic import Status, Verdict
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.discover import discover
from keras_layer_lint.target import Generation
from tests.conftest import ROOT, Run
from tests.frameworks import needs

Klint = Callable[..., Run]

LAYERS = """\
import keras
import numpy as np


class Gate(keras.layers.Layer):
    def call(self, inputs):
        return inputs - np.mean(inputs)


class Plain(keras.layers.Layer):
    def call(self, inputs):
        return inputs
"""
VERDICT = Verdict(
    status="confirmed",
    oracle="graph",
    keras="3.15.1",
    backend="tensorflow 2.21.0",
    device="cpu",
    platform="Host",
    evidence="NotImplementedError: no array",
    line=7,
    inputs="float32[5,8]",
    arguments="units=4",
    seconds=0.25,
)
FAILURE = UnseenFailure(oracle="graph", evidence="training: ValueError: no gradient", line=11)


class FakePool:
    """Gives every claim the same verdict."""

    interrupted = False
    lacking: tuple[str, ...] = ()
    verdict = VERDICT
    failures: tuple[UnseenFailure, ...] = ()
    seen: list[Probe]
    options: dict[str, Any]

    def __init__(self, probes: list[Probe], **options: Any) -> None:
        FakePool.seen = self.probes = probes
        FakePool.options = options

    def run(self) -> list[ProbeResult]:
        return [
            ProbeResult(
                probe=probe,
                verdicts=(self.verdict,) * len(probe.claims),
                failures=self.failures if probe.class_name == "Plain" else (),
                keras="3.15.1",
            )
            for probe in self.probes
        ]


@pytest.fixture
def confirmed(klint: Klint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Run]:
    """Run klint on two layers; running them gives what the test says."""
    monkeypatch.setattr(confirming, "Pool", FakePool)
    monkeypatch.setattr(confirming, "check_installed", lambda request: None)
    (tmp_path / "layers.py").write_text(LAYERS, encoding="utf-8")

    def run(*arguments: str, status: Status = "confirmed", failures: tuple[UnseenFailure, ...] = ()) -> Run:
        monkeypatch.setattr(FakePool, "verdict", replace(VERDICT, status=status))
        monkeypatch.setattr(FakePool, "failures", failures)
        return klint("layers.py", "--keras", "3", *arguments)

    return run


FIXABLE = "1 problem can be fixed with `--fix --unsafe-fixes`.\n"
"""The last line of a report on the one fault of these layers."""


@pytest.mark.parametrize(("status", "code"), [("confirmed", 1), ("inconclusive", 1), ("refuted", 0)])
def test_refuted_findings_are_no_reason_to_fail(confirmed: Callable[..., Run], status: Status, code: int) -> None:
    run = confirmed("--confirm", status=status)
    assert run.code == code
    assert f"{status}: NotImplementedError: no array\n" in run.out
    assert (
        "  Keras 3.15.1, tensorflow 2.21.0, cpu (XLA: Host); constructed with units=4, called on float32[5,8]\n"
        in run.out
    )
    assert run.out.endswith(f"in 1 file, 2 layers: 1 {status}\n{FIXABLE}")


def test_what_the_system_cannot_stop_is_said_once(
    confirmed: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakePool, "lacking", ("reaching the network", "outliving klint"))
    said = "this system does not let klint stop layers from reaching the network, outliving klint"
    assert confirmed("--confirm", status="refuted").err.count(said) == 1
    assert said not in confirmed("--confirm", "--quiet", status="refuted").err


def test_the_path_behind_confirm_is_a_path(klint: Klint, confirmed: Callable[..., Run]) -> None:
    assert klint("--confirm", "layers.py", "--keras", "3").code == 1
    assert [probe.class_name for probe in FakePool.seen] == ["Gate"]


def test_reports(confirmed: Callable[..., Run]) -> None:
    assert confirmed("--confirm", "--output-format", "concise").out.endswith(" [confirmed]\n")
    assert "%0Aconfirmed: NotImplementedError: no array%0A" in confirmed("--confirm", "--output-format", "github").out
    assert confirmed("--confirm", "--output-format", "github", status="refuted").out.startswith("::notice ")
    table = confirmed("--confirm", "--output-format", "markdown").out
    assert "*confirmed*: NotImplementedError: no array |" in table
    assert table.endswith("\nRun with Keras 3.15.1, tensorflow 2.21.0, cpu \\(XLA: Host\\).\n")
    document = json.loads(confirmed("--confirm", "--output-format", "json").out)
    (diagnostic,) = document["diagnostics"]
    assert diagnostic["verdict"] == VERDICT.to_json()
    (layer,) = document["layers"]
    assert (layer["class"], layer["verdicts"][0]["code"]) == ("Gate", "KLL111")


def test_without_confirm_nothing_is_said_of_it(confirmed: Callable[..., Run]) -> None:
    document = json.loads(confirmed("--output-format", "json").out)
    assert (document["layers"], document["diagnostics"][0]["verdict"]) == ([], None)


MANY = "import keras\nimport numpy as np\n" + "".join(
    f"\n\nclass Layer{number}(keras.layers.Layer):\n    def call(self, inputs):\n        return np.mean(inputs)\n"
    for number in range(12)
)


@pytest.mark.slow
def test_reports_of_all_parts_are_the_whole_report(confirmed: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "layers.py").write_text(MANY, encoding="utf-8")
    (tmp_path / "broken.py").write_text(LAYERS.replace("(self, inputs)", "(self, inputs"), encoding="utf-8")

    def found(*arguments: str) -> tuple[list[str], list[str]]:
        document = json.loads(confirmed("broken.py", "--confirm=all", "--output-format", "json", *arguments).out)
        assert document["summary"]["shard"] == (arguments[1] if arguments else None)
        run = [probe.class_name for probe in FakePool.seen] if document["layers"] else []
        return [f"{one['path']}:{one['line']}:{one['code']}" for one in document["diagnostics"]], run

    whole, everything = found()
    shards = [found("--shard", f"{number}/3") for number in (1, 2, 3)]
    assert all(run for _, run in shards)
    assert sorted(one for diagnostics, _ in shards for one in diagnostics) == sorted(whole)
    assert sorted(name for _, run in shards for name in run) == sorted(everything)
    assert any(one.startswith("broken.py") for one in whole)


def test_the_summary_names_the_part(confirmed: Callable[..., Run]) -> None:
    assert "in 1 file, 2 layers, shard 1/1: 1 confirmed" in confirmed("--confirm", "--shard", "1/1").out


def test_a_cluster_runs_what_this_machine_would(confirmed: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    here = confirmed("--confirm=all", "--timeout", "7").out
    monkeypatch.setattr(confirming, "Pool", None)
    monkeypatch.setattr(confirming, "DaskPool", FakePool)
    assert confirmed("--confirm=all", "--timeout", "7", "--scheduler", "dask://host:8786").out == here
    assert FakePool.options == {"address": "dask://host:8786", "timeout": 7.0, "progress": FakePool.options["progress"]}


def test_without_confirm_nothing_is_sent_to_a_cluster(confirmed: Callable[..., Run]) -> None:
    run = confirmed("--scheduler", "dask://host:8786")
    assert (run.code, run.err) == (2, "klint: --scheduler needs --confirm: linting runs on this machine\n")


def test_without_confirm_there_is_nothing_to_divide(confirmed: Callable[..., Run]) -> None:
    run = confirmed("--shard", "1/2")
    assert (run.code, run.err) == (2, "klint: --shard needs --confirm: it divides the layers that are run\n")


def test_all_runs_every_layer_and_reports_what_no_rule_saw(confirmed: Callable[..., Run]) -> None:
    run = confirmed("--confirm=all", failures=(FAILURE,))
    assert [(probe.class_name, probe.line, probe.everything) for probe in FakePool.seen] == [
        ("Gate", 5, True),
        ("Plain", 10, True),
    ]
    assert "layers.py:11:1: error KLL900 (fails-when-run): `Plain` fails when run: training: ValueError" in run.out
    assert "KLL900" not in confirmed("--confirm", failures=(FAILURE,)).out


def test_all_runs_what_is_no_layer(confirmed: Callable[..., Run], klint: Klint, tmp_path: Path) -> None:
    methods = "    def call(self, y_true, y_pred):\n        return y_pred - y_true\n\n\n"
    source = f"import keras\n\n\nclass Cut(keras.losses.Loss):\n{methods}class Plain:\n{methods}"
    (tmp_path / "losses.py").write_text(source, encoding="utf-8")
    confirmed("--confirm=all")
    klint("losses.py", "--keras", "3", "--confirm=all")
    assert [probe.class_name for probe in FakePool.seen] == ["Cut"]
    klint("losses.py", "--keras", "3", "--confirm")
    assert FakePool.seen == []


def test_failures_have_their_own_severity(confirmed: Callable[..., Run]) -> None:
    run = confirmed("--confirm=all", failures=(replace(FAILURE, severity="note"),))
    assert "layers.py:11:1: note KLL900" in run.out


def test_recipes_reach_the_layer(confirmed: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "klint.toml").write_text('[recipes]\n"layers.Gate" = { inputs = "float32[2,4]" }\n', encoding="utf-8")
    confirmed("--confirm")
    assert [probe.recipe for probe in FakePool.seen] == [Recipe(inputs="float32[2,4]")]


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[list[Path]]:
    """The folders that are searched for what calls a layer."""
    found: list[list[Path]] = []

    def discovered(paths: list[Path], settings: Settings) -> Any:
        found.append(paths)
        return discover(paths, settings)

    monkeypatch.setattr(probes, "discover", discovered)
    return found


@pytest.mark.parametrize(("path", "again"), [("layers.py", True), (".", False)])
def test_a_project_that_was_searched_is_not_searched_again(
    klint: Klint, confirmed: Callable[..., Run], searches: list[list[Path]], tmp_path: Path, path: str, again: bool
) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_gate.py").write_text("import numpy as np\nfrom layers import Gate\nGate(units=3)\n")
    klint(path, "--keras", "3", "--confirm")
    assert [call.place for call in FakePool.seen[0].calls] == ["tests/test_gate.py:3"]
    assert searches == ([[tmp_path]] if again else [])


def test_calls_in_the_project_are_found_beside_the_linted_file(confirmed: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "tests").mkdir()
    call = "from layers import Gate\nimport numpy as np\n\nGate(name='a')(np.ones((3, 7)))\n"
    (tmp_path / "tests" / "test_gate.py").write_text(call, encoding="utf-8")
    confirmed("--confirm")
    assert FakePool.seen[0].calls[0] == FoundCall(arguments="", inputs="float32[3,7]", place="tests/test_gate.py:4")


def test_each_generation_is_told_what_is_said_of_it(klint: Klint, confirmed: Callable[..., Run]) -> None:
    klint("layers.py", "--keras", "2,3", "--confirm")
    assert [probe.generation for probe in FakePool.seen] == list(Generation)
    assert all(probe.claims for probe in FakePool.seen)


def test_a_missing_framework_is_an_error(klint: Klint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "layers.py").write_text(LAYERS, encoding="utf-8")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    run = klint("layers.py", "--confirm")
    assert run.code == 2
    assert "pip install 'keras-layer-lint[confirm]'" in run.err


def test_standard_input_cannot_be_confirmed(klint: Klint) -> None:
    run = klint("-", "--confirm", stdin=LAYERS.encode())
    assert (run.code, run.out) == (2, "")


@pytest.mark.parametrize("key", ["confirm", "device", "timeout"])
def test_a_configuration_file_cannot_ask_for_it(klint: Klint, tmp_path: Path, key: str) -> None:
    (tmp_path / "klint.toml").write_text(f"{key} = true\n", encoding="utf-8")
    run = klint(".")
    assert run.code == 2
    assert f"unknown key `{key}`" in run.err


@pytest.mark.slow
def test_flake8_does_not_know_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flake8", "--help"], capture_output=True, text=True, timeout=60, check=True
    )
    assert "confirm" not in done.stdout


@pytest.mark.slow
def test_nothing_of_it_is_imported_without_the_flag(tmp_path: Path) -> None:
    (tmp_path / "layers.py").write_text(LAYERS, encoding="utf-8")
    code = (
        "import sys\nfrom keras_layer_lint.__main__ import main\nmain(['layers.py'])\n"
        "rooms = ('keras_layer_lint.confirm', 'keras_layer_lint.cache')\n"
        "assert not [name for name in sys.modules if name.startswith(rooms)]"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, timeout=60, check=True)


def test_verdicts(tmp_path: Path) -> None:
    """The whole way, with Keras: relative imports, a package in `src`, a class that cannot be constructed."""
    needs("3")
    package = tmp_path / "src" / "package"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from .layers import Gate\n", encoding="utf-8")
    (package / "helpers.py").write_text("SHIFT = 2.0\n", encoding="utf-8")
    source = LAYERS.replace("class Gate", "from .helpers import SHIFT\n\n\nclass Gate")
    source += "\n\nclass Picky(Gate):\n    def __init__(self, secret):\n        super().__init__()\n"
    source += "        assert secret.encode().hex() == '6f70656e20736573616d65'\n\n"
    source += "    def call(self, inputs):\n        return np.exp(inputs)\n"
    (package / "layers.py").write_text(source, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.klint.recipes]\n", encoding="utf-8")
    done = klint_in(tmp_path, "src", "--confirm", "--device", "cpu", "--select", "KLL111", "--output-format", "json")
    assert done.returncode == 1, done.stderr
    first, second = json.loads(done.stdout)["diagnostics"]
    assert first["verdict"]["status"] == "confirmed"
    assert first["verdict"]["line"] == first["line"]
    assert second["verdict"]["status"] == "inconclusive"
    assert second["verdict"]["evidence"].startswith("could not be constructed")
    assert second["verdict"]["help"].startswith('"package.layers.Picky" = {')
    recipe = '"package.layers.Picky" = { arguments = "secret=\'open sesame\'" }\n'
    (tmp_path / "pyproject.toml").write_text(f"[tool.klint.recipes]\n{recipe}", encoding="utf-8")
    done = klint_in(tmp_path, "src", "--confirm", "--device", "cpu", "--select", "KLL111", "--output-format", "json")
    assert [item["verdict"]["status"] for item in json.loads(done.stdout)["diagnostics"]] == ["confirmed"] * 2
    assert sorted(path.name for path in package.iterdir()) == ["__init__.py", "helpers.py", "layers.py"]


def klint_in(folder: Path, *arguments: str, site: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run klint; in a Python that first runs the `sitecustomize.py` in `site`."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([*([str(site)] if site else []), str(ROOT)])}
    command = [sys.executable, "-m", "keras_layer_lint", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


def test_an_interruption_ends_the_children_and_says_what_is_known(tmp_path: Path) -> None:
    needs("3")
    slow = LAYERS.replace(
        "        return inputs - np", "        __import__('time').sleep(600)\n        return inputs - np"
    )
    (tmp_path / "layers.py").write_text(slow, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "keras_layer_lint", "layers.py", "--confirm", "--timeout", "300", "--keras", "3"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("klint-*/probe-*")) and time.monotonic() < deadline:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "inconclusive: interrupted" in out
    assert "interrupted: what was known by then follows" in err
    assert list(tmp_path.glob("klint-*")) == []
    own = [path for path in Path("/proc").glob("[0-9]*") if str(tmp_path) in folder_of(path)]
    assert own == []


def folder_of(process: Path) -> str:
    try:
        return str((process / "cwd").readlink())
    except OSError:  # gone, or a kernel thread
        return ""


JAX = """\
import keras
import numpy as np
from keras import ops


class Gate(keras.layers.Layer):
    def call(self, inputs):
        if ops.mean(inputs) > 0.5:
            return inputs
        return inputs + np.exp(inputs)


class Fine(keras.layers.Layer):
    def call(self, inputs):
        return ops.where(ops.mean(inputs) > 0.5, inputs, inputs + ops.exp(inputs))
"""


HIDDEN = """\
from importlib.machinery import PathFinder
find = PathFinder.find_spec
PathFinder.find_spec = classmethod(
    lambda cls, name, *where: None if name.partition(".")[0] in ("tensorflow", "tf_keras") else find(name, *where)
)
"""


@pytest.fixture
def without_tensorflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a layer file and, in `site`, what hides TensorFlow; and JAX sees no GPU."""
    needs("3", backend="jax")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(HIDDEN, encoding="utf-8")
    (tmp_path / "layers.py").write_text(JAX, encoding="utf-8")
    monkeypatch.setenv("JAX_PLATFORMS", "cpu")
    return tmp_path


def test_jax_where_there_is_no_tensorflow(without_tensorflow: Path) -> None:
    """Two faults in one layer, of which the first hides the second; and one without a fault."""
    options = ("--keras", "3", "--select", "KLL101,KLL111,KLL900", "--output-format", "json")
    done = klint_in(without_tensorflow, "layers.py", "--confirm=all", *options, site=without_tensorflow / "site")
    document = json.loads(done.stdout)
    assert [(item["code"], item["verdict"]["status"], item["verdict"]["line"]) for item in document["diagnostics"]] == [
        ("KLL101", "confirmed", 8),
        ("KLL111", "confirmed", 10),
    ]
    assert "TracerBoolConversionError" in document["diagnostics"][0]["message"]
    for item in document["diagnostics"]:
        verdict = item["verdict"]
        assert (verdict["backend"].partition(" ")[0], verdict["device"], verdict["platform"]) == ("jax", "cpu", "cpu")
    assert [layer["reason"] for layer in document["layers"]] == ["", ""]


def test_a_module_whose_framework_is_missing_takes_one_line(without_tensorflow: Path) -> None:
    """Each finding has its verdict in JSON all the same."""
    site = without_tensorflow / "site"
    options = ("layers.py", "--confirm=all", "--keras", "2", "--device", "cpu")
    reason = "Keras 2 on tensorflow cannot be imported: ModuleNotFoundError: No module named 'tensorflow'"
    formats = ("--output-format", "full", "--output-format", "json=report.json")
    shown = klint_in(without_tensorflow, *options, *formats, site=site).stdout
    assert shown.count("tensorflow cannot be imported") == 1
    assert f"\nNot run:\n  layers.py: `Gate`, `Fine` (Keras 2): {reason}\n" in shown
    assert "inconclusive" not in shown
    assert shown.endswith(f"2 layers; 2 layers not run\n{FIXABLE}")
    document = json.loads((without_tensorflow / "report.json").read_text(encoding="utf-8"))
    assert {item["verdict"]["evidence"] for item in document["diagnostics"]} == {reason}


def test_a_module_of_keras_3_takes_one_line_under_keras_2(tmp_path: Path) -> None:
    needs("2")
    (tmp_path / "layers.py").write_text(JAX.replace("import ops", "import ops, distribution"), encoding="utf-8")
    done = klint_in(tmp_path, "layers.py", "--confirm=all", "--keras", "2", "--device", "cpu")
    assert done.stdout.count("importing `layers` raises ImportError: cannot import name 'ops'") == 1
    assert "\nNot run:\n  layers.py: `Gate`, `Fine` (Keras 2): importing" in done.stdout
    assert "inconclusive" not in done.stdout


def test_a_gpu_that_is_not_there_is_an_error(without_tensorflow: Path) -> None:
    options = ("--confirm", "--device", "gpu", "--keras", "3")
    done = klint_in(without_tensorflow, "layers.py", *options, site=without_tensorflow / "site")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--device gpu: jax sees no GPU" in done.stderr


def test_what_is_forked_has_started_no_device() -> None:
    needs("3", backend="jax")
    code = (
        "from keras_layer_lint.confirm.framework import load\nfrom keras_layer_lint.target import Generation\n"
        "load(Generation.KERAS3, 'jax')\n"
        "from jax._src import xla_bridge\nassert not xla_bridge.backends_are_initialized()"
    )
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=120, check=True)
