"""A draw without a seed of the layer: where it raises nothing, two calls of the traced layer tell."""

from __future__ import annotations

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.seeds import seeds

HOOKS = Hooks(observe=seeds, applies=lambda trial, claim: claim.gravity != "error")
