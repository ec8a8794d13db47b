"""Copies that `__init__` makes of trainable variables: read with `ast`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_layer_lint.diagnostic import Span
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.certainty import certain_nodes
from keras_layer_lint.source.module_index import FunctionNode, ModuleIndex, dotted_name

_LISTS = frozenset({"trainable_variables", "trainable_weights"})
_MAY_BUILD = re.compile(
    r"\.build\(|\bself\(|\bInput|input_shape|input_dim|\bload|applications|\bweights\s*=|from_|get_layer|\)\s*\(|_model\("
)
"""What may build a layer, or give one that is built."""


@dataclass(frozen=True, slots=True)
class VariableCopies:
    """`self.name = [... for v in owner.trainable_variables]`."""

    module: ModuleIndex
    node: ast.Assign
    name: str
    owner: str
    """`self`, or an attribute of self."""
    listed: str
    """The list, as written."""

    def span(self) -> Span:
        """Where the statement stands."""
        return self.module.span(self.node)


def copies_before_build(module: ModuleIndex, init: FunctionNode) -> Iterator[VariableCopies]:
    """The copies in an `__init__` that calls nothing of self and that nothing in its text lets build a layer."""
    text = "".join(module.lines[init.lineno - 1 : init.end_lineno])
    if not any(name in text for name in _LISTS) or _MAY_BUILD.search(text.replace("__init__()(", "")):
        return
    nodes = list(certain_nodes(init.body))
    if any(_may_do_more(node) for node in ast.walk(init)):
        return
    for node in nodes:
        match node:
            case ast.Assign([ast.Attribute(ast.Name("self"), name)], ast.ListComp(_, [generator])) if (
                not generator.ifs and (owner := _owner(generator.iter)) is not None
            ):
                yield VariableCopies(module, node, name, owner, ast.unparse(generator.iter))


def _may_do_more(node: ast.AST) -> bool:
    """Whether a call is one of a method of self, or hands on to a base what it may make a built model of."""
    match node:
        case ast.Call(ast.Attribute(ast.Name("self"))):
            return True
        case ast.Call(ast.Attribute(ast.Call(ast.Name("super")), "__init__"), args):
            return bool(args)
        case _:
            return False


def _owner(node: ast.expr) -> str | None:
    match node:
        case ast.Attribute(ast.expr() as owner, attr) if attr in _LISTS:
            name = dotted_name(owner)
            return name if name is not None and (name == "self" or name.count(".") == 1) else None
        case _:
            return None
