"""What functions of the standard library, and loggers, do with tensors and layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.model import syntax
from keras_layer_lint.values.apis.registry import ApiCall, handles
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.contents import layers_in, shown_tensor
from keras_layer_lint.values.events import PythonPrint, ScalarRead
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.value import BACKEND, NONE, STATIC, ExternalName, Function, Opaque, PythonValue, Value

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls


@handles("math.*")
def _math(calls: Calls, call: ApiCall) -> Value:
    if call.tensor is not None:
        calls.emit(call.node, call.frame, ScalarRead, via=syntax.source(call.node.func), origin=call.tensor)
    return STATIC


@handles("logging.getLogger")
def _logger(calls: Calls, call: ApiCall) -> Value:
    return ExternalName("logging")  # a logger prints as the module does


@handles(
    "logging.*", "absl.logging.*", "warnings.warn*", "tensorflow.logging.*", "tensorflow.get_logger*", "loguru.logger.*"
)
def _prints(calls: Calls, call: ApiCall) -> Value:
    shown = next((found for value in call.arguments.values() if (found := shown_tensor(value))), None)
    if shown is not None:
        calls.emit(call.node, call.frame, PythonPrint, via=syntax.source(call.node.func), origin=shown)
    return NONE


@handles("os.environ.get", "os.getenv")
def _environment(calls: Calls, call: ApiCall) -> Value | None:
    asks_for_backend = isinstance(call.first, PythonValue) and call.first.constant == "KERAS_BACKEND"
    return BACKEND if asks_for_backend else None


@handles("functools.partial")
def _partial(calls: Calls, call: ApiCall) -> Value:
    if isinstance(call.first, Function) and len(call.arguments.positional) == 1 and not call.arguments.keywords:
        return call.first
    held = [layer for value in call.arguments.values() for layer in layers_in(value)]
    return Opaque("function", tuple(held)) if held else UNKNOWN


@handles("copy.copy", "copy.deepcopy")
def _copy(calls: Calls, call: ApiCall) -> Value | None:
    is_plain = isinstance(call.first, Sequence | PythonValue) or (
        isinstance(call.first, Dict) and not call.first.arguments
    )
    return call.first if is_plain else None


@handles("types.SimpleNamespace", "argparse.Namespace")
def _namespace(calls: Calls, call: ApiCall) -> Value:
    values = call.arguments.keywords.values()
    return Opaque("object", tuple(layer for value in values for layer in layers_in(value)))


@handles("collections.deque")
def _deque(calls: Calls, call: ApiCall) -> Value:
    return Opaque("deque", tuple(layers_in(call.first)))
