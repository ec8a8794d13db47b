"""What TensorFlow functions do besides what the table of results says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.values.apis.registry import ApiCall, handles
from keras_layer_lint.values.value import Instance, PythonValue, Value

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls


@handles("tensorflow.executing_eagerly")
def _is_eager(calls: Calls, call: ApiCall) -> Value:
    return PythonValue(constant=False)  # a layer is traced


@handles("tensorflow.inside_function")
def _is_traced(calls: Calls, call: ApiCall) -> Value:
    return PythonValue(constant=True)


@handles("tensorflow.lookup.*")
def _lookup_table(calls: Calls, call: ApiCall) -> Value | None:
    return Instance(call.name) if call.name.rpartition(".")[2][:1].isupper() else None
