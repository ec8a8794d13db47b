"""Batch sizes that are read from static shapes, and what asks for them while the layer runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.fixes.expressions import called, positional
from keras_layer_lint.fixes.place import Place, own_nodes

_FIRST = m.Subscript(slice=[m.SubscriptElement(m.Index(m.Integer("0")))])
_SHAPE_OF = ("keras.backend.int_shape", "tensorflow.keras.backend.int_shape", "tf_keras.backend.int_shape")
_LOOP = (cst.For, cst.While)


@dataclass(frozen=True, slots=True)
class Size:
    """An expression of a static shape or its first number."""

    node: cst.BaseExpression
    tensor: cst.BaseExpression
    """What it is the shape of."""
    is_whole: bool
    """It is the shape, not its first number."""
    source: cst.Assign | None = None
    """The assignment of the variable that it is read from."""


def size_of(place: Place, function: cst.FunctionDef, node: cst.BaseExpression) -> Size | None:
    """What an expression is of a static shape, by itself or by the one assignment of a variable."""
    direct = _direct(place, node)
    if direct is not None:
        return direct
    if isinstance(node, cst.Name):
        return _of_variable(place, function, node, node.value)
    if m.matches(node, _FIRST) and isinstance(node, cst.Subscript) and isinstance(node.value, cst.Name):
        whole = _of_variable(place, function, node, node.value.value)
        return whole if whole is None or not whole.is_whole else Size(node, whole.tensor, False, None)
    return None


def _direct(place: Place, node: cst.BaseExpression) -> Size | None:
    if m.matches(node, _FIRST) and isinstance(node, cst.Subscript):
        tensor = _shape_of(place, node.value)
        return None if tensor is None else Size(node, tensor, False)
    tensor = _shape_of(place, node)
    return None if tensor is None else Size(node, tensor, True)


def _shape_of(place: Place, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The tensor of `x.shape`, `x.get_shape()`, either with `.as_list()` behind it, or `K.int_shape(x)`."""
    if m.matches(node, m.Call(m.Attribute(attr=m.Name("as_list")), [])):
        node = cst.ensure_type(cst.ensure_type(node, cst.Call).func, cst.Attribute).value
    if m.matches(node, m.Call(m.Attribute(attr=m.Name("get_shape")), [])):
        return cst.ensure_type(cst.ensure_type(node, cst.Call).func, cst.Attribute).value
    if isinstance(node, cst.Call) and called(place, node) in _SHAPE_OF:
        return next(iter(positional(node, 1) or ()), None)
    if isinstance(node, cst.Attribute) and node.attr.value == "shape":
        return node.value
    return None


def _of_variable(place: Place, function: cst.FunctionDef, node: cst.BaseExpression, name: str) -> Size | None:
    """By `batch = x.shape[0]`, `batch, width = x.shape` or `shape = x.shape`, where `x` still is that."""
    if name in {each.name.value for each in cst.ensure_type(function.params, cst.Parameters).params}:
        return None
    given = [each for each in own_nodes(function) if name in _names_given(each)]
    if len(given) != 1 or not isinstance(given[0], cst.Assign) or len(given[0].targets) != 1:
        return None
    assign = given[0]
    target, value = assign.targets[0].target, _direct(place, assign.value)
    if value is None or not isinstance(value.tensor, cst.Name):
        return None
    if not _is_unchanged(place, function, value.tensor.value, assign, node):
        return None
    if isinstance(target, cst.Name):
        return Size(node, value.tensor, value.is_whole, assign)
    is_first = isinstance(target, cst.Tuple) and m.matches(target.elements[0].value, m.Name(name))
    return Size(node, value.tensor, False) if is_first and value.is_whole else None


def _is_unchanged(
    place: Place, function: cst.FunctionDef, name: str, assign: cst.CSTNode, node: cst.BaseExpression
) -> bool:
    """Whether a name is given nothing else between an assignment and a place, and both are in one block of code."""
    span = place.tree.span(node)
    statement = place.tree.span(place.tree.around(span.line, span.column)[-1])
    first = place.tree.span(assign).line
    rebound = [place.tree.span(each).line for each in own_nodes(function) if name in _names_given(each)]
    later = [line for line in rebound if line > first]
    if any(isinstance(each, _LOOP) for each in place.tree.around(span.line, span.column)):
        return not later
    return not any(line < statement.line for line in later)


def _names_given(node: cst.CSTNode) -> frozenset[str]:
    """The names that a node gives something by itself."""
    if isinstance(node, cst.Assign):
        targets: Iterator[cst.CSTNode] = (each.target for each in node.targets)
    elif isinstance(node, (cst.AugAssign, cst.AnnAssign, cst.For, cst.CompFor, cst.NamedExpr)):
        targets = iter([node.target])
    elif isinstance(node, cst.AsName):
        targets = iter([node.name])
    else:
        return frozenset()
    return frozenset(name for target in targets for name in _names(target))


def _names(target: cst.CSTNode) -> Iterator[str]:
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _names(element.value)
