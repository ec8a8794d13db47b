"""Which layers are made for data pipelines, where neither models nor XLA run them."""

from __future__ import annotations

import ast
import re

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.keras.layers import DATA_LAYER_BASES
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef, KnownName
from keras_layer_lint.source.module_index import FunctionNode

_SAYS_SO = re.compile(r"\b(pre-?process|augment|tf\.data\b|data pipeline)", re.IGNORECASE)
_AUGMENTS = re.compile(r"\baugment", re.IGNORECASE)
_DESCRIBED = ("__init__", "call")


def is_data_layer(layer: LayerContext) -> bool:
    """Whether the layer takes raw data: it says so, or derives from a layer that does."""
    if assigns(layer, "_convert_input_args") or assigns(layer, "_allow_non_tensor_positional_args"):
        return True
    if any(isinstance(base, KnownName) and canonical(base.name) in DATA_LAYER_BASES for base in layer.layer.mro):
        return True
    return is_described_as_data_layer(layer)


def is_described_as_data_layer(layer: LayerContext) -> bool:
    """Whether a docstring, of the class or of a base in the project, begins by calling it one that prepares data.

    Those of `__init__` and `call` count where they speak of augmentation: to preprocess is said of what models do, too.
    """
    classes = [base for base in layer.layer.mro if isinstance(base, ClassRef)]
    if any(_SAYS_SO.search(_first_words(base.entry.node)) for base in classes):
        return True
    methods = [found[1] for name in _DESCRIBED if (found := layer.layer.definition(name)) is not None]
    return any(_AUGMENTS.search(_first_words(method)) for method in methods)


def _first_words(node: ast.ClassDef | FunctionNode) -> str:
    """The first paragraph of a docstring."""
    return (ast.get_docstring(node) or "").partition("\n\n")[0]


def assigns(layer: LayerContext, attribute: str) -> bool:
    """Whether the class or a base in the project sets an attribute. Nobody spells out Keras's defaults."""
    classes = [base for base in layer.layer.mro if isinstance(base, ClassRef)]
    return any(attribute in names for base in classes for names in assigned_by_method(base.entry).values())
