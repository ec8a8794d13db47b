"""Valid Python that LibCST refuses: it is analysed where it can be written otherwise, else a note says so."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from keras_layer_lint import Severity, lint_source
from keras_layer_lint.source.parser_input import acceptable, feed
from tests.conftest import Run

HEAD = "import keras\n\n\nclass A(keras.layers.Layer):\n    def call(self, x):\n"
FRESH = "        return keras.layers.Dense(3)(x)\n"

TAKEN = {
    "parentheses around a name": "        (x): int = x\n",
    "several": "        ((x)): int = x\n",
    "around an attribute": "        ((self.a)) : int = x\n",
    "around an element": "        ((x[(0)])): int\n",
    "not ASCII": "        ((größe)): 'größe' = x; y = (x)\n",
    "a line that is a backslash": "\\\n",
    "several such lines": "\\\n\\\n",
    "a space and a form feed": " \f        x = (\n \fx)\n",
}


@pytest.mark.parametrize("name", TAKEN)
def test_it_is_analysed(name: str) -> None:
    source = HEAD + TAKEN[name] + FRESH
    ast.parse(source)
    (found,) = lint_source(source, "a.py")
    assert (found.code, found.span.line, found.span.column) == ("KLL132", source.count("\n"), 16)


@pytest.mark.parametrize("feeds", [" \f", "\f", "\f\f", "  \f \f"])
def test_columns_count_what_comes_before_a_form_feed(feeds: str) -> None:
    assert feed(f"{feeds}    x") == len(feeds)
    (found,) = lint_source(HEAD + feeds + FRESH, "a.py")
    assert (found.code, found.span.line, found.span.column) == ("KLL132", 6, 16 + len(feeds))


@pytest.mark.parametrize("text", ["x = (1)\n", "(x): int = (\n", "    \\\nx = 1\n", "s = '''\n\\\n'''\n"])
def test_what_would_be_another_program_is_left_alone(text: str) -> None:
    assert acceptable(text) is None


REFUSED = "        ((\nx)): int = x\n"


def test_what_cannot_be_read_is_a_note(klint: Callable[..., Run]) -> None:
    source = HEAD + REFUSED + FRESH
    (found,) = lint_source(source + "\n\n" + source.replace("class A", "class B").replace(REFUSED, ""), "a.py")[:1]
    assert (found.code, found.severity, found.span.line) == ("KLL001", Severity.NOTE, 8)
    assert found.message.startswith("not analysed: valid Python that LibCST cannot read: ")
    Path("a.py").write_text(source, encoding="utf-8")
    assert klint("a.py").code == 0
    assert klint("a.py", "--fail-on", "note").code == 1
