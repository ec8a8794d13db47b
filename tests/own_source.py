"""The modules of klint as data: tests that compare its own source parse each file once, and none while collecting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeAlias

from tests.conftest import ROOT

PACKAGE = "keras_layer_lint"
Import: TypeAlias = ast.Import | ast.ImportFrom

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / PACKAGE).rglob("*.py"))
}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(name: str, *, at_run_time: bool = False) -> set[str]:
    """Return the absolute names of the modules that a module imports, within functions as well."""
    return {module for module, typing_only in _imports(name) if not (typing_only and at_run_time)}


def imported_names(name: str) -> Iterator[tuple[str, str]]:
    """Yield module and name of each `from module import name`."""
    for node, _ in _statements(name):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from ((node.module, alias.name) for alias in node.names)


@cache
def _imports(name: str) -> frozenset[tuple[str, bool]]:
    found: set[tuple[str, bool]] = set()
    for node, typing_only in _statements(name):
        if isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
        else:
            assert node.level == 0, f"{name} imports relatively"
            assert node.module is not None
            names = {f"{node.module}.{alias.name}" for alias in node.names} & MODULES.keys() or {node.module}
        found |= {(module, typing_only) for module in names}
    return frozenset(found)


@cache
def _statements(name: str) -> tuple[tuple[Import, bool], ...]:
    """The imports of a module, each with whether it stands where only type checkers go."""
    return tuple(import_statements(tree(MODULES[name]).body))


def import_statements(body: list[ast.stmt], *, typing_only: bool = False) -> Iterator[tuple[Import, bool]]:
    """Go through statements only: no expression holds an import, and they are most of a tree."""
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node, typing_only
            continue
        skipped = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        yield from import_statements(getattr(node, "body", []), typing_only=typing_only or skipped)
        for field in ("orelse", "finalbody"):
            yield from import_statements(getattr(node, field, []), typing_only=typing_only)
        for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            yield from import_statements(part.body, typing_only=typing_only)
