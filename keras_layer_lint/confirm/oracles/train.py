"""`train`: in training, or where training is asked for by default, the layer does not do what is expected of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.edits import Edit
from keras_layer_lint.confirm.framework import Framework, Values
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import NotRun, Trial, Unproved, decide
from keras_layer_lint.confirm.oracles.untracked import attribute_of
from keras_layer_lint.confirm.probe import Claim

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """Each finding on its own."""
    ways: dict[str, Callable[[Trial, Claim], str]] = {
        "KLL142": inference_in_fit,
        "KLL146": trains_by_default,
        "KLL214": rebound,
    }
    for claim in claims:
        decide(trial, claim, ways[claim.code])


def inference_in_fit(trial: Trial, claim: Claim) -> str:
    """KLL142: a step of training leaves the statistics of BatchNormalization as they were, or Dropout idle."""
    framework = trial.framework
    plan = trial.fresh()
    model = plan.make()
    outputs: Values = framework.values(running.eager(plan, model))
    every = list(model._flatten_layers())
    layers = [layer for layer in every if isinstance(layer, framework.keras.layers.BatchNormalization)]
    told: list[Any] = []
    dropouts = [layer for layer in every if isinstance(layer, framework.keras.layers.Dropout)]
    for layer in dropouts:
        layer.call = _recorded(layer.call, told)
    if not layers and not dropouts:
        raise NotRun("it holds no BatchNormalization and no Dropout whose training could be seen")
    before = [layer.get_weights() for layer in layers]
    model.compile("sgd", "mse")
    inputs = running.model_inputs(framework, plan)
    model.train_on_batch(inputs[0] if len(inputs) == 1 else inputs, outputs[0])
    moved = [not framework.same(old[2:], layer.get_weights()[2:]) for old, layer in zip(before, layers, strict=True)]
    if any(moved) or any(told):
        raise Unproved(f"in a step of training {sum(moved)} BatchNormalization layers moved, Dropout was told {told}")
    seen = f"after a step of training the statistics of {len(layers)} BatchNormalization layers are as before"
    return seen if layers else f"in a step of training {len(dropouts)} Dropout layers are told training={told[-1:]}"


def _recorded(call: Any, told: list[Any]) -> Any:
    def recording(inputs: Any, training: Any = None, **named: Any) -> Any:
        told.append(bool(training))
        return call(inputs, training=training, **named)

    return recording


def trains_by_default(trial: Trial, claim: Claim) -> str:
    """KLL146: called without `training`, the layer trains: by hand (note), or in `predict` of a Model (warning)."""
    framework = trial.framework
    plan = trial.fresh()
    layer = plan.make()

    def values(**keywords: Any) -> Values:
        return framework.values(running.eager(plan, layer, **keywords))

    inference = values(training=False)
    if not framework.same(inference, values(training=False)):
        raise NotRun("in inference mode each call gives other values")
    if claim.severity == "note":
        if framework.same(inference, values()):
            raise Unproved("called without `training`, it is in inference mode")
        return "called without `training`, it gives other values than in inference mode"
    predicted = framework.values(_around(trial, plan, layer).predict_on_batch(_packed(trial, plan)))
    if framework.same(inference, predicted):
        raise Unproved("in a Model whose `call` takes no `training`, predict is in inference mode")
    return "in a Model whose `call` takes no `training`, predict gives other values than inference mode"


def _packed(trial: Trial, plan: Plan) -> Any:
    args, kwargs = plan.arrays(plan.given.batch or 2)
    if len(args) != 1 or kwargs:
        raise NotRun("it takes more than one argument, which a Model does not hand on")
    return args[0]


def _around(trial: Trial, plan: Plan, layer: Any) -> Any:
    """A subclassed Model around the layer that knows nothing of training."""

    class Untold(trial.framework.keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layer = layer

        def call(self, inputs: Any) -> Any:
            return self.layer(inputs)

    return Untold()


def rebound(trial: Trial, claim: Claim) -> str:
    """KLL214: a weight is no longer among the weights or gets no gradient; it is and does without the line."""
    name = attribute_of(claim)
    others: dict[Claim, Edit] = {
        other: "dropped" for other in trial.probe.claims if other != claim and other.code == claim.code
    }
    with_line = _out_of_use(trial, claim, others)
    without = _out_of_use(trial, claim, {**others, claim: "dropped"})
    if name not in with_line or name in without:
        raise Unproved(f"out of use: {sorted(with_line)}; without the line: {sorted(without)}")
    what = "is not among the weights" if trial.framework.generation == "2" else "gets no gradient"
    return f"{name} {what}; without the line it is in use"


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
    if framework.generation == "2":
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
