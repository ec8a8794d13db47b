"""Losses, regularizers and the like, which are no layers: a compiled model that holds one is saved and loaded."""

from __future__ import annotations

import inspect
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.oracles.arguments import (
    NAMES_ARGUMENT,
    init_parameters,
    is_named,
    names_in,
    other_values,
    rearranged,
)
from keras_layer_lint.confirm.oracles.trial import NotRun, Trial, Unproved
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

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
}
"""The base class, and what a model takes its instances as."""
_WIDTH, _OUTPUTS = 8, 4


def place_of(framework: Framework, cls: Any) -> str:
    """What a model takes instances of the class as; empty for classes that mean nothing to Keras."""
    for name, place in _PLACES.items():
        base = framework.keras
        for part in name.split("."):
            base = getattr(base, part)
        if issubclass(cls, base):
            return place
    return ""


def _holder(trial: Trial, plan: Plan) -> Any:
    """A model with an instance, after a step of training, where it can take one: a loss may want outputs of its own."""
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
    model.compile(optimizer, loss, metrics=[instance] if place == "metrics" else None)
    np = trial.framework.np
    random = np.random.default_rng(7)
    data = [random.uniform(0.1, 0.9, (3, width)).astype("float32") for width in (_WIDTH, _OUTPUTS)]
    with suppress(Exception):
        model.train_on_batch(*data)
    return model


def _made(trial: Trial, plan: Plan) -> Any:
    try:
        return _holder(trial, plan)
    except Exception as error:
        raise NotRun(f"no model with it could be compiled: {brief(error)}") from error


def _save_and_load(
    trial: Trial, plan: Plan, model: Any, objects: bool = True
) -> tuple[str, Exception | None, dict[str, Any] | None]:
    """The phase it got to, the error, and what the class's own `__init__` received on loading."""
    path = Path(f"{plan.cls.__name__}-{objects}.keras").absolute()
    received: list[dict[str, Any]] = []
    init = inspect.unwrap(vars(plan.cls)["__init__"]).__code__ if "__init__" in vars(plan.cls) else None

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code is init:
            received.append(dict(frame.f_locals))

    phase = "saving"
    try:
        model.save(path)
        phase = "loading"
        sys.setprofile(profile)
        custom = trial.subject.custom_objects() if objects else None
        trial.framework.keras.models.load_model(path, custom_objects=custom)
    except Exception as error:
        return phase, error, None
    finally:
        sys.setprofile(None)
    return "loaded", None, received[-1] if received else None


def reload_object(trial: Trial, claim: Claim) -> str:
    """Saving or loading raises (error), or an argument that the message names comes back as its default (warning)."""
    trial.fresh(repaired=True)
    given = _others_named(trial, claim) if claim.severity == "warning" else {}
    plan = rearranged(trial.plan, **given)
    phase, error, received = _save_and_load(trial, plan, _made(trial, plan))
    if claim.severity == "error":
        if error is None:
            raise Unproved("a compiled model that holds it was saved and loaded without an error")
        names = [name for name in names_in(claim.message) if name != plan.cls.__name__]
        if claim.code in NAMES_ARGUMENT and names and not is_named(names, error):
            raise NotRun(f"{phase}: {brief(error)}, which names none of {', '.join(names)}")
        return f"{phase}: {brief(error)}"
    if error is not None:
        raise NotRun(f"{phase}: {brief(error)}")
    names = [name for name in names_in(claim.message) if name in given]
    defaults = {name: init_parameters(plan.cls)[name].default for name in names}
    if not names:
        raise NotRun("the message names no argument that could be given another value")
    if received is None or any(received[name] != default for name, default in defaults.items()):
        raise Unproved(f"{plan.arguments} was loaded as {received}")
    told = ", ".join(f"{name}={default!r}" for name, default in defaults.items())
    return f"{plan.arguments} was loaded with {told}"


def _others_named(trial: Trial, claim: Claim) -> dict[str, str]:
    """A value that is not the default for each argument that the message names."""
    taken = init_parameters(trial.cls)
    values = {name: other_values(trial, trial.cls, name) for name in names_in(claim.message) if name in taken}
    return {name: found[0] for name, found in values.items() if found}


def unregistered(trial: Trial, claim: Claim) -> str:
    """KLL309: another program loads the model with `custom_objects`, and not without."""
    plan = trial.fresh(repaired=True)
    model = _made(trial, plan)
    module = sys.modules.pop(trial.subject.name, None)  # Keras 2 finds a loss in a module that it can import
    path = sys.path[:]
    sys.path[:] = [folder for folder in path if folder != trial.probe.root]
    try:
        phase, error, _ = _save_and_load(trial, plan, model, objects=False)
    finally:
        sys.path[:] = path
        if module is not None:
            sys.modules[trial.subject.name] = module
    if error is None:
        raise Unproved("loaded without custom_objects")
    told = brief(error)
    if phase == "saving" or _save_and_load(trial, plan, model)[1] is not None:
        raise NotRun(f"{phase}: {told}; with custom_objects, too")
    return f"without custom_objects: {told}"
