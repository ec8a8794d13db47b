"""The values of subscripts."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.attribute_events import ParameterTaken
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.events import MaskIndexed, TensorTruth
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.join import element_of, join_all
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.narrowing import item_key
from keras_layer_lint.values.one_shape import reads_nested
from keras_layer_lint.values.provenance import BOOLEAN
from keras_layer_lint.values.ranks import rank_of_item
from keras_layer_lint.values.state import State
from keras_layer_lint.values.value import (
    NUMPY_VALUE,
    STATIC,
    Dimension,
    ExternalName,
    InputMasks,
    KerasTensor,
    Nest,
    NumpyValue,
    PythonValue,
    Shape,
    Tensor,
    Value,
)


class Subscripts(State):
    """`x[0]`, `x[:, 1:]`, `shape[-1]`."""

    def _subscript(self, node: cst.Subscript, frame: Frame) -> Value:
        base = self.evaluate(node.value, frame)
        indices = [self._index(element.slice, frame) for element in node.slice]
        index = indices[0] if len(indices) == 1 else Sequence(tuple(indices), join_all(indices))
        is_slice = isinstance(node.slice[0].slice, cst.Slice)
        if isinstance(base, Dict | Sequence | NumpyValue):
            piece = node.slice[0].slice
            self.note_item_read(node.value, base, piece.value if isinstance(piece, cst.Index) else None, frame)
        mask = next((value for value in indices if isinstance(value, Tensor) and value.dtype == BOOLEAN), None)
        if mask is not None and isinstance(base, Tensor | Nest):
            self.emit(node, frame, MaskIndexed, origin=mask.origin)
        match base:
            case InputMasks() if not is_slice and len(node.slice) == 1:
                known = frame.env.get(item_key(node) or "")
                return element_of(base) if known is None else known
            case Tensor():
                self.emit_missing_mask(base, node, frame)
                batched = base.batched and _takes_all_rows(node)
                rank = rank_of_item(base, node, indices)
                sizes = base.sizes and _begins_at_first(node)
                item = replace(
                    base, optional=False, batched=batched, variable=False, like_input=False, rank=rank, last=None
                )
                return item if sizes == item.sizes else replace(item, sizes=sizes)
            case Nest():
                if len(node.slice) > 1 or isinstance(index, Tensor):
                    self.note_one_tensor(base, frame)
                    batched = base.batched and _takes_all_rows(node)
                    return Tensor(base.origin, batched=batched, varies=base.varies, of_input=base.of_input)
                return replace(base, optional=False, argument="") if is_slice and base.of_batched else element_of(base)
            case KerasTensor():
                return base
            case Sequence():
                return self._sequence_item(base, node, index, is_slice, frame)
            case Shape():
                return self._shape_entry(base, node, index, is_slice)
            case Dict():
                return self._dict_item(base, node, index, frame)
            case NumpyValue():
                return NUMPY_VALUE
            case Dimension():
                # It was a shape: of one of several inputs.
                return STATIC if is_slice else Dimension(is_number=not self._takes_nested_inputs())
            case PythonValue():
                return STATIC
            case ExternalName(name="os.environ"):
                self.emit(node, frame, ApiCalled, name="os.environ.__getitem__", arguments=CallArguments((index,)))
                return STATIC
            case _:
                return UNKNOWN

    def _takes_nested_inputs(self) -> bool:
        """Whether `call` may get lists of lists: an entry of their shapes is a list of shapes."""
        call = self.run.layer.method("call")
        if call is None:
            return False
        parameters = syntax.parameters(call.node)
        return len(parameters) > 1 and reads_nested(call.node.body, parameters[1].name.value)

    def _sequence_item(self, base: Sequence, node: cst.Subscript, index: Value, is_slice: bool, frame: Frame) -> Value:
        if isinstance(index, Tensor):
            self.emit(node, frame, TensorTruth, form="index", origin=index.origin)
            return UNKNOWN
        if is_slice:
            return (
                Sequence(None, element_of(base), base.is_list)
                if base.items
                else replace(base, is_filled=False, holds_batch_size=False)
            )
        if base.items is not None and isinstance(index, PythonValue) and type(index.constant) is int:
            try:
                return base.items[index.constant]
            except IndexError:
                return UNKNOWN
        return element_of(base)

    def _dict_item(self, base: Dict, node: cst.Subscript, index: Value, frame: Frame) -> Value:
        if not isinstance(index, PythonValue) or not isinstance(index.constant, str):
            return UNKNOWN
        if base.arguments:
            self.emit(node, frame, ParameterTaken, name=index.constant, required=True, removed=False)
        entry = base.entries.get(index.constant)
        return UNKNOWN if entry is None else entry.value

    def _shape_entry(self, base: Shape, node: cst.Subscript, index: Value, is_slice: bool) -> Value:
        if is_slice:
            return replace(base, batched=base.batched and _begins_at_first(node))
        position = index.constant if isinstance(index, PythonValue) else ...
        if position == 0 and base.batched:
            if base.symbolic and base.origin is not None:
                return Tensor(base.origin, sizes=True)
            return Dimension(batch=True)
        return UNKNOWN if base.symbolic and not base.batched else Dimension()

    def _index(self, node: cst.BaseSlice, frame: Frame) -> Value:
        if isinstance(node, cst.Index):
            return self.evaluate(node.value, frame)
        if isinstance(node, cst.Slice):
            for part in (node.lower, node.upper, node.step):
                if part is not None:
                    self.evaluate(part, frame)
        return STATIC


def _begins_at_first(node: cst.Subscript) -> bool:
    """Whether a subscript takes the first element, alone or with what follows it: `shape[0]`, `shape[:2]`."""
    match node.slice[0].slice:
        case cst.Slice(lower=None | cst.Integer(value="0")) | cst.Index(value=cst.Integer(value="0")):
            return True
        case _:
            return False


def _takes_all_rows(node: cst.Subscript) -> bool:
    """Whether a subscript leaves the first axis of a tensor as it is: `x[:, 0]`, `x[..., 0]`."""
    match node.slice[0].slice:
        case cst.Slice(lower=None, upper=None, step=None):
            return True
        case cst.Index(value=cst.Ellipsis()):
            return True
        case _:
            return False
