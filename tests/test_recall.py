"""The benchmark of dynamic recall counts what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import recall


def diagnostic(code: str, *, oracle: str = "reload", status: str = "confirmed", **fields: Any) -> dict[str, Any]:
    verdict: dict[str, Any] = {"status": status, "oracle": oracle, "keras": "3.15.1", "evidence": "ValueError"}
    verdict["line"] = fields.get("line")
    return {"code": code, "severity": "error", "path": "a.py", "line": 4, "class": "Gate", "verdict": verdict} | fields


def seen(*diagnostics: dict[str, Any]) -> list[recall.Seen]:
    return recall.read("sample-1.0", {"diagnostics": list(diagnostics)})


def test_a_finding_that_is_confirmed_speaks_of_the_fault() -> None:
    found = seen(diagnostic("KLL302"), diagnostic("KLL307"), diagnostic("KLL900", oracle="graph"))
    assert [item.codes for item in found] == [("KLL302", "KLL307"), ()]
    assert recall.recall(found) == (1, 2)


def test_a_finding_at_the_line_that_fails_speaks_of_it_whatever_its_class() -> None:
    fails = diagnostic("KLL900", oracle="graph", line=7)
    [found] = seen(diagnostic("KLL213", status="inconclusive", line=7, **{"class": "Base"}), fails)
    assert found.codes == ("KLL213",)
    assert [item.codes for item in seen(diagnostic("KLL213", status="refuted", line=7), fails)] == [()]
    assert [item.codes for item in seen(diagnostic("KLL213", status="inconclusive", line=8), fails)] == [()]


def test_what_was_not_confirmed_and_notes_do_not_count() -> None:
    refuted = diagnostic("KLL302", status="refuted")
    no_verdict = diagnostic("KLL101", verdict=None)
    assert seen(refuted, no_verdict, diagnostic("KLL900", severity="note")) == []


def test_a_mistake_of_confirm_mode_is_no_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sample-1.0.csv").write_text(
        "path,class,oracle,keras,verdict,why\n"
        "a.py,Gate,graph,3,mistake,klint made up the input\n"
        "a.py,Gate,xla,3,unknowable,the op is chosen by name\n"
    )
    monkeypatch.setattr(recall, "MISSES", tmp_path)
    found = seen(diagnostic("KLL900", oracle="graph"), diagnostic("KLL900", oracle="xla"), diagnostic("KLL302"))
    assert recall.recall(found) == (1, 2)
    assert "sample-1.0" in recall.table(found)
    assert "xla 1" in recall.table(found)


def test_a_package_without_faults_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(recall, "COUNTS", tmp_path / "recall.csv")
    recall.write(seen(diagnostic("KLL302")), ["sample-1.0", "quiet-2.0"], "abc")
    assert (tmp_path / "recall.csv").read_text() == (
        "package,faults,found,not judged,revision\nquiet-2.0,0,0,0,abc\nsample-1.0,1,1,0,abc\n"
    )


def test_an_unknown_verdict_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sample-1.0.csv").write_text("path,class,oracle,keras,verdict,why\na.py,Gate,graph,3,maybe,\n")
    monkeypatch.setattr(recall, "MISSES", tmp_path)
    with pytest.raises(ValueError, match="unknown verdict 'maybe'"):
        seen()


def test_all_verdicts_in_the_repository_can_be_read() -> None:
    paths = list(recall.MISSES.glob("*.csv"))
    assert paths
    for path in paths:
        assert recall.judged(path.stem)
