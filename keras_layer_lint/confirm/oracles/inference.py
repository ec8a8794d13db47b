"""Layers of a Model that stay in inference mode in a step of training."""

from __future__ import annotations

from typing import Any

from keras_layer_lint.confirm.framework import Values
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim


def inference_in_fit(trial: Trial, claim: Claim) -> str:
    """A step of training leaves the statistics of BatchNormalization as they were, or Dropout idle."""
    framework = trial.framework
    plan = trial.fresh()
    model = plan.make()
    outputs: Values = framework.values(running.eager(plan, model))
    every = list(model._flatten_layers())
    layers = [layer for layer in every if isinstance(layer, framework.keras.layers.BatchNormalization)]
    flags: list[Any] = []
    dropouts = [layer for layer in every if isinstance(layer, framework.keras.layers.Dropout)]
    for layer in dropouts:
        layer.call = _recorded(layer.call, flags)
    if not layers and not dropouts:
        raise NotRun("it holds no BatchNormalization and no Dropout whose training could be seen")
    before = [layer.get_weights() for layer in layers]
    model.compile("sgd", "mse")
    inputs = running.model_inputs(framework, plan)
    given = inputs[0] if len(inputs) == 1 else inputs
    model.fit(
        given, outputs[0], batch_size=len(outputs[0]), verbose=0
    )  # `train_on_batch` of Keras 3 hands weights over
    moved = [not framework.same(old[2:], layer.get_weights()[2:]) for old, layer in zip(before, layers, strict=True)]
    if any(moved) or any(flags):
        raise NotSeen(f"in a step of training {sum(moved)} BatchNormalization layers moved, Dropout was told {flags}")
    seen = f"after a step of training the statistics of {len(layers)} BatchNormalization layers are as before"
    return seen if layers else f"in a step of training {len(dropouts)} Dropout layers are told training={flags[-1:]}"


def _recorded(call: Any, flags: list[Any]) -> Any:
    def recording(inputs: Any, training: Any = None, **named: Any) -> Any:
        flags.append(bool(training))
        return call(inputs, training=training, **named)

    return recording
