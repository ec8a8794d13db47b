"""Inputs whose names say that they are masks, and what shape goes with the tensors that they are for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from keras_layer_lint.confirm.planning.inputs import Inputs, Structure, Tensor, leaves
from keras_layer_lint.confirm.planning.seeds import called
from keras_layer_lint.confirm.planning.spoken import MASK


def with_masks(inputs: Inputs, layer: Any, change: Callable[[Structure], Structure]) -> Inputs:
    """The inputs with each mask changed."""
    names = [parameter.name for parameter in called(layer)]
    positional = tuple(
        change(value) if at < len(names) and _is_mask(names[at]) else value
        for at, value in enumerate(inputs.positional)
    )
    named = {name: change(value) if _is_mask(name) else value for name, value in inputs.named.items()}
    return replace(inputs, positional=positional, named=named)


def following(before: Inputs, after: Inputs, layer: Any) -> Inputs | None:
    """What has come of the inputs, with masks that go with tensors of another rank; None where none do.

    A mask has one value for each step, however many features a step has.
    """
    masked = _masked(after, layer)
    if [each.rank for each in _masked(before, layer)] == [each.rank for each in masked]:
        return None

    def change(mask: Structure) -> Structure:
        own = list(leaves(mask))
        if isinstance(mask, list) and len(own) == len(mask) == len(masked):
            return [_of(each, tensor) for each, tensor in zip(own, masked, strict=True)]
        return _of(mask, masked[0]) if isinstance(mask, Tensor) else mask

    fitted = with_masks(after, layer, change)
    return None if fitted == after else fitted


def _masked(inputs: Inputs, layer: Any) -> list[Tensor]:
    """The tensors that are no masks."""
    return with_masks(inputs, layer, lambda mask: None).tensors()


def _of(mask: Tensor, tensor: Tensor) -> Tensor:
    return replace(mask, shape=tensor.shape[:2] if tensor.rank >= 3 else tensor.shape)


def _is_mask(name: str) -> bool:
    return MASK.search(name.lower()) is not None
