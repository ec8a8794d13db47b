"""KLL154: have Keras 3 compile nothing that has the layer."""

from __future__ import annotations

from keras_layer_lint.fixes.without_xla import without_xla as fix

__all__ = ["fix"]
