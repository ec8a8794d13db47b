"""Each use of a name is found with its form, by Python's own rules of scope and order."""

from __future__ import annotations

import ast
import symtable
from pathlib import Path

import libcst as cst
import pytest

import keras_layer_lint
from keras_layer_lint.model import syntax, uses


def body(code: str) -> cst.BaseSuite:
    lines = "".join(f"    {line}\n" for line in code.splitlines())
    (function,) = cst.parse_module(f"def f(self, x, y):\n{lines}").body
    assert isinstance(function, cst.FunctionDef)
    return function.body


def forms(code: str, name: str) -> str:
    """The forms of a name's uses in order, with the argument where it is passed on."""
    found = [use for use in uses.uses_of(body(code)) if use.name == name]
    return " ".join(use.form.value if use.argument is None else f"passed:{use.argument}" for use in found)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # forms
        ("x", "read"),
        ("x = 1", "stored"),
        ("x: int = 1", "stored"),
        ("x: int", ""),
        ("def g(a: x) -> x: pass", ""),
        ("y: x = 1", ""),
        ("x = x + 1", "operand stored"),
        ("x += 1", "operand stored"),
        ("x[0] += 1", "subscripted"),
        ("x[0] = 1", "subscripted"),
        ("x.a = 1", "attribute"),
        ("del x", "deleted"),
        ("del x, y", "deleted"),
        ("del x[0]", "subscripted"),
        ("x(y)", "called"),
        ("x.update(y)", "attribute"),
        ("y(x)", "passed:0"),
        ("y(1, x)", "passed:1"),
        ("y(a=x)", "passed:a"),
        ("y(x=1)", ""),
        ("y(*x)", "passed:*"),
        ("y(**x)", "passed:**"),
        ("y[x]", "read"),
        ("y.x", ""),
        ("x[0]", "subscripted"),
        ("a, b = x", "unpacked"),
        ("[*x]", "unpacked"),
        ("a, b = x, y", "read"),
        ("x, y = 1, 2", "stored"),
        ("(a, *x), y = y", "stored"),
        ("for a in x: pass", "iterated"),
        ("for x in x: x", "iterated stored read"),
        ("for a, x in y: pass", "stored"),
        ("if x: pass", "tested"),
        ("if not x: pass", "tested"),
        ("if y and x: pass", "tested"),
        ("a = x or y", "tested"),
        ("a = y or x", "read"),
        ("1 if x else 2", "tested"),
        ("while x: pass", "tested"),
        ("assert x, x", "tested read"),
        ("x is None", "compared"),
        ("y in x", "compared"),
        ("-x", "operand"),
        ("2 * x", "operand"),
        ("return x", "returned"),
        ("return x, y", "read"),
        ("f'{x}'", "read"),
        ("raise ValueError(x)", "passed:0"),
        ("with y as x: pass", "stored"),
        ("with x: pass", "read"),
        ("import x", "stored"),
        ("import x.y", "stored"),
        ("import y as x", "stored"),
        ("from x import y", ""),
        ("from y import x", "stored"),
        ("try: pass\nexcept y as x: pass", "stored"),
        ("try: pass\nexcept x: pass", "read"),
        ("match y:\n    case [x]: pass", "stored"),
        ("match y:\n    case x.A(x=1): pass", "attribute"),
        ("match y:\n    case {'a': 1, **x}: pass", "stored"),
        ("match x:\n    case _: pass", "read"),
        ("(x := x + 1)", "operand stored"),
        # scopes
        ("def g(x): return x", ""),
        ("def g(a=x): return a", "read"),
        ("def g(): return x", "returned"),
        ("def g():\n    y = x\n    x = 1", ""),
        ("def g():\n    nonlocal x\n    x = 1", "stored"),
        ("def g():\n    global x\n    x = 1", ""),
        ("def g():\n    global x\n    def h(): return x", ""),
        ("global x\nx", "read"),
        ("def g():\n    def h():\n        return x\n    return h", "returned"),
        ("def g(x):\n    def h():\n        return x\n    return h", ""),
        ("def x(): pass", "stored"),
        ("lambda x: x", ""),
        ("lambda *x: x", ""),
        ("lambda y: x", "read"),
        ("lambda y=x: y", "read"),
        ("lambda x=x: x", "read"),
        ("class A(x): pass", "read"),
        ("class x: pass", "stored"),
        ("class A:\n    x = 1\n    def g(self): return x", "returned"),
        ("class A:\n    x = 1\n    a = [x]", ""),
        ("[x for x in y]", ""),
        ("[x for x in x]", "iterated"),
        ("[y for y in x]", "iterated"),
        ("[a for a in y for b in x]", "iterated"),
        ("[a for x in y for a in x]", ""),
        ("{a: x for a in y if x}", "tested read"),
        ("{x for a in y}", "read"),
        ("[(x := a) for a in y]", "stored"),
        ("def g(): return [(x := a) for a in y]", ""),
    ],
)
def test_forms(code: str, expected: str) -> None:
    assert forms(code, "x") == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("self.x", "read"),
        ("self.x = 1", "stored"),
        ("self.x += 1", "operand stored"),
        ("del self.x", "deleted"),
        ("self.x.y = 1", "attribute"),
        ("self.x[0] = 1", "subscripted"),
        ("self.x(y)", "called"),
        ("self.a, self.x = y", "stored"),
        ("a, b = self.x", "unpacked"),
        ("y(self.x)", "passed:0"),
        ("y.self.x", ""),
        ("lambda y: self.x", "read"),
        ("lambda self: self.x", ""),
        ("def g():\n    self.x = 1", "stored"),
        ("class A:\n    def g(self): return self.x", ""),
    ],
)
def test_attributes_of_self(code: str, expected: str) -> None:
    assert forms(code, "self.x") == expected


