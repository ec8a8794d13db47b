"""What NumPy and SciPy do with tensors, shapes and layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.keras import results
from keras_layer_lint.model import syntax
from keras_layer_lint.values.apis.registry import ApiCall, handles
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.contents import layers_in
from keras_layer_lint.values.events import NumpyCall
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.value import Dimension, Nest, NumpyValue, Opaque, PythonValue, Shape, Tensor, Value

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls

_MAKE_ARRAYS = frozenset(
    f"numpy.{name}"
    for name in "arange array asarray concatenate empty eye full hstack linspace ones stack vstack zeros".split()
)


@handles("numpy.*", "scipy.*")
def _on_arrays(calls: Calls, call: ApiCall) -> Value:
    values = call.arguments.values()
    nest = next((value.origin for value in values if isinstance(value, Nest)), None)
    origin = call.tensor or nest
    if origin is not None:
        if results.numpy_on_tensor(call.name) == "convert":
            calls.emit(
                call.node,
                call.frame,
                NumpyCall,
                function=syntax.source(call.node.func),
                origin=origin,
                api=call.name,
                comes_first=isinstance(call.first, Tensor) and not call.first.variable,
            )
        return UNKNOWN
    if all(isinstance(value, PythonValue | NumpyValue | Shape | Dimension) or is_plain(value) for value in values):
        return NumpyValue(is_array=call.name in _MAKE_ARRAYS)
    held = layers_in(call.first)
    return Opaque("array", tuple(held)) if held else UNKNOWN


def is_plain(value: Value) -> bool:
    """Whether a container holds Python values and arrays only."""
    if not isinstance(value, Sequence):
        return False
    items = value.items if value.items is not None else (value.element,)
    return all(isinstance(item, PythonValue | NumpyValue | Dimension) or is_plain(item) for item in items)
