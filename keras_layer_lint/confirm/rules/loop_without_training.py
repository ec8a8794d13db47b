"""A loop that calls a model without `training=True`: its layers stay in inference mode."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.inference import inference_when_called

HOOKS = Hooks(observe=inference_when_called)
