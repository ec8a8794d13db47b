"""Losses, regularizers and the like, which are no layers: a compiled model that holds one is saved and loaded."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from tests.proof.claim import Claim, Unproved, brief
from tests.proof.example import Example
from tests.proof.framework import Framework, same
from tests.proof.plans import WIDTH, constructors, init_parameters, made, others
from tests.proof.saving import custom_objects

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


def place_of(framework: Framework, cls: Any) -> str:
    """What a model takes instances of the class as; empty for classes that mean nothing to Keras."""
    for name, place in _PLACES.items():
        base = framework.keras
        for part in name.split("."):
            base = getattr(base, part)
        if issubclass(cls, base):
            return place
    return ""


def holder(framework: Framework, cls: Any, arguments: dict[str, Any], **compiled: Any) -> Any:
    """A model with an instance, after a step of training."""
    keras = framework.keras
    place = place_of(framework, cls)
    instance = cls(**{name: made(value) for name, value in arguments.items()})
    dense = keras.layers.Dense(4, **({place: instance} if place.startswith("kernel") else {}))
    inputs = keras.Input((WIDTH,))
    model = keras.Model(inputs, dense(inputs))
    optimizer = instance if place == "optimizer" else "sgd"
    if place == "learning_rate":
        optimizer = keras.optimizers.SGD(instance)
    loss = instance if place == "loss" else "mse"
    model.compile(optimizer, loss, metrics=[instance] if place == "metrics" else None, **compiled)
    model.train_on_batch(*data())
    return model


def data() -> tuple[Any, Any]:
    random = np.random.default_rng(7)
    return random.uniform(0.1, 0.9, (3, WIDTH)).astype("float32"), random.uniform(0.1, 0.9, (3, 4)).astype("float32")


def working_arguments(framework: Framework, cls: Any, given: dict[str, Any] | None = None) -> dict[str, Any]:
    tried = []
    for arguments in constructors(framework, cls, given or {}):
        try:
            holder(framework, cls, arguments)
        except Exception as error:  # noqa: PERF203
            tried.append(f"{arguments}: {brief(error)}")
        else:
            return arguments
    raise Unproved("could not be trained with:\n" + "\n".join(tried[:4]))


def save_and_load_object(
    example: Example, module: ModuleType, cls: Any, model: Any
) -> tuple[str, Exception | None, Any, dict[str, Any] | None]:
    """The phase it got to, the error, what was loaded, and what the class's own `__init__` received then."""
    path = Path(example.file).with_suffix(".keras")
    received: list[dict[str, Any]] = []
    init = vars(cls)["__init__"].__code__ if "__init__" in vars(cls) else None
    parameters = init_parameters(cls) if init else {}

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code is init:
            received.append({name: value for name, value in frame.f_locals.items() if name in parameters})

    phase, loaded = "saving", None
    try:
        model.save(path)
        phase = "loading"
        sys.setprofile(profile)
        loaded = example.framework.keras.models.load_model(path, custom_objects=custom_objects(module))
    except Exception as error:
        return phase, error, None, None
    finally:
        sys.setprofile(None)
    return "loaded", None, loaded, received[-1] if received else None


def reload_object(example: Example, claim: Claim) -> str:
    """Saving or loading raises (error), or an argument that the message names comes back as its default (warning)."""
    module = example.load()
    cls = getattr(module, claim.class_name)
    framework = example.framework
    given = others(framework, cls) if claim.severity == "warning" else {}
    arguments = working_arguments(framework, cls, given)
    phase, error, _, received = save_and_load_object(example, module, cls, holder(framework, cls, arguments))
    if claim.severity == "error":
        if error is None:
            raise Unproved(f"saved and loaded without an error; {arguments}")
        claim.check_error(error)
        return f"{phase}: {brief(error)}; {arguments}"
    if error is not None:
        raise Unproved(f"{phase}: {brief(error)}")
    names = [name for name in claim.names() if name in given]
    defaults = {name: init_parameters(cls)[name].default for name in names}
    if not names or received is None or any(received[name] != default for name, default in defaults.items()):
        raise Unproved(f"{arguments} was loaded as {received}")
    return f"{arguments} was loaded with {defaults}"


def prove_good_object(example: Example, cls: Any, module: ModuleType) -> str:
    """It trains compiled, and a loaded model has it with its arguments and gives the same loss."""
    framework = example.framework
    arguments = working_arguments(framework, cls, others(framework, cls))
    model = holder(framework, cls, arguments, jit_compile=True)
    phase, error, loaded, received = save_and_load_object(example, module, cls, model)
    if error is not None:
        raise Unproved(f"{phase}: {brief(error)}")
    if any(received is None or received[name] != value for name, value in arguments.items()):
        raise Unproved(f"{arguments} was loaded as {received}")
    losses = [np.asarray(each.test_on_batch(*data())) for each in (model, loaded)]
    if not same(losses[:1], losses[1:]):
        raise Unproved(f"the loss is {losses[0]} before, {losses[1]} after loading")
    return f"loss {losses[0]}; {arguments}"
