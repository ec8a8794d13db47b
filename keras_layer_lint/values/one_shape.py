"""Whether code takes a parameter for the shape of one tensor, or for lists in lists."""

from __future__ import annotations

from functools import lru_cache

import libcst as cst

from keras_layer_lint.model import syntax

_TELLING = frozenset({cst.Subscript, cst.For, cst.CompFor, cst.Call, cst.Assign, cst.Return})


@lru_cache(maxsize=512)
def reads_one_shape(body: cst.BaseSuite, name: str) -> bool:
    """Whether the last element of a parameter is read as a number, and nothing speaks for several shapes in it."""
    inner: set[int] = set()
    found = False
    for node in syntax.walk(body):
        if type(node) not in _TELLING:
            continue
        if isinstance(node, cst.Subscript):
            if id(node) not in inner and _reads_last(node, name):
                found = True
            inner.add(id(node.value))
            if isinstance(node.value, cst.Subscript) and _is_name(node.value.value, name):
                return False
        elif (
            (isinstance(node, cst.For | cst.CompFor) and _is_name(node.iter, name))
            or (isinstance(node, cst.Call) and _is_name(node.func, "isinstance") and _is_name(node.args[0].value, name))
            or (isinstance(node, cst.Assign) and _takes_one_of(node, name))
            or (isinstance(node, cst.Return) and node.value is not None and _reads_last(node.value, name))
        ):
            return False
    return found


@lru_cache(maxsize=512)
def reads_nested(body: cst.BaseSuite, name: str) -> bool:
    """Whether an element of a parameter is taken apart again: `inputs[0][1]`, `a, (b, c) = inputs`, `b, c = inputs[1]`.

    It need not be a list of lists: so is a row of a tensor read.
    """
    elements: set[str] = set()
    """Names of elements."""
    for node in syntax.walk(body):
        match node:
            case cst.Subscript(value=value, slice=[cst.SubscriptElement(slice=cst.Index())]) if _is_element(
                value, name, elements
            ):
                return True
            case cst.Assign(targets=targets, value=value):
                pairs = [(target.target, value) for target in targets]
            case cst.For(target=taken, iter=value) | cst.CompFor(target=taken, iter=value):
                pairs = [(cst.Tuple([cst.Element(taken)]), value)]
            case _:
                continue
        for target, value in pairs:
            parts = target.elements if isinstance(target, cst.Tuple | cst.List) else ()
            is_element = _is_element(value, name, elements)
            if not is_element and not (parts and _is_name(value, name)):
                continue
            if any(is_element or isinstance(each.value, cst.Tuple | cst.List) for each in parts):
                return True
            elements.update(_names_in(target))
    return False


def _is_element(node: cst.BaseExpression, name: str, elements: set[str]) -> bool:
    if isinstance(node, cst.Name):
        return node.value in elements
    return isinstance(node, cst.Subscript) and _is_name(node.value, name)


def _names_in(target: cst.CSTNode) -> set[str]:
    return {node.value for node in syntax.walk(target) if isinstance(node, cst.Name)}


def _reads_last(node: cst.BaseExpression, name: str) -> bool:
    match node:
        case cst.Subscript(
            value=cst.Name(value=found),
            slice=[cst.SubscriptElement(slice=cst.Index(value=cst.UnaryOperation(expression=cst.Integer(value="1"))))],
        ):
            return found == name
    return False


def _is_name(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


def _takes_one_of(node: cst.Assign, name: str) -> bool:
    """`input_shape = input_shape[0]`: there may be several."""
    taken = isinstance(node.value, cst.Subscript) and _is_name(node.value.value, name)
    return taken and any(_is_name(target.target, name) for target in node.targets)
