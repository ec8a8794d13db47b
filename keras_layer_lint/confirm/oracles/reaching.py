"""Other arguments for a layer: a line may wait for a flag that is off by default."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.arguments import other_values, owner_of, rearranged
from keras_layer_lint.confirm.oracles.blame import blamed
from keras_layer_lint.confirm.oracles.guards import with_guards_met
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.planning.arguments import OF_EVERY_LAYER, parameters
from keras_layer_lint.confirm.subject import LinesRun

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_MOST = 30


def reaching(trial: Trial, plan: Plan, lines: set[int]) -> Iterator[Plan]:
    """The plan with other arguments, wherever a call then gets to one of the lines; those of its conditions first."""
    met = list(with_guards_met(trial, plan, lines))
    others = (changed for changed in with_another_argument(trial, plan) if changed not in met)
    for changed in chain(met, others):
        if not lines.isdisjoint(lines_run(trial, changed)):
            yield changed


def with_another_argument(trial: Trial, plan: Plan) -> Iterator[Plan]:
    """The plan with another value for one argument of the constructor, as often as is worth it."""
    for name, text in islice(_variations(trial, plan), _MOST):
        yield rearranged(plan, **{name: text})


def lines_run(trial: Trial, plan: Plan) -> set[int]:
    """The lines that constructing the layer and calling it run; none where that fails for reasons of its own."""
    lines, error = _run(trial, plan)
    if error is not None:
        claims = [claim for claim in trial.probe.claims if claim.confirm.needs_call]
        if blamed(trial.framework, trial.subject, claims, error, traced=False) is None:
            return set()
    return lines


def passes_by(trial: Trial, plan: Plan, lines: set[int]) -> bool:
    """Whether a call ends without having run any of the lines; one that raises may have run them later."""
    seen, error = _run(trial, plan)
    return error is None and bool(seen) and lines.isdisjoint(seen)


def _run(trial: Trial, plan: Plan) -> tuple[set[int], Exception | None]:
    with LinesRun(trial.subject.path) as lines:
        try:
            layer = plan.make()
            for more in running.ways(plan):
                running.eager(plan, layer, **more)
        except Exception as error:
            return lines, error
    return lines, None


def _variations(trial: Trial, plan: Plan) -> Iterator[tuple[str, str]]:
    for name in parameters(plan.cls, trial.framework.keras.layers.Layer):
        if name not in OF_EVERY_LAYER:
            yield from ((name, text) for text in other_values(trial, owner_of(plan.cls, name), name))
