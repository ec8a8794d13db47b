"""Saving and loading, as a whole model and as a configuration."""

from __future__ import annotations

import ast
import itertools
import math
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.framework import Values
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.arguments import code_of, init_parameters, plain_others, rearranged
from keras_layer_lint.confirm.oracles.trial import Failed, NotRun, NotSeen, Trial
from keras_layer_lint.confirm.subject import brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

Profile = Callable[[FrameType, str, object], None]
Prepared = tuple[Any, Callable[[Any], Any]]
"""A model and how it is called, or one that was loaded in its place."""
_NUMBERS = itertools.count()
_MOST_NAMED = 3


def model_with(trial: Trial, plan: Plan) -> Any:
    """A functional model around the layer; the layer itself where it is a model whose inputs a model cannot hold."""
    model = running.model_to_save(trial.framework, plan)
    if model is None:
        raise NotRun("what it takes or returns cannot be the inputs or outputs of a model to save")
    return model


def save_and_load(
    trial: Trial, model: Any, suffix: str = ".keras", objects: bool = True, profile: Profile | None = None
) -> tuple[str, Exception | None, Any]:
    """The phase it got to, the error, what was loaded."""
    path = (trial.folder / f"saved-{next(_NUMBERS)}{suffix}").absolute()
    phase = "saving"
    try:
        trial.framework.save(model, path)
        phase = "loading"
        custom = trial.subject.custom_objects() if objects else None
        sys.setprofile(profile)
        loaded = trial.framework.keras.models.load_model(path, custom_objects=custom, compile=False)
    except Exception as error:
        return phase, error, None
    finally:
        sys.setprofile(None)
    return "loaded", None, loaded


def round_trip(trial: Trial, layer: Any, profile: Profile | None = None) -> Any:
    """The layer from its configuration, as a saved model holds it, without weights."""
    saving = trial.framework.private("saving.serialization_lib")
    config = saving.serialize_keras_object(layer)
    sys.setprofile(profile)
    try:
        return saving.deserialize_keras_object(config, custom_objects=trial.subject.custom_objects())
    finally:
        sys.setprofile(None)


def loses_weights(trial: Trial, plan: Plan) -> str:
    """Loading raises, or what is loaded has other weights or computes something else."""
    model, call = _prepared(trial, plan)
    before = _with_moved_weights(trial, plan, model, call)
    phase, error, loaded = save_and_load(trial, model)
    if error is not None and phase == "saving":
        raised, fresh = _weights_in_a_fresh_one(trial, plan, model)
        if raised is not None and raised[0] == "loading weights":
            return f"{raised[0]}: {brief(raised[1])}"
        if raised is None and (difference := _differs(trial, (model, before), fresh, call)):
            return f"with the weights loaded into a fresh one, {difference}"
        raise NotRun(f"saving: {brief(error)}")  # which says nothing of weights
    if error is not None:
        return f"{phase}: {brief(error)}"
    if difference := _differs(trial, (model, before), loaded, call):
        return f"saved and loaded, {difference}"
    raise NotSeen("saved and loaded, it computes the same")


def fails(trial: Trial) -> Iterator[Failed]:
    """The whole model with other than default arguments, where the layer takes them; and its weights in a fresh one."""
    yield from fails_with(trial, plain_others(trial))


def fails_with(trial: Trial, more: dict[str, str]) -> Iterator[Failed]:
    """The same with these further arguments of the constructor, each as Python text.

    Where a project saves weights only, nobody asks for the whole.
    """
    plan, (model, call) = _with(trial, more)
    before = _with_moved_weights(trial, plan, model, call)
    made = f" (made with {plan.arguments})" if plan.arguments != trial.plan.arguments else ""
    if not trial.probe.saves_weights_only:
        yield from _as_a_whole(trial, plan, (model, before), call, more, made)
    raised, fresh = _weights_in_a_fresh_one(trial, plan, model)
    if raised is not None:
        yield Failed("reload", f"{raised[0]}: {brief(raised[1])}{made}", raised[1])
        return
    if difference := _differs(trial, (model, before), fresh, call):
        yield Failed("reload", f"with the weights loaded into a fresh one, {difference}{made}")


def _weights_in_a_fresh_one(trial: Trial, plan: Plan, model: Any) -> tuple[tuple[str, Exception] | None, Any]:
    """Another model with the weights of this one, from a file; or what it got to and the error."""
    fresh, _ = _prepared(trial, plan)
    raised = error_of_weights(trial, model, fresh)
    return (raised, None) if raised is not None else (None, fresh)


def _as_a_whole(
    trial: Trial, plan: Plan, one: tuple[Any, Values], call: Callable[[Any], Any], more: dict[str, str], made: str
) -> Iterator[Failed]:
    received: list[dict[str, Any]] = []
    phase, error, loaded = save_and_load(trial, one[0], profile=recorded(plan.cls, received) if made else None)
    if error is not None:
        if not is_refused(trial, error):
            yield Failed("reload", f"{phase}: {brief(error)}{made}", error)
    elif difference := (received and forgotten(more, received[-1])) or _differs(trial, one, loaded, call):
        yield Failed("reload", f"saved and loaded, {difference}{made}")


def error_of_weights(trial: Trial, model: Any, fresh: Any) -> tuple[str, Exception] | None:
    """What saving the weights of a model to a file, or loading them into another, raises; None where nothing."""
    path = (trial.folder / f"saved-{next(_NUMBERS)}.weights.h5").absolute()
    phase = "saving weights"
    try:
        model.save_weights(path)
        phase = "loading weights"
        fresh.load_weights(path)
    except Exception as raised:
        return phase, raised
    return None


