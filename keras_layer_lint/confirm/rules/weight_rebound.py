"""A weight that is bound anew: it is out of use, and is not without the line."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.edits import Edit
from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.target import Generation

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def rebound(trial: Trial, claim: Claim) -> str:
    """A weight is no longer among the weights or gets no gradient; it is and does without the line."""
    others: dict[Claim, Edit] = {
        other: "dropped" for other in trial.probe.claims if other != claim and other.name == claim.name
    }
    with_line = _out_of_use(trial, claim, others)
    without = _out_of_use(trial, claim, {**others, claim: "dropped"})
    if not (lost := with_line - without):  # by the names of the weights, which are not those of the attributes
        raise NotSeen(f"out of use: {sorted(with_line)}; without the line: {sorted(without)}")
    what = "is not among the weights" if trial.framework.generation is Generation.KERAS2 else "gets no gradient"
    return f"{', '.join(sorted(lost))} {what}; without the line it is in use"


def _out_of_use(trial: Trial, claim: Claim, edits: dict[Claim, Edit]) -> set[str]:
    """The names of weights that were made and now are not tracked, or get no gradient."""
    framework = trial.framework
    made_plan = trial.edited(edits) if edits else (trial.fresh(), None)
    if made_plan is None:
        raise NotRun("the line cannot be taken out")
    plan = made_plan[0]
    cls = plan.cls
    made: dict[str, Any] = {}
    add_weight = cls.add_weight

    def recorded(self: Any, *arguments: Any, **keywords: Any) -> Any:
        variable = add_weight(self, *arguments, **keywords)
        made[keywords.get("name") or f"unnamed {len(made)}"] = variable
        return variable

    cls.add_weight = recorded
    layer = plan.make()
    running.eager(plan, layer)
    method = _method_of(trial, claim, cls)
    if method not in {"build", "__init__", "call"}:
        getattr(layer, method)()
    if framework.generation is Generation.KERAS2:
        tracked = {id(weight) for weight in layer.weights}
        return {name for name, variable in made.items() if id(variable) not in tracked}
    if framework.tf is None:
        return _without_gradient_on_jax(framework, plan, layer, made)
    variables = {name: getattr(variable, "value", variable) for name, variable in made.items()}
    variables = {name: variable() if inspect.ismethod(variable) else variable for name, variable in variables.items()}
    tf = framework.tf
    with tf.GradientTape() as tape:
        outputs = running.eager(plan, layer)
        loss = tf.add_n([tf.reduce_sum(leaf) for leaf in tf.nest.flatten(outputs) if leaf.dtype.is_floating])
    gradients = tape.gradient(loss, variables)
    return {name for name, gradient in gradients.items() if gradient is None}


def _without_gradient_on_jax(framework: Framework, plan: Plan, layer: Any, made: dict[str, Any]) -> set[str]:
    """JAX has a gradient for each weight: of one that is out of use it is zero."""
    _, (gradients, _) = running.train(framework, plan, layer)
    pairs = zip(layer.trainable_variables, gradients, strict=True)
    in_use = {id(variable) for variable, gradient in pairs if framework.np.any(framework.np.asarray(gradient))}
    return {name for name, variable in made.items() if id(variable) not in in_use}


def _method_of(trial: Trial, claim: Claim, cls: Any) -> str:
    for name, value in vars(cls).items():
        if inspect.isfunction(value) and claim.line in trial.subject.source.function(value.__code__.co_firstlineno):
            return str(name)
    return "build"


HOOKS = Hooks(observe=rebound)
