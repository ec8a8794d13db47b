from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint.errors import KlintError
from keras_layer_lint.testing import CheckFailure, CheckReport, CheckResult, LayerCheckError, check_layer
from keras_layer_lint.testing.checks import LAYER_CHECKS, NAMES, ONLY_ASKED, chosen
from keras_layer_lint.testing.isolated import _Reports
from tests.frameworks import needs

ROOT = Path(__file__).parent.parent.parent
GUIDE = ROOT / "docs" / "testing.md"
GENERATIONS = ("2", "3")


@cache
def found(generation: str) -> dict[str, Any]:
    done = python("-m", "tests.testing.layers", generation)
    assert done.returncode == 0, done.stderr[-2000:]
    layers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return layers


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], **{"cwd": ROOT, "check": False, "capture_output": True, "text": True, **options}
    )


@pytest.mark.parametrize("generation", GENERATIONS)
def test_sound(generation: str) -> None:
    needs(generation)
    outcomes = found(generation)["sound"]["outcomes"]
    assert list(outcomes) == [name for name in NAMES if name not in ONLY_ASKED]
    assert {check for check, outcome in outcomes.items() if outcome != "passed"} == {"mask"}
    for name in ("masked", "cell", "recipe", "totals", "spelled", "drops", "normalizes", "signs"):
        assert set(found(generation)[name]["outcomes"].values()) == {"passed"}, found(generation)[name]["text"]


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("graph", r"layers\.py:\d+: .*'numpy'\n  line \d+, KLL112 \(tensor-to-host\): .*\n  help: .*\n  https://"),
        ("unknown_batch", r"called on a batch of 3 after one of 2: InvalidArgumentError"),
        ("shape", r"`compute_output_shape\(\(2, 8\)\)` says \[\(2, 5\)\]; called, the layer gives \[\(2, 4\)\]"),
        ("determinism", r"made and called again with the same seed: \["),
        ("purity", r"two calls of the traced layer the same: tracing froze them\n  line \d+, KLL123"),
        ("build", r"1 trainable variables are neither trained nor saved: "),
        ("reload", r"from its configuration: made with rate=0.25, it is made again with 0.5"),
        ("train", r"1 trainable weights get no gradient: .*kernel"),
        ("mask", r"layers\.py:\d+: called on a masked input: ValueError: no mask"),
        ("mixed_precision", r"its compute dtype is float16, and it returns float32"),
        ("dtype_policy", r"under the policy float64, weights are float32: .*bias"),
        ("two_ranks_of_batch", r"called on one rank more: shapes \[\(2, 8\)\], of a fresh layer \[\(2, 1\)\]"),
        ("xla", r"layers\.py:\d+: compiled with XLA: InvalidArgumentError: .*\n  line \d+, KLL151"),
    ],
)
def test_fault(generation: str, check: str, text: str) -> None:
    needs(generation)
    faulty = found(generation)[f"faulty {check}"]
    assert faulty["outcomes"][check] == "failed", faulty["text"]
    assert re.search(text, faulty["text"]), faulty["text"]


def test_what_a_layer_says_of_its_dtypes() -> None:
    needs("3")
    text = found("3")["says integer"]["text"]
    assert "shape: a functional model has outputs of ['int32']; called, the layer gives ['float32']" in text
    assert found("3")["codes"]["outcomes"] == {"shape": "passed", "mixed_precision": "failed"}
    assert "under mixed_float16, a functional model has outputs of ['float16']" in found("3")["codes"]["text"]


def test_each_check_has_a_fault() -> None:
    [tested] = [mark for mark in test_fault.pytestmark if mark.args[0] == ("check", "text")]  # type: ignore[attr-defined]
    assert {check for check, _ in tested.args[1]} == LAYER_CHECKS.keys()


@pytest.mark.parametrize("generation", GENERATIONS)
def test_what_is_expected(generation: str) -> None:
    needs(generation)
    assert found(generation)["sound"]["outcomes"]["expected"] == "passed"
    text = found(generation)["expected"]["text"]
    assert "expected: output_shape: (2, 4), and (2, 5) was expected" in text
    assert "num_losses" not in text
    assert "that were expected" in found(generation)["values"]["text"]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_what_cannot_be_called_is_called_only(generation: str) -> None:
    needs(generation)
    outcomes = found(generation)["broken"]["outcomes"]
    assert outcomes.pop("call") == "failed"
    assert set(outcomes.values()) == {"skipped"}
    assert "KLL217" in found(generation)["broken"]["text"]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_loss_is_trained_and_saved_in_a_model(generation: str) -> None:
    needs(generation)
    assert found(generation)["loss"]["outcomes"] == {"graph": "passed", "reload": "failed", "xla": "passed"}
    assert "KLL301" in found(generation)["loss"]["text"]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_known_failures_are_strict(generation: str) -> None:
    needs(generation)
    assert found(generation)["known"]["outcomes"] == {"call": "passed", "mask": "known failure"}
    assert found(generation)["mended"]["outcomes"] == {"graph": "failed"}
    assert "named in `known_failures` (to be done): take it out" in found(generation)["mended"]["text"]


