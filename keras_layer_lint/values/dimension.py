"""Entries of static shapes."""

from __future__ import annotations

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.values.kind import Kind


@dataclass(frozen=True, slots=True)
class Dimension(Kind):
    """One entry of a static shape, or a number made from it; `batch`: it is the batch size."""

    batch: bool = False
    is_float: bool = False
    """It was divided with `/`."""
    is_number: bool = False
    """It is certain not to be a shape: where a layer has several inputs, an entry of their shapes is one."""
