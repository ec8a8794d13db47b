"""`xla`: compiling the layer, or its gradient, with XLA raises, ends the process, or gives other outputs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from keras_layer_lint.confirm.oracles import gpu, running
from keras_layer_lint.confirm.oracles.trial import NotRun, Trial, Unproved
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

_DYING = "compiling with XLA"


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """One finding after the other: compiling may end the process, which speaks for the one under way."""
    try:
        if trial.framework.tf is not None:  # JAX has nothing but XLA
            running.train(trial.framework, trial.plan)
    except Exception as error:
        for claim in claims:
            trial.leave_open(claim, f"it does not train without XLA either: {brief(error)}")
        return
    for claim in claims:
        trial.begin(claim.oracle, [claim], dying_means=_DYING)
        try:
            trial.confirm(claim, _compiled(trial, claim), claim.line)
        except Unproved as error:
            trial.refute(claim, str(error))
        except NotRun as error:
            trial.leave_open(claim, str(error))


def _compiled(trial: Trial, claim: Claim) -> str:
    named = re.search(r"no kernel for ([\w, ]+)", claim.message)
    # XLA names some of the operations, and in a gradient what it meets first.
    kernels = named[1].split(", ") if named and "gradient" not in claim.message else []
    for what, step in (("forward", _forward), ("gradient", _gradient)):
        try:
            seen = step(trial)
        except Exception as error:
            told = str(error)
            if kernels and not any(kernel in told for kernel in kernels):
                raise NotRun(f"{what} with XLA: {brief(error)}, which does not name {' or '.join(kernels)}") from error
            return f"{what} with XLA: {brief(error)}{gpu.without_kernel(trial.framework, told)}"
        if seen:
            return seen
    if seen := gpu.lowered(trial.framework, trial.plan):
        return seen
    raise Unproved("XLA compiles the layer and its gradient")


def _forward(trial: Trial) -> str:
    framework, plan = trial.framework, trial.plan
    layer = plan.make()
    eager = framework.values(running.eager(plan, layer))
    call = running.function(framework, plan, layer, jit_compile=True)
    compiled = framework.values(call())
    if framework.same(compiled, eager) or not framework.same(eager, framework.values(running.eager(plan, layer))):
        return ""
    shapes = [tuple(value.shape) for value in compiled], [tuple(value.shape) for value in eager]
    if shapes[0] != shapes[1]:
        return f"other outputs with XLA: shape {shapes[0]} for {shapes[1]}"
    return f"other outputs with XLA: {compiled[0].ravel()[:3].tolist()} for {eager[0].ravel()[:3].tolist()}"


def _gradient(trial: Trial) -> str:
    if trial.framework.tf is None:
        running.train(trial.framework, trial.plan)
    else:
        running.train(trial.framework, trial.plan, jit_compile=True)
    return ""
