"""What is linted again after an edit says of its classes what all of the text would; the others are kept."""

from __future__ import annotations

import ast
import gc
import random
from dataclasses import replace
from pathlib import Path

import pytest

from keras_layer_lint.diagnostic import Diagnostic, Note, Severity, Span
from keras_layer_lint.findings import Report
from keras_layer_lint.lint import Linter
from keras_layer_lint.lsp.linting import Found, Linting
from keras_layer_lint.lsp.partly import Outline, edited, kept, outline_of
from keras_layer_lint.rule import UNUSED_SUPPRESSION
from keras_layer_lint.source.module_index import ModuleIndex, index_module
from tests.conftest import ROOT

FILES = sorted((ROOT / "fixtures").rglob("*.py"))
TWO = """\
import keras


class One(keras.layers.Layer):
    def call(self, inputs):
        return inputs.numpy()


class Two(keras.layers.Layer):
    def call(self, inputs):
        return [inputs.numpy()]
"""


def outline(text: str) -> Outline:
    return outline_of(index_module(text, Path("two.py")))


def edits(text: str, number: int) -> list[str]:
    """The text after one edit upon the other, as people type: a line more, a line less, another name."""
    chance = random.Random(number)
    found: list[str] = []
    for _ in range(4):
        lines = text.splitlines(keepends=True)
        at = chance.randrange(len(lines))
        kind = chance.choice(["more", "less", "name", "back"])
        if kind == "more":
            lines.insert(at, chance.choice(["\n", "        # said\n", "        x = inputs\n"]))
        elif kind == "less":
            del lines[at]
        elif kind == "name":
            lines[at] = lines[at].replace("inputs", "given").replace("self.", "self.a_")
        text = "".join(lines) if kind != "back" or not found else found[0]
        found.append(text)
    return found


def lines_of(text: str, name: str) -> range:
    (node,) = (each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.ClassDef) and each.name == name)
    return range(node.lineno, (node.end_lineno or 0) + 1)


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_edit_says_of_its_classes_what_all_of_the_text_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    linting = Linting()
    found = linting.lint(text, path, None)
    for number, after in enumerate(edits(text, len(text))):
        partly, whole = linting.lint(after, path, None), Linting().lint(after, path, None)
        assert not whole.is_partly
        assert partly.errors == whole.errors
        if not partly.is_partly:
            assert partly.diagnostics == whole.diagnostics, f"edit {number}"
        else:
            again = edited(outline(text), outline(after))
            for name in again:
                assert of(partly, name) == of(whole, name), f"edit {number}"
            for name in {each.class_name or "" for each in partly.diagnostics} - again - {""}:
                assert from_first_line(partly, after, name) <= from_first_line(found, text, name), f"edit {number}"
            text, found = after, partly
    assert linting.lint(after, path, None, whole=True).diagnostics == whole.diagnostics


def from_first_line(found: Found, text: str, name: str) -> set[tuple[str, int]]:
    """What was found in the lines of a class, counted from its first."""
    lines = lines_of(text, name)
    return {(each.code, each.span.line - lines.start) for each in of(found, name) if each.span.line in lines}


def of(found: Found, name: str) -> list[Diagnostic]:
    """What was found in a class, but for comments that silence nothing."""
    return [each for each in found.diagnostics if each.class_name == name]


def test_only_what_is_edited_is_linted_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[object] = []
    report = Linter.report

    def watched(self: Linter, source: str | bytes, path: str | Path) -> Report:
        asked.append(self.names)
        return report(self, source, path)

    monkeypatch.setattr(Linter, "report", watched)
    linting, path = Linting(), tmp_path / "two.py"
    linting.lint(TWO, path, tmp_path)
    longer = TWO.replace("        return inputs.numpy()\n", "        # slow\n        return inputs.numpy()\n")
    found = linting.lint(longer, path, tmp_path)
    assert asked == [None, {"One"}]
    assert [(each.code, each.span.line) for each in found.diagnostics] == [("KLL112", 7), ("KLL112", 12)]
    assert found.is_partly
    again = linting.lint(longer, path, tmp_path, whole=True)
    assert not again.is_partly
    assert [each.span for each in again.diagnostics] == [each.span for each in found.diagnostics]
    found = linting.lint(longer.replace("import keras", "import keras, os"), path, tmp_path)
    assert asked[2:] == [None, set()]
    assert [(each.code, each.span.line) for each in found.diagnostics] == [("KLL112", 7), ("KLL112", 12)]
    found = linting.lint(TWO.replace("[inputs.numpy()]", "inputs"), path, tmp_path)
    assert [(each.code, each.span.line) for each in found.diagnostics] == [("KLL112", 6)]


def test_what_is_no_python_for_a_moment_costs_no_more_than_that(tmp_path: Path) -> None:
    linting, path = Linting(), tmp_path / "two.py"
    linting.lint(TWO, path, tmp_path)
    found = linting.lint(TWO.replace("[inputs", "inputs"), path, tmp_path)
    assert [each.code for each in found.diagnostics] == ["KLL001"]
    found = linting.lint(TWO.replace("[inputs.numpy()]", "inputs"), path, tmp_path)
    assert (found.is_partly, [each.span.line for each in found.diagnostics]) == (True, [6])


