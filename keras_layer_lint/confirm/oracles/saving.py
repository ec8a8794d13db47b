"""Saving and loading, as a whole model and as a configuration."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import NotRun, Trial, Unproved
from keras_layer_lint.confirm.subject import brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

Profile = Callable[[FrameType, str, object], None]
_NUMBERS = itertools.count()
_MOST_NAMED = 3


def model_with(trial: Trial, plan: Plan) -> Any:
    """A functional model around the layer; the layer itself where it is a model whose inputs a model cannot hold."""
    model = running.model_of(trial.framework, plan)
    if model is None:
        raise NotRun("what it takes or returns cannot be the inputs or outputs of a model to save")
    return model


def save_and_load(
    trial: Trial, model: Any, suffix: str = ".keras", objects: bool = True
) -> tuple[str, Exception | None, Any]:
    """The phase it got to, the error, what was loaded."""
    path = Path(f"saved-{next(_NUMBERS)}{suffix}").absolute()
    phase = "saving"
    try:
        model.save(path)
        phase = "loading"
        custom = trial.subject.custom_objects() if objects else None
        loaded = trial.framework.keras.models.load_model(path, custom_objects=custom, compile=False)
    except Exception as error:
        return phase, error, None
    return "loaded", None, loaded


def round_trip(trial: Trial, layer: Any, profile: Profile | None = None) -> Any:
    """The layer from its configuration, as a saved model holds it, without weights."""
    saving = trial.framework.keras.saving
    config = saving.serialize_keras_object(layer)
    sys.setprofile(profile)
    try:
        return saving.deserialize_keras_object(config, custom_objects=trial.subject.custom_objects())
    finally:
        sys.setprofile(None)


def loses_weights(trial: Trial, plan: Plan) -> str:
    """Loading raises, or what is loaded has other weights or computes something else."""
    framework = trial.framework
    if issubclass(plan.cls, framework.keras.Model):
        model = plan.make()
        running.eager(plan, model)
        args, kwargs = running.inputs_of(plan)

        def call(each: Any) -> Any:
            return each(*args, **kwargs)
    else:
        model = model_with(trial, plan)
        inputs = running.model_inputs(framework, plan)

        def call(each: Any) -> Any:
            return each(inputs)

    phase, error, loaded = save_and_load(trial, model)
    if error is not None:
        return f"{phase}: {brief(error)}"
    before, after = framework.values(call(model)), framework.values(call(loaded))
    if framework.same(before, framework.values(call(model))) and not framework.same(before, after):
        weights = _changed_weights(framework, model, loaded)
        return f"saved and loaded, it computes something else: {_largest(framework, before, after)}{weights}"
    if len(loaded.weights) != len(model.weights):
        return f"saved with {len(model.weights)} weights, loaded with {len(loaded.weights)}"
    raise Unproved("saved and loaded, it computes the same")


def _changed_weights(framework: Any, model: Any, loaded: Any) -> str:
    """The weights whose values did not come back, the first few by name."""
    np = framework.np
    changed = []
    for one, two in zip(model.weights, loaded.weights, strict=False):
        before, after = np.asarray(one), np.asarray(two)
        if not framework.same([before], [after]):
            name = getattr(one, "path", one.name)
            changed.append(f"{name} ({_largest(framework, [before], [after])})")
    more = f" and {len(changed) - _MOST_NAMED} more" if len(changed) > _MOST_NAMED else ""
    return f"; other weights: {', '.join(changed[:_MOST_NAMED])}{more}" if changed else ""


def _largest(framework: Any, before: list[Any], after: list[Any]) -> str:
    """The greatest difference between two outputs, or their shapes where these differ."""
    for one, two in zip(before, after, strict=False):
        if one.shape != two.shape:
            return f"shape {two.shape} for {one.shape}"
    pairs = [(one, two) for one, two in zip(before, after, strict=False) if one.dtype.kind in "fiu"]
    largest = max((float(framework.np.max(framework.np.abs(one - two))) for one, two in pairs if one.size), default=0.0)
    return f"max |difference| {largest:.3g}"
