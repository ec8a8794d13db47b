"""A layer called again, trained and compiled: the same outputs as in eager mode, and a loss that is a number."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.framework import Framework, Values
from keras_layer_lint.confirm.oracles import gpu, running
from keras_layer_lint.confirm.oracles.fault import is_for_lack_of_a_package, is_left_to_subclasses
from keras_layer_lint.confirm.oracles.outputs import difference, is_finite, numbers, same
from keras_layer_lint.confirm.oracles.rounding import is_of_rounding
from keras_layer_lint.confirm.oracles.trial import Failed, NotRun, Trial
from keras_layer_lint.confirm.oracles.ways import Ways
from keras_layer_lint.confirm.oracles.weights import variables_of
from keras_layer_lint.confirm.planning.inputs import leaves
from keras_layer_lint.confirm.planning.values import RANGES
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.target import Generation

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

NOT_TRACED = "what cannot be traced can neither be compiled nor saved"
_DRAWS = re.compile(r"Random|Multinomial|Rng|Shuffle|Sample")
"""Operations of which XLA makes other numbers."""


def fails(trial: Trial) -> Iterator[Failed]:
    """Compiled as far as the layer is meant to be, else traced: outputs, loss, and the layer called once more."""
    framework, plan = trial.framework, trial.plan
    layer = trial.take_called()
    try:
        if running.takes(type(layer).call, "training") and "training" not in plan.given.named:
            running.eager(plan, layer, training=True)
        first, second, third = (numbers(framework, running.eager(plan, layer)) for _ in range(3))
    except Exception as error:
        if (failed := _not_traced(trial)) is not None:
            yield failed
        elif not trial.is_made_up:
            yield Failed("purity", f"called again: {brief(error)}", error)
        return
    severity = severity_of_xla(framework, layer)
    state = [(each, framework.np.array(each)) for each in variables_of(framework, layer)]
    step = yield from _stepped(trial, layer, severity)
    if step is None:
        return
    for variable, value in state:  # as before the step of training
        variable.assign(value)
    expected = third if first is not None and same(first, third) else None
    other = difference(numbers(framework, step.outputs), expected)
    if other and is_of_rounding(framework, plan, layer):
        other = ""
    if other and step.compiles:
        traced = difference(numbers(framework, running.function(framework, plan, layer)()), expected)
        if traced:
            yield Failed("graph", f"other outputs when traced: {traced}")
        elif not draws(framework, plan, layer):
            yield Failed("xla", f"other outputs when compiled: {other}", None, severity)
    elif other:
        yield Failed("graph", f"other outputs when traced: {other}")
    seen = _not_finite(framework, step.loss, step.finite) if _are_finite(first) else ""
    if seen and (seen_in := _seen_everywhere(framework, plan, {"jit_compile": True} if step.compiles else {})) > 1:
        yield Failed("train", f"training: {seen}, in {seen_in} draws of weights and inputs")
    yield from called_again(framework, plan, layer, second, third)
    trial.end("purity")


@dataclass(frozen=True, slots=True)
class _Step:
    """What a call and a step of training give."""

    outputs: Any
    loss: Any
    finite: Any
    compiles: bool


def _stepped(trial: Trial, layer: Any, severity: str) -> Generator[Failed, None, _Step | None]:
    """Run both, compiled if that can be; None where neither can be traced."""
    framework, plan = trial.framework, trial.plan
    if severity and not holds_text(plan):
        trial.begin("xla", [], dying_means="compiling with XLA", severity=severity)
        step: _Step | None
        try:
            outputs, loss, finite = running.step(framework, plan, layer, jit_compile=True)()
            step = _Step(outputs, loss, finite, compiles=True)
        except Exception as error:
            if (failed := _not_traced(trial)) is not None:
                yield failed
                trial.end("xla", "train", "purity", reason=NOT_TRACED)
                return None
            if not is_fault_of_cpu(framework, error) and not _is_of_gradient(framework, plan, layer, jit_compile=True):
                yield Failed("xla", f"compiled: {brief(error)}", error, severity)
            step = None
        trial.end("xla")
        trial.begin("train", [])
        if step is not None:
            return step
    else:
        trial.end("xla", reason="the layer, or what it is called on, is not meant to be compiled")
    try:
        outputs, loss, finite = running.step(framework, plan, layer)()
        return _Step(outputs, loss, finite, compiles=False)
    except Exception as error:
        if (failed := _not_traced(trial)) is not None:
            yield failed
            trial.end("train", "purity", reason=NOT_TRACED)
        elif _is_of_gradient(framework, plan, layer):
            trial.end("train", "purity", reason="the layer has nothing to train, and its operations no gradient")
        else:
            yield Failed("train", f"training: {brief(error)}", error)
    return None


def _not_traced(trial: Trial) -> Failed | None:
    """What fails where the layer is traced in training, which was left to compiling it; None where nothing does."""
    for mode, stage in Ways(trial, trial.plan, []).left_to_compiling() if trial.is_compiled_later else ():
        try:
            stage()
        except Exception as error:  # noqa: PERF203
            if mode == "eager":
                return None  # it was called so before
            if is_left_to_subclasses(trial.cls, error) or is_for_lack_of_a_package(error):
                raise NotRun(f"{mode}: {brief(error)}") from error
            return Failed("graph", f"{mode}: {brief(error)}", error)
    return None


def _are_finite(outputs: Values | None) -> bool:
    return outputs is not None and all(is_finite(each) for each in outputs)


def _not_finite(framework: Framework, loss: Any, finite: Any) -> str:
    """What of a step of training is no number; empty where all of it is."""
    if not bool(framework.np.isfinite(loss)):
        return f"the loss is {float(loss):g}"
    return "" if bool(finite) else "a gradient is not finite"


def _seen_everywhere(framework: Framework, plan: Plan, options: dict[str, Any]) -> int:
    """In how many draws training is not finite; 0 where one of them is: a formula may be singular at some values."""
    seen = 1
    for number in range(1, len(RANGES)):
        other = replace(plan, draw=plan.draw + number)
        try:
            layer = other.make()
            outputs = numbers(framework, running.eager(other, layer))
            _, loss, finite = running.step(framework, other, layer, **options)()
        except Exception:
            continue
        if not _are_finite(outputs):
            continue
        if not _not_finite(framework, loss, finite):
            return 0
        seen += 1
    return seen


def _is_of_gradient(framework: Framework, plan: Plan, layer: Any, **options: Any) -> bool:
    """Whether only the gradient of a layer fails that has nothing to train: it stands where none is wanted."""
    if layer.trainable_variables:
        return False
    try:
        for more in running.ways(plan):
            running.function(framework, plan, layer, **options, **more)()
    except Exception:
        return False
    return True


def severity_of_xla(framework: Framework, layer: Any) -> str:
    """How much it matters that XLA compiles the layer; empty where it is not meant to be compiled."""
    if framework.generation is Generation.KERAS2:
        return "note"  # Keras 2 compiles nothing unless it is asked to
    layers = layer._flatten_layers() if hasattr(layer, "_flatten_layers") else [layer]
    for each in layers:
        is_of_pipelines = any(base.__name__ == "DataLayer" for base in type(each).__mro__)
        if is_of_pipelines or not getattr(each, "supports_jit", True):
            return ""
    return "warning"  # on a machine with a GPU


def holds_text(plan: Plan) -> bool:
    """Whether inputs are of a kind that XLA takes none of."""
    tensors = [*leaves(plan.given.positional), *leaves(tuple(plan.given.named.values()))]
    return any(tensor.dtype == "string" or tensor.kind in ("sparse", "ragged") for tensor in tensors)


def is_fault_of_cpu(framework: Framework, error: Exception) -> bool:
    """Whether an operation lacks a kernel on the CPU only, for which Keras 3 does not compile by itself."""
    return framework.generation is Generation.KERAS3 and gpu.has_all_kernels(framework, str(error))


def called_again(
    framework: Framework, plan: Plan, layer: Any, second: Values | None, third: Values | None
) -> Iterator[Failed]:
    """What tracing left behind in the layer; and what it froze."""
    try:
        again = numbers(framework, running.eager(plan, layer))
    except Exception as error:
        yield Failed("purity", f"called once more after it was traced: {brief(error)}", error)
        return
    if second is None or third is None or again is None:
        return
    if same(second, third):
        if (other := difference(again, third)) and not draws(framework, plan, layer):
            yield Failed("purity", f"other outputs once it was traced: {other}")
    elif framework.tf is not None:
        call = running.function(framework, plan, layer)
        call()
        one, two = (numbers(framework, call()) for _ in range(2))
        if one is not None and two is not None and same(one, two):
            yield Failed(
                "purity", "two calls give different outputs, two calls of the traced layer the same: tracing froze them"
            )


def draws(framework: Framework, plan: Plan, layer: Any) -> bool:
    """Whether the traced layer draws random numbers."""
    if framework.tf is None:
        return False
    return any(_DRAWS.search(name) for name in running.operations(framework, plan, layer))
