"""Notebooks: one module over their code cells, told of by cell and line, fixed with all else as it was."""

from __future__ import annotations

import ast
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint import lint_source
from keras_layer_lint.source import discover, notebook_json
from keras_layer_lint.source.decode import split_lines
from keras_layer_lint.source.notebook import lines_in_file, module_of, shown_text, written
from tests.conftest import Run

Klint = Callable[..., Run]
OPTIONS = ("--isolated", "--keras", "3", "--select", "KLL0,KLL101,KLL111,KLL302")

IMPORTS = "%pip install keras\n!ls \\\n  -l\nimport keras\nimport numpy as np\n"
LAYER = """\
class Gate(keras.layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def call(self, x):
        total = keras.ops.sum(x)
        if total > 0:
            return np.abs(x)
        return -x

    def get_config(self):
        return super().get_config()"""


def code(source: str, **more: Any) -> dict[str, Any]:
    outputs = [{"name": "stdout", "output_type": "stream", "text": ["<b>\u00e9</b> 1.50\n"]}]
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": outputs,
        "source": source.splitlines(keepends=True),
    } | more


def text_cell(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": [source]}


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {
        "cells": list(cells),
        "metadata": {"zeta": 1.0, "kernelspec": {"display_name": "Python 3", "name": "python3"}} | metadata,
        "nbformat": 4,
        "nbformat_minor": 4,
    }


GATE = notebook(text_cell("# Gate"), code(IMPORTS), text_cell("class"), code(LAYER), code("Gate(3)(x)?"))


def write(path: Path, book: dict[str, Any], **layout: Any) -> None:
    path.write_text(json.dumps(book, **({"indent": 1} | layout)) + "\n", encoding="utf-8")


def test_places_are_cells_and_lines(klint: Klint, tmp_path: Path) -> None:
    write(tmp_path / "gate.ipynb", GATE)
    run = klint(*OPTIONS, "--output-format", "concise")
    assert run.code == 1
    assert [line.partition(": ")[0] for line in run.out.splitlines()] == [
        "gate.ipynb:cell 2:8:12",
        "gate.ipynb:cell 2:9:20",
        "gate.ipynb:cell 2:12:5",
    ]
    assert "(cell 2, line 7)" in run.out
    found = json.loads(klint(*OPTIONS, "--output-format", "json").out)["diagnostics"]
    assert [(each["cell"], each["line"]) for each in found] == [(2, 8), (2, 9), (2, 12)]
    assert "gate.ipynb:cell 2:8" in klint(*OPTIONS, "--output-format", "markdown").out
    assert "::error file=gate.ipynb,title=klint KLL101 (tensor-if)::cell 2, line 8: " in (
        klint(*OPTIONS, "--output-format", "github").out
    )


def test_frames_show_cells(klint: Klint, tmp_path: Path) -> None:
    write(tmp_path / "gate.ipynb", notebook(code("%time x = 1\n" + IMPORTS), code("!ls\n" + LAYER)))
    out = klint(*OPTIONS).out
    assert " 9 |         if total > 0:\n" in out
    assert "1 | " not in out.partition("KLL101")[0]
    out = klint("--isolated", "--keras", "3", "--select", "KLL302").out
    assert "# %%" not in out


def test_standard_input(klint: Klint) -> None:
    data = json.dumps(GATE).encode()
    run = klint("-", *OPTIONS, "--stdin-filename", "x.ipynb", "--output-format", "concise", stdin=data)
    assert run.out.splitlines()[0].startswith("x.ipynb:cell 2:8:12: error KLL101")
    assert [each.code for each in lint_source(data, "x.ipynb")][:1] == ["KLL101"]
    run = klint("-", *OPTIONS, "--stdin-filename", "x.ipynb", "--fix", stdin=data)
    cells = json.loads(run.out)["cells"]
    assert '"units": self.units' in "".join(cells[3]["source"])
    assert "x.ipynb:cell 2:8:12: " in run.err


@pytest.mark.parametrize(
    ("cell", "masked"),
    [
        ("%matplotlib inline\nx = 1\n", {1}),
        ("if colab:\n    !pip install x\nx = 1\n", {2}),
        ("files = !ls\nx, = %sx echo\n", {1, 2}),
        ("!pip install \\\n  it's \\\n  b\nx = 1\n", {1, 2, 3}),
        ("x?\n?x\nx??\n", {1, 2, 3}),
        ("%%time\nx = 1\n", {1}),
        ("\n%%capture out\nx = 1\n", {2}),
        ("%%bash\nclass X(keras.layers.Layer):\n  echo it's\n", {1, 2, 3}),
        ("%%html\n<b>\n", {1, 2}),
        ("!echo it's\n%cd x\ny = 'a' \\\n  'b'\n", {1, 2}),
        ('print("%d"\n      % 3)\n', set()),
        ("x = 5 \\\n% 3\n", set()),
        ("'''\n%time\n!ls\n'''\n", set()),
        ("await x\n", set()),
        ("def f(:\n", {1}),
        ("  x = 1\n  %time\n\n  def f():\n    return 2\n", {2}),
        ("ls ./data\npip install x\nls = 1\n", {1, 2}),
        ("  x = 1\n y = (\n", {1, 2}),
    ],
)
def test_what_is_no_python_is_put_out_of_the_way(cell: str, masked: set[int]) -> None:
    data = json.dumps(notebook(code(cell))).encode()
    module = split_lines(module_of(data).decode())
    lines = split_lines(cell)
    assert len(module) == len(lines) + 1
    changed = {at for at, (new, old) in enumerate(zip(module[1:], lines, strict=True), 1) if new != old}
    assert changed == masked
    ast.parse("".join(module))
    assert shown_text(data) == "# %% cell 1\n" + cell
    assert written(data, module_of(data)) == data


def test_a_cell_that_cannot_be_read_is_told_and_the_others_are_read(klint: Klint, tmp_path: Path) -> None:
    write(
        tmp_path / "gate.ipynb", notebook(code("import keras\nimport numpy as np"), code("x = 1\ny = ("), code(LAYER))
    )
    lines = klint(*OPTIONS, "--output-format", "concise").out.splitlines()
    assert lines[0].startswith("gate.ipynb:cell 2:2:5: error KLL001 (unreadable-file): not analysed: syntax error")
    assert lines[1].startswith("gate.ipynb:cell 3:8:12: error KLL101")


def test_a_cell_that_cannot_be_read_is_no_matter_where_there_is_no_layer(klint: Klint, tmp_path: Path) -> None:
    write(tmp_path / "looks.ipynb", notebook(code("import keras\nframe = keras.utils"), code("frame."), code("x = 1")))
    assert klint(*OPTIONS, "--output-format", "concise").code == 0


def test_comments_silence(klint: Klint, tmp_path: Path) -> None:
    layer = LAYER.replace("> 0:", "> 0:  # noqa: KLL101").replace("np.abs(x)", "np.abs(x)  # klint: ignore[KLL111] x")
    write(tmp_path / "gate.ipynb", notebook(code(IMPORTS), code(layer), code("x = 1  # klint: ignore[KLL101] y")))
    lines = klint(*OPTIONS, "--output-format", "concise").out.splitlines()
    assert [line.partition(":cell ")[2].partition(" (")[0] for line in lines] == [
        "2:12:5: warning KLL302" if "warning" in lines[0] else "2:12:5: error KLL302",
        "3:1:8: warning KLL002",
    ]


LAYOUTS: list[dict[str, Any]] = [
    {"indent": 1, "ensure_ascii": False},
    {"indent": 2},
    {"indent": 4, "sort_keys": True},
    {"indent": None},
    {"indent": None, "separators": (",", ":")},
]


WAYS = [(layout, end, is_text) for is_text in (False, True) for end in ("", "\n", "\r\n\n") for layout in LAYOUTS]


@pytest.mark.parametrize(("layout", "end", "is_text"), WAYS)
def test_fixes_touch_nothing_else(
    klint: Klint, tmp_path: Path, layout: dict[str, Any], end: str, is_text: bool
) -> None:
    layer = LAYER.replace("self.units = units", "self.units = units  # \u00fc")
    book = notebook(text_cell("# Gate \u00e9"), code(IMPORTS), code(layer), code("!ls"))
    if is_text:
        for cell in book["cells"]:
            cell["source"] = "".join(cell["source"])
    before = json.dumps(book, **layout).replace("<b>", "\\u003cb>") + end
    path = tmp_path / "gate.ipynb"
    path.write_bytes(before.encode())
    run = klint(*OPTIONS, "--fix", "--quiet", "--select", "KLL302")
    after = path.read_bytes().decode()
    assert "\\u003cb>" in after
    assert after.endswith("}" + end)
    now = json.loads(after)
    source = "".join(now["cells"][2]["source"])
    assert source == layer.replace(
        "return super().get_config()", 'return {**super().get_config(), "units": self.units}'
    ), run.err
    now["cells"][2]["source"] = book["cells"][2]["source"]
    assert now == book
    # As the same program would write it.
    if not is_text:
        book["cells"][2]["source"] = source.splitlines(keepends=True)
        assert after == json.dumps(book, **layout).replace("<b>", "\\u003cb>") + end


def test_an_import_goes_where_imports_are(klint: Klint, tmp_path: Path) -> None:
    """And what IPython reads stays where it is."""
    layer = LAYER.replace("if total > 0:\n            return np.abs(x)\n        return -x", "return np.abs(x)")
    book = notebook(code("%cd x\nimport keras\nimport numpy as np\n!ls\n"), code("!ls\n" + layer + "\n%cd y\n"))
    write(tmp_path / "gate.ipynb", book)
    run = klint(*OPTIONS, "--fix", "--unsafe-fixes", "--quiet")
    cells = ["".join(cell["source"]) for cell in json.loads((tmp_path / "gate.ipynb").read_text())["cells"]]
    assert (cells[0].startswith("%cd x\nimport keras\n"), cells[0].endswith("!ls\n")) == (True, True), run.err
    assert (cells[1].startswith("!ls\nclass Gate"), cells[1].endswith("\n%cd y\n")) == (True, True)
    assert "ops.abs(x)" in cells[1]
    assert "%%" not in "".join(cells)


@pytest.mark.slow
def test_diff_and_comments(klint: Klint, tmp_path: Path) -> None:
    write(tmp_path / "gate.ipynb", notebook(code(IMPORTS), code(LAYER + "\n!ls")))
    before = (tmp_path / "gate.ipynb").read_bytes()
    run = klint(*OPTIONS, "--diff")
    assert "\n !ls\n" in run.out
    write(tmp_path / "gate.ipynb", GATE)
    before = (tmp_path / "gate.ipynb").read_bytes()
    run = klint(*OPTIONS, "--diff")
    assert "--- gate.ipynb:cell 2\n+++ gate.ipynb:cell 2\n" in run.out
    assert (tmp_path / "gate.ipynb").read_bytes() == before
    assert klint(*OPTIONS, "--add-ignore", "tutorial").code == 0
    run = klint(*OPTIONS)
    assert run.code == 0
    sources = ["".join(cell["source"]) for cell in json.loads((tmp_path / "gate.ipynb").read_text())["cells"]]
    assert "        if total > 0:  # klint: ignore[KLL101] tutorial\n" in sources[3]


def test_baseline(klint: Klint, tmp_path: Path) -> None:
    write(tmp_path / "gate.ipynb", GATE)
    options = (*OPTIONS, "--baseline", "known.json")
    assert klint(*options, "--write-baseline").code == 0
    write(tmp_path / "gate.ipynb", notebook(code("x = 1"), *GATE["cells"]))
    assert klint(*options).code == 0


@pytest.mark.slow
def test_changed_lines(klint: Klint, tmp_path: Path) -> None:
    path = tmp_path / "gate.ipynb"
    write(path, GATE)
    git = ["git", "-c", "user.name=a", "-c", "user.email=b@c.d"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True, capture_output=True)
    assert klint(*OPTIONS, "--changed-only").code == 0
    path.write_text(path.read_text(encoding="utf-8").replace("total > 0", "total > 1"), encoding="utf-8")
    run = klint(*OPTIONS, "--changed-only", "--output-format", "concise")
    assert [line.partition(": ")[0] for line in run.out.splitlines()] == ["gate.ipynb:cell 2:8:12"]
    data = path.read_bytes()
    lines, module = split_lines(data.decode()), split_lines(module_of(data).decode())
    for number, line in lines_in_file(data).items():
        assert json.dumps(module[number - 1].strip())[1:-1] in lines[line - 1] or "# %% line" in module[number - 1]


@pytest.mark.slow
def test_other_languages_and_formats(klint: Klint, tmp_path: Path) -> None:
    write(tmp_path / "r.ipynb", notebook(code("x <- 1"), language_info={"name": "R"}))
    write(tmp_path / "cell.ipynb", notebook(code("console.log(1", metadata={"vscode": {"languageId": "javascript"}})))
    write(tmp_path / "empty.ipynb", notebook())
    assert klint(*OPTIONS).code == 0
    old = {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": [
            {"cell_type": "code", "collapsed": False, "input": [f"{IMPORTS}{LAYER}"], "language": "python",
             "metadata": {}, "outputs": []},
        ], "metadata": {}}],
    }  # fmt: skip
    write(tmp_path / "old.ipynb", old)
    before = (tmp_path / "old.ipynb").read_bytes()
    assert "old.ipynb:cell 1:13:12: error KLL101" in klint("old.ipynb", *OPTIONS, "--output-format", "concise").out
    run = klint("old.ipynb", *OPTIONS, "--fix")
    assert run.code == 2
    assert "klint: old.ipynb: cannot be fixed: is a notebook of an older format" in run.err
    assert (tmp_path / "old.ipynb").read_bytes() == before


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'"x"', b"\xff\xfe", b"<<<<<<< HEAD\n{}", b"[" * 100_000])
def test_what_is_no_notebook(klint: Klint, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.ipynb").write_bytes(data)
    run = klint("x.ipynb", *OPTIONS, "--output-format", "concise")
    assert run.code == 1
    assert run.out.startswith("x.ipynb:1:1: error KLL001 (unreadable-file): not analysed: is no notebook: ")
    assert run.err == ""


def test_without_nbformat_nothing_is_vouched_for(klint: Klint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (notebook_json, discover):
        monkeypatch.setattr(module, "is_installed", lambda: False)
    install = "pip install 'keras-layer-lint[notebooks]'"
    write(tmp_path / "gate.ipynb", GATE)
    run = klint("gate.ipynb", *OPTIONS, "--output-format", "concise")
    where = "gate.ipynb:1:1: error KLL001 (unreadable-file)"
    assert (run.code, run.out) == (1, f"{where}: not analysed: a notebook, which is read with nbformat: {install}\n")
    run = klint(".", *OPTIONS)
    assert run.code == 2
    assert run.err == f"klint: .: nothing to lint: only notebooks are in it, which are read with nbformat: {install}\n"
    (tmp_path / "x.py").write_text("x = 1\n")
    run = klint(".", *OPTIONS)
    assert (run.code, run.out) == (0, "No problems in 1 file\n")
    assert run.err == f"klint: 1 notebook is not linted: nbformat is not installed: {install}\n"


def test_a_notebook_is_not_run(tmp_path: Path) -> None:
    from keras_layer_lint.confirm.confirming import with_results
    from keras_layer_lint.confirm.probes import probes_of
    from keras_layer_lint.confirm.request import Request
    from keras_layer_lint.lint import lint_paths
    from keras_layer_lint.settings import Settings

    write(tmp_path / "gate.ipynb", GATE)
    report = lint_paths([tmp_path], Settings(keras=("3",)))
    assert list(probes_of(report, Settings(), Request(everything=True))) == []
    [entry] = with_results(report, [], Request()).not_run
    assert (entry.classes, entry.reason) == (("Gate",), "it stands in a notebook, which cannot be imported")
