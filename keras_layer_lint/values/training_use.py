"""Whether the `training` of a `call` reaches anything that does something else while training."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.keras.layers import Trait, has_trait
from keras_layer_lint.model import uses
from keras_layer_lint.model.argument_use import uses_argument
from keras_layer_lint.model.layer import LayerClass, Method
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.call_events import LayerCalled


def uses_training(layer: LayerClass, analysis: Analysis, call: Method) -> bool:
    """Whether the class's own `call` does more with `training` than to hand it to what ignores it.

    Layers of Keras take it, whether they have a use for it or not: `Dense` and `GroupNormalization` have none.
    """
    if not uses_argument(layer, layer.ref, call, "training"):
        return False
    ignored = {
        id(argument.value)
        for event in analysis.events(LayerCalled, "call")
        if has_trait(event.layer, Trait.TAKES_ONE_TENSOR) and not has_trait(event.layer, Trait.NEEDS_TRAINING)
        if isinstance(event.site.node, cst.Call)
        for argument in event.site.node.args
        if argument.keyword is not None and argument.keyword.value == "training"
    }
    found = (use for use in uses.uses_of(call.node.body) if use.name == "training" and use.is_read)
    return any(id(use.node) not in ignored for use in found)
