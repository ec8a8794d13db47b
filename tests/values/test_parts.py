"""The parts of the interpreter ask each other through `State` only."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from keras_layer_lint.values.interpreter import Interpreter
from keras_layer_lint.values.state import State
from tests.conftest import ROOT

VALUES = ROOT / "keras_layer_lint" / "values"
PARTS = {part.__name__: part for part in Interpreter.__mro__ if issubclass(part, State) and part is not State}


def test_there_are_parts() -> None:
    assert {"Expressions", "Calls", "Statements", "Operators", "Loops"} <= PARTS.keys()


@pytest.mark.parametrize("path", sorted(VALUES.glob("*.py")), ids=lambda path: path.stem)
def test_a_part_is_imported_only_to_be_put_together(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    bases = {ast.unparse(base) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases}
    if path.stem != "analysis":  # it makes the interpreter
        assert imported & PARTS.keys() <= bases


@pytest.mark.parametrize("name", [name for name, _ in inspect.getmembers(State, inspect.isfunction)])
def test_what_state_declares_is_supplied(name: str) -> None:
    declared = getattr(State, name)
    if "raise NotImplementedError" in inspect.getsource(declared):
        assert getattr(Interpreter, name) is not declared
