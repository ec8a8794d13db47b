"""Losses, regularizers and the like, which are no layers: a compiled model that holds one is saved and loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.oracles import gpu
from keras_layer_lint.confirm.oracles.arguments import (
    init_parameters,
    is_named,
    other_values,
    plain_others,
    rearranged,
)
from keras_layer_lint.confirm.oracles.saving import forgotten, is_refused, recorded
from keras_layer_lint.confirm.oracles.trial import Failed, NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.expectation import Effect
from keras_layer_lint.target import Generation

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_PLACES = {
    "losses.Loss": "loss",
    "metrics.Metric": "metrics",
    "regularizers.Regularizer": "kernel_regularizer",
    "initializers.Initializer": "kernel_initializer",
    "constraints.Constraint": "kernel_constraint",
    "optimizers.schedules.LearningRateSchedule": "learning_rate",
    "optimizers.Optimizer": "optimizer",
    "optimizers.legacy.Optimizer": "optimizer",
}
"""The base class, and what a model takes its instances as."""
_WIDTH, _OUTPUTS = 8, 4


def place_of(framework: Framework, cls: Any) -> str:
    """What a model takes instances of the class as; empty for classes that mean nothing to Keras."""
    for name, place in _PLACES.items():
        base = framework.keras
        for part in name.split("."):
            base = getattr(base, part, None)
        if base is not None and issubclass(cls, base):
            return place
    return ""


def _holder(trial: Trial, plan: Plan, **compiled: Any) -> Any:
    """A model with an instance, after a step of training, where it can take one: a loss may want outputs of its own."""
    model = _untrained(trial, plan, **compiled)
    with suppress(Exception):
        model.train_on_batch(*_data(trial))
    return model


def _trained(trial: Trial, plan: Plan, **compiled: Any) -> Any:
    """The same, where it must take one."""
    model = _untrained(trial, plan, **compiled)
    model.train_on_batch(*_data(trial))
    return model


def _untrained(trial: Trial, plan: Plan, **compiled: Any) -> Any:
    keras = trial.framework.keras
    place = place_of(trial.framework, plan.cls)
    instance = plan.make()
    dense = keras.layers.Dense(_OUTPUTS, **({place: instance} if place.startswith("kernel") else {}))
    inputs = keras.Input((_WIDTH,))
    model = keras.Model(inputs, dense(inputs))
    optimizer = instance if place == "optimizer" else "sgd"
    if place == "learning_rate":
        optimizer = keras.optimizers.SGD(instance)
    loss = instance if place == "loss" else "mse"
    model.compile(optimizer, loss, metrics=[instance] if place == "metrics" else None, **compiled)
    return model


def _data(trial: Trial) -> list[Any]:
    random = trial.framework.np.random.default_rng(7)
    return [random.uniform(0.1, 0.9, (3, width)).astype("float32") for width in (_WIDTH, _OUTPUTS)]


def compiled_with(trial: Trial, plan: Plan) -> Any:
    """A compiled model with an instance; NotRun where there can be none."""
    try:
        return _holder(trial, plan)
    except Exception as error:
        raise NotRun(f"no model with it could be compiled: {brief(error)}") from error


def save_and_load(
    trial: Trial, plan: Plan, model: Any, objects: bool = True
) -> tuple[str, Exception | None, dict[str, Any] | None, Any]:
    """The phase it got to, the error, what the class's own `__init__` received on loading, and what was loaded."""
    path = (trial.folder / f"{plan.cls.__name__}-{objects}.keras").absolute()
    received: list[dict[str, Any]] = []
    phase, loaded = "saving", None
    try:
        trial.framework.save(model, path)
        phase = "loading"
        sys.setprofile(recorded(plan.cls, received))
        custom = trial.subject.custom_objects() if objects else None
        loaded = trial.framework.keras.models.load_model(path, custom_objects=custom)
    except Exception as error:
        return phase, error, None, None
    finally:
        sys.setprofile(None)
    return "loaded", None, received[-1] if received else None, loaded


