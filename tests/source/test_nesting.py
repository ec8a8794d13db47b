"""What is nested too deeply is seen, whichever form the levels have, and what is only long is let through."""

from __future__ import annotations

import ast

import pytest

from keras_layer_lint.source.nesting import MAX_NESTING, too_deep

# How one level is written around another. Each needs its own characters, of which the quick bound counts some.
LEVELS = {
    "attribute": "{}.a",
    "minus": "-{}",
    "not": "not {}",
    "operator": "{} + a",
    "power": "a ** {}",
    "conditional": "a if b else {}",
    "lambda": "lambda: {}",
    "lambda with defaults": "lambda a=b: {}",
    "and, or": "a and b or {}",
    "joined strings": "{} ''",
    "call": "{}()",
    "subscript": "{}[0]",
}
BRACKETS = {
    "argument": "f({})",
    "keyword": "f(a={})",
    "list": "[{}]",
    "tuple": "({},)",
    "set": "{{{}}}",
    "dict": "{{a: {}}}",
    "item": "a[{}]",
    "tuple as item": "a[{}, b]",
    "slice": "a[{}:]",
    "comprehension": "[a for a in {}]",
    "nested comprehensions": "[a for b in c for a in {}]",
    "generator": "f(a for a in {})",
    "starred": "f(*{})",
}


def nested(form: str, levels: int, *, prefix: str = "    x = ") -> tuple[ast.AST, list[str]]:
    text = "''" if "''" in form else "a"
    for _ in range(levels):
        text = form.format(text)
    source = f"async def call(self, x):\n{prefix}{text}\n"
    return ast.parse(source).body[0], source.splitlines(keepends=True)


@pytest.mark.parametrize("form", LEVELS)
def test_a_chain_is_seen(form: str) -> None:
    assert too_deep(*nested(LEVELS[form], MAX_NESTING + 10)) == 2


@pytest.mark.parametrize("form", BRACKETS)
def test_brackets_are_seen(form: str) -> None:
    """Each bracket counts several levels, so that 99 of them are too many in any form; Python itself stops at 200."""
    shallow, deep = 10, 110
    assert too_deep(*nested(BRACKETS[form], deep)) == 2
    assert too_deep(*nested(BRACKETS[form], shallow)) is None


@pytest.mark.parametrize("form", BRACKETS)
def test_half_brackets_half_chain(form: str) -> None:
    text = BRACKETS[form].replace("{}", "(" + "-" * 8 + "{})")
    assert too_deep(*nested(text, 60)) == 2


def test_what_is_only_long_is_no_matter() -> None:
    call = "self.layers.append(Dense(units, activation=activation, name=name))\n    "
    source = "def build(self):\n    " + call * 300 + "x = [" + "a, " * 3000 + "]\n"
    assert too_deep(ast.parse(source).body[0], source.splitlines(keepends=True)) is None
