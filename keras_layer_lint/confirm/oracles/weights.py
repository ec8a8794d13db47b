"""The weights of a layer: those Keras does not know of, and those it loses when the layer is built by hand."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.tracking import held
from keras_layer_lint.confirm.oracles.trial import Failed, Trial
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.target import Generation

_NAMED = 4


def fails(trial: Trial) -> Iterator[Failed]:
    """Both."""
    framework, plan = trial.framework, trial.plan
    if lost := untracked(framework, trial.called()):
        yield Failed("build", f"{len(lost)} trainable variables are neither trained nor saved: {_names(lost)}")
    if not issubclass(plan.cls, framework.keras.Model):
        yield from _built_by_hand(trial)


def untracked(framework: Framework, layer: Any) -> list[Any]:
    """Trainable variables that the attributes of a layer lead to, and Keras does not."""
    tracked = {id(each) for each in (*layer.weights, *layer.variables)}
    found = held(framework, _own_attributes(framework, layer))
    return [each for each in found if _is_trainable(each) and id(each) not in tracked]


def variables_of(framework: Framework, layer: Any) -> list[Any]:
    """All variables of a layer, whether Keras knows of them or not."""
    found = [*layer.weights, *layer.variables, *held(framework, _own_attributes(framework, layer))]
    return list({id(each): each for each in found}.values())


def _own_attributes(framework: Framework, layer: Any) -> list[Any]:
    """What a layer keeps under names that are not those of every layer."""
    of_every_layer = vars(framework.keras.layers.Layer())
    return [value for name, value in vars(layer).items() if name not in of_every_layer]


def _is_trainable(variable: Any) -> bool:
    return bool(getattr(variable, "trainable", False)) and "float" in str(getattr(variable, "dtype", ""))


def _built_by_hand(trial: Trial) -> Iterator[Failed]:
    """Called once it was built, a layer has the weights it was given then."""
    plan, framework = trial.plan, trial.framework
    args, kwargs = running.inputs_of(plan)
    if len(args) != 1 or kwargs:
        return
    as_tuple = framework.generation is Generation.KERAS3
    as_keras_does = (lambda leaf: tuple(leaf.shape)) if as_tuple else (lambda leaf: leaf.shape)
    shape = framework.tree.map_structure(as_keras_does, args[0])
    layer = plan.make()
    if layer.built or not _takes(layer.build, shape):
        return
    try:
        layer.build(shape)
    except Exception as error:
        yield Failed("build", f"built by hand: {brief(error)}", error)
        return
    before, was_built = _weights_so_far(layer), bool(layer.built)
    try:
        running.eager(plan, layer)
    except Exception as error:
        yield Failed("build", f"called after it was built by hand: {brief(error)}", error)
        return
    after = {id(weight) for weight in layer.weights}
    if lost := [weight for weight in before if id(weight) not in after]:
        # In Keras 2 that of a `build` that does not set `built`, of which nothing is lost where nobody builds by hand.
        severity = "note" if framework.generation is Generation.KERAS2 and not was_built else "error"
        yield Failed("build", f"built by hand, the first call replaced its weights: {_names(lost)}", None, severity)


def _weights_so_far(layer: Any) -> list[Any]:
    """The weights of a layer; none where Keras 2 does not tell them before a network in it is called."""
    try:
        return list(layer.weights)
    except ValueError:
        return []


def _takes(method: Any, argument: Any) -> bool:
    try:
        inspect.signature(method).bind(argument)
    except (TypeError, ValueError):
        return False
    return True


def _names(variables: list[Any]) -> str:
    names = [str(getattr(variable, "name", "?")) for variable in variables[:_NAMED]]
    return ", ".join([*names, "..."] if len(variables) > _NAMED else names)
