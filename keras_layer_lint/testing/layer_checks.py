"""The checks of a layer: each runs it one way, and yields what fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.messages import ChildMessage, FailureSeen
from keras_layer_lint.confirm.oracles import compiled, graph, running, weights
from keras_layer_lint.confirm.oracles.outputs import difference, is_finite, numbers, same
from keras_layer_lint.confirm.oracles.rounding import is_of_rounding
from keras_layer_lint.confirm.oracles.trial import Failed, Trial
from keras_layer_lint.confirm.planning.inputs import Tensor
from keras_layer_lint.confirm.planning.plan import Plan
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.testing.common import NotForThis, names_of


def traced(trial: Trial) -> Iterator[Failed]:
    """Traced every way Keras and users trace it, nothing raises, and the outputs are those of eager mode."""
    _needs_tracing(trial)
    failures: list[Failed] = []
    graph.trace(recording(trial, failures), [])
    yield from failures
    if failures:
        return
    framework, plan = trial.framework, trial.plan
    for more in running.ways(plan):
        layer = plan.make()
        first, second = (numbers(framework, running.eager(plan, layer, **more)) for _ in range(2))
        if not same(first, second):
            continue  # random, or with a state
        given = numbers(framework, running.function(framework, plan, layer, **more)())
        other = difference(given, first)
        if other and not (compiled.draws(framework, plan, layer) or is_of_rounding(framework, plan, layer, **more)):
            yield Failed("graph", f"other outputs when traced{_said(more)}: {other}")


def compiled_with_xla(trial: Trial) -> Iterator[Failed]:
    """Compiled with XLA, the layer and its gradient raise nothing, and the outputs are those of eager mode."""
    _needs_tracing(trial)
    framework, plan = trial.framework, trial.plan
    if compiled.holds_text(plan):
        raise NotForThis("XLA takes no strings, sparse or ragged tensors")
    if not compiled.severity_of_xla(framework, plan.make()):
        raise NotForThis("the layer says that it is not compiled: `supports_jit = False`, or a DataLayer")
    for more in running.ways(plan):
        layer = plan.make()
        first, second = (numbers(framework, running.eager(plan, layer, **more)) for _ in range(2))
        try:
            given = numbers(framework, running.function(framework, plan, layer, jit_compile=True, **more)())
        except Exception as error:
            yield Failed("xla", f"compiled with XLA{_said(more)}: {brief(error)}", error)
            return
        other = difference(given, first) if same(first, second) else ""
        if other and not (compiled.draws(framework, plan, layer) or is_of_rounding(framework, plan, layer, **more)):
            yield Failed("xla", f"other outputs with XLA{_said(more)}: {other}")
    try:
        running.step(framework, plan, plan.make(), **({"jit_compile": True} if framework.tf is not None else {}))()
    except Exception as error:
        yield Failed("xla", f"the gradient, compiled with XLA: {brief(error)}", error)


def trained(trial: Trial) -> Iterator[Failed]:
    """In a step of training the loss and the gradients are finite, and each trainable weight has a gradient."""
    _needs_tracing(trial)
    framework, plan = trial.framework, trial.plan
    layer = plan.make()
    outputs = numbers(framework, running.eager(plan, layer))
    if outputs is None or not any(each.dtype.kind == "f" for each in outputs):
        raise NotForThis("no output is a number that a gradient could be taken of")
    try:
        _, loss, finite = running.step(framework, plan, layer)()
    except Exception as error:
        yield Failed("train", f"a step of training: {brief(error)}", error)
        return
    if all(map(is_finite, outputs)):
        if not bool(framework.np.isfinite(loss)):
            yield Failed("train", f"a step of training: the loss is {float(loss):g}, and the outputs are finite")
        elif not bool(finite):
            yield Failed("train", "a step of training: a gradient is not finite, and the outputs are")
    if lost := running.without_gradient(framework, plan, plan.make()):
        yield Failed("train", f"{len(lost)} trainable weights get no gradient: {names_of(lost)}")


def tracked(trial: Trial) -> Iterator[Failed]:
    """Keras knows all variables of the layer; it is built after a call, and `build` may be called by hand."""
    layer = trial.plan.make()
    running.eager(trial.plan, layer)
    if not getattr(layer, "built", True):
        yield Failed("build", "called, the layer is not built: its weights cannot be loaded from a file")
    yield from weights.fails(trial)


def pure(trial: Trial) -> Iterator[Failed]:
    """Traced, the layer leaves nothing behind in itself, and freezes nothing that changes from call to call."""
    _needs_tracing(trial)
    framework, plan = trial.framework, trial.plan
    layer = plan.make()
    first, second, third = (numbers(framework, running.eager(plan, layer)) for _ in range(3))
    state = [(each, framework.np.array(each)) for each in weights.variables_of(framework, layer)]
    running.function(framework, plan, layer)()
    for variable, value in state:
        variable.assign(value)
    if first is not None:
        yield from compiled.called_again(framework, plan, layer, second, third)


def any_batch(trial: Trial) -> Iterator[Failed]:
    """One layer takes batches of several sizes, also traced for any size, with the outputs of eager mode."""
    _needs_tracing(trial)
    framework, plan = trial.framework, trial.plan
    own = plan.given.batch
    if own is None:
        raise NotForThis("no input has a batch")
    layer = plan.make()
    plan.call(layer)
    sizes = [own, own + 1, 1]
    eagerly: list[Any] = []
    for size in sizes:
        args, kwargs = plan.call_inputs(size)
        try:
            eagerly.append(numbers(framework, layer(*args, **kwargs)))
        except Exception as error:
            yield Failed("unknown_batch", f"called on a batch of {size} after one of {own}: {brief(error)}", error)
            return
    try:
        model = running.model_of(framework, plan, layer)
    except Exception as error:
        yield Failed("unknown_batch", f"in a functional model of unknown batch size: {brief(error)}", error)
        return
    for size, expected in zip(sizes if model is not None else (), eagerly, strict=True):
        args, kwargs = plan.arrays(size)
        given = [leaf for leaf in framework.tree.flatten([args, kwargs]) if isinstance(leaf, framework.np.ndarray)]
        try:
            found = numbers(framework, framework.tree.flatten(_predicted(plan, model, given)))
        except Exception as error:
            yield Failed(
                "unknown_batch", f"predicted by a functional model on a batch of {size}: {brief(error)}", error
            )
            return
        again = numbers(framework, layer(*plan.call_inputs(size)[0], **plan.call_inputs(size)[1]))
        other = difference(found, expected) if same(expected, again) else ""
        if other and not compiled.draws(framework, plan, layer):
            yield Failed("unknown_batch", f"other outputs in a functional model, for a batch of {size}: {other}")


def _predicted(plan: Plan, model: Any, given: list[Any]) -> Any:
    """The outputs of a model in a traced function, which `predict` is: not for a layer that is called in training."""
    inputs = given if len(given) != 1 else given[0]
    training = plan.given.named.get("training")
    return model.predict_on_batch(inputs) if training is None else model(inputs, training=training)


def repeatable(trial: Trial) -> Iterator[Failed]:
    """Made and called again after the same `keras.utils.set_random_seed`, the layer gives the same."""
    framework, plan = trial.framework, trial.plan
    outputs = []
    for _ in range(2):
        layer = plan.make()
        outputs.append(numbers(framework, plan.call(layer)))
    if other := difference(outputs[1], outputs[0]):
        yield Failed("determinism", f"made and called again with the same seed: {other}")


def masked(trial: Trial) -> Iterator[Failed]:
    """Called on inputs with a mask, also in a functional model; where it supports masking, it hands the mask on."""
    framework, plan = trial.framework, trial.plan
    layer = plan.make()
    takes = running.takes(type(layer).call, "mask")
    if not takes and not getattr(layer, "supports_masking", False):
        raise NotForThis("the layer takes no mask and does not say that it supports masking")
    if "mask" in plan.given.named:
        raise NotForThis("a mask is given with the inputs")
    given = plan.given.map(_with_mask)
    if given == plan.given:
        raise NotForThis("no input has steps that could be masked")
    changed = replace(plan, given=given)
    try:
        outputs = framework.tree.flatten(running.eager(changed, layer))
        running.symbolic(changed)
    except Exception as error:
        yield Failed("mask", f"called on a masked input: {brief(error)}", error)
        return
    steps = next(tensor.shape[:2] for tensor in given.tensors() if tensor.kind == "masked")
    keeps = [leaf for leaf in outputs if tuple(leaf.shape[:2]) == steps]
    is_merging = len(given.tensors()) > 1
    if getattr(layer, "supports_masking", False) and keeps and not is_merging:
        without = [leaf for leaf in keeps if getattr(leaf, "_keras_mask", None) is None]
        if without and not _ends_masks(layer, framework):
            yield Failed("mask", "it supports masking, and its outputs of the same steps have no mask")


def _ends_masks(layer: Any, framework: Framework) -> bool:
    """Whether the layer has a `compute_mask` of its own, which may say that there is none."""
    return type(layer).compute_mask is not framework.keras.layers.Layer.compute_mask


def _with_mask(tensor: Tensor) -> Tensor:
    able = "float" in tensor.dtype and not tensor.kind and len(tensor.shape) > 2
    return replace(tensor, kind="masked") if able else tensor


def recording(trial: Trial, failures: list[Failed]) -> Trial:
    """The same trial, whose failures end in a list."""

    def send(message: ChildMessage) -> None:
        if isinstance(message, FailureSeen):
            failure = message.failure
            failures.append(Failed(failure.oracle, failure.evidence, None, failure.severity, failure.line))

    return replace(trial, send=send)


def _needs_tracing(trial: Trial) -> None:
    if trial.framework.backend not in ("tensorflow", "jax"):
        raise NotForThis(f"klint traces nothing on {trial.framework.backend}")


def _said(more: dict[str, Any]) -> str:
    return "".join(f", {name}={value!r}" for name, value in more.items())
