from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from keras_layer_lint.diagnostic import Diagnostic, Severity, Verdict
from keras_layer_lint.findings import Chosen, FileError, Report
from keras_layer_lint.report import github, markdown, render
from keras_layer_lint.report.text import ran, statistics, summary
from tests.conftest import Make, note

SOURCE = ["import keras", "", "class Gate(keras.layers.Layer):", "    def call(self, x):", "        if x.mean():"]


def report(*diagnostics: Diagnostic, errors: tuple[FileError, ...] = (), files: int = 2, layers: int = 4) -> Report:
    return Report(diagnostics, errors, files, layers, seconds=0.1234)


def lines(path: str) -> list[str]:
    return SOURCE if path == "layers.py" else []


def test_full(make: Make) -> None:
    item = make(
        5, 12, message="`if` on a\ntensor", help="use `ops.where`", notes=(note(4, 20, 21, "argument of `call`"),)
    )
    assert render("full", report(item), lines) == (
        """\
layers.py:5:12: error KLL101 (tensor-if): `if` on a tensor
  |
4 |     def call(self, x):
  |                    - argument of `call`
5 |         if x.mean():
  |            ^^^^^^^^^
help: use `ops.where`

Found 1 problem (1 error) in 2 files, 4 layers
"""
    )


def test_full_without_source_still_says_where(make: Make) -> None:
    item = make(path="gone.py", notes=(note(4, 20, 21, "argument of `call`"),))
    text = render("full", report(item), lines, quiet=True)
    assert text == "gone.py:5:12: error KLL101 (tensor-if): `if` on a tensor\n  line 4: argument of `call`\n"


def test_concise_is_one_printable_line_each(make: Make) -> None:
    items = [make(message="a\n\tb\x1b[0m"), make(path="no\ntebook.ipynb", cell=3, severity=Severity.NOTE)]
    assert render("concise", report(*items), lines) == (
        "layers.py:5:12: error KLL101 (tensor-if): a b␛[0m\n"
        "no␊tebook.ipynb:cell 3:5:12: note KLL101 (tensor-if): `if` on a tensor\n"
    )


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ([], "No problems in 2 files, 4 layers"),
        ([Severity.NOTE], "Found 1 problem (1 note) in 2 files, 4 layers"),
        (
            [Severity.WARNING, Severity.ERROR, Severity.ERROR],
            "Found 3 problems (2 errors, 1 warning) in 2 files, 4 layers",
        ),
    ],
)
def test_summary(make: Make, severities: list[Severity], expected: str) -> None:
    assert summary(report(*(make(severity=severity) for severity in severities))) == expected


def test_statistics(make: Make) -> None:
    items = [make(), *(make(code="KLL202", name="missing-super-build") for _ in range(10))]
    assert statistics(report(*items)) == "10  KLL202 missing-super-build\n 1  KLL101 tensor-if\n"
    assert statistics(report()) == ""


def test_json(make: Make) -> None:
    item = make(message="naïve \udcff", help="h", class_name="Gate", method="call", keras=("2", "3"))
    text = render("json", report(item, make(code="KLL102"), errors=(FileError("x.py", "gone"),)), lines)
    assert text.isascii()
    document = json.loads(text)
    assert list(document) == [
        "schema_version",
        "version",
        "diagnostics",
        "layers",
        "not_run",
        "errors",
        "limits",
        "summary",
    ]
    assert document["schema_version"] == 1
    assert document["diagnostics"][0] == {
        "code": "KLL101",
        "name": "tensor-if",
        "severity": "error",
        "message": "naïve \udcff",
        "help": "h",
        "url": "https://github.com/keras-layer-lint/klint/blob/main/rules/KLL101-tensor-if.md",
        "path": "layers.py",
        "cell": None,
        "line": 5,
        "column": 12,
        "end_line": 5,
        "end_column": 21,
        "labels": [],
        "class": "Gate",
        "method": "call",
        "keras": ["2", "3"],
        "fix": None,
        "verdict": None,
    }
    assert document["errors"] == [{"path": "x.py", "message": "gone"}]
    assert document["summary"] == {
        "files": 2,
        "layers": 4,
        "limits": 0,
        "not_run": 0,
        "generations": [],
        "shard": None,
        "in_baseline": 0,
        "unchanged": 0,
        "elsewhere": 0,
        "by_code": {"KLL101": 1, "KLL102": 1},
        "seconds": 0.123,
    }


def test_github_escapes_and_orders_by_severity(make: Make) -> None:
    items = [
        make(severity=Severity.NOTE),
        make(path="a,b:c%.py", message="50%\r\nof `x::y`", help="do"),
        make(1, 1, 3, 2, severity=Severity.WARNING),
    ]
    url = items[0].url
    assert render("github", report(*items, errors=(FileError("d.py", "gone"),)), lines).splitlines() == [
        "::error file=d.py,title=klint::gone",
        "::error file=a%2Cb%3Ac%25.py,line=5,endLine=5,col=12,endColumn=21,title=klint KLL101 (tensor-if)"
        f"::50%25%0D%0Aof `x::y`%0Ado%0A{url}",
        f"::warning file=layers.py,line=1,endLine=3,title=klint KLL101 (tensor-if)::`if` on a tensor%0A{url}",
        "::notice file=layers.py,line=5,endLine=5,col=12,endColumn=21,title=klint KLL101 (tensor-if)"
        f"::`if` on a tensor%0A{url}",
    ]


