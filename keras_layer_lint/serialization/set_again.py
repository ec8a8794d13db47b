"""Arguments of `__init__` that do not count where another one is given: read with `ast`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_layer_lint.source.module_index import FunctionNode
from keras_layer_lint.source.tree_walk import walk


def is_set_again(init: FunctionNode, name: str, given: frozenset[str]) -> bool:
    """Whether an argument does nothing in an `__init__` that gets one of some others.

    `if encoder is not None: self.size = encoder.size`, with `else:` for what is made of `size`, and `self.size = size`
    before it: a config that holds `encoder` has no need of `size`.
    """
    tests = [node for node in init.body if isinstance(node, ast.If) and _asks_for(node.test) in given]
    if not tests:
        return False
    reads = {id(node) for node in _reads(init.body, name)}
    kept: set[str] = set()
    for statement in init.body:
        match statement:
            case ast.Assign([ast.Attribute(ast.Name("self"), attribute)], ast.Name() as value) if value.id == name:
                kept.add(attribute)
                reads.discard(id(value))
    again = [test for test in tests if kept and kept <= set(_bound(test.body)) and not list(_reads(test.body, name))]
    reads -= {id(node) for test in again for node in _reads(test.orelse, name)}
    return bool(again) and not reads


def _asks_for(test: ast.expr) -> str | None:
    """`name`, of `if name:` and `if name is not None:`."""
    match test:
        case ast.Name(name) | ast.Compare(ast.Name(name), [ast.IsNot()], [ast.Constant(None)]):
            return name
    return None


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    """The attributes of self that a body certainly binds."""
    for statement in body:
        match statement:
            case ast.Assign([ast.Attribute(ast.Name("self"), name)]):
                yield name


def _reads(body: list[ast.stmt], name: str) -> Iterator[ast.Name]:
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                yield node
