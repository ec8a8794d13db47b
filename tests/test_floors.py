"""Imports point down: a module imports lower floors, or neighbours of its own floor, and never in a circle."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter

import pytest

from tests.own_source import MODULES, PACKAGE, import_statements, imports

FLOORS = [
    [
        "",
        "diagnostic",
        "rule",
        "settings",
        "errors",
        "target",
        "expectation",
        "each_generation",
        "findings",
        "processes",
        "immutable",
        "exit_codes",
    ],
    ["cache"],
    ["source"],
    ["keras"],
    ["model"],
    ["values"],
    ["serialization"],
    ["checks"],
    ["registry"],
    [
        "selection",
        "unused_suppressions",
        "class_linter",
        "lint",
        "option_values",
        "option_table",
        "option_schema",
        "config",
        "file_settings",
        "explain",
    ],
    ["report", "confirm", "fixes", "baseline", "changes"],
    ["migration"],
    ["testing"],
    ["output"],
    ["confirmation", "verified_fixing", "known"],
    ["rule_table", "commenting", "fixing", "migrating", "lsp"],
    ["checking", "click_options"],
    ["cli", "flake8_plugin", "pytest_plugin"],
    ["__main__"],
]
"""Modules and folders of the package, the lowest first; the empty name is the package itself."""

FRAMEWORKS = {"tensorflow", "keras", "tf_keras", "jax", "torch", "numpy"}


def floor(name: str) -> int:
    part = name.removeprefix(PACKAGE).lstrip(".").partition(".")[0]
    return next(number for number, names in enumerate(FLOORS) if part in names)


def within(name: str) -> bool:
    return name == PACKAGE or name.startswith(PACKAGE + ".")


@pytest.mark.slow
def test_imports_point_down() -> None:
    others = [name for name in MODULES if name != PACKAGE]  # which hands out the public API when asked for it
    used = {name: {other for other in imports(name) if within(other)} for name in others}
    assert {name: found for name in others if (found := used[name] - MODULES.keys())} == {}
    upward = {name: {other for other in used[name] if floor(other) > floor(name)} for name in others}
    assert {name: found for name, found in upward.items() if found} == {}


@pytest.mark.slow
def test_no_cycles() -> None:
    graph = {name: {other for other in imports(name, at_run_time=True) if within(other)} for name in MODULES}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError
    assert set(order) == MODULES.keys()


@pytest.mark.slow
def test_static_code_imports_no_framework() -> None:
    static = [name for name in MODULES if not name.startswith(f"{PACKAGE}.confirm")]
    used = {name: {module.partition(".")[0] for module in imports(name)} & FRAMEWORKS for name in static}
    assert {name: found for name, found in used.items() if found} == {}


EVERYWHERE = """
import a1
if TYPE_CHECKING:
    from t1 import b
    for x in y:
        import t2
else:
    import a2
async def f():
    async with x:
        import a3
    class C:
        while x:
            import a4
        else:
            import a5
try:
    import a6
except E:
    import a7
else:
    import a8
finally:
    import a9
match x:
    case 1:
        import a10
    case _:
        with x:
            import a11
"""


def test_every_import_is_seen() -> None:
    """However deep it stands; all that a walk over the whole tree meets."""
    tree = ast.parse(EVERYWHERE)
    seen = list(import_statements(tree.body))
    walked = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert {id(node) for node, _ in seen} == {id(node) for node in walked}
    assert len(seen) == len(walked) == 13
    for node, typing_only in seen:
        name = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        assert typing_only == str(name).startswith("t")