@pytest.mark.parametrize(
    ("errors", "warnings", "notes", "expected"),
    [(10, 10, 10, ""), (13, 0, 11, "3 errors and 1 note"), (9, 11, 0, "1 warning")],
)
def test_annotations_that_github_drops(make: Make, errors: int, warnings: int, notes: int, expected: str) -> None:
    totals = {Severity.ERROR: errors, Severity.WARNING: warnings, Severity.NOTE: notes}
    items = [make(severity=severity) for severity, total in totals.items() for _ in range(total)]
    assert github.not_shown(report(*items)) == expected


def test_markdown_table(make: Make) -> None:
    items = [make(message="`a|b` <img src=x> [l](http://e) @team *b* `x > 0`", path="my_layers.py") for _ in range(12)]
    text = render("markdown", report(*items, errors=(FileError("d.py", "gone"),)), lines)
    assert "2 errors stand only" not in text
    assert "3 errors stand only in this table" in text
    assert "- d.py: gone" in text
    rows = [line for line in text.splitlines() if line.startswith("| error")]
    assert len(rows) == 12
    assert rows[0].endswith(
        r"| my\_layers.py:5 | `a\|b` &lt;img src=x&gt; \[l\]\(http&#58;//e\) &#64;team \*b\* `x > 0` |"
    )
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


@pytest.mark.slow
def test_markdown_stays_below_githubs_limit(make: Make) -> None:
    items = [make(message="ü" * 1000) for _ in range(1000)]
    text = markdown.render(report(*items))
    assert len(text.encode()) < 1024 * 1024
    assert re.search(r"\n\d+ more rows left out", text)


def test_reports_of_nothing() -> None:
    assert render("concise", report(), lines) == ""
    assert render("github", report(), lines) == ""
    assert json.loads(render("json", report(), lines))["diagnostics"] == []
    assert "|" not in render("markdown", report(), lines)


def test_every_format_is_rendered(make: Make) -> None:
    from keras_layer_lint.option_values import FORMATS

    assert len({render(name, report(make()), lines) for name in FORMATS}) == len(FORMATS)


def test_rendering_reads_no_file(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert render("full", report(make(path="absent.py")), lambda _: SOURCE).count("^") == 9


@pytest.mark.parametrize(
    ("inputs", "told"),
    [("float32[2,8]", "constructed with units=4, called on float32[2,8]"), ("", "constructed with units=4")],
)
def test_what_ran(inputs: str, told: str) -> None:
    verdict = Verdict(
        status="confirmed",
        oracle="reload",
        keras="3.15.1",
        backend="tensorflow 2.21.0",
        device="cpu",
        evidence="",
        line=None,
        inputs=inputs,
        arguments="units=4",
        seconds=0.0,
    )
    assert ran(verdict) == f"Keras 3.15.1, tensorflow 2.21.0, cpu; {told}"


def test_which_generations_were_chosen_and_why() -> None:
    chosen = (
        (Chosen(("3",), "`keras.ops` is imported"), 4),
        (Chosen(("2",), "`tf_keras` is imported"), 3),
        (Chosen(("3",), "nothing speaks for another"), 2),
        (Chosen(("3",), "the project requires `keras>=3`"), 1),
        (Chosen(("3",), "`keras_hub` is imported; `keras<3.7` allows no newer one", "3.6"), 1),
    )
    shown = render("full", Report((), (), 12, 10, 0.1, chosen=chosen), lambda _: ())
    assert shown == (
        "No problems in 12 files, 10 layers\n"
        "Linted for Keras 2 (3 files): `tf_keras` is imported. Linted for Keras 3 (7 files): `keras.ops` is imported; "
        "nothing speaks for another; and 1 other reason. Linted for Keras 3 up to 3.6 (1 file): `keras_hub` is "
        "imported; `keras<3.7` allows no newer one. `--keras`, or `keras` in the configuration, says otherwise.\n"
    )
    assert "Linted for Keras 2" in render("markdown", Report((), (), 12, 10, 0.1, chosen=chosen), lambda _: ())
    of_two = Report((), (), 1, 1, 0.1, chosen=(chosen[0], chosen[-1]))
    assert json.loads(render("json", of_two, lambda _: ()))["summary"]["generations"] == [
        {"keras": ["3"], "newest": None, "files": 4, "why": "`keras.ops` is imported"},
        {"keras": ["3"], "newest": "3.6", "files": 1, "why": chosen[-1][0].why},
    ]
