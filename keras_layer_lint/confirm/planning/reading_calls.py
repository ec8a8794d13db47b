"""What calls say of the names in them: that one is a layer, that another holds indices."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_layer_lint.confirm.planning.attributes import chains
from keras_layer_lint.confirm.planning.uses import Use, names


def read_call(function: ast.expr, arguments: list[ast.expr], keywords: set[str | None], uses: dict[str, Use]) -> None:
    """Count what a call says of the names that are called, and of those that it is given."""
    is_given_a_list = any(isinstance(argument, (ast.List, ast.Tuple)) for argument in arguments[:1])
    for name in names(function):
        uses[name].takes_list |= is_given_a_list
        if keywords & {"training", "mask"}:  # no plain function takes these
            uses[name].kinds["layer"] = None
        if not arguments and keywords == {"name"}:  # only a class makes something of a name alone
            uses[name].kinds["layer class"] = None
        uses[name].kinds["callable"] = None
        uses[name].takes = max(uses[name].takes, len(arguments))
        if name.startswith("self."):  # what a method is given is called in the constructor, as a class
            uses[name].keywords |= {word: None for word in keywords if word is not None}
    match function, arguments:
        case ast.Name(id="isinstance"), [value, types]:
            tested = ast.unparse(types)
            for name in names(value):
                uses[name].either |= re.search(r"dict|list|tuple|Mapping|Sequence", tested) is not None
                if kind := re.search(r"(Sparse|Ragged)Tensor", tested):
                    uses[name].tensor, uses[name].either_tensor = kind[1].lower(), True
        case ast.Attribute(value=ast.Attribute(attr="sparse" | "ragged" as kind)), _ if function.attr != "from_dense":
            for name in (name for argument in arguments[:1] for name in names(argument)):
                uses[name].tensor = kind
        case (
            ast.Attribute(value=ast.Attribute(attr="layers") | ast.Name(id="layers"), attr="serialize" | "deserialize"),
            [value, *_],
        ):
            for name in names(value):
                uses[name].kinds["layer"] = None
        case ast.Attribute(value=value, attr="get" | "pop"), [ast.Constant(value=str(key)), *_]:
            for name in names(value):
                uses[name].keys.append(key)
        case ast.Attribute(value=value, attr=method), _:
            for name in names(value):
                uses[name].methods[method] = None
            for name, path in chains(function):
                uses[name].methods[path] = None
    match function, arguments:
        case ast.Attribute(attr="einsum"), [ast.Constant(value=str(equation)), *operands] if "." not in equation:
            for axes, operand in zip(equation.partition("->")[0].split(","), operands, strict=False):
                for name in names(operand):
                    uses[name].rank = max(uses[name].rank, len(axes.strip()))
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if called == "reshape":
        for part in (part for shape in arguments if isinstance(shape, (ast.Tuple, ast.List)) for part in shape.elts):
            for name in (name for factor in _added(part) for name in names(factor)):
                uses[name].in_shape = True
    if called == "range":
        for part in (part for argument in arguments for part in _added(argument)):
            for name in names(part):
                uses[name].kinds["int"] = None
    elif called in ("int", "float") or ast.unparse(function) == "math.sqrt":
        for name in (name for argument in arguments for name in names(argument)):
            uses[name].kinds["int"] = None
    elif called == "len":
        for argument in arguments:
            for name in names(argument):
                uses[name].kinds["list"] = None
                uses[name].counted = True
    elif called == "sequence_mask":
        for name in (name for argument in arguments[:1] for name in names(argument)):
            uses[name].lengths = True
    elif called in ("embedding_lookup", "one_hot", "bincount"):
        for argument in arguments:
            for name in names(argument):
                uses[name].integer = True
    elif called in ("gather", "take", "take_along_axis", "gather_nd", "segment_sum") and len(arguments) > 1:
        for name in names(arguments[1]):
            uses[name].integer = True


def _added(node: ast.expr) -> Iterator[ast.expr]:
    """What a number is computed from: `level` and `1` of `level + 1`."""
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv(), right=right):
            yield from _added(left)
            yield from _added(right)
        case _:
            yield node
