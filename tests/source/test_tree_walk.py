"""The own walk through trees of `ast` finds what that of `ast` finds, in the same order."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from keras_layer_lint.source.tree_walk import children, walk
from tests.conftest import ROOT

TOLD_BY_THEIR_NODE = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)
FILES = sorted((ROOT / "keras_layer_lint" / "values").glob("*.py"))
EVERY_KIND = '''
import a.b as c
from . import d
async def f(x, /, *y: int, z=1, **w) -> None:
    """Docstring."""
    global g
    async with a as b, c: await d
    async for i in j: yield i
    else: del k[1:2], l.m
    try: raise E from None
    except (A, B) as e: pass
    finally: assert not x, "no"
    return {**a, "b": [*c], 1: {d for d in e if f if g}, 2: (lambda *, h=1: h)}
class C(D, metaclass=E):
    n: int
    n: int = 3
    o += -p @ q if r and s or t else u < v <= w
    while (x := y): continue
    nonlocal_ = f"{a!r:>{b}}" "c", ..., b"d", 1j
    @decorated
    def g(self): return (yield from h)
match a:
    case [1, *b] | {"c": d, **e}: pass
    case F(g, h=1) as i if j: pass
    case None | -1 | k.l | _: pass
'''


@pytest.mark.parametrize(
    "text", [EVERY_KIND, *map(Path.read_text, FILES)], ids=["every kind", *(f.stem for f in FILES)]
)
def test_it_finds_the_same(text: str) -> None:
    tree = ast.parse(text)
    expected = [node for node in ast.walk(tree) if not isinstance(node, TOLD_BY_THEIR_NODE)]
    assert list(map(id, walk(tree))) == list(map(id, expected))
    for node in expected:
        below = [child for child in ast.iter_child_nodes(node) if not isinstance(child, TOLD_BY_THEIR_NODE)]
        assert list(map(id, children(node))) == list(map(id, below))
