"""Which assignments to items only a tensor can be meant by."""

from __future__ import annotations

from collections.abc import Sequence as Items

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.parameter_use import is_used_as_structure, stores_number
from keras_layer_lint.values.provenance import BOOLEAN
from keras_layer_lint.values.value import Nest, Tensor, Value


def is_meant_for_tensor(
    holder: Value, target: cst.Subscript, indices: Items[Value | None], node: cst.CSTNode, frame: Frame
) -> bool:
    """Whether an item is stored in a tensor, or in what may be a structure of tensors and is none here.

    `indices`: the values of the index, None for slices.
    """
    if isinstance(holder, Tensor):
        return True
    if not isinstance(holder, Nest):
        return False
    return _fits_no_list(target, indices, node) or _is_number_in_input(holder, target, node, frame)


def _fits_no_list(target: cst.Subscript, indices: Items[Value | None], node: cst.CSTNode) -> bool:
    """Whether no list and no dict takes it: `x[:, 0] = y`, `x[x < 0] = y`, `x[1:] = 0`."""
    if len(indices) > 1:
        return any(
            isinstance(each.slice, cst.Slice)
            or (isinstance(each.slice, cst.Index) and isinstance(each.slice.value, cst.Ellipsis))
            for each in target.slice
        )
    (index,) = indices
    if index is None:
        return stores_number(node)
    return isinstance(index, Tensor) and index.dtype == BOOLEAN


def _is_number_in_input(holder: Nest, target: cst.Subscript, node: cst.CSTNode, frame: Frame) -> bool:
    """Whether a number is stored in an argument of `call` that nothing takes for a structure.

    It would be a number in a list of tensors then.
    """
    is_numbered = all(
        isinstance(each.slice, cst.Index) and type(syntax.literal(each.slice.value)) is int for each in target.slice
    )
    if not (holder.argument and is_numbered and len(target.slice) == 1 and stores_number(node)):
        return False
    *_, outermost = frame.callers()
    here = target.value
    is_structure = isinstance(here, cst.Name) and is_used_as_structure(frame.function.node, here.value)
    return not is_structure and not is_used_as_structure(outermost.function.node, holder.argument)
