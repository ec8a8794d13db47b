"""Oracles about what a layer is told and what it hands on: masks, training, the dtype policy, seeds."""

from __future__ import annotations

import inspect
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np

from tests.proof.claim import Claim, Unproved, brief
from tests.proof.example import Example, whole
from tests.proof.framework import Framework, Values, same
from tests.proof.plans import Plan, plans
from tests.proof.tracing import blamed, graph, working_plan


def mask_ends(example: Example, claim: Claim) -> str:
    """KLL143: a mask reaches `call`, the outputs have the same steps and none; with `supports_masking` they have it."""
    cls = getattr(example.load(), claim.class_name)
    tried = []
    for plan in plans(example.framework, cls):
        if not plan.masked:
            continue
        try:
            steps, masks, warned = _masked_call(example.framework, plan, cls)
            _, supported, _ = _masked_call(example.framework, plan, cls, supports_masking=True)
        except Exception as error:
            tried.append(f"{plan}: {brief(error)}")
            continue
        if not steps:
            tried.append(f"{plan}: the outputs have other steps than the input")
        elif masks or not supported:
            raise Unproved(f"masks of the outputs: {masks}; with supports_masking: {supported}; {plan}")
        elif warned != (example.framework.generation == "3"):
            raise Unproved("Keras warns" if warned else "Keras does not warn")
        else:
            return f"the outputs have no mask; with supports_masking they have; {plan}"
    raise Unproved("no mask reached `call`:\n" + "\n".join(tried[:4]))


def _masked_call(framework: Framework, plan: Plan, cls: Any, **attributes: Any) -> tuple[bool, list[Any], bool]:
    """Whether the outputs have the steps of the input, their masks, and whether Keras warns of a lost mask."""
    layer = plan.make(cls)
    for name, value in attributes.items():
        setattr(layer, name, value)
    inputs = np.array(plan.arrays()[0])
    inputs[:, -1] = 0.0
    received: list[Any] = []

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code is cls.call.__code__:
            received.append(frame.f_locals["mask"])

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sys.setprofile(profile)
        try:
            outputs = framework.tf.nest.flatten(plan.call(framework, layer, [framework.tf.constant(inputs)]))
        finally:
            sys.setprofile(None)
    if all(mask is None for mask in received):
        raise Unproved("no mask reached `call`")
    masks = [mask for output in outputs if (mask := getattr(output, "_keras_mask", None)) is not None]
    warned = any("destroy the mask" in str(warning.message) for warning in caught)
    return all(output.shape[:2] == inputs.shape[:2] for output in outputs), masks, warned


def trains_by_default(example: Example, claim: Claim) -> str:
    """KLL146: called without `training`, the layer trains: by hand (note), or in `predict` of a Model (warning)."""
    framework = example.framework
    cls = getattr(example.load(), claim.class_name)
    plan = working_plan(example, cls)
    layer = plan.make(cls)

    def values(**keywords: Any) -> Values:
        tensors = [framework.tf.constant(array) for array in plan.arrays()]
        return framework.values(plan.call(framework, lambda *inputs: layer(*inputs, **keywords), tensors))

    inference = values(training=False)
    if not same(inference, values(training=False)):
        raise Unproved("in inference mode each call gives other values")
    predicted = framework.values(_around(example, plan, layer, told=True).predict_on_batch(plan.arrays()))
    if not same(inference, predicted):
        raise Unproved("in a Model whose `call` takes `training`, predict gives other values than inference mode")
    if claim.severity == "note":
        if same(inference, values()):
            raise Unproved("called without `training`, it is in inference mode")
        return "called without `training`, it gives other values than in inference mode"
    predicted = framework.values(_around(example, plan, layer, told=False).predict_on_batch(plan.arrays()))
    if same(inference, predicted):
        raise Unproved("in a Model whose `call` takes no `training`, predict is in inference mode")
    return "in a Model whose `call` takes no `training`, predict gives other values than inference mode"


