"""KLL148: code for several backends calls a function that computes with the tensors of one. Off by default."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_layer_lint.checks.call.data_layer import is_data_layer
from keras_layer_lint.checks.call.wording import on_tensor, warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import FUNCTIONS
from keras_layer_lint.keras.methods import STEPS, TRACED_KINDS
from keras_layer_lint.keras.portable import LEFT_TO_TENSORS, equal_in_keras, framework_of
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Generation, Target
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.contents import holds_tensor
from keras_layer_lint.values.value import Origin, Tensor

RULE = Rule("KLL148", "backend-specific-op", confirm=Confirmation("graph", at_first_trace=True), is_default=False)
KINDS = TRACED_KINDS - FUNCTIONS

_RAISED = {"tensorflow": ("TypeError", "NotImplementedError"), "jax": ("TracerArrayConversionError", "TypeError")}
"""What a function of another framework raises that is given a traced tensor of the backend, as was measured."""
_SHOWN = {"tensorflow": "TensorFlow", "jax": "JAX", "numpy": "NumPy"}


_ASKS = re.compile(r"backend|(?i:tensorflow|jax|torch|numpy|eager|graph|symbolic|multi)|\btf\b|_tf|tf_|keras_?[23]")
"""Names in a test that may be of the backend, or of what kind of tensor there is."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report functions of one framework in code that exists on the backend of another."""
    others = layer.others
    if others is None or Generation.KERAS3 not in layer.layer.generations:
        return
    if (layer.layer.info.root or "").startswith("tensorflow."):
        return  # `tf.keras` is for TensorFlow, whatever the rest of the project is for
    why = others.why()
    if why is None or is_data_layer(layer):
        return
    for backend in _RAISED:
        if (there := others.on(backend)) is None:
            continue
        events = [event for event in there.traced(ApiCalled) if event.site.phase not in STEPS]
        made = {id(event.site.code_node): framework_of(event.name) or event.name for event in events}
        for event in events:
            if (framework := _other_framework(event, backend, layer.backend)) is None:
                continue
            origins = map(holds_tensor, event.arguments.values())
            for origin in origins:
                # What a framework has made itself it computes with.
                if origin is None or origin.is_size or made.get(id(origin.node), "").startswith(framework):
                    continue
                if not any(map(_ASKS.search, event.names_tested)):
                    yield _report(there, event, origin, backend, why)
                break


def _other_framework(event: ApiCalled, backend: str, own: str) -> str | None:
    """The framework that a function is of, where that is not the backend. `own`: what the module runs on."""
    framework = framework_of(event.name)
    head = (event.function_name or "").partition(".")[0]
    meant = {name.partition(".")[0] for name in event.site.code.module.imports.get(head, ())}
    if framework in (None, backend) or meant - {framework}:
        return None  # a name that is imported in several ways has a test around it
    if framework != "numpy":
        return framework
    # What NumPy refuses on JAX, too, is a fault without other backends.
    first = next(iter(event.arguments.positional), None)
    is_left = event.name.rpartition(".")[2] in LEFT_TO_TENSORS and own == "jax" != backend
    return framework if is_left and isinstance(first, Tensor) and not first.variable else None


def _report(layer: LayerContext, event: ApiCalled, origin: Origin, backend: str, why: str) -> Diagnostic | None:
    raised = _RAISED[backend]
    what = on_tensor(event.site, f"`{event.written}` on a tensor", origin)
    message = what + (
        f"; only {_SHOWN[event.name.partition('.')[0]]} takes that, and on {_SHOWN[backend]} it raises "
        f"{' or '.join(raised)}. The project is for several backends: {why}"
    )
    equal = equal_in_keras(event.name, len(event.arguments.positional), event.arguments.keywords)
    helps = (
        f"use `{equal}`"
        if equal is not None
        else "compute it with functions of `keras.ops`, or ask `keras.config.backend()` which code is to run"
    )
    outcome = warning(message, helps, expects(errors=raised, backend=backend))
    return layer.at_site(RULE, event.site, {Target.KERAS3: outcome}, origin=origin)
