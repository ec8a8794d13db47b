"""The packages under `fixtures/`: each marked fault is reported once, at its line; the corrected twins are silent."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from keras_layer_lint import lint_paths
from keras_layer_lint.findings import Report
from tests.rule_pages import marks

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


@pytest.fixture(autouse=True)
def in_fixtures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FIXTURES)


def sources(folder: str) -> dict[str, str]:
    return {path.as_posix(): path.read_text(encoding="utf-8") for path in sorted(Path(folder).rglob("*.py"))}


def reported(report: Report) -> Counter[tuple[str, int, str]]:
    assert report.errors == ()
    return Counter((found.path, found.span.line, found.code) for found in report.diagnostics)


@pytest.mark.slow
def test_faulty_is_reported_where_it_is_marked() -> None:
    expected = Counter((path, line, code) for path, source in sources("faulty").items() for line, code in marks(source))
    assert expected
    assert reported(lint_paths(["faulty"])) == expected


@pytest.mark.slow
def test_clean_is_silent() -> None:
    report = lint_paths(["clean"])
    assert reported(report) == Counter()
    assert report.layers > 0


def test_clean_is_the_twin_of_faulty() -> None:
    names = {Path(path).relative_to("faulty").as_posix() for path in sources("faulty")}
    assert names == {Path(path).relative_to("clean").as_posix() for path in sources("clean")}
    assert not any(marks(source) for source in sources("clean").values())


@pytest.mark.parametrize(
    "path", sorted(FIXTURES.glob("faulty/*/*.py")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_one_file_alone_is_reported_as_with_the_others(path: Path) -> None:
    name = path.relative_to(FIXTURES).as_posix()
    expected = Counter((name, line, code) for line, code in marks(path.read_text(encoding="utf-8")))
    assert reported(lint_paths([name])) == expected
