"""KLL116: an attribute that arrays of NumPy or tensors of PyTorch have is asked of a tensor."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, on_tensor
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.foreign_attributes import (
    FOREIGN,
    IN_TENSORFLOW,
    NOT_OF_KERAS_TENSORS,
    OF_NUMPY,
    OF_OLD_KERAS,
)
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.model.tensorflow_1 import requires_tensorflow_1
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.events import ForeignAttributeRead, KerasTensorAttributeRead

RULE = Rule("KLL116", "tensor-attribute", confirm=Confirmation("graph", at_first_trace=True, raises_eagerly=True))
KINDS = TRACED_KINDS | {ClassKind.FUNCTION}

_OTHERWISE = re.compile(
    r"enable_numpy_behavior|tensorflow_probability|\btfp\b|\b(import|from) (torch|jax)\b|\bbackend\(\)|KERAS_BACKEND"
)
"""Where tensors get the methods of arrays, where what looks like a tensor may be a distribution or another framework's,
and where code is chosen by the backend."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report reads of such attributes in what Keras traces, and where a functional model is put together."""
    yield from _of_keras_tensors(layer)
    if layer.layer.kind is not ClassKind.FUNCTION and layer.backend != "torch":
        yield from _of_tensors(layer)


def _of_keras_tensors(layer: LayerContext) -> Iterator[Diagnostic | None]:
    for event in layer.analysis.events(KerasTensorAttributeRead):
        name, site = event.name.rpartition(".")[2], event.site
        if site.guarded or (site.through is not None and site.optional) or _is_asked_for(name, site.code.text):
            continue
        of_shape = event.name.startswith("shape.")
        what = on_tensor(site, f"`.{event.name}` of a KerasTensor", event.origin)
        has = "its `shape` is a tuple and has" if of_shape else "in Keras 3 it has"
        message = what + f"; {has} no `{name}`, so it raises AttributeError"
        ops = NOT_OF_KERAS_TENSORS.get(name)
        helps = "it is a tuple: `x.shape[-1]`" if of_shape else f"use `keras.ops.{ops}`" if ops else "leave it out"
        if name == "get_shape":
            helps = "use `x.shape`"
        outcome = error(message, helps, expects(errors=("AttributeError",)))
        yield layer.at_site(RULE, site, {Target.KERAS3: outcome})


def _of_tensors(layer: LayerContext) -> Iterator[Diagnostic | None]:
    for event in layer.traced(ForeignAttributeRead):
        elsewhere = event.site.code.module.text
        if event.site.through is not None and (event.site.optional or _OTHERWISE.search(elsewhere)):
            continue  # that file may have code for several backends
        if _may_be_there(layer, event.site.unit.module.text):
            return
        name = event.name
        if any(_is_asked_for(name, code.text) for code in (event.site.unit, event.site.code)):
            continue
        what = on_tensor(event.site, f"`.{name}` of a tensor", event.origin)
        raised = expects(errors=("AttributeError",))
        message = what + f"; tensors have no `{name}`, so it raises AttributeError"
        ops = FOREIGN[name]
        tf = IN_TENSORFLOW.get(ops, ops)
        outcomes: dict[Target, Outcome | None] = {
            Target.KERAS2: error(message, f"use `tf.{tf}`" if tf else "leave it out", raised),
            Target.KERAS3: error(message, f"use `keras.ops.{ops}`" if ops else "leave it out", raised),
        }
        if name in OF_OLD_KERAS and requires_tensorflow_1(event.site.code.module, layer.layer.project):
            outcomes[Target.KERAS2] = None
        if name in OF_NUMPY and not event.is_variable:
            outcomes[Target.KERAS3_JAX] = None
        yield layer.at_site(RULE, event.site, outcomes, origin=event.origin)


def _may_be_there(layer: LayerContext, text: str) -> bool:
    texts = [text] if layer.project_use is None else [text, *layer.project_use.texts()]
    return bool(_OTHERWISE.search(text)) or any("enable_numpy_behavior" in each for each in texts)


def _is_asked_for(name: str, text: str) -> bool:
    """Whether the code asks itself if the attribute is there."""
    return re.search(rf"hasattr\([^()]*[\"']{name}[\"']", text) is not None
