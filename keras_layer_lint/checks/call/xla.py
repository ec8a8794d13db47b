"""When Keras has a layer compiled by XLA, and how that is said."""

from __future__ import annotations

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef, KnownName
from keras_layer_lint.model.keras_facts import canonical
from keras_layer_lint.values.events import LayerMade
from keras_layer_lint.values.xla_table import is_never_compiled

PHASES = ("call", "train_step", "test_step", "predict_step")
"""Methods of a layer or model that Keras compiles."""

WHEN_COMPILED = {
    "2": "with `jit_compile=True`",
    "3": "with `jit_compile=True`, which is what Keras 3 chooses where there is a GPU",
}
SWITCH_OFF = {
    "2": "leave `jit_compile` off",
    "3": "set `self.supports_jit = False` in `__init__`, which keeps Keras from compiling models that have the layer",
}


def compiled_severity(layer: LayerContext, keras: str) -> Severity | None:
    """How much something matters that XLA cannot compile; None where the layer is never compiled."""
    if keras == "2":
        return Severity.WARNING if _asks_for_xla(layer) else Severity.NOTE
    return None if _refuses_xla(layer) else Severity.WARNING


def _asks_for_xla(layer: LayerContext) -> bool:
    return any(layer.unit.mentions(f"{option}=True") for option in ("jit_compile", "experimental_compile"))


def _refuses_xla(layer: LayerContext) -> bool:
    """Whether Keras does not compile what has the layer, or never has it in a model.

    It does not where `supports_jit` is False, on the layer or on a layer that it has or derives from. Layers of data
    pipelines take what is no tensor.
    """
    for ref in layer.layer.mro:
        if isinstance(ref, ClassRef) and any(_SETTINGS & names for names in assigned_by_method(ref.entry).values()):
            return True
    if any(isinstance(event.of, str) and is_never_compiled(event.of) for event in layer.analysis.events(LayerMade)):
        return True
    bases = [canonical(base.name) for base in layer.layer.mro if isinstance(base, KnownName)]
    return any(base in _DATA_LAYERS or is_never_compiled(base) for base in bases)


_SETTINGS = frozenset({"supports_jit", "_convert_input_args", "_allow_non_tensor_positional_args"})
"""Attributes that are assigned to say so: nobody spells out their defaults."""
_DATA_LAYERS = frozenset(
    """
    keras.layers.DataLayer keras.layers.TFDataLayer keras_hub.layers.PreprocessingLayer keras_hub.tokenizers.Tokenizer
    keras_hub.models.Tokenizer keras_hub.models.Preprocessor keras_nlp.layers.PreprocessingLayer
    keras_nlp.tokenizers.Tokenizer keras_nlp.models.Tokenizer keras_nlp.models.Preprocessor
    keras_cv.layers.BaseImageAugmentationLayer
    """.split()
)
