"""Copies that `__init__` makes of trainable variables: read with `ast`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from keras_layer_lint.diagnostic import Span
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.certainty import certain_nodes
from keras_layer_lint.source.module_index import FunctionNode, ModuleIndex, dotted_name
from keras_layer_lint.source.tree_walk import walk

_LISTS = frozenset({"trainable_variables", "trainable_weights"})
_MAY_BUILD = re.compile(
    r"\.build\(|\bself\(|\bInput|input_shape|\binput_dim|\bload|applications|\bweights\s*=|from_|get_layer|\)\s*\(|_model\("
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


def copies_in(module: ModuleIndex, init: FunctionNode) -> Iterator[VariableCopies]:
    """The copies in an `__init__`, whatever is built by then."""
    text = "".join(module.lines[init.lineno - 1 : init.end_lineno])
    if not any(name in text for name in _LISTS):
        return
    for node in walk(init):
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


def is_before_build(copies: VariableCopies, init: FunctionNode) -> bool:
    """Whether a copy is certainly made, and nothing in the text of the `__init__` may build what it copies.

    What is kept in an attribute of self cannot be built before it is made.
    """
    certain = {id(node) for node in certain_nodes(init.body)}
    if id(copies.node) not in certain:
        return False
    body = init.body
    last = next((n for n, statement in enumerate(body) if _holds(statement, copies.node)), None)
    if last is None:
        return False
    made = [n for n, statement in enumerate(body[:last]) if _makes(statement, copies.owner)]
    if copies.owner != "self" and len(made) == 1:
        return not _may_build(copies.module, body[made[0] : last + 1])
    return not may_build(copies.module, init)


def may_build(module: ModuleIndex, init: FunctionNode) -> bool:
    """Whether an `__init__` may build a layer of the class, or hold one that is built."""
    has_docstring = ast.get_docstring(init, clean=False) is not None  # which may call the layer in an example
    return _may_build(module, init.body[has_docstring:])


def _may_build(module: ModuleIndex, statements: Sequence[ast.stmt]) -> bool:
    """Whether anything is called that may build a layer: a method of self, or something that sounds like it."""
    for statement in statements:
        text = "".join(module.lines[statement.lineno - 1 : statement.end_lineno])
        if _MAY_BUILD.search(text.replace("__init__()(", "")) or any(map(_may_do_more, walk(statement))):
            return True
    return False


def _holds(statement: ast.stmt, node: ast.AST) -> bool:
    return any(part is node for part in walk(statement))


def _makes(statement: ast.stmt, owner: str) -> bool:
    """`self.name = ...`, not under a condition."""
    match statement:
        case ast.Assign([target]):
            return dotted_name(target) == owner
        case _:
            return False


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
    uses = [node for node in walk(init) if isinstance(node, ast.Attribute) and node.attr == name]
    return len(uses) == 2 and any(
        isinstance(node, ast.Assign) and node.targets[0] in uses and ast.unparse(node.value) in ("[]", "list()")
        for node in walk(init)
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
