"""Saved and loaded: the configuration, the whole model in each format, the arguments, the state of the optimizer."""

from __future__ import annotations

import inspect
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from keras_layer_lint.confirm.oracles import running, saving
from keras_layer_lint.confirm.oracles.arguments import init_parameters
from keras_layer_lint.confirm.oracles.outputs import difference, numbers, same
from keras_layer_lint.confirm.oracles.trial import Failed, NotRun, Trial
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.target import Generation

_NUMBERS = itertools.count()


def reloaded(trial: Trial) -> Iterator[Failed]:
    """All of it; what fails first may be the reason for the rest, which is not run then."""
    for part in (_from_config, _whole, _in_other_formats, _with_optimizer):
        failures = list(part(trial))
        yield from failures
        if failures:
            return


def _from_config(trial: Trial) -> Iterator[Failed]:
    """`from_config(get_config())` gives a layer with the same arguments and the same configuration."""
    plan = trial.plan
    cls = next(base for base in trial.subject.load().__mro__ if "__init__" in vars(base))  # what takes the arguments
    given: list[dict[str, Any]] = []
    received: list[dict[str, Any]] = []
    sys.setprofile(saving.recorded(cls, given))
    try:
        layer = plan.make()
    finally:
        sys.setprofile(None)
    try:
        again = saving.round_trip(trial, layer, saving.recorded(cls, received))
    except Exception as error:
        yield Failed("reload", f"made again from its configuration: {brief(error)}", error)
        return
    if given and received:
        lost = _lost(cls, given[-1], received[-1])
        for name, value in lost.items():
            seen = f"made with {name}={value!r}, it is made again with {received[-1][name]!r}"
            yield Failed("reload", f"from its configuration: {seen}")
        if lost:
            return
    try:
        configs = [each.get_config() for each in (layer, again)]
    except Exception as error:
        yield Failed("reload", f"`get_config`: {brief(error)}", error)
        return
    for key in configs[0].keys() | configs[1].keys():
        if not _alike(configs[0].get(key), configs[1].get(key)):
            one, two = (config.get(key) for config in configs)
            yield Failed("reload", f"made again from its configuration, it says {key}={two!r} there, and said {one!r}")


def _lost(cls: Any, given: dict[str, Any], received: dict[str, Any]) -> dict[str, Any]:
    """Arguments that were given, and come back as their defaults: a config may spell a value in another way."""
    parameters = init_parameters(cls)
    return {
        name: value
        for name, value in given.items()
        if name in parameters
        and parameters[name].kind not in (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
        and not _alike(value, parameters[name].default)
        and _alike(received[name], parameters[name].default)
        and not (isinstance(value, (int, float)) and saving.is_spelled(received[name], value))
    }


def _alike(one: Any, two: Any) -> bool:
    """Whether two values are the same, as far as they can be compared: objects of Keras by their configuration."""
    if not (_compares(one) and _compares(two)):
        if hasattr(one, "get_config") and hasattr(two, "get_config"):
            return type(one) is type(two) and _alike(one.get_config(), two.get_config())
        return (one is None) == (two is None)
    if isinstance(one, (list, tuple)) and isinstance(two, (list, tuple)):
        return len(one) == len(two) and all(map(_alike, one, two))
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(_alike(one[key], two[key]) for key in one)
    try:
        return bool(one == two) or (one != one and two != two)
    except (TypeError, ValueError):  # an array
        return bool((one == two).all()) if hasattr(one == two, "all") else True


def _compares(value: Any) -> bool:
    """Whether the class says what is equal; else each object is equal to itself only."""
    return any("__eq__" in vars(cls) for cls in type(value).__mro__[:-1])


def _whole(trial: Trial) -> Iterator[Failed]:
    """As `.keras`, and the weights as `.weights.h5`: weights and outputs are the same."""
    try:
        yield from saving.fails_with(trial, {})
    except NotRun:
        return  # it takes or returns what a functional model cannot: its configuration was looked at
    except Exception as error:
        yield Failed("reload", f"in a functional model, to be saved: {brief(error)}", error)


def _in_other_formats(trial: Trial) -> Iterator[Failed]:
    """Keras 2 also writes HDF5 and SavedModel."""
    framework, plan = trial.framework, trial.plan
    if framework.generation is not Generation.KERAS2 or issubclass(plan.cls, framework.keras.Model):
        return
    for suffix, name in ((".h5", "HDF5"), ("", "SavedModel")):
        try:
            model = running.model_to_save(framework, plan)
        except Exception:
            return
        if model is None:
            return
        inputs = running.model_inputs(framework, plan)
        before, again = (numbers(framework, model(inputs)) for _ in range(2))
        phase, error, loaded = saving.save_and_load(trial, model, suffix)
        if error is not None:
            yield Failed("reload", f"{phase} as {name}: {brief(error)}", error)
            continue
        found = numbers(framework, loaded(inputs))
        if same(before, again) and (other := difference(found, before)):
            yield Failed("reload", f"saved and loaded as {name}, other outputs: {other}")


def _with_optimizer(trial: Trial) -> Iterator[Failed]:
    """Compiled and trained for a step, the model comes back with the state of its optimizer."""
    framework, plan = trial.framework, trial.plan
    try:
        model = running.model_to_save(framework, plan)
        if model is None or not model.trainable_weights or len(model.outputs) != 1:
            return
        inputs = running.model_inputs(framework, plan)
        targets = numbers(framework, model(inputs))
        model.compile("adam", "mse")
        model.train_on_batch(inputs, targets[0] if targets else None)
    except Exception:
        return  # what cannot be trained so is for the check of training
    path = Path(trial.folder, f"trained-{next(_NUMBERS)}.keras").absolute()
    phase = "saving"
    try:
        framework.save(model, path)
        phase = "loading"
        loaded = framework.keras.models.load_model(path, custom_objects=trial.subject.custom_objects())
    except Exception as error:
        yield Failed("reload", f"{phase} a model that was trained: {brief(error)}", error)
        return
    states = [_state(framework, each.optimizer) for each in (model, loaded)]
    if len(states[0]) != len(states[1]):
        seen = f"{len(states[0])} variables before, {len(states[1])} after"
        yield Failed("reload", f"saved and loaded, the optimizer has another state: {seen}")
    elif other := difference(states[1] or None, states[0] or None):
        yield Failed("reload", f"saved and loaded, the optimizer has another state: {other}")


def _state(framework: Any, optimizer: Any) -> list[Any]:
    held = optimizer.variables
    return [framework.np.asarray(each) for each in (held() if inspect.ismethod(held) else held)]
