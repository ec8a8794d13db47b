"""`reload`: saving or loading the layer raises; or what comes back is something else."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.edits import whole
from keras_layer_lint.confirm.oracles import objects, running, untracked
from keras_layer_lint.confirm.oracles.arguments import (
    NAMES_ARGUMENT,
    given_in,
    init_parameters,
    is_named,
    names_in,
    other_values,
    others,
    owner_of,
    rearranged,
)
from keras_layer_lint.confirm.oracles.mending import without_other_findings
from keras_layer_lint.confirm.oracles.saving import loses_weights, model_with, round_trip, save_and_load
from keras_layer_lint.confirm.oracles.trial import NotRun, Trial, Unproved, decide
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_OF_EVERY_LAYER = {"name": "given_name", "trainable": False, "dtype": "float64"}


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """Each finding on its own."""
    for claim in claims:
        look = _oracle(trial, claim)
        decide(trial, claim, look, needs_call=look not in (_loses, _not_taken))


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
        case "KLL306" if claim.severity == "note":
            return _not_taken
    return {"error": _raises, "warning": _loses, "note": _works}[claim.severity]


def _raises(trial: Trial, claim: Claim) -> str:
    """Saving, loading, or the first call of what was loaded raises."""
    trial.fresh(repaired=True)
    names = [name for name in names_in(claim.message) if name != trial.cls.__name__]
    found: Exception = NotRun("the layer cannot be constructed")
    for plan in _plans(trial):
        try:
            layer = plan.make()
        except Exception:
            continue
        phase, error = _saved_and_loaded(trial, plan, layer)
        if error is None:
            found = Unproved(f"{phase} without an error")
            continue
        if claim.code in NAMES_ARGUMENT and names and not is_named(names, error):
            return _behind_other_findings(trial, claim, plan, names, f"{phase}: {brief(error)}")
        return f"{phase}: {brief(error)}"
    raise found


def _behind_other_findings(trial: Trial, claim: Claim, plan: Plan, names: Sequence[str], before: str) -> str:
    """The error that names the argument, once what other findings of the class speak of is out of its way."""
    with without_other_findings(trial, claim, plan) as mended:
        phase, error = _saved_and_loaded(trial, plan, plan.make()) if mended else ("", None)
    if error is None or not is_named(names, error):
        raise NotRun(f"{before}, which names none of {', '.join(names)}")
    return f"{mended}, {phase}: {brief(error)}"


def _saved_and_loaded(trial: Trial, plan: Plan, layer: Any) -> tuple[str, Exception | None]:
    """How far the layer gets: in a model where there can be one, else from its configuration alone."""
    try:
        model = model_with(trial, plan)
    except Exception:
        return "from its configuration", _error_of(lambda: round_trip(trial, layer))
    phase, error, loaded = save_and_load(trial, model)
    if error is not None:
        return phase, error
    error = _error_of(lambda: loaded(running.model_inputs(trial.framework, plan)))
    return "saved and loaded" if error is None else "calling what was loaded", error


def _error_of(step: Callable[[], object]) -> Exception | None:
    try:
        step()
    except Exception as error:
        return error
    return None


def _plans(trial: Trial) -> Iterator[Plan]:
    """The plan; with other values; and with false ones, for a path that only they take."""
    plan = rearranged(trial.plan)
    yield plan
    more = others(trial)
    if more:
        yield rearranged(trial.plan, **more)
        zeros = {name: text for name, text in more.items() if re.fullmatch(r"-?[\d.]+|True|False", text)}
        yield rearranged(trial.plan, **{name: _zero(text) for name, text in zeros.items()})


def _zero(text: str) -> str:
    return "False" if text in ("True", "False") else "0.0" if "." in text else "0"


def _loses(trial: Trial, claim: Claim) -> str:
    """What the message names comes back as its default."""
    trial.fresh(repaired=True)
    seen, kept, open_ = [], [], []
    for name in names_in(claim.message):
        try:
            if name in _OF_EVERY_LAYER:
                seen.append(_loses_of_every_layer(trial, name))
            elif owner_of(trial.cls, name) is not None:
                seen.append(_loses_argument(trial, claim, name))
        except Unproved as error:  # noqa: PERF203
            kept.append(str(error))
        except NotRun as error:
            open_.append(str(error))
    if seen:
        return "; ".join(seen)
    if kept and not open_:
        raise Unproved("; ".join(kept))
    raise NotRun("; ".join(open_) or "the message names no argument that could be given")


def _loses_of_every_layer(trial: Trial, name: str) -> str:
    given = _OF_EVERY_LAYER[name]
    try:
        layer = rearranged(trial.plan, **{name: repr(given)}).make()
    except TypeError as error:
        if name != "trainable":
            raise NotRun(f"takes no {name}: {brief(error)}") from error
        layer = rearranged(trial.plan).make()
        layer.trainable = given
    loaded = round_trip(trial, layer)
    if getattr(loaded, name) == given:
        raise Unproved(f"{name}={given!r} was kept")
    return f"{name}={given!r} came back as {getattr(loaded, name)!r}"


def _loses_argument(trial: Trial, claim: Claim, name: str) -> str:
    owner = owner_of(trial.cls, name)
    default = init_parameters(owner)[name].default
    if claim.code == "KLL301":  # what the plan gives may be what cannot be held
        error = _error_of(lambda: round_trip(trial, rearranged(trial.plan).make()))
        if error is not None and "non-serializable" in str(error):
            return f"saving: {brief(error)}"
    if default is init_parameters(owner)[name].empty:
        error = _error_of(lambda: round_trip(trial, rearranged(trial.plan).make()))
        if error is None or not is_named([name], error):
            raise NotRun(f"loading raises nothing that names {name}" if error is None else brief(error))
        return f"loading: {brief(error)}"
    found: Exception = NotRun(f"no value other than the default is known for {name}")
    for text in other_values(trial, owner, name):
        if _error_of(rearranged(trial.plan, **{name: text}).make) is not None:
            continue
        try:
            return _loses_value(trial, claim, owner, name, text)
        except Unproved as kept:
            found = kept
    raise found


def _loses_value(trial: Trial, claim: Claim, owner: Any, name: str, text: str) -> str:
    default = init_parameters(owner)[name].default
    received: list[Any] = []
    given: list[Any] = []
    init = inspect.unwrap(owner.__init__)
    into = given

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code is init.__code__:
            into.append(frame.f_locals[name])

    sys.setprofile(profile)
    try:
        layer = rearranged(trial.plan, **{name: text}).make()
    finally:
        sys.setprofile(None)
    into = received
    if (error := _error_of(lambda: round_trip(trial, layer, profile))) is not None:
        if claim.code == "KLL301" or _error_of(lambda: round_trip(trial, rearranged(trial.plan).make())) is None:
            return f"given {name}={text}: {brief(error)}"
        # What it raises has another cause: with nothing but what `__init__` takes, it may load.
        taken = init_parameters(trial.cls)
        own = {key: value for key, value in layer.get_config().items() if key in taken}
        sys.setprofile(profile)
        try:
            trial.cls.from_config(own)
        except Exception as still:
            raise NotRun(f"loading raises in any case: {brief(still)}") from error
        finally:
            sys.setprofile(None)
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
        layer = plan.make()
        if (raised := _error_of(layer.get_config)) is not None:
            return _works_not(claim, f"get_config: {brief(raised)}")
        config = layer.get_config()
        missing = sorted(given_in(trial.plan.arguments).keys() - set(config))
        if missing:
            raise Unproved(f"the automatic get_config does not hold {', '.join(missing)}")
        statement = trial.subject.source.statement(claim.line)
        own = range(0) if statement is None else whole(statement)
        if any(other.line in own for other in trial.probe.claims if other != claim and other.severity == "error"):
            return "the automatic get_config holds the arguments; the class has another fault"
    try:
        model = model_with(trial, plan)
    except Exception:
        if (raised := _error_of(lambda: round_trip(trial, plan.make()))) is not None:
            return _works_not(claim, f"from its configuration: {brief(raised)}")
        if claim.code != "KLL301":
            raise
        return "the automatic get_config holds the arguments, and a layer is made from it"
    phase, error, loaded = save_and_load(trial, model)
    if error is not None:
        return _works_not(claim, f"{phase}: {brief(error)}")
    inputs = running.model_inputs(framework, plan)
    if not framework.same(*(framework.values(each(inputs)) for each in (model, loaded))):
        again = framework.values(model(inputs))
        if framework.same(again, framework.values(model(inputs))):
            raise Unproved("the loaded layer computes something else")
    return "saved and loaded with the same outputs"


def _works_not(claim: Claim, told: str) -> str:
    """An error that a note does not speak of; KLL301 speaks of what the automatic configuration cannot hold."""
    if claim.code == "KLL301" and "non-serializable argument" in told:
        return told
    raise NotRun(told)


def _not_taken(trial: Trial, claim: Claim) -> str:
    """KLL306: what every layer takes is refused, or changes nothing."""
    trial.fresh(repaired=True)
    seen, taken = [], []
    for name in (name for name in names_in(claim.message) if name in _OF_EVERY_LAYER):
        given = _OF_EVERY_LAYER[name]
        try:
            layer = rearranged(trial.plan, **{name: repr(given)}).make()
        except (TypeError, ValueError) as refused:
            seen.append(f"given {name}={given!r}: {brief(refused)}")
            continue
        if getattr(layer, name) == given:
            taken.append(name)
        else:
            seen.append(f"given {name}={given!r}, it has {getattr(layer, name)!r}")
    if not seen and not taken:
        raise NotRun("the message names no argument that every layer takes")
    if not seen:
        raise Unproved(f"takes {', '.join(taken)}")
    return "; ".join(seen)


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
