"""A Model whose `call` takes no `training`: its layers stay in inference mode in a step of training."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.inference import inference_in_fit

HOOKS = Hooks(observe=inference_in_fit)
