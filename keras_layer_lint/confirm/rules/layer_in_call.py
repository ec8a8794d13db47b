"""On JAX a layer made in `call` is another one in each trace, and its variables are nobody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.seeds import same_draws
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.steps import Steps
from keras_layer_lint.expectation import Effect


class Watching(Steps):
    """Stands in for other faults, and keeps what one expression gives."""

    def __init__(self, *arguments: Any, watched: int) -> None:
        self._watched = watched
        self.seen: list[Any] = []
        super().__init__(*arguments)

    def _call(self, number: int, kind: str, compute: Callable[[], Any]) -> Any:
        if number != self._watched:
            return super()._call(number, kind, compute)
        self.seen.append(compute())
        return self.seen[-1]


def made_anew(trial: Trial, claim: Claim) -> str:
    """Where it draws numbers, two calls draw the same; else two traces make two layers."""
    edits = {other: edit for other, edit in trial.repairs.items() if other != claim}
    steps = Watching(trial.framework, watched=len(edits))
    made = trial.edited({**edits, claim: "stand-in"}, steps)
    if made is None:
        raise NotRun("the line cannot be watched")
    plan = made[0]
    if claim.says(Effect.SAME_NUMBERS):
        try:
            return same_draws(trial, claim, plan)
        except NotSeen as error:
            if not steps.seen:
                raise NotRun("the line was not reached") from error
            raise
    layer = plan.make()
    running.eager(plan, layer)
    steps.seen.clear()
    for _ in range(2):
        running.traced(trial.framework, plan, layer)
    anew = [each for each in steps.seen if trial.framework.is_layer(type(each))]
    if len(anew) < 2:
        raise NotRun("the line was not reached")
    own = {id(variable) for variable in layer.variables}
    lost = [variable for each in anew for variable in each.variables if id(variable) not in own]
    if len({id(each) for each in anew}) < 2 or not lost:
        raise NotSeen(f"what two traces made has its {len(own)} variables among those of the layer")
    names = ", ".join(str(variable.name) for variable in lost[: len(lost) // len(anew)])
    return (
        f"2 traces made {len(anew)} {type(anew[0]).__name__} layers with {len(lost)} variables ({names}), "
        f"none of which is among the {len(own)} of the layer"
    )


def _raises_nothing(trial: Trial, claim: Claim) -> bool:
    return claim.gravity != "error" and trial.framework.tf is None


HOOKS = Hooks(observe=made_anew, applies=_raises_nothing)
