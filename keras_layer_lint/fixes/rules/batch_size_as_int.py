"""KLL141: ask for the batch size while the layer runs."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from keras_layer_lint.diagnostic import Edit, Fix
from keras_layer_lint.fixes.batch_sizes import Size, size_of
from keras_layer_lint.fixes.expressions import New, around, call, called, function, of_tensors, pointed_at, replaced
from keras_layer_lint.fixes.imports import Written
from keras_layer_lint.fixes.place import Place, own_nodes

_TAKE_SHAPES = frozenset(
    """
    tensorflow.broadcast_to tensorflow.fill tensorflow.ones tensorflow.random.normal tensorflow.random.truncated_normal
    tensorflow.random.uniform tensorflow.reshape tensorflow.tile tensorflow.zeros
    keras.backend.random_normal keras.backend.random_uniform keras.backend.reshape keras.backend.tile
    keras.ops.broadcast_to keras.ops.full keras.ops.ones keras.ops.reshape keras.ops.tile keras.ops.zeros
    keras.random.normal keras.random.truncated_normal keras.random.uniform
    """.split()
)
"""Functions that take tensors among the numbers of a shape, measured with both generations."""
_WHOLE = (cst.Add, cst.Subtract, cst.Multiply, cst.FloorDivide)
_CALCULATED = (cst.Divide, cst.Multiply)


def fix(place: Place) -> Fix | None:
    """Safe where a function takes it in a shape: it is the same number. What is calculated with it gets a dtype."""
    node, method = pointed_at(place), place.function
    shape = function(place, "shape", "shape")
    if node is None or method is None or shape is None:
        return None
    if isinstance(node, cst.BinaryOperation):
        return _calculated(place, method, node, shape)
    if not isinstance(node, cst.Call) or not _takes_shapes(place, node):
        return None
    sizes = [size for argument in node.args for size in _sizes_in(place, method, argument.value)]
    if not sizes or any(size.is_whole and not _may_be_whole(place, size) for size in sizes):
        return None
    source = _source(place, method, sizes)
    edits = [_edit(place, source or size, shape) for size in ([sizes[0]] if source else sizes)]
    return Fix("safe", f"ask for it with `{shape.name}`", (*shape.edits, *edits))


def _takes_shapes(place: Place, node: cst.BaseExpression) -> bool:
    name = called(place, node) or ""
    for root in ("tensorflow.keras.", "tf_keras."):
        if name.startswith(root):
            name = "keras." + name.removeprefix(root)
    return name in _TAKE_SHAPES


def _sizes_in(place: Place, method: cst.FunctionDef, node: cst.BaseExpression) -> Iterator[Size]:
    """Sizes in an argument, in tuples and lists, and what is calculated of them."""
    size = size_of(place, method, node)
    if size is not None:
        yield size
    elif isinstance(node, (cst.Tuple, cst.List)):
        for element in node.elements:
            yield from _sizes_in(place, method, element.value)
    elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, _WHOLE):
        yield from _sizes_in(place, method, node.left)
        yield from _sizes_in(place, method, node.right)
    elif isinstance(node, cst.Subscript):
        yield from (each for each in _sizes_in(place, method, node.value) if each.is_whole)


def _may_be_whole(place: Place, size: Size) -> bool:
    """`tf.shape(x)` is a tensor, and a shape of its own only; `keras.ops.shape(x)` is a tuple."""
    return of_tensors(place) == "keras.ops" or isinstance(around(place, size.node)[0], cst.Arg)


def _asked(size: Size, shape: Written) -> cst.BaseExpression:
    """`tf.shape(x)[0]`, or `tf.shape(x)`."""
    whole = call(shape.node, size.tensor)
    first = cst.SubscriptElement(cst.Index(cst.Integer("0")))
    return whole if size.is_whole else cst.Subscript(whole, [first])


def _edit(place: Place, size: Size, shape: Written) -> Edit:
    return place.replaced(size.node, _asked(size, shape))


def _source(place: Place, method: cst.FunctionDef, sizes: list[Size]) -> Size | None:
    """The one assignment that all is read from, if nothing else is done with its variable."""
    assign = sizes[0].source
    if assign is None or any(size.source is not assign or size.is_whole for size in sizes):
        return None
    name = cst.ensure_type(assign.targets[0].target, cst.Name).value
    for node in own_nodes(method):
        if isinstance(node, cst.Name) and node.value == name and node is not assign.targets[0].target:
            held = around(place, node)
            calls = [each for each in held if isinstance(each, cst.Call)]
            if not calls or not _takes_shapes(place, calls[0]):
                return None
            between = held[: held.index(calls[0])]
            if not all(isinstance(each, (cst.Element, cst.Tuple, cst.List, cst.Arg)) for each in between):
                return None
    return Size(assign.value, sizes[0].tensor, False)


def _calculated(place: Place, method: cst.FunctionDef, node: cst.BinaryOperation, shape: Written) -> Fix | None:
    """`total / x.shape[0]`: the number in the dtype of the tensor."""
    cast = function(place, "cast", "cast")
    operands = [(node.left, node.right), (node.right, node.left)]
    found = [(size, other) for each, other in operands if (size := size_of(place, method, each)) is not None]
    if cast is None or len(found) != 1 or not isinstance(node.operator, _CALCULATED):
        return None
    size, other = found[0]
    if size.is_whole or isinstance(other, (cst.Integer, cst.Float)):
        return None
    number = call(cast.node, _asked(size, shape), cst.Attribute(size.tensor, cst.Name("dtype")))
    return Fix("unsafe", f"ask for it with `{shape.name}`", replaced(place, size.node, New(number, (shape, cast))))
