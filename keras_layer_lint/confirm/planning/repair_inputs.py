"""Other inputs, where an error says what is wrong with the ones that were given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keras_layer_lint.confirm.planning import repair_structure as structure
from keras_layer_lint.confirm.planning import repair_tensors as tensors
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.trouble import Trouble

_TOLD = (
    structure.missing,
    structure.unexpected,
    structure.none,
    tensors.declared_rank,
    tensors.axes,
    structure.unpacked,
    structure.keys,
    tensors.values,
    tensors.told_dtype,
)
"""The error says what to give."""
_HINTED = (
    structure.containers,
    tensors.named_rank,
    tensors.dtype,
    tensors.sizes,
    tensors.several_scales,
    tensors.equal_sizes,
    tensors.other_rank,
    structure.optional,
    tensors.one_other_rank,
)
"""The error says what it is about."""


def repaired(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[tuple[int, Inputs]]:
    """Inputs that the error asks for, each with how unlikely it is."""
    for cost, repairs in ((0, _TOLD), (2, _HINTED)):
        number = 0
        for repair in repairs:
            for changed in repair(trouble, inputs, layer):
                if changed != inputs:
                    yield cost + number // 2, changed
                    number += 1