def reload_object(trial: Trial, claim: Claim) -> str:
    """Saving or loading raises (error), or an argument comes back as its default (warning)."""
    trial.fresh(repaired=True)
    given = _others_named(trial, claim) if claim.gravity == "warning" else {}
    plan = rearranged(trial.plan, **given)
    phase, error, received, _ = save_and_load(trial, plan, compiled_with(trial, plan))
    if claim.gravity == "error":
        if error is None:
            raise NotSeen("a compiled model that holds it was saved and loaded without an error")
        named = claim.expects.arguments
        if claim.says(Effect.ERROR_NAMES_ARGUMENT) and named and not is_named(named, error):
            raise NotRun(f"{phase}: {brief(error)}, which names none of {', '.join(named)}")
        return f"{phase}: {brief(error)}"
    if error is not None:
        raise NotRun(f"{phase}: {brief(error)}")
    names = [name for name in claim.expects.arguments if name in given]
    defaults = {name: init_parameters(plan.cls)[name].default for name in names}
    if not names:
        raise NotRun("the finding names no argument that could be given another value")
    if received is None or any(received[name] != default for name, default in defaults.items()):
        raise NotSeen(f"{plan.arguments} was loaded as {received}")
    defaults_text = ", ".join(f"{name}={default!r}" for name, default in defaults.items())
    return f"{plan.arguments} was loaded with {defaults_text}"


def _others_named(trial: Trial, claim: Claim) -> dict[str, str]:
    """A value that is not the default for each argument that the finding names."""
    taken = init_parameters(trial.cls)
    values = {name: other_values(trial, trial.cls, name) for name in claim.expects.arguments if name in taken}
    return {name: found[0] for name, found in values.items() if found}


def fails(trial: Trial) -> Iterator[Failed]:
    """A model that holds it is compiled, trained, saved and loaded: with the same arguments, for the same loss."""
    trial.fresh(repaired=True)
    yield from fails_with(trial, plain_others(trial))


def fails_with(trial: Trial, more: dict[str, str]) -> Iterator[Failed]:
    """The same with these further arguments of the constructor, each as Python text, if it works with them."""
    framework = trial.framework
    for plan in (rearranged(trial.plan, **more), trial.plan):
        try:
            model = _trained(trial, plan)
            break
        except Exception as raised:
            refused = raised
    else:
        if _trains_eagerly(trial):
            yield Failed("graph", f"training: {brief(refused)}", refused)
            return
        raise NotRun(f"no model could be trained with it: {brief(refused)}")
    if not trial.probe.saves_weights_only:
        yield from _saved_and_loaded(trial, plan, model, more)
    severity = "note" if framework.generation is Generation.KERAS2 else "warning"
    trial.begin("xla", [], dying_means="compiling with XLA", severity=severity)
    try:
        _trained(trial, trial.plan, jit_compile=True)
    except Exception as uncompiled:
        if not gpu.has_all_kernels(framework, str(uncompiled)):
            yield Failed("xla", f"compiled: {brief(uncompiled)}", uncompiled, severity)


def _saved_and_loaded(trial: Trial, plan: Plan, model: Any, more: dict[str, str]) -> Iterator[Failed]:
    framework, np = trial.framework, trial.framework.np
    data = _data(trial)
    phase, error, received, loaded = save_and_load(trial, plan, model)
    if error is not None:
        if not is_refused(trial, error):
            yield Failed("reload", f"{phase}: {brief(error)}", error)
    elif plan is not trial.plan and received is not None and (lost := forgotten(more, received)):
        yield Failed("reload", f"saved and loaded, {lost} (made with {plan.arguments})")
    elif not framework.same(*([np.asarray(_loss_of(each, data))] for each in (model, loaded))):
        yield Failed("reload", "saved and loaded, the model gives another loss")


def _loss_of(model: Any, data: list[Any]) -> Any:
    """What a batch comes to, and it alone: up to Keras 3.12 metrics go on from the step of training."""
    model.reset_metrics()
    return model.test_on_batch(*data)


def _trains_eagerly(trial: Trial) -> bool:
    try:
        _trained(trial, trial.plan, run_eagerly=True)
    except Exception:
        return False
    return True
