"""`xla`: compiling the layer, or its gradient, with XLA raises, ends the process, or gives other outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from keras_layer_lint.confirm.edits import Edit
from keras_layer_lint.confirm.hooks import own_observation
from keras_layer_lint.confirm.oracles import gpu, running
from keras_layer_lint.confirm.oracles.deciding import decide
from keras_layer_lint.confirm.oracles.reaching import lines_run, reaching
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.expectation import Effect
from keras_layer_lint.target import Generation

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_DYING = "compiling with XLA"
Step = Callable[[Trial, "Plan", bool], str]


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """One finding after the other: compiling may end the process, which speaks for the one under way."""
    for claim in claims:
        if (observe := own_observation(trial, claim)) is not None:
            decide(trial, claim, observe)
    trial.fresh(repaired=True)
    reached = lines_run(trial, trial.plan)
    confirmed: list[Claim] = []
    if _is_switched_off(trial):
        for claim in trial.undecided(claims):
            trial.refute(claim, "the layer sets `supports_jit = False`: Keras compiles no model that has it")
    for claim in trial.undecided(claims):
        trial.begin(claim.oracle, [claim], dying_means=_DYING)
        own = set(range(claim.line, claim.end_line + 1))
        try:
            plan = trial.plan if own & reached else next(reaching(trial, trial.plan, own), None)
            if plan is None:
                raise NotRun("the line was not reached")
            trial.show(plan)
            trial.confirm(claim, _compiled(trial, plan, claim, confirmed), claim.line)
            confirmed.append(claim)
        except NotSeen as error:
            trial.refute(claim, str(error))
        except NotRun as error:
            trial.leave_open(claim, str(error))


def _is_switched_off(trial: Trial) -> bool:
    """Whether Keras 3 compiles nothing that has the layer, by what it says itself."""
    if trial.framework.generation is not Generation.KERAS3:
        return False
    try:
        return getattr(trial.plan.make(), "supports_jit", True) is False
    except Exception:  # it cannot be made
        return False


def _compiled(trial: Trial, plan: Plan, claim: Claim, confirmed: Sequence[Claim]) -> str:
    in_gradient = claim.says(Effect.IN_GRADIENT)
    if trial.framework.tf is not None and claim.expects.operations and not in_gradient:
        return _lacks_kernel(trial, plan, claim, claim.expects.operations)
    plan = _without(trial, plan, confirmed)
    steps: list[tuple[str, Step]] = [("forward", _forward), ("gradient", _gradient)]
    if trial.framework.tf is not None and in_gradient:
        steps = steps[1:]
    for what, step in steps:
        if trial.framework.tf is not None:  # JAX has nothing but XLA
            _works_without(trial, plan, what, step)
        try:
            seen = step(trial, plan, True)
        except Exception as error:
            return f"{what} with XLA: {brief(error)}{gpu.without_kernel(trial.framework, str(error))}"
        if seen:
            return seen
    raise NotSeen("XLA compiles the layer and its gradient")


def _without(trial: Trial, plan: Plan, confirmed: Sequence[Claim]) -> Plan:
    """The plan with something in the place of what XLA cannot compile elsewhere."""
    if not confirmed:
        return plan
    edits: dict[Claim, Edit] = {**trial.repairs, **dict.fromkeys(confirmed, "stand-in")}
    made = trial.edited(edits)
    if made is None:
        raise NotRun(f"masked by {confirmed[0].code} on line {confirmed[0].line}, for which nothing can stand in")
    return replace(plan, cls=made[0].cls)


def _works_without(trial: Trial, plan: Plan, what: str, step: Step) -> None:
    try:
        step(trial, plan, False)
    except Exception as error:
        raise NotRun(f"{what} without XLA: {brief(error)}") from error


def _lacks_kernel(trial: Trial, plan: Plan, claim: Claim, kernels: Sequence[str]) -> str:
    """XLA refuses the layer for an operation that the line makes.

    Of several it names some only: then the operations of the traced layer say which are made at the line.
    """
    framework = trial.framework
    _works_without(trial, plan, "forward", _forward)
    other = ""
    for more in running.ways(plan):
        layer = plan.make()
        try:
            running.function(framework, plan, layer, jit_compile=True, **more)()
        except Exception as error:
            text = str(error)
            seen = f"forward with XLA: {brief(error)}"
            if any(kernel in text for kernel in kernels):
                return seen + gpu.without_kernel(framework, text)
            made = running.operations_at(framework, plan, layer, trial.subject.path, claim.line, claim.end_line, **more)
            missing = [kernel for kernel in kernels if kernel in made and not gpu.has_kernel(kernel, "XLA_CPU_JIT")]
            if missing:
                return f"{seen}; nor has XLA a kernel for {', '.join(missing)}, which this line makes"
            other = f"{seen}, which does not name {' or '.join(kernels)}"
    if other:
        raise NotRun(other)
    if seen := gpu.lowered(framework, plan):
        return seen
    raise NotSeen("XLA compiles the layer")


def _forward(trial: Trial, plan: Plan, compiled: bool) -> str:
    framework = trial.framework
    for more in running.ways(plan):
        layer = plan.make()
        eager = framework.values(running.eager(plan, layer, **more))
        given = framework.values(running.function(framework, plan, layer, jit_compile=compiled, **more)())
        if not compiled or framework.same(given, eager):
            continue
        if not framework.same(eager, framework.values(running.eager(plan, layer, **more))):
            continue  # random
        shapes = [tuple(value.shape) for value in given], [tuple(value.shape) for value in eager]
        if shapes[0] != shapes[1]:
            return f"other outputs with XLA: shape {shapes[0]} for {shapes[1]}"
        return f"other outputs with XLA: {given[0].ravel()[:3].tolist()} for {eager[0].ravel()[:3].tolist()}"
    return ""


def _gradient(trial: Trial, plan: Plan, compiled: bool) -> str:
    if compiled and trial.framework.tf is not None:
        running.train(trial.framework, plan, jit_compile=True)
    else:
        running.train(trial.framework, plan)
    return ""
