"""What is linted again after an edit comes to the same as all of it would."""

from __future__ import annotations

import gc
import random
from pathlib import Path

import pytest

from keras_layer_lint.lsp.linting import Linting
from keras_layer_lint.lsp.partly import outline_of, touched
from keras_layer_lint.source.module_index import ModuleIndex
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


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_edit_comes_to_what_all_of_it_comes_to(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    linting = Linting()
    linting.lint(text, path, None)
    for number, after in enumerate(edits(text, len(text))):
        partly, whole = linting.lint(after, path, None), Linting().lint(after, path, None)
        assert not whole.is_partly
        assert (partly.diagnostics, partly.errors) == (whole.diagnostics, whole.errors), f"edit {number}"


def test_only_what_is_touched_is_linted_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[set[str] | None] = []
    report = Linting._report

    def watched(
        self: Linting, data: bytes, path: Path, settings: object, names: frozenset[str] | None = None
    ) -> object:
        asked.append(names if names is None else set(names))
        return report(self, data, path, settings, names)  # type: ignore[arg-type]

    monkeypatch.setattr(Linting, "_report", watched)
    linting, path = Linting(), tmp_path / "two.py"
    linting.lint(TWO, path, tmp_path)
    longer = TWO.replace("        return inputs.numpy()\n", "        # slow\n        return inputs.numpy()\n")
    found = linting.lint(longer, path, tmp_path)
    assert asked == [None, {"One", "Two"}]  # what is said of `Two` stands in another line
    assert [(each.code, each.span.line) for each in found.diagnostics] == [("KLL112", 7), ("KLL112", 12)]
    found = linting.lint(longer.replace("slow", "slower"), path, tmp_path)
    assert asked[2:] == [{"One"}]
    assert [(each.code, each.span.line) for each in found.diagnostics] == [("KLL112", 7), ("KLL112", 12)]
    assert found.is_partly
    assert not linting.lint(longer.replace("slow", "slower"), path, tmp_path, whole=True).is_partly
    linting.lint(longer.replace("import keras", "import keras, os"), path, tmp_path)
    assert asked[3:] == [None, None]


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
        ("class A: pass\nclass B(A): pass\nclass C: pass", "class A: x\nclass B(A): pass\nclass C: pass", {"A", "B"}),
        ("class A: x = B\nclass B: pass\n", "class A: x = B\nclass B: y = 1\n", {"A", "B"}),
        ("class A: x = B\nclass B: pass\n", "class A: x = 1\nclass B: pass\n", {"A", "B"}),
        ("class A: pass\n", "class A: pass\nclass B: pass\n", None),
        ("x = 1\nclass A: pass\n", "x = 2\nclass A: pass\n", None),
        ("class A: pass\n", "\nclass A: pass\n", None),
        ("@one\nclass A: pass\n", "@two\nclass A: pass\n", {"A"}),
    ],
)  # fmt: skip
def test_touched(before: str, after: str, names: set[str] | None) -> None:
    first, second = outline_of(before), outline_of(after)
    assert first is not None
    assert second is not None
    assert touched(first, second) == names


def test_without_an_outline() -> None:
    assert outline_of("class A(:\n") is None
    assert outline_of("class A: pass\nclass A: pass\n") is None
