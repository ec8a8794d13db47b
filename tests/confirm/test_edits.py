"""What is put in the place of a faulty line: every other line stays as it is and where it is."""

from __future__ import annotations

import pytest

from keras_layer_lint.confirm.edits import Edit, Source
from keras_layer_lint.confirm.probe import Claim
from tests.confirm.conftest import claim_of


def claim(source: str, text: str, code: str = "KLL101") -> Claim:
    line = next(number for number, row in enumerate(source.splitlines(), 1) if text in row)
    column = source.splitlines()[line - 1].index(text) + 1
    return claim_of(code, line, column, line, column + len(text))


def edited(source: str, text: str, edit: Edit = "stand-in") -> str:
    made = Source(source).edited({claim(source, text): edit})
    return "" if made is None else made[0]


@pytest.mark.parametrize(
    ("source", "text", "result"),
    [
        ("if a > b:\n    pass\n", "a > b", "if __klint__(0, 'condition', lambda: (a > b)):\n    pass\n"),
        ("while a:\n    pass\n", "a", "while __klint__(0, 'condition', lambda: (a)):\n    pass\n"),
        ("for r in f(x):\n    pass\n", "f(x)", "for r in __klint__(0, 'elements', lambda: (f(x))):\n    pass\n"),
        ("y = [g(r) for r in x]\n", "x]"[:1], "y = [g(r) for r in __klint__(0, 'elements', lambda: (x))]\n"),
        ("a, b = x\n", "x", "a, b = __klint__(0, 'elements', lambda: (x))\n"),
        ("f(*x)\n", "x", "f(*__klint__(0, 'elements', lambda: (x)))\n"),
        ("y = 1 + np.mean(x)\n", "np.mean(x)", "y = 1 + __klint__(0, 'value', lambda: (np.mean(x)))\n"),
        ("é = np.mean(ü)\n", "np.mean(ü)", "é = __klint__(0, 'value', lambda: (np.mean(ü)))\n"),
        ("x[0] = f(y)\n", "x[0]", "x[0] = __klint__(0, 'value', lambda: (f(y)))\n"),
        ("assert a, 'no'\n", "assert a", "assert __klint__(0, 'condition', lambda: (a)), 'no'\n"),
        ("m = f'{x:.2f}'\n", "x", "m = __klint__(0, 'value', lambda: (f'{x:.2f}'))\n"),
        ("y = super().call(x)\n", "super().call(x)", ""),
        ("y = (z := f(x))\n", "z := f(x)", ""),
    ],
)
def test_stand_in(source: str, text: str, result: str) -> None:
    assert edited(source, text) == result


@pytest.mark.parametrize(
    ("source", "text", "result"),
    [
        ("print(x)\n", "print", "__klint__(0, 'told', lambda: None); print(x)\n"),
        ("if a: print(x)\n", "print", "if a: __klint__(0, 'told', lambda: None); print(x)\n"),
        ("y = f(\n    g(x),\n)\n", "g(x)", "__klint__(0, 'told', lambda: None); y = f(\n    g(x),\n)\n"),
        ("if g(x):\n    pass\n", "g(x)", ""),
        ("a and print(x)\n", "print", ""),
        ("y = [g(z) for z in x]\n", "g(z)", ""),
        ("y = lambda: g(x)\n", "g(x)", ""),
    ],
)
def test_told(source: str, text: str, result: str) -> None:
    assert edited(source, text, "told") == result


@pytest.mark.parametrize(
    ("source", "text", "result"),
    [
        ("x[0] = 1\n", "x[0]", 'r"""x[0] = 1 """\n'),
        ("f(\n    x,\n)\n", "f(", 'r"""f(\n    x,\n) """\n'),
        ('f("""a""")\n', "f", "r'''f(\"\"\"a\"\"\") '''\n"),
        ("if a: x[0] = 1\n", "x[0]", 'if a: r"""x[0] = 1 """\n'),
        ("while a > b:\n    c()\n", "a > b", "while False and (a > b):\n    c()\n"),
        ("for a in f(\n    b\n):\n    c()\n", "f(", "for a in () and (f(\n    b\n)):\n    c()\n"),
        ("if a:\n    pass\n", "a", ""),
        ("def f(): return\n", "def f", ""),
    ],
)
def test_dropped(source: str, text: str, result: str) -> None:
    assert edited(source, text, "dropped") == result


@pytest.mark.parametrize(
    ("source", "text", "result"),
    [
        ("self.a = f(x)\n", "f(x)", "__klint__(0, 'owner', lambda: (self)).a = f(x)\n"),
        ("a = f(x)\n", "f(x)", ""),
        ("self.a = self.b = f(x)\n", "f(x)", ""),
    ],
)
def test_past_keras(source: str, text: str, result: str) -> None:
    assert edited(source, text, "past Keras") == result


def test_what_a_line_assigns_and_reads() -> None:
    source = Source("self.a, b = f(self.c.d)\n")
    assert source.assigned(claim(source.text, "f(")) == {"a", "b"}
    assert source.read_on(1) == {"c", "d"}


def test_several_keep_their_lines() -> None:
    source = "def call(self, x):\n    if x > 0:\n        x[0] = np.exp(\n            x\n        )\n    return x\n"
    claims: dict[Claim, Edit] = {claim(source, "x > 0"): "stand-in", claim(source, "x[0]"): "stand-in"}
    made = Source(source).edited(claims)
    assert made is not None
    text, numbers = made
    assert [numbers[number] for number in sorted(numbers)] == list(claims)
    assert len(text.splitlines()) == len(source.splitlines())
    assert text.splitlines()[5] == "    return x"


def test_statements_and_functions() -> None:
    source = Source(
        "class A:\n    def f(self):\n        if (a or\n            b):\n            pass\n        return 1\n"
    )
    statement = source.statement(4)
    assert statement is not None
    assert statement.lineno == 3
    assert source.function(6) == range(2, 7)