ISOLATED = """
import os
from tests.testing.layers import Gate
from keras_layer_lint.testing import Recipe, check_layer

class Ends(Gate):
    def call(self, inputs):
        os._exit(3)
"""


@pytest.mark.slow
def test_isolated(tmp_path: Path) -> None:
    needs("3")
    (tmp_path / "isolated_layers.py").write_text(ISOLATED, encoding="utf-8")
    script = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from isolated_layers import Ends, Gate, Recipe, check_layer\n"
        "for cls in (Gate, Ends):\n"
        "    report = check_layer(Recipe(cls, {'units': 4}, 'float32[2,8]'), checks=['reload'], isolated=True,\n"
        "                         raise_on_failure=False)\n"
        "    print([(result.check, result.outcome) for result in report.results])\n"
        "print(repr(report.failures[0].seen))\n"
    )
    done = python("-c", script, str(tmp_path), str(ROOT), cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    sound, ended, seen = done.stdout.splitlines()[-3:]
    assert sound == "[('reload', 'passed')]"
    assert ended == "[('isolated', 'failed')]"
    assert "the process ended with 3: " in seen


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_the_test_file_of_the_guide(backend: str, tmp_path: Path) -> None:
    needs("3", backend=backend)
    [code] = re.findall(r"```python\n(import .*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "test_layers.py").write_text(code, encoding="utf-8")
    options = ("-p", "no:cacheprovider", "-o", "addopts=", "-q", "--rootdir", str(tmp_path))
    done = python("-m", "pytest", *options, str(tmp_path), cwd=tmp_path, env={**os.environ, "KERAS_BACKEND": backend})
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"\d+ passed, \d+ skipped, 1 xfailed", done.stdout), done.stdout[-500:]


def test_the_guide_names_each_check() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [name for name in NAMES if f"| `{name}` |" not in text] == []


def test_checks_are_run_in_order() -> None:
    assert chosen(["xla", "call", "graph"]) == ["call", "graph", "xla"]
    assert "two_ranks_of_batch" not in chosen(None)


@pytest.mark.parametrize(
    ("name", "message"), [("relod", "did you mean 'reload'"), ("nothing like it", "there are call, graph")]
)
def test_unknown_check(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_layer(lambda: None, checks=[name])
    with pytest.raises(ValueError, match=message):
        check_layer(lambda: None, known_failures={name: "because"})


@pytest.mark.parametrize("layer", [int, 3], ids=["class", "value"])
def test_what_makes_no_layer_is_refused(layer: Any) -> None:
    with pytest.raises(TypeError, match="as a function that makes it"):
        check_layer(layer)


def test_what_is_of_no_keras_is_refused() -> None:
    def make() -> object:
        return []

    with pytest.raises(TypeError, match="list is built on no class of Keras"):
        check_layer(make)


@pytest.mark.parametrize("answer", [pickle.dumps(3), pickle.dumps(print), b"no pickle", b""])
def test_what_an_isolated_layer_answers_is_not_trusted(answer: bytes, tmp_path: Path) -> None:
    (tmp_path / "answer").write_bytes(answer)
    with (tmp_path / "answer").open("rb") as file, pytest.raises(KlintError, match="process answered with"):
        _Reports(file).report()


def test_the_error_shows_all_failures() -> None:
    failures = CheckFailure("graph", "one"), CheckFailure("graph", "two", "layers.py", 7)
    results = (CheckResult("graph", "failed", failures), CheckResult("mask", "skipped", reason="none"))
    report = CheckReport("Gate", "3.15.1", "tensorflow 2.21.0", results, "float32[2,8]")
    assert report.outcome_of("mask") == "skipped"
    with pytest.raises(LayerCheckError) as caught:
        raise LayerCheckError(report)
    assert str(caught.value) == (
        "Gate on float32[2,8]: Keras 3.15.1, tensorflow 2.21.0\nfailed: graph; skipped: mask\n\n"
        "graph: one\n\ngraph: layers.py:7: two"
    )