def test_a_store_reads_self_only() -> None:
    assert uses.names_read(body("self.x = 1")) == {"self"}


def test_what_an_error_message_uses_is_marked() -> None:
    found = uses.uses_of(body("if y:\n    raise ValueError(f'{x}', [x for a in y])\nx"))
    assert [use.is_raised for use in found if use.name == "x"] == [True, True, False]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = y", {"y"}),
        ("y = 1\nx = y", set()),
        ("y: int = 1\nx = y", set()),
        ("self.x = 1\nself.x", {"self"}),
        ("if x:\n    y = 1\ny", {"x", "y"}),
        ("if x: pass\nelif y: pass", {"x", "y"}),
        ("for x in y:\n    y = 1", {"y"}),
        ("x = y and (a := 1)\na", {"y", "a"}),
        ("def g(a): return a + y", {"y"}),
        ("try: pass\nexcept x as y: pass", {"x"}),
        ("with x as y: pass", {"x"}),
    ],
)
def test_exposed_reads(code: str, expected: set[str]) -> None:
    assert uses.exposed_reads(syntax.statements(body(code))) == expected


def tables_in(table: symtable.SymbolTable) -> list[symtable.SymbolTable]:
    return [table, *(found for child in table.get_children() for found in tables_in(child))]


def read_in(table: symtable.SymbolTable) -> set[str]:
    """The names of a function's scope that it reads, in what is nested in it too."""
    found = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    for child in table.get_children():
        for name in read_in(child):
            symbol = child.lookup(name) if name in child.get_identifiers() else None
            if symbol is None or not (symbol.is_local() or symbol.is_parameter() or symbol.is_declared_global()):
                found.add(name)
    return {name for name in found if name.isidentifier() and name != "__class__"}  # `super()` asks for that one unseen


class _Generators(ast.NodeTransformer):
    """Makes a generator of every comprehension."""

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp) -> ast.AST:
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_SetComp = visit_ListComp  # noqa: N815

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


def with_generators(text: str) -> str:
    """Code that reads the same names: from Python 3.12 on, only generators have a table of their own."""
    return ast.unparse(ast.fix_missing_locations(_Generators().visit(ast.parse(text))))


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["serialization", "model", "values"])
def test_names_read_are_those_of_pythons_compiler(folder: str) -> None:
    for path in sorted((Path(keras_layer_lint.__file__).parent / folder).glob("*.py")):
        text = path.read_text(encoding="utf-8")
        tables: dict[str, list[symtable.SymbolTable]] = {}
        for table in tables_in(symtable.symtable(with_generators(text), "", "exec")):
            if table.get_type() == "function" and table.get_name() != "__annotate__":
                tables.setdefault(table.get_name(), []).append(table)
        for node in syntax.walk(cst.parse_module(text)):
            if isinstance(node, cst.FunctionDef):
                found = {name for name in uses.names_read(node.body) if "." not in name}
                assert found in [read_in(table) for table in tables[node.name.value]], (path.name, node.name.value)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("step = self.n\nself.n = step", {"step", "self.n"}),
        ("step = self.n\nstep += x\nself.n = step", {"step", "self.n", "x"}),
        ("step = self.n\nfor y in x:\n    step = step + y\nself.n = step", {"step", "self.n", "y"}),
        ("step = self.n\nstep = x\nself.n = step", {"step"}),
        ("step += 1\nself.n = step", {"step"}),
        ("for step in x:\n    step += 1\nself.n = step", {"step"}),
    ],
)
def test_what_a_value_is_computed_from(code: str, expected: set[str]) -> None:
    suite = body(code)
    (last,) = syntax.simple(syntax.statements(suite)[-1])
    assert isinstance(last, cst.Assign)
    function = cst.FunctionDef(cst.Name("f"), cst.Parameters(), suite)
    assert uses.computed_from(last.value, function) - {"self"} == expected
