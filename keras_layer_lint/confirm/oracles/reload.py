"""`reload`: saving or loading the layer raises; or what comes back is something else."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.edits import whole
from keras_layer_lint.confirm.oracles import objects, running, untracked
from keras_layer_lint.confirm.oracles.arguments import init_parameters, names_in, others, owner_of
from keras_layer_lint.confirm.oracles.saving import loses_weights, model_with, round_trip, save_and_load
from keras_layer_lint.confirm.oracles.trial import NotRun, Trial, Unproved, decide
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_OF_EVERY_LAYER = {"name": "given_name", "trainable": False, "dtype": "float64"}
_NAMES_ARGUMENT = frozenset({"KLL302", "KLL303", "KLL306"})
"""Their errors name the argument."""


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """Each finding on its own."""
    for claim in claims:
        decide(trial, claim, _oracle(trial, claim))


def _oracle(trial: Trial, claim: Claim) -> Callable[[Trial, Claim], str]:
    if objects.place_of(trial.framework, trial.cls):
        return objects.unregistered if claim.code == "KLL309" else objects.reload_object
    match claim.code:
        case "KLL205" | "KLL206":
            return untracked.untracked
        case "KLL207":
            return lambda trial, claim: loses_weights(trial, trial.fresh(repaired=True))
        case "KLL209":
            return _old_format
        case "KLL309":
            return unregistered
    return {"error": _raises, "warning": _loses, "note": _works}[claim.severity]


def _raises(trial: Trial, claim: Claim) -> str:
    """Saving, loading, or the first call of what was loaded raises."""
    trial.fresh(repaired=True)
    names = [name for name in names_in(claim.message) if name != trial.cls.__name__]
    unmade = ""
    saved = False
    for plan in _plans(trial):
        try:
            model = model_with(trial, plan)
        except NotRun:
            raise
        except Exception as raised:
            unmade = unmade or f"a model to save cannot be made: {brief(raised)}"
            continue
        saved = True
        phase, error, loaded = save_and_load(trial, model)
        if error is None:
            phase = "calling what was loaded"
            try:
                loaded(running.model_inputs(trial.framework, plan))
            except Exception as raised:
                error = raised
        if error is None:
            continue
        if claim.code in _NAMES_ARGUMENT and names and not any(name in str(error) for name in names):
            raise NotRun(f"{phase}: {brief(error)}, which names none of {', '.join(names)}")
        return f"{phase}: {brief(error)}"
    if not saved:
        raise NotRun(unmade)
    raise Unproved("saved and loaded without an error")


def _plans(trial: Trial) -> Iterator[Plan]:
    """The plan; with other values; and with false ones, for a path that only they take."""
    plan = trial.with_arguments()
    yield plan
    more = others(trial)
    if more:
        yield trial.with_arguments(**more)
        zeros = {name: text for name, text in more.items() if re.fullmatch(r"-?[\d.]+|True|False", text)}
        yield trial.with_arguments(**{name: _zero(text) for name, text in zeros.items()})


def _zero(text: str) -> str:
    return "False" if text in ("True", "False") else "0.0" if "." in text else "0"


def _loses(trial: Trial, claim: Claim) -> str:
    """What the message names comes back as its default."""
    trial.fresh(repaired=True)
    seen, kept = [], []
    for name in names_in(claim.message):
        try:
            if name in _OF_EVERY_LAYER:
                seen.append(_loses_of_every_layer(trial, name))
            elif owner_of(trial.cls, name) is not None:
                seen.append(_loses_argument(trial, claim, name))
        except Unproved as error:  # noqa: PERF203
            kept.append(str(error))
    if not seen and kept:
        raise Unproved("; ".join(kept))
    if not seen:
        raise NotRun("the message names no argument that could be given")
    return "; ".join(seen)


def _loses_of_every_layer(trial: Trial, name: str) -> str:
    given = _OF_EVERY_LAYER[name]
    try:
        layer = trial.with_arguments(**{name: repr(given)}).make()
    except TypeError as error:
        raise NotRun(f"takes no {name}: {brief(error)}") from error
    loaded = round_trip(trial, layer)
    if getattr(loaded, name) == given:
        raise Unproved(f"{name}={given!r} was kept")
    return f"{name}={given!r} came back as {getattr(loaded, name)!r}"


def _loses_argument(trial: Trial, claim: Claim, name: str) -> str:
    owner = owner_of(trial.cls, name)
    default = init_parameters(owner)[name].default
    if default is init_parameters(owner)[name].empty:
        return f"{name} is required"
    text = others(trial, owner).get(name)
    if text is None:
        raise NotRun(f"no value other than the default is known for {name}")
    received: list[Any] = []
    given: list[Any] = []
    into = given

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code is owner.__init__.__code__:
            into.append(frame.f_locals[name])

    sys.setprofile(profile)
    try:
        layer = trial.with_arguments(**{name: text}).make()
    finally:
        sys.setprofile(None)
    into = received
    try:
        round_trip(trial, layer, profile)
    except Exception as error:
        return f"given {name}={text}: {brief(error)}"
    if not received:
        raise NotRun(f"loading does not call the `__init__` that takes {name}")
    came_back = received[-1]
    if _equal(came_back, given[-1] if given else None) or (claim.code != "KLL310" and not _equal(came_back, default)):
        raise Unproved(f"{name}={text} was loaded as {came_back!r}, its default is {default!r}")
    return f"{name}={text} was loaded as {came_back!r}"


def _equal(one: Any, two: Any) -> bool:
    try:
        return bool(one == two)
    except Exception:
        return one is two


def _works(trial: Trial, claim: Claim) -> str:
    """The layer is saved and loaded with the same outputs; the finding is about what is not documented to work."""
    framework = trial.framework
    plan = trial.fresh(repaired=True)
    if claim.code == "KLL301":
        bases = [base for base in plan.cls.__mro__ if base.__module__ == trial.subject.name]
        if any("get_config" in vars(base) for base in bases):
            raise Unproved("has a get_config")
        config = plan.make().get_config()
        missing = sorted(trial.given() - set(config))
        if missing:
            raise Unproved(f"the automatic get_config does not hold {', '.join(missing)}")
        statement = trial.subject.source.statement(claim.line)
        own = range(0) if statement is None else whole(statement)
        if any(other.line in own for other in trial.probe.claims if other != claim and other.severity == "error"):
            return "the automatic get_config holds the arguments; the class has another fault"
    model = model_with(trial, plan)
    phase, error, loaded = save_and_load(trial, model)
    if error is not None:
        raise Unproved(f"{phase}: {brief(error)}")
    inputs = running.model_inputs(framework, plan)
    if not framework.same(*(framework.values(each(inputs)) for each in (model, loaded))):
        again = framework.values(model(inputs))
        if framework.same(again, framework.values(model(inputs))):
            raise Unproved("the loaded layer computes something else")
    if claim.code == "KLL306":
        try:
            trial.with_arguments(name="'given_name'").make()
        except TypeError as refused:
            return f"saved and loaded, but takes no name: {brief(refused)}"
        raise Unproved("takes a name")
    return "saved and loaded with the same outputs"


def _old_format(trial: Trial, claim: Claim) -> str:
    """KLL209: saving in the `.h5` format raises."""
    model = model_with(trial, trial.fresh(repaired=True))
    phase, error, _ = save_and_load(trial, model, ".h5")
    if error is None or phase != "saving":
        raise Unproved("saved without an error")
    return f"saving as .h5: {brief(error)}"


def unregistered(trial: Trial, claim: Claim) -> str:
    """KLL309: another program loads the model with `custom_objects`, and not without."""
    model = model_with(trial, trial.fresh(repaired=True))
    module = sys.modules.pop(trial.subject.name, None)  # Keras finds a class in a module that it can import
    path = sys.path[:]
    sys.path[:] = [folder for folder in path if folder != trial.probe.root]
    try:
        phase, error, _ = save_and_load(trial, model, objects=False)
    finally:
        sys.path[:] = path
        if module is not None:
            sys.modules[trial.subject.name] = module
    if error is None:
        raise Unproved("loaded without custom_objects")
    if phase == "saving":
        raise NotRun(f"saving: {brief(error)}")
    told = brief(error)
    phase, error, _ = save_and_load(trial, model)
    if error is not None:
        raise NotRun(f"{phase} with custom_objects: {brief(error)}")
    return f"without custom_objects: {told}"
