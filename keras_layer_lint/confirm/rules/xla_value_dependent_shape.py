"""A size that depends on values: XLA refuses the layer, and names the line. AutoGraph hides whether it was run."""

from __future__ import annotations

import re
from pathlib import Path

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

_WANTS_CONSTANT = "must be a compile-time constant"


def wants_constant(trial: Trial, claim: Claim) -> str:
    """The layer runs in a graph, and compiling it with XLA fails for what the line makes."""
    framework, plan = trial.framework, trial.fresh(repaired=True)
    if framework.tf is None:
        return _traced_by_jax(trial, claim)
    try:
        running.function(framework, plan, plan.make())()
    except Exception as error:
        raise NotRun(f"without XLA: {brief(error)}") from error
    try:
        running.function(framework, plan, plan.make(), jit_compile=True)()
    except Exception as error:
        lines = {int(line) for line in re.findall(rf'{Path(trial.subject.path).name}", line (\d+)', str(error))}
        if _WANTS_CONSTANT in str(error) and not lines.isdisjoint(range(claim.line, claim.end_line + 1)):
            return f"with XLA: {brief(error)}"
        raise NotRun(f"with XLA, for another line: {brief(error)}") from error
    layer, path = plan.make(), trial.subject.path
    if not running.operations_at(framework, plan, layer, path, claim.line, claim.end_line):
        raise NotRun("the line was not reached")
    raise NotSeen("XLA compiles the layer")


def _traced_by_jax(trial: Trial, claim: Claim) -> str:
    """The layer runs on values, and raises at the line where JAX traces it."""
    framework, plan = trial.framework, trial.fresh(repaired=True)
    running.eager(plan)
    try:
        running.traced(framework, plan)
    except Exception as error:
        line = trial.subject.line_of(error)
        if line is not None and claim.line <= line <= claim.end_line:
            return f"traced: {brief(error)}"
        raise NotRun(f"traced, for another line: {brief(error)}") from error
    raise NotSeen("JAX traces the layer")


HOOKS = Hooks(observe=wants_constant)
