"""An attribute that a graph holds as a constant: nothing reads it once `fit` has traced the model."""

from __future__ import annotations

from typing import Any

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import fitting
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim


def _is_frozen(trial: Trial, claim: Claim) -> str:
    """In the second epoch a model that runs eagerly reads the attribute more often than one that is traced."""
    eager, traced = (_reads_in_second_epoch(trial, claim, eager=eager) for eager in (True, False))
    if eager == 0:
        raise NotRun(f"`fit` does not read `{claim.expects.attribute}`")
    if traced >= eager:
        raise NotSeen(f"`{claim.expects.attribute}` is read {traced} times in the second epoch of `fit`")
    return f"in the second epoch `fit` reads `{claim.expects.attribute}` {traced} times, {eager} where it runs eagerly"


def _reads_in_second_epoch(trial: Trial, claim: Claim, *, eager: bool) -> int:
    framework = trial.framework
    plan = trial.fresh(repaired=True)
    fitted = fitting.of_model(framework, plan)
    if fitted is None:
        raise NotRun("no model can be fitted with it")
    reads: list[str] = []
    original = plan.cls.__getattribute__

    def recorded(self: Any, name: str) -> Any:
        if name == claim.expects.attribute:
            reads.append(name)
        return original(self, name)

    def start(epoch: int, logs: Any = None) -> None:
        reads.clear()

    plan.cls.__getattribute__ = recorded
    try:
        fitted.run(eager=eager, epochs=2, callbacks=[framework.keras.callbacks.LambdaCallback(on_epoch_begin=start)])
    finally:
        plan.cls.__getattribute__ = original
    return len(reads)


HOOKS = Hooks(observe=_is_frozen)
