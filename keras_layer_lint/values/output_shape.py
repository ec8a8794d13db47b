"""What is wrong with the shape that `compute_output_shape` returns, or with how it reads the one it is given."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model import syntax
from keras_layer_lint.model.layer import LayerClass, Method
from keras_layer_lint.model.uses import Form, uses_of
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.batch_in_shape import calculations_with_batch
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.parameter_use import ParameterUses
from keras_layer_lint.values.sizes import is_size
from keras_layer_lint.values.value import Dimension, PythonValue, Value

METHOD = "compute_output_shape"


class Fault(Enum):
    """Why Keras 3 cannot use the shape."""

    NONE = "none"
    """It is None."""
    NESTED = "nested"
    """Numbers stand beside tuples."""
    FLOAT = "float"
    """A dimension was divided with `/`."""
    NUMBER_ADDED = "number added"
    """A number is added to a tuple, where one is to be put behind it."""
    LIST_ADDED = "list added"
    """A list is added to a tuple, or a tuple to a list."""
    BATCH_SIZE = "batch size"
    """Something is calculated with the batch size, which is None there."""
    NO_ATTRIBUTE = "no attribute"
    """The shape that Keras hands over is a tuple, which has no such attribute."""


@dataclass(frozen=True, slots=True)
class ShapeFault:
    """One fault, and where it stands."""

    fault: Fault
    node: cst.CSTNode


def faults_of(layer: LayerClass, analysis: Analysis) -> Iterator[ShapeFault]:
    """The faults of the class's own method; none where Keras does not ask it."""
    method = layer.own_method(METHOD)
    if method is None or method.node.decorators or layer.method("compute_output_spec") is not None:
        return
    yield from missing_attributes(method)
    is_single = _takes_one_tensor(layer)
    yield from _wrong_sums(method, analysis, is_single=is_single)
    if is_single and not any(word in syntax.source(method.node.body) for word in _ASKING):
        yield from (ShapeFault(Fault.BATCH_SIZE, node) for node in calculations_with_batch(method))
    returned = analysis.returned(METHOD)
    if returned is None:
        return
    is_none = all(isinstance(value, PythonValue) and value.is_none for value, _ in returned.returns)
    if is_none and (returned.returns or returned.falls_through):
        yield ShapeFault(Fault.NONE, method.node)
    for value, statement in returned.returns:
        if statement is None or not isinstance(value, Sequence) or value.items is None:
            continue
        if _is_nested(value.items, is_single=is_single):
            yield ShapeFault(Fault.NESTED, statement)
        if any(isinstance(item, Dimension | PythonValue) and item.is_float for item in value.items):
            yield ShapeFault(Fault.FLOAT, statement)


def _is_nested(items: tuple[Value, ...], *, is_single: bool) -> bool:
    """Whether numbers and tuples stand side by side.

    `input_shape[0]` is a number where the layer takes one tensor; of several, it is the shape of the first.
    """
    has_tuple = any(
        isinstance(item, Sequence) or (isinstance(item, PythonValue) and isinstance(item.constant, tuple | list))
        for item in items
    )
    return has_tuple and any(
        (isinstance(item, Dimension) and is_single)
        or (isinstance(item, PythonValue) and (item.is_none or type(item.constant) is int))
        for item in items
    )


def _takes_one_tensor(layer: LayerClass) -> bool:
    """Whether `call` uses its first argument as one tensor."""
    call = layer.method("call")
    if call is None or not call.parameters:
        return False
    first = call.parameters[0]
    known = ParameterUses(call.node, first).of[first]
    return known.as_tensor and not known.tested_for_structure


def _wrong_sums(method: Method, analysis: Analysis, *, is_single: bool) -> Iterator[ShapeFault]:
    """`input_shape[:-1] + 4`, `input_shape[:-1] + [4]`, `input_shape[:-1] + (input_shape[-1] / 2,)`."""
    if not method.parameters or any(word in method.unit.text for word in _ASKING):
        return
    shape = method.parameters[0]
    if any(use.name == shape and use.form is Form.STORED for use in uses_of(method.node.body)):
        return
    for node in syntax.walk(method.node.body):
        match node:
            case cst.BinaryOperation(left=left, operator=cst.Add(), right=right):
                kinds = {_kind(left, shape, is_single=is_single), _kind(right, shape, is_single=is_single)}
                if kinds == {_TUPLE, _LIST}:
                    yield ShapeFault(Fault.LIST_ADDED, node)
                elif _is_slice(left, shape) and _is_number(right, analysis):
                    yield ShapeFault(Fault.NUMBER_ADDED, node)
            case cst.Return(value=cst.BinaryOperation(left=left, operator=cst.Add(), right=cst.Tuple(elements=last))):
                is_divided = any(
                    isinstance(each.value, cst.BinaryOperation) and isinstance(each.value.operator, cst.Divide)
                    for each in last
                )
                if is_divided and _kind(left, shape, is_single=is_single) == _TUPLE:
                    yield ShapeFault(Fault.FLOAT, node)


def _is_slice(node: cst.BaseExpression, shape: str) -> bool:
    """Whether an expression is a slice of the shape."""
    match node:
        case cst.Subscript(value=cst.Name(value=name), slice=[cst.SubscriptElement(slice=cst.Slice())]):
            return name == shape
        case _:
            return False


def _kind(node: cst.BaseExpression, shape: str, *, is_single: bool) -> str | None:
    """Tuple or list, where that is certain. Keras hands the shape of one tensor over as a tuple."""
    match node:
        case cst.Tuple():
            return _TUPLE
        case cst.List():
            return _LIST
        case cst.Call(func=cst.Name(value="tuple" | "list" as made)):
            return made
        case cst.Name(value=name):
            return _TUPLE if name == shape and is_single else None
        case cst.Subscript(value=inner, slice=[cst.SubscriptElement(slice=cst.Slice())]):
            return _kind(inner, shape, is_single=is_single)
        case cst.BinaryOperation(left=left, operator=cst.Add()):
            return _kind(left, shape, is_single=is_single)
        case _:
            return None


_TUPLE = "tuple"
_LIST = "list"


def _is_number(node: cst.BaseExpression, analysis: Analysis) -> bool:
    """Whether an expression is a number for certain: a literal, or what the layer uses as a size."""
    if isinstance(syntax.literal(node), int):
        return True
    attribute = syntax.self_attribute(node)
    value = None if attribute is None else analysis.attributes.get(attribute)
    return isinstance(value, PythonValue) and value.parameter is not None and is_size(value.parameter, analysis)


def missing_attributes(method: Method) -> Iterator[ShapeFault]:
    """Attributes of the shape that a method gets, here as a tuple without them, before it makes anything else of it."""
    if not method.parameters or any(word in method.unit.text for word in _ASKING):
        return
    name = method.parameters[0]
    for use in uses_of(method.node.body):
        if use.name != name:
            continue
        if use.form is Form.STORED:
            return
        if use.form is Form.ATTRIBUTE and isinstance(use.parent, cst.Attribute) and use.parent.attr.value in _MISSING:
            yield ShapeFault(Fault.NO_ATTRIBUTE, use.parent)


_ASKING = ("isinstance(", "hasattr(", "getattr(", "try:", "__version__")
_MISSING = frozenset("shape as_list rank ndims ndim dims with_rank with_rank_at_least num_elements concatenate".split())
"""Attributes of `TensorShape`, which Keras 2 hands over, or of a tensor."""
