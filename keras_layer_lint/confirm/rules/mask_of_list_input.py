"""A mask that is a list where the input is one: the layer is traced on a list, and the caller gives no mask."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.planning.inputs import Inputs, Tensor


def _list_without_mask(given: Inputs) -> Inputs:
    """A list of inputs, and no mask that the caller gives."""
    first = given.positional[0] if given.positional else None
    inputs = [first, first] if isinstance(first, Tensor) else first
    return Inputs((inputs,), {name: value for name, value in given.named.items() if name != "mask"})


HOOKS = Hooks(inputs=_list_without_mask)
