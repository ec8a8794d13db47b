"""The oracles of KLL3xx: a layer is saved and loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from tests.proof.claim import Claim, Unproved, brief
from tests.proof.example import Example, whole
from tests.proof.framework import same
from tests.proof.objects import data, holder, place_of, reload_object, working_arguments
from tests.proof.plans import init_parameters, others, plans
from tests.proof.saving import custom_objects, round_trip, save_and_load
from tests.proof.tracing import traced, working_plan


def reload(example: Example, claim: Claim) -> str:
    """KLL3xx: saving and loading raises; or what the message names comes back as its default; or it all works."""
    if place_of(example.framework, getattr(example.load(), claim.class_name)):
        return reload_object(example, claim)
    return {"error": _reload_raises, "warning": _reload_loses, "note": _reload_works}[claim.severity](example, claim)


def _reload_raises(example: Example, claim: Claim) -> str:
    module = example.load()
    cls = getattr(module, claim.class_name)
    seen = []
    for given in _optional(example, cls):
        plan = working_plan(example, cls, given)
        phase, error, _, loaded = save_and_load(example, module, plan, cls)
        if error is None:
            phase = "calling what was loaded"
            try:
                loaded(plan.arrays())
            except Exception as raised:
                error = raised
        if error is None:
            seen.append(f"saved and loaded without an error; {plan}")
            continue
        claim.check_error(error)
        names = [name for name in claim.names() if name != claim.class_name]
        if claim.code in {"KLL302", "KLL303", "KLL306"} and not any(name in str(error) for name in names):
            raise Unproved(f"{phase}: {brief(error)}, which names none of {names}")
        return f"{phase}: {brief(error)}; {plan}"
    raise Unproved("\n".join(seen))


def _optional(example: Example, cls: Any) -> Iterator[dict[str, Any]]:
    """The defaults; other values; and false ones, for a path that only they take."""
    yield {}
    more = others(example.framework, cls)
    if more:
        yield more
        yield {name: type(value)(0) for name, value in more.items() if isinstance(value, (int, float))}


def _reload_loses(example: Example, claim: Claim) -> str:
    module = example.load()
    cls = getattr(module, claim.class_name)
    seen = []
    for name in claim.names():
        if name in {"name", "trainable", "dtype"}:
            seen.append(_loses_of_every_layer(example, module, cls, name))
        elif any(name in init_parameters(base) for base in cls.__mro__ if "__init__" in vars(base)):
            try:
                seen.append(_loses_argument(example, claim, module, cls, name))
            except Unproved:
                if claim.code != "KLL310":
                    raise
    if not seen:
        raise Unproved(f"the message names no argument that is lost: {claim.message}")
    return "; ".join(seen)


def _loses_of_every_layer(example: Example, module: ModuleType, cls: Any, name: str) -> str:
    given = {"name": "given_name", "trainable": False, "dtype": "float64"}[name]
    plan = next(plans(example.framework, cls))
    loaded = round_trip(example, module, plan.make(cls, **{name: given}))
    if getattr(loaded, name) == given:
        raise Unproved(f"{name}={given!r} was kept")
    return f"{name}={given!r} came back as {getattr(loaded, name)!r}"


def _loses_argument(example: Example, claim: Claim, module: ModuleType, cls: Any, name: str) -> str:
    owner = next(base for base in cls.__mro__ if "__init__" in vars(base) and name in init_parameters(base))
    default = init_parameters(owner)[name].default
    if default is init_parameters(owner)[name].empty:
        return f"{name} is required"
    given = others(example.framework, owner)[name]
    plan = working_plan(example, cls, {name: given})
    received: list[Any] = []

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code is owner.__init__.__code__:
            received.append(frame.f_locals[name])

    try:
        round_trip(example, module, plan.make(cls), profile)
    except Exception as error:
        claim.check_error(error)
        return f"given {name}: {brief(error)}"
    if not received or (received[-1] == given if claim.code == "KLL310" else received[-1] != default):
        raise Unproved(f"{name}={given!r} was loaded as {received}, its default is {default!r}")
    return f"{name}={given!r} was loaded as {received[-1]!r}"


def _reload_works(example: Example, claim: Claim) -> str:
    module = example.load()
    cls = getattr(module, claim.class_name)
    plan = working_plan(example, cls, others(example.framework, cls))
    if claim.code == "KLL301":
        if any("get_config" in vars(base) for base in cls.__mro__ if base.__module__ == module.__name__):
            raise Unproved("has a get_config")
        config = plan.make(cls).get_config()
        if any(config[name] != value for name, value in plan.arguments):
            raise Unproved(f"the automatic get_config does not hold the arguments of {plan}: {config}")
        if len(example.marked & set(whole(example.statement(claim.line)))) > 1:
            return f"the automatic get_config holds the arguments; another fault is marked; {plan}"
    phase, error, model, loaded = save_and_load(example, module, plan, cls)
    if error is not None:
        raise Unproved(f"{phase}: {brief(error)}")
    values = [example.framework.values(each.predict_on_batch(plan.arrays())) for each in (model, loaded)]
    if not same(*values):
        raise Unproved("the loaded layer computes something else")
    if claim.code == "KLL306":
        try:
            plan.make(cls, name="given_name")
        except TypeError as refused:
            return f"loaded, but takes no name: {brief(refused)}"
        raise Unproved("takes a name")
    return f"saved and loaded with the same outputs; {plan}"


def unregistered(example: Example, claim: Claim) -> str:
    """KLL309: another program loads the model with `custom_objects`, and not without."""
    module = example.load()
    cls = getattr(module, claim.class_name)
    framework = example.framework
    if place_of(framework, cls):
        model, arrays = holder(framework, cls, working_arguments(framework, cls)), [data()[0]]
    else:
        plan = working_plan(example, cls)
        model, arrays = traced(example, plan, plan.make(cls)), plan.arrays()
    path = Path(example.file).with_suffix(".keras")
    model.save(path)
    load_model = framework.keras.models.load_model
    del sys.modules[module.__name__]  # Keras 2 finds a loss in a module that it can import
    try:
        load_model(path)
    except Exception as error:
        loaded = load_model(path, custom_objects=custom_objects(module))
        if not same(*(framework.values(each.predict_on_batch(arrays)) for each in (model, loaded))):
            raise Unproved("the loaded model computes something else") from error
        return f"without custom_objects: {brief(error)}"
    raise Unproved("loaded without custom_objects")
