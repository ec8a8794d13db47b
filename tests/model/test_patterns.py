"""Forms of code that single rules ask for."""

from __future__ import annotations

import textwrap

import libcst as cst
import pytest

from keras_layer_lint.model import patterns, syntax


def calls(code: str) -> list[cst.Call]:
    return [node for node in syntax.walk(cst.parse_module(code)) if isinstance(node, cst.Call)]


@pytest.mark.parametrize(
    ("code", "method", "function"),
    [
        ("config.update(x)", "update", "config.update"),
        ("a[0].update(x)", "update", None),
        ("update(x)", None, "update"),
        ("config.update", None, None),
    ],
)
def test_called(code: str, method: str | None, function: str | None) -> None:
    node = cst.parse_expression(code)
    assert (patterns.method_called(node), patterns.function_called(node)) == (method, function)
    assert patterns.calls_method(cst.parse_module(f"if y: {code}"), {"update"}) == (method is not None)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("super(A).build()", True), ("super().build()", False), ("super(A, self).build()", False), ("f(A)", False)],
)
def test_unbound_super(code: str, expected: bool) -> None:
    assert patterns.has_unbound_super(cst.parse_module(code)) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("name = str(uuid4())", True),
        ("name = f'{uuid4()}'", True),
        ("name = uuid4().hex", True),
        ("name = uuid4().int", False),
        ("name = float(uuid4())", False),
        ("name = uuid4()", False),
    ],
)
def test_becomes_text(code: str, expected: bool) -> None:
    module = cst.parse_module(code)
    (node,) = (call for call in calls(code) if isinstance(call.func, cst.Name) and call.func.value == "uuid4")
    (node,) = (found for found in syntax.walk(module) if isinstance(found, cst.Call) and found.deep_equals(node))
    assert patterns.becomes_text(node, module) is expected


@pytest.mark.parametrize(
    ("code", "names", "reaches_all"),
    [
        ("self.a = self.b(x)", {"a", "b"}, False),
        ("getattr(self, name)(x)", set(), True),
        ("self(x)", set(), True),
        ("for part in vars(self): pass", set(), True),
        ("other.a = 1", set(), False),
    ],
)
def test_attributes_of_self(code: str, names: set[str], reaches_all: bool) -> None:
    module = cst.parse_module(code)
    assert patterns.attributes_of_self(module) == names
    assert patterns.may_reach_any_attribute(module) is reaches_all


@pytest.mark.parametrize(
    ("code", "expected"),
    [("if self.built: pass", True), ("if not self.built and x: pass", True), ("self.built = x", False)],
)
def test_tests_attribute(code: str, expected: bool) -> None:
    assert patterns.tests_attribute(cst.parse_module(code), "built") is expected


@pytest.mark.parametrize(
    ("code", "tested"),
    [
        ("here()", []),
        ("if a:\n    here()", ["a"]),
        ("if a:\n    pass\nelse:\n    here()", ["a"]),
        ("if a:\n    pass\nelif b:\n    here()", ["a", "b"]),
        ("if here():\n    pass", []),
        ("if a:\n    return 1\nhere()", ["a"]),
        ("if a:\n    raise ValueError\nfor x in y:\n    here()", ["a"]),
        ("if a:\n    b = 1\nhere()", []),
        ("here()\nif a:\n    return 1", []),
        ("x = here() if a else 2", ["a"]),
        ("x = a and here()", ["a"]),
        ("while a:\n    here()", ["a"]),
        ("match a:\n    case 1:\n        here()", ["a"]),
        ("def f():\n    if a:\n        return here()", ["a"]),
    ],
)
def test_conditions_before(code: str, tested: list[str]) -> None:
    module = cst.parse_module(f"def g():\n{textwrap.indent(code, '    ')}\n")
    nodes = [node for node in syntax.walk(module) if isinstance(node, cst.Call)]
    (here,) = (node for node in nodes if syntax.dotted(node.func) == "here")
    assert [syntax.source(test) for test in patterns.conditions_before(module, here)] == tested


@pytest.mark.parametrize(
    ("code", "outcomes"),
    [
        ("if a:\n    here()", [True]),
        ("if a:\n    pass\nelif b:\n    here()", [False, True]),
        ("if a:\n    return 1\nhere()", [False]),
        ("x = 1 if a else here()", [False]),
        ("x = a and here()", [True]),
        ("x = a or here()", [False]),
        ("while a:\n    here()", [True]),
        ("match a:\n    case 1:\n        here()", [None]),
    ],
)
def test_outcomes_before(code: str, outcomes: list[bool | None]) -> None:
    module = cst.parse_module(f"def g():\n{textwrap.indent(code, '    ')}\n")
    (here,) = (node for node in syntax.calls_in(module) if syntax.dotted(node.func) == "here")
    assert [outcome for _, outcome in patterns.outcomes_before(module, here)] == outcomes
