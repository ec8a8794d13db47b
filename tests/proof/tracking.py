"""Oracles of KLL2xx about what Keras keeps track of: what it trains, saves and builds."""

from __future__ import annotations

import functools
import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np

from tests.proof.claim import Claim, Unproved, brief
from tests.proof.example import Example, Steps
from tests.proof.framework import Framework, same
from tests.proof.plans import Plan
from tests.proof.saving import save_and_load_model
from tests.proof.tracing import traced, working_plan


def untracked(example: Example, claim: Claim) -> str:
    """KLL205, KLL206: the variables under the attribute are not trained, or not saved, as the message says."""
    module = example.load()
    cls = getattr(module, claim.class_name)
    plan = working_plan(example, cls)
    model = traced(example, plan, plan.make(cls))
    attribute = _attribute(claim)
    variables = held(example.framework, getattr(model.layers[-1], attribute))
    if "keeps a copy" in claim.message:
        if variables:
            raise Unproved(f"{attribute} holds {len(variables)} variables")
        return f"{attribute} holds nothing"
    if not variables:
        raise Unproved(f"{attribute} holds no variable")
    trainable = {id(variable) for variable in model.trainable_variables}
    lost = [variable for variable in variables if id(variable) not in trainable]
    seen = []
    if re.search("not trained|neither trained", claim.message):
        if not lost:
            raise Unproved(f"all {len(variables)} variables of {attribute} are trained")
        seen.append(f"{len(lost)} of {len(variables)} variables are not trained")
    elif "are trained" in claim.message and lost:
        raise Unproved(f"{len(lost)} of {len(variables)} variables of {attribute} are not trained")
    if re.search("saved|leave out", claim.message):
        for number, variable in enumerate(variables):
            variable.assign(np.full(variable.shape, number + 2))
        phase, error, _, loaded = save_and_load_model(example, module, model)
        if error is not None:
            raise Unproved(f"{phase}: {brief(error)}") from error
        loaded(plan.arrays())
        again = [np.asarray(variable) for variable in held(example.framework, getattr(loaded.layers[-1], attribute))]
        if all(any(same([np.asarray(variable)], [other]) for other in again) for variable in variables):
            raise Unproved(f"all {len(variables)} variables of {attribute} were saved")
        seen.append("saved and loaded, they are others")
    return "; ".join(seen)


def _attribute(claim: Claim) -> str:
    found = re.search(r"`self\.(\w+)`", claim.message) or re.search(r"`(\w+)`", claim.message)
    if found is None:
        raise Unproved(f"the message names no attribute: {claim.message}")
    return found[1]


def held(framework: Framework, value: Any) -> list[Any]:
    """The variables that can be reached through a value, by any way Python code could use."""
    found: list[Any] = []
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, (str, bytes, int, float, type, type(None))):
            continue
        seen.add(id(value))
        if isinstance(value, framework.keras.layers.Layer):
            found += value.weights
        elif hasattr(value, "assign"):
            found.append(value)
        elif isinstance(value, functools.partial):
            waiting += [value.func, *value.args, *value.keywords.values()]
        elif inspect.isfunction(value):
            waiting += [cell.cell_contents for cell in value.__closure__ or ()]
        elif hasattr(value, "values"):
            waiting += value.values()
        elif hasattr(value, "__iter__"):
            waiting += value
        elif hasattr(value, "__dict__"):
            waiting += vars(value).values()
    return found


def reload_loses_weights(example: Example, claim: Claim) -> str:
    """KLL207: loading raises, or what is loaded computes something else."""
    module = example.load()
    cls = getattr(module, claim.class_name)
    plan = working_plan(example, cls)
    if issubclass(cls, example.framework.keras.Model):
        model = plan.make(cls)
        plan.run(example.framework, model)
    else:
        model = traced(example, plan, plan.make(cls))
    return loses_weights(example, claim, module, plan, model)


def loses_weights(example: Example, claim: Claim, module: Any, plan: Plan, model: Any) -> str:
    phase, error, _, loaded = save_and_load_model(example, module, model)
    if error is not None:
        claim.check_error(error)
        return f"{phase}: {brief(error)}"
    arrays = plan.arrays()
    tensors = arrays if plan.as_list or len(arrays) > 1 else arrays[0]
    values = [example.framework.values(each(tensors)) for each in (model, loaded)]
    if same(*values):
        raise Unproved("saved and loaded, it computes the same")
    return "saved and loaded, it computes something else"


def old_format(example: Example, claim: Claim) -> str:
    """KLL209: saving in the `.h5` format raises."""
    cls = getattr(example.load(), claim.class_name)
    plan = working_plan(example, cls)
    model = traced(example, plan, plan.make(cls))
    try:
        model.save(Path(example.file).with_suffix(".h5"))
    except Exception as error:
        claim.check_error(error)
        return f"saving: {brief(error)}"
    raise Unproved("saved without an error")


def rebound(example: Example, claim: Claim) -> str:
    """KLL214: a weight is no longer among the weights or gets no gradient; it is and does without the line."""
    plan = working_plan(example, getattr(example.load(), claim.class_name))
    with_line = _out_of_use(example, claim, plan, frozenset())
    try:
        without = _out_of_use(example, claim, plan, frozenset({claim.line}))
    except Exception as error:
        raise Unproved(f"without the line: {brief(error)}") from error
    name = _attribute(claim)
    if name not in with_line or name in without:
        raise Unproved(f"out of use: {sorted(with_line)}; without the line: {sorted(without)}")
    return f"{name} is out of use; it is used without the line"


def _out_of_use(example: Example, claim: Claim, plan: Plan, dropped: frozenset[int]) -> set[str]:
    """The names of weights that were made and now are not tracked, or get no gradient."""
    framework = example.framework
    others = example.marked - {claim.line}
    module = example.load(Steps(framework, dropped=dropped | others), dropped | others)
    cls = getattr(module, claim.class_name)
    made: dict[str, Any] = {}
    add_weight = cls.add_weight

    def recorded(self: Any, *arguments: Any, **keywords: Any) -> Any:
        made[keywords["name"]] = variable = add_weight(self, *arguments, **keywords)
        return variable

    cls.add_weight = recorded
    layer = plan.make(cls)
    plan.run(framework, layer)
    method = next(
        (
            name
            for name, value in vars(cls).items()
            if inspect.isfunction(value) and claim.line in example.function(value.__code__.co_firstlineno)
        ),
        "build",
    )
    if method not in {"build", "__init__", "call"}:
        getattr(layer, method)()
    tensors = [framework.tf.constant(array) for array in plan.arrays()]
    variables = {name: getattr(variable, "value", variable) for name, variable in made.items()}
    variables = {name: variable() if inspect.ismethod(variable) else variable for name, variable in variables.items()}
    if framework.generation == "2":
        tracked = {id(weight) for weight in layer.weights}
        return {name for name, variable in made.items() if id(variable) not in tracked}
    with framework.tf.GradientTape() as tape:
        loss = framework.tf.reduce_sum(plan.call(framework, layer, tensors))
    gradients = tape.gradient(loss, variables)
    return {name for name, gradient in gradients.items() if gradient is None}
