"""The oracle of KLL15x: XLA."""

from __future__ import annotations

import re
from typing import Any

from tests.proof.claim import Claim, Unproved, brief
from tests.proof.example import Example
from tests.proof.framework import same
from tests.proof.plans import Plan
from tests.proof.tracing import traced, train, working_plan


def xla(example: Example, claim: Claim) -> str:
    """The layer trains without XLA; with it predicting or training raises, or the outputs are others."""
    cls = getattr(example.load(), claim.class_name)
    plan = working_plan(example, cls)
    train(example, plan, cls)
    named = re.search(r"no kernel for ([\w, ]+)", claim.message)
    # XLA names some of the operations, and in a gradient what it meets first.
    kernels = named[1].split(", ") if named and "gradient" not in claim.message else []
    for does in (_predicts, _trains):
        try:
            seen = does(example, plan, cls)
        except Exception as error:
            claim.check_error(error)
            if kernels and not any(kernel in str(error) for kernel in kernels):
                raise Unproved(f"{brief(error)}, which does not name {kernels}") from error
            return f"{does.__name__.strip('_')} with XLA: {brief(error)}"
        if seen:
            return seen
    raise Unproved("XLA predicts and trains as well")


def _predicts(example: Example, plan: Plan, cls: Any) -> str:
    framework = example.framework
    model = traced(example, plan, plan.make(cls))
    model.compile(jit_compile=True)
    compiled, eager = framework.values(model.predict_on_batch(plan.arrays())), framework.values(model(plan.arrays()))
    return "" if same(compiled, eager) else f"other values with XLA: {compiled[0].shape} for {eager[0].shape}"


def _trains(example: Example, plan: Plan, cls: Any) -> str:
    train(example, plan, cls, jit_compile=True)
    return ""
