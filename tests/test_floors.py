"""Imports point down: a module imports lower floors, or neighbours of its own floor, and never in a circle."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = "keras_layer_lint"

FLOORS = [
    ["", "diagnostic", "rule", "settings", "errors", "target", "expectation", "findings", "processes"],
    ["source"],
    ["keras"],
    ["model"],
    ["values", "fixes"],
    ["serialization"],
    ["checks"],
    ["registry"],
    ["selection", "unused_suppressions", "lint", "config", "explain"],
    ["report", "confirm"],
    ["cli", "flake8_plugin"],
    ["__main__"],
]
"""Modules and folders of the package, the lowest first; the empty name is the package itself."""

FRAMEWORKS = {"tensorflow", "keras", "tf_keras", "jax", "torch", "numpy"}

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / PACKAGE).rglob("*.py"))
}


@cache
def imports(name: str, path: Path, at_run_time: bool = False) -> frozenset[str]:
    """Return the absolute names of the modules that a module imports, within functions as well."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only and at_run_time:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            assert node.module is not None
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & MODULES.keys()
            found |= inner or {node.module}
    return frozenset(found)


def floor(name: str) -> int:
    part = name.removeprefix(PACKAGE).lstrip(".").partition(".")[0]
    return next(number for number, names in enumerate(FLOORS) if part in names)


def within(name: str) -> bool:
    return name == PACKAGE or name.startswith(PACKAGE + ".")


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name: str) -> None:
    if name == PACKAGE:
        return  # hands out the public API when asked for it
    used = {other for other in imports(name, MODULES[name]) if within(other)}
    assert used <= MODULES.keys()
    assert {other for other in used if floor(other) > floor(name)} == set()


def test_no_cycles() -> None:
    graph = {
        name: {other for other in imports(name, path, at_run_time=True) if within(other)}
        for name, path in MODULES.items()
    }
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError
    assert set(order) == MODULES.keys()


@pytest.mark.parametrize("name", [name for name in MODULES if not name.startswith(f"{PACKAGE}.confirm")])
def test_static_code_imports_no_framework(name: str) -> None:
    assert {used.partition(".")[0] for used in imports(name, MODULES[name])} & FRAMEWORKS == set()
