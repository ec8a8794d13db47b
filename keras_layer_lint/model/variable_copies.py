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
    """`self.name = [... for v in owner.trainable_variables]`, or a loop that appends to `self.name`."""

    module: ModuleIndex
    node: ast.stmt | ast.expr
    name: str
    owner: str
    """`self`, or an attribute of self."""
    listed: str
    """The list, as written."""

    def span(self) -> Span:
        """Where the statement stands, or what the loop goes through."""
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
            case ast.Assign([ast.Attribute(ast.Name("self"), name)], value):
                generator = _generator(value)
                if generator is None or generator.ifs:
                    continue
                place: ast.stmt | ast.expr = node
                source = generator.iter
            case ast.For(
                _, source, [ast.Expr(ast.Call(ast.Attribute(ast.Attribute(ast.Name("self"), name), "append")))]
            ):
                if not _is_empty_list(init, name):
                    continue
                place = source
            case _:
                continue
        if (owner := _owner(source)) is not None:
            yield VariableCopies(module, place, name, owner, ast.unparse(source))


def _generator(value: ast.expr) -> ast.comprehension | None:
    """What a comprehension goes through that alone makes the value."""
    match value:
        case ast.ListComp(_, [generator]) | ast.SetComp(_, [generator]) | ast.DictComp(_, _, [generator]):
            return generator
        case ast.Call(ast.Name("list" | "tuple"), [ast.GeneratorExp(_, [generator])], []):
            return generator
        case _:
            return None


def _is_empty_list(init: FunctionNode, name: str) -> bool:
    """Whether `self.name` begins as an empty list, and nothing but one loop puts anything into it."""
    uses = [node for node in ast.walk(init) if isinstance(node, ast.Attribute) and node.attr == name]
    return len(uses) == 2 and any(
        isinstance(node, ast.Assign) and node.targets[0] in uses and ast.unparse(node.value) in ("[]", "list()")
        for node in ast.walk(init)
    )


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
