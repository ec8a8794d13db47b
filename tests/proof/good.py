"""A good example keeps its promise: it constructs, traces, compiles, trains, and survives saving and loading."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from tests.proof.claim import Unproved, brief
from tests.proof.example import Example
from tests.proof.framework import same
from tests.proof.modes import mixed_float16
from tests.proof.objects import place_of, prove_good_object
from tests.proof.plans import Plan, others
from tests.proof.saving import save_and_load_model
from tests.proof.tracing import train, working_plan


def prove_good(example: Example, class_name: str, code: str) -> str:
    """On the page of KLL309 without `custom_objects`, on that of KLL161 under `mixed_float16` as well."""
    module = example.load()
    known = ModuleType("nothing") if code == "KLL309" else module
    cls = getattr(module, class_name)
    framework = example.framework
    if not framework.is_layer(cls):
        return prove_good_object(example, cls, known) if place_of(framework, cls) else "made for the layers beside it"
    plan = _plan(example, cls)
    model, loss = train(example, plan, cls, jit_compile=True)
    if not np.isfinite(loss):
        raise Unproved(f"a training step gives the loss {loss}")

    arrays = plan.arrays()
    compiled = framework.values(model.predict_on_batch(arrays))
    if not same(compiled, framework.values(model(arrays))):
        raise Unproved("other values when compiled than in eager mode")
    phase, error, _, loaded = save_and_load_model(example, known, model)
    if error is not None:
        raise Unproved(f"{phase}: {brief(error)}")
    if not same(compiled, framework.values(loaded(arrays))):
        raise Unproved("the loaded layer computes something else")
    if code == "KLL161":
        with mixed_float16(framework):
            try:
                train(example, plan, cls)
            except Exception as raised:
                raise Unproved(f"under mixed_float16: {brief(raised)}") from raised
    return f"loss {loss:.3g}; {plan}"


def _plan(example: Example, cls: Any) -> Plan:
    """Optional arguments other than their defaults, where the layer takes them."""
    try:
        return working_plan(example, cls, others(example.framework, cls))
    except Unproved:
        return working_plan(example, cls)