def _with(trial: Trial, more: dict[str, str]) -> tuple[Plan, Prepared]:
    """The plan with further arguments if the layer works with them, and what is made by it."""
    if not more:
        return trial.plan, _prepared(trial, trial.plan)
    plan = rearranged(trial.plan, **more)
    try:
        if issubclass(plan.cls, trial.framework.keras.Model):
            running.symbolic(plan)
        else:
            running.eager(plan)
        return plan, _prepared(trial, plan)
    except NotRun:
        raise
    except Exception:
        return trial.plan, _prepared(trial, trial.plan)


def recorded(cls: Any, into: list[dict[str, Any]]) -> Profile:
    """Records the arguments of each call of the class's own `__init__`."""
    init = code_of(vars(cls)["__init__"]) if "__init__" in vars(cls) else None
    names = init_parameters(cls) if init else ()

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code is init:
            into.append({name: frame.f_locals.get(name) for name in names})

    return profile


def forgotten(given: dict[str, str], received: dict[str, Any]) -> str:
    """The arguments that did not come back as they were given; empty where there are none."""
    values = {name: ast.literal_eval(text) for name, text in given.items()}
    lost = {name: received[name] for name, value in values.items() if not is_spelled(received[name], value)}
    return f"it was made with {', '.join(f'{name}={value!r}' for name, value in lost.items())}" if lost else ""


def is_spelled(came: Any, given: Any) -> bool:
    """Whether a value is the one that was given, or another spelling of it."""
    if isinstance(given, float) and isinstance(came, (int, float)):
        return math.isclose(came, given, rel_tol=1e-4)  # it may have been a float32 meanwhile
    if isinstance(came, (list, tuple)) and came and isinstance(given, (int, float)):
        return all(is_spelled(each, given) for each in came)  # one size for all axes, spelled out
    return bool(came == given)


def is_refused(trial: Trial, error: Exception) -> bool:
    """Whether the layer itself says that it cannot be saved."""
    return isinstance(error, NotImplementedError) and trial.subject.line_of(error) is not None


def _prepared(trial: Trial, plan: Plan) -> Prepared:
    """A model with the layer, or the layer where it is one, and how either is called."""
    if issubclass(plan.cls, trial.framework.keras.Model):
        model = plan.make()
        running.eager(plan, model)
        args, kwargs = running.inputs_of(plan)
        return model, lambda each: each(*args, **kwargs)
    inputs = running.model_inputs(trial.framework, plan)
    return model_with(trial, plan), lambda each: each(inputs)


def _with_moved_weights(trial: Trial, plan: Plan, model: Any, call: Callable[[Any], Any]) -> Values:
    """The outputs with weights such as no initializer makes."""
    np = trial.framework.np
    random = np.random.default_rng(11)
    own = [base for base in plan.cls.__mro__ if not trial.framework.is_its_own(base)]
    saves_itself = any("save_own_variables" in vars(base) for base in own)
    for weight in () if saves_itself else model.weights:
        value = np.array(weight)
        if value.dtype.kind == "f":
            weight.assign(value + random.uniform(0.01, 0.1, value.shape).astype(value.dtype))
    return trial.framework.values(call(model))


def _differs(trial: Trial, one: tuple[Any, Values], other: Any, call: Callable[[Any], Any]) -> str:
    """How what was loaded differs; empty where it does not, or where outputs differ from call to call."""
    framework, (model, before) = trial.framework, one
    after = framework.values(call(other))
    is_same_each_time = framework.same(before, framework.values(call(model)))
    if is_same_each_time and not framework.same(before, after):
        changed = _changed_weights(framework, model, other)
        difference = f"it computes something else: {_largest(framework, before, after)}"
        return f"{difference}; {changed}" if changed else difference
    if len(other.weights) != len(model.weights):
        return f"it has {len(other.weights)} weights, not {len(model.weights)}"
    if is_same_each_time and (changed := _changed_weights(framework, model, other)):
        return f"it has {changed}"
    return ""


def _changed_weights(framework: Any, model: Any, loaded: Any) -> str:
    """The weights whose values did not come back, in whatever order, the first few by name."""
    np = framework.np
    others_ = [np.asarray(weight) for weight in loaded.weights]
    changed = []
    for number, weight in enumerate(model.weights):
        value = np.asarray(weight)
        if not any(framework.same([value], [other]) for other in others_):
            by = _largest(framework, [value], others_[number : number + 1])
            changed.append(f"{getattr(weight, 'path', weight.name)} ({by})")
    more = f" and {len(changed) - _MOST_NAMED} more" if len(changed) > _MOST_NAMED else ""
    return f"other weights: {', '.join(changed[:_MOST_NAMED])}{more}" if changed else ""


def _largest(framework: Any, before: list[Any], after: list[Any]) -> str:
    """The greatest difference between two outputs, or their shapes where these differ."""
    for one, two in zip(before, after, strict=False):
        if one.shape != two.shape:
            return f"shape {two.shape} for {one.shape}"
    pairs = [(one, two) for one, two in zip(before, after, strict=False) if one.dtype.kind in "fiu"]
    largest = max((float(framework.np.max(framework.np.abs(one - two))) for one, two in pairs if one.size), default=0.0)
    return f"max |difference| {largest:.3g}"
