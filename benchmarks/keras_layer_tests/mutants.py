"""Layers of Keras as modules of their own, as they are and with one fault each."""

from __future__ import annotations

import ast
import importlib.util
import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.keras_layer_tests.operators import OPERATORS
from benchmarks.keras_layer_tests.ports import Port

SOUND = "sound"
_HEAD = """\
import keras
from benchmarks.keras_layer_tests import slips
"""


@dataclass(frozen=True, eq=False)
class Mutant:
    """A layer with a fault; without, where the operator is `SOUND`."""

    port: Port
    operator: str
    text: str

    def __str__(self) -> str:
        return f"{self.port.name}: {self.operator}"


def mutants(port: Port, seed: int, operators: Collection[str] = OPERATORS) -> Iterator[Mutant]:
    """The layer as it is, then with each fault at a place that the seed chooses."""
    tree = sound(port)
    batch = next(iter(port.parsed.tensors())).shape[0]
    known = {text := ast.unparse(tree)}
    yield Mutant(port, SOUND, text)
    for name, edit in OPERATORS.items():
        places = list(edit(tree, batch)) if name in operators else []
        for make in random.Random(f"{seed} {port.name} {name}").sample(places, len(places)):
            text = ast.unparse(ast.fix_missing_locations(make()))
            if text not in known:
                known.add(text)
                yield Mutant(port, name, text)
                break


def sound(port: Port) -> ast.Module:
    """The classes as a user's module would define them: registered, and under no name of Keras's."""
    trees = [ast.parse(_source(name)) for name in port.sources]
    defined = {node.name for tree in trees for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    body = ast.parse(_HEAD).body
    for tree in trees:
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and any(alias.name in defined for alias in node.names):
                node.names = [alias for alias in node.names if alias.name not in defined]
                if not node.names:
                    continue
            if isinstance(node, ast.ClassDef):
                _make_own(node)
            body.append(node)
    tree = ast.fix_missing_locations(ast.Module(body, type_ignores=[]))
    last = next(node for node in reversed(body) if isinstance(node, ast.ClassDef) and node.name == port.class_name)
    body.remove(last)
    body.append(last)  # the class under test is the last one
    return tree


def _source(name: str) -> str:
    """The text of a module, which is not imported for it."""
    spec = importlib.util.find_spec("keras")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "src" / "layers" / f"{name.replace('.', '/')}.py"
    return path.read_text(encoding="utf-8")


def _make_own(node: ast.ClassDef) -> None:
    exported = [one for one in node.decorator_list if isinstance(one, ast.Call) and _name(one.func) == "keras_export"]
    if exported:
        kept = [one for one in node.decorator_list if one not in exported]
        registered = ast.parse('keras.saving.register_keras_serializable("ported")', mode="eval").body
        node.decorator_list = [registered, *kept]


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
