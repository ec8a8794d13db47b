"""`reload`: saving or loading the layer raises; or what comes back is something else."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.hooks import Observe, hooks_of, own_observation
from keras_layer_lint.confirm.oracles import objects, running, untracked
from keras_layer_lint.confirm.oracles.arguments import (
    given_in,
    init_parameters,
    is_named,
    other_values,
    others,
    owner_of,
    rearranged,
)
from keras_layer_lint.confirm.oracles.came_back import as_config, does, equal, is_config, is_turned_back
from keras_layer_lint.confirm.oracles.deciding import decide
from keras_layer_lint.confirm.oracles.saving import model_with, recorded, round_trip, save_and_load
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.oracles.unbuilt import loses_unbuilt
from keras_layer_lint.confirm.oracles.value_kinds import is_decisive, of_another_kind, plans_of_kind
from keras_layer_lint.confirm.oracles.without_faults import without_other_findings
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.expectation import Effect, ValueKind
from keras_layer_lint.keras.methods import BASE_ARGUMENTS

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

OF_EVERY_LAYER = dict(zip(BASE_ARGUMENTS, ("given_name", False, "float64"), strict=True))
"""The arguments of every layer, each with a value that is not the default."""


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """Each finding on its own."""
    for claim in claims:
        own = own_observation(trial, claim)
        observe = own or _observation(trial, claim)
        refutes_uncalled = observe is _loses or (own is not None and hooks_of(claim).refutes_uncalled)
        decide(trial, claim, observe, refutes_uncalled=refutes_uncalled)


def _observation(trial: Trial, claim: Claim) -> Observe:
    if objects.place_of(trial.framework, trial.cls):
        return objects.reload_object
    if claim.expects.effects & untracked.EFFECTS:
        return untracked.untracked
    if claim.says(Effect.WEIGHTS_LOST):
        return loses_unbuilt
    return _raises if claim.gravity == "error" else _loses


def _raises(trial: Trial, claim: Claim) -> str:
    """Saving, loading, or the first call of what was loaded raises."""
    trial.fresh(repaired=True)
    names = claim.expects.arguments
    found: Exception = NotRun("the layer cannot be constructed")
    for plan in plans_to_save(trial, claim):
        try:
            layer = plan.make()
        except Exception:
            continue
        if not is_decisive(trial, claim, plan, layer):
            found = found if isinstance(found, NotSeen) else NotRun(of_another_kind(claim))
            continue
        phase, error = saved_and_loaded(trial, plan, layer)
        if error is None:
            found = NotSeen(f"{phase} without an error")
            continue
        if claim.says(Effect.REFUSED_BY_CONFIG) and trial.own_faults.explains(error):
            raise NotRun(f"{phase}: {brief(error)}: the class raises it whatever its config holds")
        trial.show(plan)
        if claim.says(Effect.ERROR_NAMES_ARGUMENT) and names and not is_named(names, error):
            return _behind_other_findings(trial, claim, plan, names, f"{phase}: {brief(error)}")
        return f"{phase}: {brief(error)}"
    for name in names if isinstance(found, NotSeen) else ():
        if seen := as_config(trial, name):
            return seen
    raise found


def _behind_other_findings(trial: Trial, claim: Claim, plan: Plan, names: Sequence[str], before: str) -> str:
    """The error that names the argument, once what other findings of the class speak of is out of its way."""
    with without_other_findings(trial, claim, plan) as changes:
        phase, error = saved_and_loaded(trial, plan, plan.make()) if changes else ("", None)
    if error is None or not is_named(names, error):
        alone = error_of(lambda: round_trip(trial, plan.make()))
        if alone is not None and is_named(names, alone):
            return f"from its configuration: {brief(alone)}"
        if refused := _refused(plan, names):
            return refused
        raise NotRun(f"{before}, which names none of {', '.join(names)}")
    return f"{changes}, {phase}: {brief(error)}"


def _refused(plan: Plan, names: Sequence[str]) -> str:
    """How the constructor refuses one of what the config of every layer holds; empty where it takes them."""
    for name in (name for name in names if name in OF_EVERY_LAYER):
        error = error_of(rearranged(plan, **{name: repr(OF_EVERY_LAYER[name])}).make)
        if isinstance(error, TypeError) and is_named([name], error):
            return f"given {name}={OF_EVERY_LAYER[name]!r}: {brief(error)}"
    return ""


def saved_and_loaded(trial: Trial, plan: Plan, layer: Any) -> tuple[str, Exception | None]:
    """How far the layer gets: in a model where there can be one, else from its configuration alone."""
    try:
        model = model_with(trial, plan)
    except Exception:
        return "from its configuration", error_of(lambda: round_trip(trial, layer))
    phase, error, loaded = save_and_load(trial, model)
    if error is not None:
        return phase, error
    error = error_of(lambda: loaded(running.model_inputs(trial.framework, plan)))
    return "saved and loaded" if error is None else "calling what was loaded", error


def error_of(step: Callable[[], object]) -> Exception | None:
    """What a step raises; None where nothing."""
    try:
        step()
    except Exception as error:
        return error
    return None


def plans_to_save(trial: Trial, claim: Claim) -> Iterator[Plan]:
    """The plan; with other values; with false ones, for a path that only they take; with what the claim speaks of."""
    plan = rearranged(trial.plan)
    yield plan
    more = others(trial)
    if more:
        yield rearranged(trial.plan, **more)
        zeros = {name: text for name, text in more.items() if re.fullmatch(r"-?[\d.]+|True|False", text)}
        yield rearranged(trial.plan, **{name: _zero(text) for name, text in zeros.items()})
    for name in claim.expects.arguments:
        yield from plans_of_kind(trial, claim, name)
        owner = owner_of(trial.cls, name)
        for text in other_values(trial, owner, name) if owner is not None else ():
            yield rearranged(trial.plan, **{name: text})


def _zero(text: str) -> str:
    return "False" if text in ("True", "False") else "0.0" if "." in text else "0"


def _loses(trial: Trial, claim: Claim) -> str:
    """The arguments come back as their defaults."""
    trial.fresh(repaired=True)
    seen, kept, open_ = [], [], []
    for name in claim.expects.arguments:
        try:
            if name in OF_EVERY_LAYER:
                seen.append(_loses_of_every_layer(trial, name))
            elif owner_of(trial.cls, name) is not None:
                seen.append(_loses_argument(trial, claim, name))
        except NotSeen as error:  # noqa: PERF203
            kept.append(str(error))
        except NotRun as error:
            open_.append(str(error))
    if seen:
        return "; ".join(seen)
    if kept and not open_:
        raise NotSeen("; ".join(kept))
    raise NotRun("; ".join(open_) or "the finding names no argument that could be given")


def _loses_of_every_layer(trial: Trial, name: str) -> str:
    given = OF_EVERY_LAYER[name]
    try:
        layer = rearranged(trial.plan, **{name: repr(given)}).make()
    except TypeError as error:
        if name != "trainable":
            raise NotRun(f"takes no {name}: {brief(error)}") from error
        layer = rearranged(trial.plan).make()
        layer.trainable = given
    if getattr(layer, name) != given:
        return f"given {name}={given!r}, it has {getattr(layer, name)!r}"
    loaded = round_trip(trial, layer)
    if getattr(loaded, name) == given:
        raise NotSeen(f"{name}={given!r} was kept")
    return f"{name}={given!r} came back as {getattr(loaded, name)!r}"


def _loses_argument(trial: Trial, claim: Claim, name: str) -> str:
    owner = owner_of(trial.cls, name)
    default = init_parameters(owner)[name].default
    if claim.says(Effect.OTHER_VALUE) and (seen := _other_keys(trial, name)):
        return seen
    if claim.says(Effect.REFUSED_BY_CONFIG):  # what the plan gives may be what cannot be held
        error = error_of(lambda: round_trip(trial, rearranged(trial.plan).make()))
        if error is not None and "non-serializable" in str(error):
            return f"saving: {brief(error)}"
    if claim.expects.values is not ValueKind.ANY:
        return _loses_value_of_kind(trial, claim, owner, name)
    if default is init_parameters(owner)[name].empty:
        error = error_of(lambda: round_trip(trial, rearranged(trial.plan).make()))
        if error is None or not is_named([name], error):
            raise NotRun(f"loading raises nothing that names {name}" if error is None else brief(error))
        return f"loading: {brief(error)}"
    found: Exception = NotRun(f"no value other than the default is known for {name}")
    for text in other_values(trial, owner, name):
        if error_of(rearranged(trial.plan, **{name: text}).make) is not None:
            continue
        try:
            return _loses_value(trial, claim, owner, name, text)
        except NotSeen as kept:
            found = kept
    raise found


def _loses_value_of_kind(trial: Trial, claim: Claim, owner: Any, name: str) -> str:
    """As `_loses_value`, with values of the kind that the claim speaks of, and no others."""
    found: Exception = NotRun(of_another_kind(claim))
    for plan in (rearranged(trial.plan), *plans_of_kind(trial, claim, name)):
        text = given_in(plan.arguments).get(name)
        if text is None or not is_decisive(trial, claim, plan, plan.make()):
            continue
        try:
            return _loses_value(trial, claim, owner, name, text)
        except (NotSeen, NotRun) as kept:
            found = found if isinstance(found, NotSeen) else kept
    raise found


def _other_keys(trial: Trial, name: str) -> str:
    """What JSON makes of a dict in the config whose keys are no texts; empty where there is none."""
    value = rearranged(trial.plan).make().get_config().get(name)
    if not isinstance(value, dict):
        return ""
    again = json.loads(json.dumps(value, default=str))
    return "" if list(again) == list(value) else f"the keys {list(value)[:3]} of {name} come back as {list(again)[:3]}"


def _loses_value(trial: Trial, claim: Claim, owner: Any, name: str, text: str) -> str:
    default = init_parameters(owner)[name].default
    received: list[dict[str, Any]] = []
    given: list[dict[str, Any]] = []
    sys.setprofile(recorded(owner, given))
    try:
        layer = rearranged(trial.plan, **{name: text}).make()
    finally:
        sys.setprofile(None)
    profile = recorded(owner, received)
    loaded: list[Any] = []
    if (error := error_of(lambda: loaded.append(round_trip(trial, layer, profile)))) is not None:
        if (claim.says(Effect.REFUSED_BY_CONFIG) and _is_refusal(error, name)) or error_of(
            lambda: round_trip(trial, rearranged(trial.plan).make())
        ) is None:
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
    came_back = received[-1][name]
    is_other = claim.says(Effect.OTHER_VALUE) or equal(came_back, default)
    as_given = given[-1][name] if given else None
    is_kept = equal(came_back, as_given) or _is_as_good(trial, layer, loaded, name, (as_given, came_back))
    if is_kept or not is_other:
        raise NotSeen(f"{name}={text} was loaded as {came_back!r}, its default is {default!r}")
    return f"{name}={text} was loaded as {came_back!r}"


def _is_refusal(error: Exception, name: str) -> bool:
    """Whether Keras refuses to save or to load what a class is made with, or an argument is missing or not known."""
    return isinstance(error, NotImplementedError) or is_named([name], error)


def _is_as_good(trial: Trial, layer: Any, loaded: list[Any], name: str, values: tuple[Any, Any]) -> bool:
    """Whether what came back is a name or a configuration of an object, and does for the layer what was given."""
    as_given, came_back = values
    if not loaded or not (callable(as_given) or is_config(came_back)):
        return False
    return is_turned_back(came_back, layer, loaded, name) or does(trial, layer, loaded[0], name)
