"""One layer class as text and as a LibCST tree, and edits of it."""

from __future__ import annotations

import ast
import builtins
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import libcst as cst
import libcst.matchers as m

Statements = Sequence[cst.BaseStatement]
MARK = "#@"
"""Ends a line that is planted; taken off before anything reads the text."""


@dataclass(frozen=True)
class LayerSource:
    """A class at the top level of a module."""

    text: str
    name: str
    first: int
    """Index of its first line, that of the first decorator."""
    last: int
    """Index behind its last line."""
    tree: cst.Module = field(repr=False)
    """The class alone, parsed."""
    module: ast.Module = field(repr=False)

    @classmethod
    def read(cls, text: str, name: str) -> LayerSource | None:
        """None where the module has no such class at its top level, or LibCST cannot read it."""
        module = ast.parse(text)
        found = [node for node in module.body if isinstance(node, ast.ClassDef) and node.name == name]
        if len(found) != 1:
            return None
        node = found[0]
        first = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
        last = node.end_lineno or node.lineno
        lines = text.splitlines(keepends=True)
        try:
            tree = cst.parse_module("".join(lines[first:last]))
        except cst.ParserSyntaxError:
            return None
        return cls(text, name, first, last, tree, module)

    @property
    def node(self) -> cst.ClassDef:
        """The class."""
        return cst.ensure_type(self.tree.body[0], cst.ClassDef)

    @property
    def functions(self) -> list[ast.FunctionDef]:
        """The methods of the class."""
        node = next(each for each in self.module.body if isinstance(each, ast.ClassDef) and each.name == self.name)
        return [each for each in node.body if isinstance(each, ast.FunctionDef)]

    @cached_property
    def imported(self) -> dict[str, str]:
        """What is imported at the top level of the module: local name to dotted target."""
        found = {}
        for node in self.module.body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname or "." not in alias.name:
                        found[alias.asname or alias.name] = alias.name
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        return found

    @cached_property
    def import_statements(self) -> list[str]:
        """The imports at the top level, also those under `try` and `if`, as they are written."""
        found = []
        for node in self.module.body:
            inner = list(ast.walk(node)) if isinstance(node, (ast.Try, ast.If)) else [node]
            if any(isinstance(each, (ast.Import, ast.ImportFrom)) for each in inner):
                found.append(ast.get_source_segment(self.text, node) or "")
        return found

    @cached_property
    def importable(self) -> set[str]:
        """The names that `import_statements` bind."""
        nodes = [node for text in self.import_statements for node in ast.walk(ast.parse(textwrap.dedent(text)))]
        found: set[str] = set()
        for node in nodes:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        return found

    def code(self, node: cst.ClassDef) -> str:
        """A class as text."""
        return self.tree.with_changes(body=[node]).code

    def render(self, node: cst.ClassDef, imports: Iterable[str] = (), before: str = "") -> str:
        """The module with another class in the place of this one, more imports, and functions before the class."""
        lines = self.text.splitlines(keepends=True)
        at = self._first_import()
        more = [f"{line}\n" for line in dict.fromkeys(imports)]
        functions = f"{before.strip()}\n\n\n" if before.strip() else ""
        made = self.code(node)
        made += "" if made.endswith("\n") else "\n"
        return "".join([*lines[:at], *more, *lines[at : self.first], functions, made, *lines[self.last :]])

    def _first_import(self) -> int:
        """The line before which an import can stand."""
        for number, node in enumerate(self.module.body):
            is_docstring = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
            if not (is_docstring or is_future):
                decorators: list[ast.expr] = getattr(node, "decorator_list", [])
                return min([node.lineno, *(each.lineno for each in decorators)]) - 1
        return 0


def statements(code: str) -> list[cst.BaseStatement]:
    """Parse statements."""
    return list(cst.parse_module(code).body)


def marked(code: str) -> str:
    """Each line with the mark of what is planted."""
    return "\n".join(f"{line}  {MARK}" if line.strip() else line for line in code.splitlines())


