"""What the functions of Keras and TensorFlow that take structures of tensors apart do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.values.apis.registry import ApiCall, handles
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.join import element_of
from keras_layer_lint.values.value import Nest, Origin, Tensor, Value

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls


@handles("keras.tree.flatten", "tensorflow.nest.flatten")
def _flatten(calls: Calls, call: ApiCall) -> Value | None:
    """A list of the tensors in a structure: no structures any more."""
    match call.first:
        case Tensor() as tensor:
            return Sequence((tensor,), tensor, is_list=True)
        case Nest(optional=False) as nest:
            tensor = Tensor(
                nest.origin,
                batched=nest.batched or nest.of_batched,
                dtype=nest.dtype,
                varies=nest.varies,
                of_input=nest.of_input,
            )
            return Sequence(None, tensor, is_list=True, is_filled=True)
        case _:
            return None


@handles("keras.tree.pack_sequence_as", "tensorflow.nest.pack_sequence_as")
def _pack_sequence_as(calls: Calls, call: ApiCall) -> Value | None:
    """The structure of one value with the tensors of another: one tensor where the first is one tensor."""
    flat = call.arguments.get(1, "flat_sequence")
    element = element_of(flat) if isinstance(flat, Sequence) else None
    if not isinstance(element, Tensor):
        return None
    match call.first:
        case Tensor():
            return element
        case Nest(argument=argument, of_batched=is_list):
            origin = Origin("`%` returns one", call.frame.unit, call.node)
            of_batched = is_list and element.batched
            return Nest(
                origin, batched=element.batched, of_batched=of_batched, argument=argument, of_input=element.of_input
            )
        case _:
            return None
