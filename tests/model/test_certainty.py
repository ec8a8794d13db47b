from __future__ import annotations

import ast
import textwrap

import pytest

from keras_layer_lint.model.certainty import certain_nodes

CERTAIN = [
    "mark()",
    "x = [mark()]",
    "with scope(): mark()",
    "with mark(): pass",
    "with scope():\n    with scope(): mark()",
    "if mark(): pass",
    "while mark(): pass",
    "for x in mark(): pass",
    "for x in range(3): mark()",
    "for x in (1, 2): mark()",
    "for x in y:\n    if x: break\nmark()",
    "if bad: raise ValueError\nmark()",
    "try: mark()\nfinally: done()",
    "try: f()\nexcept E: pass\nfinally: mark()",
    "match mark():\n    case 1: pass",
    "return mark()",
    "x = mark() and f()",
    "x = f() if mark() else g()",
    "x = mark() < y < z",
    "x = [f(y) for y in mark()]",
    "x = [mark() for y in range(3)]",
    "def f():\n    return 1\nmark()",
    "@mark()\ndef f(): pass",
    "y = (yield mark())",
]
POSSIBLE = [
    "if c: mark()",
    "if c: pass\nelse: mark()",
    "if c: pass\nelif mark(): pass",
    "with scope():\n    if c: mark()",
    "with scope():\n    with scope():\n        for x in y: mark()",
    "with suppress(E): mark()",
    "with contextlib.suppress(E): mark()",
    "for x in y: mark()",
    "for x in range(n): mark()",
    "for x in []: mark()",
    "for x in range(0): mark()",
    "for x in (1, 2):\n    if x: continue\n    mark()",
    "while c: mark()",
    "try: mark()\nexcept E: pass",
    "try: f()\nexcept E: mark()",
    "try: f()\nexcept E: pass\nelse: mark()",
    "try: f()\nexcept (A, E): mark()",
    "match x:\n    case 1: mark()",
    "if c: return\nmark()",
    "with scope():\n    if c: return\nmark()",
    "for x in y:\n    if x: return\nmark()",
    "try:\n    return\nexcept E: pass\nmark()",
    "raise E\nmark()",
    "x = c and mark()",
    "x = c or mark()",
    "x = mark() if c else 1",
    "x = a < b < mark()",
    "x = [mark() for y in z]",
    "x = [mark() for y in range(3) if y]",
    "x = {mark(): 1 for y in z}",
    "x = (mark() for y in range(3))",
    "x = lambda: mark()",
    "def f(): mark()",
    "class C: x = mark()",
]


def marked(source: str) -> bool:
    body = ast.parse("def method():\n" + textwrap.indent(source, "    ")).body[0]
    assert isinstance(body, ast.FunctionDef)
    calls = (node for node in certain_nodes(body.body) if isinstance(node, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id == "mark" for call in calls)


@pytest.mark.parametrize("source", CERTAIN)
def test_certain(source: str) -> None:
    assert marked(source)


@pytest.mark.parametrize("source", POSSIBLE)
def test_only_possible(source: str) -> None:
    assert "mark()" in source
    assert not marked(source)
