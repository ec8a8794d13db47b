"""What a built layer of Keras holds, which a class that derives from it reads: weights and sublayers.

By hand; `tests/keras/test_inherited.py` builds the layers of both generations.
"""

from __future__ import annotations

from collections.abc import Mapping

_NORMALIZED = "?gamma ?beta"
_DENSE = "kernel ?bias"
_CELL = "kernel recurrent_kernel ?bias"
_WEIGHTS: Mapping[str, str] = {
    "BatchNormalization": f"{_NORMALIZED} moving_mean moving_variance",
    "Conv1D": _DENSE,
    "Conv1DTranspose": _DENSE,
    "Conv2D": _DENSE,
    "Conv2DTranspose": _DENSE,
    "Conv3D": _DENSE,
    "Conv3DTranspose": _DENSE,
    "Dense": _DENSE,
    "EinsumDense": _DENSE,
    "Embedding": "embeddings",
    "GRUCell": _CELL,
    "GroupNormalization": _NORMALIZED,
    "LSTMCell": _CELL,
    "LayerNormalization": _NORMALIZED,
    "PReLU": "alpha",
    "SimpleRNNCell": _CELL,
}
_LAYERS: Mapping[str, Mapping[str, str]] = {
    "MultiHeadAttention": {
        "_dropout_layer": "Dropout",
        "_key_dense": "EinsumDense",
        "_output_dense": "EinsumDense",
        "_query_dense": "EinsumDense",
        "_softmax": "Softmax",
        "_value_dense": "EinsumDense",
    },
    "Wrapper": {"layer": "Layer"},
}

WEIGHTS: Mapping[str, Mapping[str, bool]] = {
    f"keras.layers.{layer}": {name.lstrip("?"): name.startswith("?") for name in names.split()}
    for layer, names in _WEIGHTS.items()
}
"""By canonical name of the layer: the attributes that hold a weight, and whether it may be None."""
LAYERS: Mapping[str, Mapping[str, str]] = {
    f"keras.layers.{layer}": {name: f"keras.layers.{of}" for name, of in names.items()}
    for layer, names in _LAYERS.items()
}
"""By canonical name of the layer: the attributes that hold a sublayer, and what that is."""
RETURNING_TENSOR: Mapping[str, frozenset[str]] = {"keras.layers.MultiHeadAttention": frozenset({"_masked_softmax"})}
"""By canonical name of the layer: methods that return one tensor."""
