"""The attributes that layers and models have without code of their own, and which of them cannot be set.

The data, `attributes.json`, is measured by `tools/attributes.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from keras_layer_lint.keras.tables import read_table
from keras_layer_lint.target import Generation

KNOWN_WHILE_TRACING = frozenset(
    "built compute_dtype dtype dtype_policy name stateful supports_masking trainable variable_dtype".split()
)
"""Attributes of each layer that hold Python values."""
LISTS_OF_WEIGHTS = frozenset(
    {"non_trainable_weights", "trainable_variables", "trainable_weights", "variables", "weights"}
)
"""Attributes of each layer that hold lists of its weights."""
EMPTY_LISTS = frozenset({"updates"})
"""Attributes of each layer of Keras 2 that are empty lists under TensorFlow 2, which makes updates as they come."""

WEIGHTS_WITHOUT_SETTER = {
    "kernel": frozenset(f"keras.layers.{name}" for name in ("Conv1D", "Conv2D", "Conv3D", "Dense", "EinsumDense")),
    "embeddings": frozenset({"keras.layers.Embedding", "keras.layers.ReversibleEmbedding"}),
}
"""Weights that are properties which cannot be set in Keras 3, with their layers; keras 3.15."""


@cache
def _tables() -> Mapping[str, frozenset[str]]:
    return {key: frozenset(names.split()) for key, names in read_table("attributes").items() if key != "measured_with"}


def is_inherited(attribute: str) -> bool:
    """Whether some layer or model of either generation has it; names that open with two underscores are not known."""
    return attribute in _tables()["attributes"]


def is_read_only(attribute: str, generation: Generation, *, is_model: bool) -> bool:
    """Whether assigning it raises AttributeError."""
    return attribute in _tables()[f"read-only {'model' if is_model else 'layer'} {generation.value}"]
