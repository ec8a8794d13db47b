"""`benchmarks.gpu` in short, on the processor: what it does on a GPU but for the device."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.gpu import __main__ as gpu
from benchmarks.gpu import wheels
from benchmarks.gpu.layers import CHECKED, TIMED
from benchmarks.gpu.table import table
from keras_layer_lint.confirm.planning.inputs import parse
from tests.conftest import ROOT
from tests.frameworks import needs


@pytest.mark.slow
def test_the_rehearsal_in_short(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needs("3", backend="jax")
    assert gpu.main(["--device", "cpu", "--short", "--out", str(tmp_path)]) == 0
    report = json.loads((tmp_path / "gpu.json").read_text(encoding="utf-8"))
    assert report["unfinished"] == {}
    for part in ("pages", "fixtures", "hostile"):
        assert report[part], part
        assert all(entry["as_expected"] for entry in report[part]), report[part]
        assert {entry["device"] for entry in report[part]} == {"cpu"}
    assert [entry["failures"] for entry in report["checks"]] == [[], []]
    times = [value for entry in report["steps"] for key, value in entry.items() if key.endswith("_ms")]
    assert len(times) == 10
    assert all(time > 0 for time in times)
    assert (tmp_path / "gpu.md").read_text(encoding="utf-8") == capsys.readouterr().out == table(report)


@pytest.mark.slow
def test_without_a_gpu_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("3", backend="jax")
    monkeypatch.setattr(gpu, "_PARTS", {"steps": 60.0})
    monkeypatch.setenv("JAX_PLATFORMS", "cpu")
    assert gpu.main(["--short", "--out", str(tmp_path)]) == 1
    assert "steps: exit code 1: JAX sees no GPU" in (tmp_path / "gpu.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_part_whose_time_is_up_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(gpu, "_PARTS", {"steps": 5.2})
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(gpu, "_ALL_SECONDS", 5.5)
    assert gpu.main(["--device", "cpu", "--out", str(tmp_path)]) == 1
    assert "Not finished: steps: its time was up\n" in (tmp_path / "gpu.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_it_begins_with_the_standard_library_alone() -> None:
    """A bare machine has no more until the wheels are installed."""
    code = (
        f"import sys; sys.path[:] = [path for path in sys.path if 'site-packages' not in path] + [{str(ROOT)!r}]; "
        "import benchmarks.gpu.__main__; print(*sorted({'libcst', 'click', 'pytest', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_wheels_that_lack_something_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venv.create", lambda *arguments, **options: None)
    (tmp_path / "needs.txt").write_text("no-such-package-at-all\n", encoding="utf-8")
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    python = folder / "bin" / "python"
    python.write_text(
        f'#!/bin/sh\nif [ "$1" = -c ]; then echo {tmp_path}; else echo "No matching distribution" >&2; exit 1; fi\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    with pytest.raises(wheels.WheelsError, match="does not hold all that is needed: No matching distribution"):
        wheels.environment(folder, tmp_path)


def test_the_table_names_what_was_not_as_expected() -> None:
    entry = {
        "name": "exits", "class": "Gate", "expected": "exit code 0", "as_expected": False, "device": "H200",
        "platform": "cuda 12090", "reason": "it hung", "verdicts": [], "failures": [],
    }  # fmt: skip
    step = {"layer": "Dense(4)", "inputs": "float32[2,8]", "eager_ms": 2.0, "jitted_ms": 1.0, "gradient_ms": 3.0}
    shown = table(
        {
            "machine": {"device": "H200", "platform": "cuda 12090"},
            "seconds": 9.0,
            "part_seconds": {"hostile": 4.0},
            "hostile": [entry],
            "steps": [step | {"compile_ms": 50.0}],
            "steps_cpu": [step | {"compile_ms": 70.0, "jitted_ms": 8.0}],
        }
    )
    assert "| hostile | 1 | 0 | H200 (cuda 12090): 1 | 4 |\n" in shown
    assert "- hostile, exits, Gate: expected exit code 0: it hung\n" in shown
    assert "| `Dense(4)` | float32[2,8] | 70 / 50 | 2 / 2 | 8 / 1 | 3 / 3 |\n" in shown


def test_the_layers() -> None:
    assert (len(CHECKED), len(TIMED)) == (30, 10)
    for given in (*CHECKED, *TIMED):
        assert parse(given.inputs).tensors()
