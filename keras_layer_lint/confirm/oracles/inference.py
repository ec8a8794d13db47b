"""Layers of a Model that stay in inference mode in a step of training."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from keras_layer_lint.confirm.framework import Framework, Values
from keras_layer_lint.confirm.oracles import fitting, running
from keras_layer_lint.confirm.oracles.trial import Failed, NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim

_NAMED = 4


def inference_in_fit(trial: Trial, claim: Claim) -> str:
    """A step of training leaves the statistics of BatchNormalization as they were, or Dropout idle."""
    framework = trial.framework
    plan = trial.fresh()
    model = plan.make()
    outputs: Values = framework.values(running.eager(plan, model))
    every = _layers_under(framework, model, claim.expects.attribute)
    layers = [layer for layer in every if isinstance(layer, framework.keras.layers.BatchNormalization)]
    flags: list[Any] = []
    dropouts = [layer for layer in every if isinstance(layer, framework.keras.layers.Dropout)]
    for layer in dropouts:
        layer.call = _recorded(layer.call, flags)
    if not layers and not dropouts:
        raise NotRun("it holds no BatchNormalization and no Dropout whose training could be seen")
    before = [_statistics(framework, layer) for layer in layers]
    model.compile("sgd", "mse")
    inputs = running.model_inputs(framework, plan)
    given = inputs[0] if len(inputs) == 1 else inputs
    model.fit(
        given, outputs[0], batch_size=len(outputs[0]), verbose=0
    )  # `train_on_batch` of Keras 3 hands weights over
    moved = [not framework.same(old, _statistics(framework, layer)) for old, layer in zip(before, layers, strict=True)]
    if any(moved) or any(flags):
        raise NotSeen(f"in a step of training {sum(moved)} BatchNormalization layers moved, Dropout was told {flags}")
    seen = f"after a step of training the statistics of {len(layers)} BatchNormalization layers are as before"
    return seen if layers else f"in a step of training {len(dropouts)} Dropout layers are told training={flags[-1:]}"


def inference_when_called(trial: Trial, claim: Claim) -> str:
    """A call without `training` moves no statistics of BatchNormalization, and Dropout is idle: told of it, it does."""
    framework, plan = trial.framework, trial.fresh()
    model = plan.make()
    running.eager(plan, model)
    every = _layers_under(framework, model, "")
    norms = [layer for layer in every if isinstance(layer, framework.keras.layers.BatchNormalization)]
    flags: list[Any] = []
    dropouts = [layer for layer in every if isinstance(layer, framework.keras.layers.Dropout)]
    for layer in dropouts:
        layer.call = _recorded(layer.call, flags)

    def does_train(run: Callable[[], object]) -> bool:
        flags.clear()
        before = [_statistics(framework, norm) for norm in norms]
        run()
        pairs = zip(before, norms, strict=True)
        return any(flags) or any(not framework.same(old, _statistics(framework, norm)) for old, norm in pairs)

    def told_by_another() -> None:  # Keras 3 drops a `training` that `call` does not take
        inputs = running.model_inputs(framework, plan)
        _call_in_training(framework, inputs[0] if len(inputs) == 1 else inputs, model)

    if does_train(partial(running.eager, plan, model)):
        raise NotSeen("called without `training`, its layers train")
    if not does_train(partial(running.eager, plan, model, training=True)) and not does_train(told_by_another):
        raise NotRun("it holds no BatchNormalization and no Dropout whose training could be seen")
    return "called without `training`, its layers stay in inference mode, which they leave with `training=True`"


def fails(trial: Trial) -> Iterator[Failed]:
    """`fit` moves no statistics of BatchNormalization that a call with `training=True` around the model moves."""
    framework, plan = trial.framework, trial.plan
    if not issubclass(plan.cls, framework.keras.Model) or any(
        claim.oracle == "train" and claim.gravity != "note" for claim in trial.probe.claims
    ):
        return
    fitted = fitting.of_model(framework, plan)
    if fitted is None or "fit" not in fitted.methods:
        return
    model, _ = fitted.model()
    norms = _norms(framework, model)
    if not norms:
        return
    before = [_statistics(framework, norm) for norm in norms]
    try:
        trained = _norms(framework, fitted.run())
    except Exception:  # a loss of its own, a step for other data
        return
    _call_in_training(framework, fitted.data[0], model)
    left = [
        norm.name
        for norm, old, after in zip(norms, before, trained, strict=True)
        if framework.same(old, _statistics(framework, after)) and not framework.same(old, _statistics(framework, norm))
    ]
    if left:
        names = ", ".join(left[:_NAMED]) + (", ..." if len(left) > _NAMED else "")
        stay = "layer stays" if len(left) == 1 else "layers stay"
        seen = f"{len(left)} BatchNormalization {stay} in inference mode in `fit` ({names})"
        yield Failed("train", f"{seen}: their statistics move once the model is told training=True", None, "warning")


def _call_in_training(framework: Framework, inputs: Any, model: Any) -> None:
    """Call a model as part of one that is told to train, and hands nothing on itself."""

    class Outer(framework.keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.inner = model

        def call(self, inputs: Any, training: bool | None = None) -> Any:
            return self.inner(inputs)

    Outer()(inputs, training=True)


def _norms(framework: Framework, model: Any) -> list[Any]:
    kind = framework.keras.layers.BatchNormalization
    return [layer for layer in model._flatten_layers() if isinstance(layer, kind)]


def _statistics(framework: Framework, norm: Any) -> Values:
    return [framework.np.array(value) for value in (norm.moving_mean, norm.moving_variance)]


def _layers_under(framework: Framework, model: Any, attribute: str) -> list[Any]:
    """All layers of a model; those that one attribute holds, where it is named."""
    held = framework.tree.flatten(getattr(model, attribute, None)) if attribute else [model]
    return [
        each for layer in held if isinstance(layer, framework.keras.layers.Layer) for each in layer._flatten_layers()
    ]


def _recorded(call: Any, flags: list[Any]) -> Any:
    def recording(inputs: Any, training: Any = None, **named: Any) -> Any:
        flags.append(bool(training))
        return call(inputs, training=training, **named)

    return recording
