"""A class that Keras does not know by name: another program loads it with `custom_objects`, and not without."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import objects
from keras_layer_lint.confirm.oracles.saving import model_with, save_and_load
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief


def _unregistered(trial: Trial, claim: Claim) -> str:
    if objects.place_of(trial.framework, trial.cls):
        return _of_object(trial)
    model = model_with(trial, trial.fresh(repaired=True))
    with _in_another_program(trial):
        phase, error, _ = save_and_load(trial, model, objects=False)
    if error is None:
        raise NotSeen("loaded without custom_objects")
    if phase == "saving":
        raise NotRun(f"saving: {brief(error)}")
    raised = brief(error)
    phase, error, _ = save_and_load(trial, model)
    if error is not None:
        raise NotRun(f"{phase} with custom_objects: {brief(error)}")
    return f"without custom_objects: {raised}"


def _of_object(trial: Trial) -> str:
    """A loss or the like, which a compiled model holds."""
    plan = trial.fresh(repaired=True)
    model = objects.compiled_with(trial, plan)
    with _in_another_program(trial):
        phase, error, *_ = objects.save_and_load(trial, plan, model, objects=False)
    if error is None:
        raise NotSeen("loaded without custom_objects")
    raised = brief(error)
    if phase == "saving" or objects.save_and_load(trial, plan, model)[1] is not None:
        raise NotRun(f"{phase}: {raised}; with custom_objects, too")
    return f"without custom_objects: {raised}"


@contextmanager
def _in_another_program(trial: Trial) -> Iterator[None]:
    """Within, Keras finds the module of the class nowhere: it would import it, and take the class from there."""
    module = sys.modules.pop(trial.subject.name, None)
    path = sys.path[:]
    sys.path[:] = [folder for folder in path if folder != trial.probe.root]
    try:
        yield
    finally:
        sys.path[:] = path
        if module is not None:
            sys.modules[trial.subject.name] = module


HOOKS = Hooks(observe=_unregistered)
