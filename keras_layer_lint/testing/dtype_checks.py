"""The checks of a layer under other policies of dtypes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.reload import error_of
from keras_layer_lint.confirm.oracles.trial import Failed, Trial
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.testing.common import NotForThis, dtype_of, names_of
from keras_layer_lint.testing.shape_checks import other_dtypes


def in_mixed_precision(trial: Trial) -> Iterator[Failed]:
    """Under `mixed_float16` the layer is called, traced and trained; what it returns is of its compute dtype."""
    framework, plan = trial.framework, trial.plan
    takes_floats = any("float" in tensor.dtype for tensor in plan.given.tensors())
    outputs: list[Any] = []
    told: list[Any] = []
    with policy(framework, "mixed_float16"):
        layer = plan.make()
        stages: list[tuple[str, Callable[[], object]]] = [
            ("called", lambda: outputs.extend(framework.tree.flatten(running.eager(plan, layer)))),
            ("in a functional model", lambda: told.extend(framework.tree.flatten(running.symbolic(plan)))),
        ]
        if framework.backend != "torch":
            stages.append(("a step of training", lambda: running.train(framework, plan)))
        for what, stage in stages:
            if (error := error_of(stage)) is not None:
                yield Failed("mixed_precision", f"under mixed_float16, {what}: {brief(error)}", error)
                return
    others = {dtype_of(leaf) for leaf in outputs if "float" in dtype_of(leaf)} - {str(layer.compute_dtype)}
    if not takes_floats:  # what it makes of other inputs may be of any dtype, but of the one that it says
        if other := other_dtypes(told, outputs):
            yield Failed("mixed_precision", f"under mixed_float16, {other}")
    elif others:
        seen = f"its compute dtype is {layer.compute_dtype}, and it returns {', '.join(sorted(others))}"
        yield Failed("mixed_precision", f"under mixed_float16, {seen}")


def of_policy(trial: Trial) -> Iterator[Failed]:
    """Made with `float64` as the policy, the layer has weights of that dtype, and its configuration says so."""
    framework, plan = trial.framework, trial.plan
    if not any("float" in tensor.dtype for tensor in plan.given.tensors()):
        raise NotForThis("no input is of a floating-point dtype")
    with policy(framework, "float64"):
        layer = plan.make()
        try:
            running.eager(plan, layer)
        except Exception as error:
            yield Failed("dtype_policy", f"under the policy float64: {brief(error)}", error)
            return
        others = [
            weight
            for weight in layer.trainable_weights
            if "float" in dtype_of(weight) and dtype_of(weight) != "float64"
        ]
        if others and _policy_name(layer) == "float64":
            yield Failed(
                "dtype_policy", f"under the policy float64, weights are {dtype_of(others[0])}: {names_of(others)}"
            )


@contextmanager
def policy(framework: Framework, name: str) -> Iterator[None]:
    """Within, layers are made with this dtype policy."""
    precision = framework.keras.mixed_precision
    current = precision.dtype_policy() if hasattr(precision, "dtype_policy") else precision.global_policy()
    precision.set_global_policy(name)
    try:
        yield
    finally:
        precision.set_global_policy(current)


def _policy_name(layer: Any) -> str:
    held = getattr(layer, "dtype_policy", None)
    return str(getattr(held, "name", held))
