"""A class has no `call`: its layer raises NotImplementedError, or hands its inputs through."""

from __future__ import annotations

import ast

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief


def has_no_call(trial: Trial, claim: Claim) -> str:
    """Called, the layer raises as Keras's own `call` does, or gives back what it is given."""
    framework, plan = trial.framework, trial.fresh()
    layer = plan.make()
    if not plan.cls.call.__module__.startswith(framework.package):
        raise NotSeen("it has a `call` of its own")
    inputs, named = running.inputs_of(plan)
    try:
        outputs = running.eager(plan, layer)
    except NotImplementedError as error:
        return brief(error)
    except Exception:  # without a `call` Keras has no shapes to build the layer with
        try:
            outputs = plan.cls.call(layer, *inputs, **named)
        except NotImplementedError as error:
            return brief(error)
    if framework.same(framework.values(outputs), framework.values(inputs)):
        return "called, it gives back its inputs as they are"
    raise NotSeen("called, it gives other values than its inputs")


def _is_at_definition(trial: Trial, claim: Claim) -> bool:
    return isinstance(trial.subject.source.statement(claim.line), ast.FunctionDef)


HOOKS = Hooks(observe=has_no_call, applies=_is_at_definition)
