"""LibCST must never be given what it needs exponential time for; ordinary patterns are analysed."""

from __future__ import annotations

import time

import pytest

from keras_layer_lint import lint_source

FAULT = "        return keras.layers.Dense(3)(x)\n"
HEAD = "import keras\n\n\n"


def nested(opening: str, closing: str, depth: int, inner: str = "a") -> str:
    return opening * depth + inner + closing * depth


def layer(body: str) -> str:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    return f"class A(keras.layers.Layer):\n    def call(self, x):\n{lines}{FAULT}\n\n"


def match(pattern: str) -> str:
    return f"match x:\n    case {pattern}:\n        pass"


BRACKETS = {
    "tuple": ("(", ",)"),
    "group": ("(", ")"),
    "list": ("[", "]"),
    "class": ("A(", ")"),
    "keyword": ("A(b=", ")"),
    "mapping": ("{1: ", "}"),
    "or, left": ("(", "|1)"),
    "or, right": ("(1|", ")"),
    "star": ("[*_, ", "]"),
    "as": ("(", " as b)"),
}
DEEP = {
    **{name: match(nested(*brackets, 24, "2")) for name, brackets in BRACKETS.items() if name != "as"},
    "groups over lines": match(nested("(  # case\n", "\n)", 24)),
    "string in it": match(nested("(", ",)", 24, '")))))))))))))"')),
    "second case": f"{match('1')}\n    case {nested('(', ',)', 24)}:\n        pass",
    "in one line": f"if x:\n    del y; del {nested('(', ',)', 40)}",
    "del": f"del {nested('(', ',)', 40)}",
    "del of several": f"del {nested('(', ', b)', 40)}",
    "del of groups and tuples": f"del {nested('((', '),)', 40)}",
    "below": f"for i in x:\n    try:\n        del {nested('(', ',)', 40)}\n    except ValueError:\n        pass",
}


@pytest.mark.parametrize("name", DEEP)
def test_what_takes_too_long_is_a_diagnostic_at_once(name: str) -> None:
    source = HEAD + layer(DEEP[name]) + layer("pass").replace("class A", "class B")
    start = time.process_time()
    found = [(item.code, item.message, item.class_name) for item in lint_source(source, "a.py")]
    seconds = time.process_time() - start
    text = "not analysed: a pattern or a target of `del` is nested too deeply to be parsed in time"
    assert [item[:2] for item in found if item[2] is None] == [("KLL001", text)]
    assert ("KLL132", "B") in [(code, owner) for code, _, owner in found]
    assert seconds < 10, "a thousandth of what LibCST would take"


@pytest.mark.parametrize("name", BRACKETS)
def test_ordinary_patterns_are_analysed(name: str) -> None:
    body = match("((2 as b) as c)" if name == "as" else nested(*BRACKETS[name], 3, "2"))
    assert "KLL132" in {item.code for item in lint_source(HEAD + layer(body), "a.py")}


@pytest.mark.parametrize(
    "body",
    [
        "del x[0], (y, (z,)), [w]",
        "del model[(0, (1, (2, (3, (4, (5,))))))]",
        "del a\ncase = f(g(h(i(j(k(l(m(n(x)))))))))",
    ],
)
def test_ordinary_targets_are_analysed(body: str) -> None:
    assert "KLL132" in {item.code for item in lint_source(HEAD + layer(body), "a.py")}


@pytest.mark.slow
def test_what_is_let_through_takes_no_longer_than_it_may() -> None:
    """The deepest of each kind that is analysed."""
    for brackets in BRACKETS.values():
        if "as" in brackets[1]:
            continue
        for depth in range(1, 12):
            source = HEAD + layer(match(nested(*brackets, depth, "2")))
            start = time.process_time()
            codes = {item.code for item in lint_source(source, "a.py")}
            assert time.process_time() - start < 5
            if codes == {"KLL001"}:
                break
        else:
            pytest.fail(f"{brackets} are let through at any depth")