def _around(example: Example, plan: Plan, layer: Any, told: bool) -> Any:
    """A subclassed Model around the layer."""
    framework = example.framework

    class Untold(framework.keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layer = layer

        def call(self, inputs: Any) -> Any:
            return plan.call(framework, self.layer, inputs)

    class Told(Untold):
        def call(self, inputs: Any, training: bool | None = None) -> Any:
            return super().call(inputs)

    return Told() if told else Untold()


def inference_in_fit(example: Example, claim: Claim) -> str:
    """KLL142: a step of training leaves the statistics of BatchNormalization as they were."""
    framework = example.framework
    cls = getattr(example.load(), claim.class_name)
    plan = working_plan(example, cls)
    model = plan.make(cls)
    outputs: Values = framework.values(plan.run(framework, model))
    layers = [
        layer for layer in model._flatten_layers() if isinstance(layer, framework.keras.layers.BatchNormalization)
    ]
    before = [layer.get_weights() for layer in layers]
    model.compile("sgd", "mse")
    model.train_on_batch(plan.arrays()[0], outputs[0])
    moved = [not same(old[2:], layer.get_weights()[2:]) for old, layer in zip(before, layers, strict=True)]
    if not layers or any(moved):
        raise Unproved(f"the statistics of {sum(moved)} of {len(layers)} BatchNormalization layers moved")
    return f"after a step of training the statistics of {len(layers)} BatchNormalization layers are as before"


@contextmanager
def mixed_float16(framework: Framework) -> Iterator[None]:
    precision = framework.keras.mixed_precision
    precision.set_global_policy("mixed_float16")
    try:
        yield
    finally:
        precision.set_global_policy("float32")


def mixed_precision(example: Example, claim: Claim) -> str:
    """KLL161: the layer works, and raises at the line under `mixed_float16`."""
    cls = getattr(example.load(), claim.class_name)
    plan = working_plan(example, cls)
    with mixed_float16(example.framework):
        try:
            plan.run(example.framework, plan.make(cls))
        except Exception as error:
            if blamed(example, claim, error, traced=False) != claim.line:
                raise Unproved(f"line {example.line_of(error)}: {brief(error)}") from error
            claim.check_error(error)
            return f"{brief(error)}; fine in float32; {plan}"
    raise Unproved(f"raises nothing under mixed_float16; {plan}")


def seeds(example: Example, claim: Claim) -> str:
    """KLL115: a trace of the layer draws from a state that is not the layer's, or the numbers of one seed again."""
    if claim.severity == "error":
        return graph(example, claim)
    draws = _draws(example, claim, example)
    if (seed := re.search(r"has the seed (\d+)", claim.message)) is None:
        if same(*draws):
            raise Unproved("two calls give the same values")
        return "two calls give different values, and the variables of the layer stay as they are"
    if not same(*draws):
        raise Unproved("two calls give different values")
    lines = example.source.splitlines(keepends=True)
    for number in whole(example.statement(claim.line)):
        lines[number - 1] = re.sub(rf"\b{seed[1]}\b", str(int(seed[1]) + 1), lines[number - 1])
    if same(draws[0], _draws(example, claim, example.edited("".join(lines)))[0]):
        raise Unproved(f"another seed than {seed[1]} gives the same values")
    return f"two calls give the same values, another seed than {seed[1]} others"


def _draws(example: Example, claim: Claim, source: Example) -> tuple[Values, Values]:
    """What two calls of the traced layer give, in training where it takes that; it must keep no state."""
    framework = example.framework
    cls = getattr(source.load(), claim.class_name)
    plan = working_plan(source, cls)
    layer = plan.make(cls)
    told = {"training": True} if "training" in inspect.signature(cls.call).parameters else {}
    tensors = [framework.tf.constant(array) for array in plan.arrays()]
    plan.call(framework, layer, tensors)
    run: Callable[..., Any] = framework.tf.function(lambda *inputs: layer(*inputs, **told))
    before = framework.values([variable.value for variable in layer.variables])
    values = [framework.values(plan.call(framework, run, tensors)) for _ in range(2)]
    if not same(before, framework.values([variable.value for variable in layer.variables])):
        raise Unproved("the layer keeps a state that changes with each call")
    return values[0], values[1]
