"""A weight is made in `__init__`: constructing the layer runs the line, and the line makes weights."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.build import initialised
from keras_layer_lint.confirm.oracles.made_on import given_on, variables_in
from keras_layer_lint.confirm.oracles.reaching import reaching
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import LinesRun, brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_NAMED = 4


def weights_before_input(trial: Trial, claim: Claim) -> str:
    """Constructing the layer runs the line, and what is called there gives weights."""
    plan = trial.fresh()
    own = set(range(claim.line, claim.end_line + 1))
    raised = ""
    for other in chain([plan], reaching(trial, plan, own)):
        trial.show(other)
        lines, weights, error = _made_at(trial, own, other)
        if error is None and own.isdisjoint(lines):
            continue
        if error is None:
            return _seen(weights)
        raised = f"could not be constructed: {brief(error)}"
        with initialised(trial, other):  # another fault than the one that is looked for
            _, weights, error = _made_at(trial, own, other)
        if error is None and weights:
            return f"once the base class is initialised, {_seen(weights)}"
    trial.show(plan)
    raise NotRun(raised or "the line was not reached")


def _seen(weights: list[Any]) -> str:
    if not weights:
        raise NotSeen("the line makes no weight when the layer is constructed")
    names = ", ".join(str(getattr(weight, "name", "?")) for weight in weights[:_NAMED])
    return f"made here, before any input: {f'{len(weights)} weights: ' * (len(weights) > 1)}{names}"


def _made_at(trial: Trial, own: set[int], plan: Plan) -> tuple[set[int], list[Any], Exception | None]:
    """The lines that constructing the layer runs, the variables that calls on some of them give, and what it raises."""
    with LinesRun(trial.subject.path) as lines, given_on(trial.subject.path, own) as given:
        try:
            plan.make()
        except Exception as error:
            return lines, [], error
    return lines, variables_in(trial.framework, given), None


HOOKS = Hooks(observe=weights_before_input, refutes_uncalled=True)
