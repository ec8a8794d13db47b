"""What is traced around a layer. AutoGraph converts each once in a process, as it is made of one piece of code."""

from __future__ import annotations

from typing import Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.target import Generation


def calling(layer: Any, more: dict[str, Any]) -> Any:
    """A call of the layer, with further arguments by name."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return layer(*args, **kwargs | more)

    return call


def training_step(layer: Any, more: dict[str, Any], before: Any, after: Any) -> Any:
    """A step of training, between what begins and what finishes it."""

    def step(args: Any, kwargs: Any) -> Any:
        tape, leaves = before(args, kwargs)
        outputs = layer(*args, **kwargs, **more)
        return after(tape, leaves, outputs)

    return step


def calling_and_training(layer: Any, more: dict[str, Any], before: Any, after: Any, all_finite: Any) -> Any:
    """Both, and whether all gradients are finite."""

    def both(args: Any, kwargs: Any) -> Any:
        plain = layer(*args, **kwargs)
        tape, leaves = before(args, kwargs)
        outputs = layer(*args, **kwargs, **more)
        loss, gradients = after(tape, leaves, outputs)
        return plain, loss, all_finite(gradients)

    return both


def convert_beforehand(framework: Framework) -> None:
    """Have AutoGraph convert all that, where it does. It runs none of it, and no operation: the process may fork."""
    if framework.tf is None or framework.generation is not Generation.KERAS2:
        return
    nothing: dict[str, Any] = {}
    for made in (
        calling(None, nothing),
        training_step(None, nothing, None, None),
        calling_and_training(None, nothing, None, None, None),
    ):
        framework.tf.autograph.to_graph(made)
