"""The inputs of `benchmarks.growth` are valid Python that grows, and the benchmark runs; no time is tested."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import growth
from benchmarks.growth import Growth, Run, exponent
from benchmarks.growth_inputs import KINDS, Kind
from keras_layer_lint import Settings, lint_paths

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", KINDS)
def test_inputs_are_python_that_grows(name: str) -> None:
    kind = KINDS[name]
    sizes = []
    for size in (1, 2, 8):
        files = kind.write(size)
        for path, text in files.items():
            compile(text, path, "exec")
        sizes.append(sum(len(path) + len(text) for path, text in files.items()))
    assert sizes[0] < sizes[1] < sizes[2]
    assert kind.start < kind.most


WITHOUT_FINDING = {"files without a layer", "files without a class", "blanks in a class head", "suppressions"}


@pytest.mark.parametrize("name", KINDS)
def test_inputs_are_analysed(name: str, tmp_path: Path) -> None:
    """What is not analysed takes no time: each input ends in a fault."""
    growth.write(KINDS[name].write(3), tmp_path)
    report = lint_paths([tmp_path], Settings(jobs=1, root=str(tmp_path)))
    codes = {item.code for item in report.diagnostics}
    assert "KLL001" not in codes
    assert ("KLL132" in codes) is (name not in WITHOUT_FINDING)


def test_exponent() -> None:
    assert exponent([(8, 1.0), (16, 9.0), (32, 18.0), (64, 36.0)], 0.1) == pytest.approx(1)
    assert exponent([(10, 0.001), (20, 0.4), (40, 1.6)], 0.1) == pytest.approx(2)
    assert exponent([(10, 0.001), (20, 0.4)], 0.1) is None


def test_a_kind_exceeds_the_limit_by_time_or_by_having_no_end() -> None:
    linear = tuple(Run(size, size / 100, 0) for size in (100, 200, 400))
    square = tuple(Run(size, size * size / 10_000, 0) for size in (100, 200, 400))
    assert [Growth(runs).exceeds(1.2) for runs in (linear, square)] == [False, True]
    assert Growth(linear, timed_out=800).exceeds(1.2)


def test_it_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(growth, "KINDS", {"keys of a dict": Kind(KINDS["keys of a dict in call"].write, 2)})
    assert growth.main(["keys", "--most", "4"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].split()[:6] == ["keys", "of", "a", "dict", "2", shown[0].split()[5]]
    assert " 4 " in shown[0]
    assert shown[1] == "above 1.2: none"


def test_exit_code_tells_that_a_kind_is_above_the_limit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(growth, "in_process", lambda files, size, is_fixed: Run(size, float(size * size), 0))
    assert growth.main(["classes of one name", "--seconds", "10000", "--limit", "2.1"]) == 0
    assert growth.main(["classes of one name", "--seconds", "10000"]) == 1
    assert "<-- above the limit" in capsys.readouterr().out
