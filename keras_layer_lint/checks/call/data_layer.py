"""Which layers are made for data pipelines, where neither models nor XLA run them."""

from __future__ import annotations

import ast
import re

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.keras.layers import DATA_LAYER_BASES
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef, KnownName

_SAYS_SO = re.compile(r"\b(pre-?process|augment|tf\.data\b|data pipeline)", re.IGNORECASE)


def is_data_layer(layer: LayerContext) -> bool:
    """Whether the layer takes raw data: it says so, or derives from a layer that does."""
    if assigns(layer, "_convert_input_args") or assigns(layer, "_allow_non_tensor_positional_args"):
        return True
    if any(isinstance(base, KnownName) and canonical(base.name) in DATA_LAYER_BASES for base in layer.layer.mro):
        return True
    return is_described_as_data_layer(layer)


def is_described_as_data_layer(layer: LayerContext) -> bool:
    """Whether a docstring, of the class or of a base in the project, begins by calling it one that prepares data."""
    classes = [base for base in layer.layer.mro if isinstance(base, ClassRef)]
    texts = [ast.get_docstring(base.entry.node) or "" for base in classes]
    return any(_SAYS_SO.search(text.partition("\n\n")[0]) for text in texts)


def assigns(layer: LayerContext, attribute: str) -> bool:
    """Whether the class or a base in the project sets an attribute. Nobody spells out Keras's defaults."""
    classes = [base for base in layer.layer.mro if isinstance(base, ClassRef)]
    return any(attribute in names for base in classes for names in assigned_by_method(base.entry).values())
