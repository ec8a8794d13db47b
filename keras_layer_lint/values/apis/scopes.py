"""What makes a context manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.keras.scopes import NAME_SCOPES, RUN_EAGERLY
from keras_layer_lint.values.apis.registry import ApiCall, handles
from keras_layer_lint.values.value import Instance, Value

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls


@handles("contextlib.suppress", *RUN_EAGERLY, *NAME_SCOPES)
def _scope(calls: Calls, call: ApiCall) -> Value:
    return Instance(call.name)