def test_bases_in_other_files_are_those_of_the_text_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text("import keras\n\n\nclass Base(keras.layers.Layer):\n    pass\n", "utf-8")
    text = TWO.replace("import keras\n", "import keras\n\nfrom base import Base\n")
    text = text.replace("One(keras.layers.Layer)", "One(Base)").replace(
        "class Two(keras.layers.Layer)", "class Two(One)"
    )
    linting, path = Linting(), tmp_path / "two.py"
    linting.lint(text, path, tmp_path)
    for number, name in enumerate(("Base", "object", "Base")):
        after = text.replace("One(Base)", f"One({name})").replace("[inputs.numpy()]", f"[inputs.numpy(), {number}]")
        found = linting.lint(after, path, tmp_path)
        assert [each.class_name for each in found.diagnostics] == (["One", "Two"] if name == "Base" else [])
        assert found.is_partly


def test_a_comment_that_silences_nothing_is_found_when_all_is_linted(tmp_path: Path) -> None:
    path = tmp_path / "two.py"
    text = TWO.replace("return [inputs.numpy()]", "return [inputs.numpy()]  # klint: ignore[KLL112]")
    linting = Linting()
    assert [each.code for each in linting.lint(text, path, tmp_path).diagnostics] == ["KLL112"]
    text = text.replace("return inputs.numpy()", "return inputs")
    found = linting.lint(text, path, tmp_path)
    assert (found.is_partly, found.diagnostics) == (True, ())
    text = text.replace("[inputs.numpy()]", "[inputs]")
    assert linting.lint(text, path, tmp_path).diagnostics == ()
    assert [each.code for each in linting.lint(text, path, tmp_path, whole=True).diagnostics] == ["KLL002"]
    found = linting.lint(text.replace("return inputs\n", "\n        return inputs\n"), path, tmp_path)
    assert [(each.code, each.span.line) for each in found.diagnostics] == [("KLL002", 12)]


@pytest.mark.slow
def test_versions_that_are_gone_are_not_kept(tmp_path: Path) -> None:
    linting, path = Linting(), tmp_path / "two.py"

    def kept() -> int:
        return sum(isinstance(each, ModuleIndex) and each.path == path for each in gc.get_objects())

    for number in range(60):
        linting.lint(TWO.replace("import keras", f"import keras  # {number}"), path, None)
        linting.tidy()
    assert kept() < 25


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ("class A: pass\nclass B: pass\n", "class A: x = 1\nclass B: pass\n", {"A"}),
        ("class A: x = B\nclass B: pass\n", "class A: x = B\nclass B: y = 1\n", {"B"}),
        ("class A: pass\n", "class A: pass\nclass B: pass\n", {"B"}),
        ("class A: pass\nclass B: pass\n", "class C: pass\nclass B: pass\n", {"C"}),
        ("x = 1\nclass A: pass\n", "x = 2\nclass A: pass\n", set()),
        ("class A: pass\n", "\nclass A: pass\n", set()),
        ("@one\nclass A: pass\n", "@two\nclass A: pass\n", {"A"}),
        ("class A: pass\nclass A: x = 1\n", "class A: pass\nclass A: x = 2\n", {"A"}),
        ("class A:\n    class B: x = 1\n", "class A:\n    class B: x = 2\n", {"A", "B"}),
        ("def f():\n    class A: x = 1\n", "def f():\n    class A: x = 2\n", {"A"}),
    ],
)  # fmt: skip
def test_edited(before: str, after: str, names: set[str]) -> None:
    assert edited(outline(before), outline(after)) == names


@pytest.mark.parametrize(
    ("after", "line"),
    [
        ("a\nb\nc\nd\n", 3),
        ("new\na\nb\nc\nd\n", 4),
        ("b\nc\nd\n", 2),
        ("a\nb\nc\nd\nnew\n", 3),
        ("a\nb\nc\n", 3),
        ("a\nnew\nc\nd\n", 3),
        ("a\nb\nnew\nd\n", None),
        ("a\nb\nd\n", None),
        ("", None),
    ],
)
def test_moved(after: str, line: int | None) -> None:
    at = Span(3, 1, 3, 2)
    one = Diagnostic(code=UNUSED_SUPPRESSION.code, name="", severity=Severity.NOTE, message="", path="", span=at)
    first, second = (Outline({}, tuple(text.splitlines(keepends=True))) for text in ("a\nb\nc\nd\n", after))
    assert [each.span.line for each in kept([one], first, second)] == [line] * (line is not None)
    noted = replace(one, span=Span(1, 1, 1, 2), notes=(Note(at, ""),))
    for each in kept([noted], first, second):
        assert [note.span.line for note in each.notes] == [line] * (line is not None)