def unmarked(text: str) -> tuple[str, set[int]]:
    """The text without marks, and the lines they stood in, from 1."""
    lines = text.split("\n")
    found = {number for number, line in enumerate(lines, 1) if line.endswith(MARK)}
    return re.sub(rf"[ ]*{MARK}$", "", text, flags=re.MULTILINE), found


def method(node: cst.ClassDef, name: str) -> cst.FunctionDef | None:
    """The method that the class itself defines, with a body of lines."""
    found = [each for each in node.body.body if isinstance(each, cst.FunctionDef) and each.name.value == name]
    return found[-1] if found and isinstance(found[-1].body, cst.IndentedBlock) else None


def with_statements(function: cst.FunctionDef, body: Iterable[cst.BaseStatement]) -> cst.FunctionDef:
    """The function with another body."""
    return function.with_changes(body=function.body.with_changes(body=list(body)))


def lines_of(function: cst.FunctionDef) -> list[cst.BaseStatement]:
    """The statements of a function."""
    return list(cst.ensure_type(function.body, cst.IndentedBlock).body)


def has_docstring(function: cst.FunctionDef) -> bool:
    """Whether the first statement is text."""
    return function.get_docstring() is not None


def appended(function: cst.FunctionDef, more: Statements) -> cst.FunctionDef:
    """The function with statements at its end, before a `return` that ends it."""
    body = lines_of(function)
    at = len(body) - 1 if body and is_return(body[-1]) else len(body)
    return with_statements(function, [*body[:at], *more, *body[at:]])


def prepended(function: cst.FunctionDef, more: Statements) -> cst.FunctionDef:
    """The function with statements at its beginning, behind its docstring."""
    body = lines_of(function)
    at = 1 if has_docstring(function) else 0
    return with_statements(function, [*body[:at], *more, *body[at:]])


def is_return(statement: cst.CSTNode) -> bool:
    """Whether it returns a value."""
    return m.matches(statement, m.SimpleStatementLine([m.Return(value=m.DoNotCare())]))


def with_methods(node: cst.ClassDef, *functions: cst.FunctionDef) -> cst.ClassDef:
    """The class with these methods, in the place of those of the same name, or at its end."""
    names: dict[str, list[cst.FunctionDef]] = {}
    for function in functions:  # a property and its setter have one name
        names.setdefault(function.name.value, []).append(function)
    body: list[cst.CSTNode] = []
    for each in node.body.body:
        name = each.name.value if isinstance(each, cst.FunctionDef) else ""
        body += names.pop(name, [each])
    more = (function for those in names.values() for function in those)
    body += [function.with_changes(leading_lines=[cst.EmptyLine(indent=False)]) for function in more]
    return node.with_changes(body=node.body.with_changes(body=body))


def without_method(node: cst.ClassDef, name: str) -> cst.ClassDef:
    """The class without a method."""
    kept = [each for each in node.body.body if not (isinstance(each, cst.FunctionDef) and each.name.value == name)]
    return node.with_changes(body=node.body.with_changes(body=kept))


def parameters(function: cst.FunctionDef) -> list[cst.Param]:
    """Those that are given by position or name, without `self`."""
    return [*function.params.posonly_params, *function.params.params][1:] + list(function.params.kwonly_params)


def functions(code: str) -> list[cst.FunctionDef]:
    """Parse functions."""
    return [cst.ensure_type(each, cst.FunctionDef) for each in statements(code)]


def without_parameter(function: cst.FunctionDef, name: str) -> cst.FunctionDef:
    """The function without one of its parameters."""
    kept = [each for each in function.params.params if each.name.value != name]
    last = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return function.with_changes(params=function.params.with_changes(params=[*kept[:-1], last]))


def code_of(node: cst.CSTNode) -> str:
    """A node as text."""
    return cst.Module([]).code_for_node(node)


def free_names(code: str) -> set[str]:
    """The names that code reads and does not define itself, built-in ones left out."""
    tree = ast.parse(textwrap.dedent(code))
    read: set[str] = set()
    bound = set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler)):
            bound.add(node.name or "")
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return read - bound
