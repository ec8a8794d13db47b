"""What the checks of all rooms share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from keras_layer_lint.confirm.oracles.trial import Failed, Trial

Check = Callable[[Trial], Iterator[Failed]]
"""Runs a layer one way, and yields what fails. Raises NotForThis where it is not for such a layer."""


class NotForThis(Exception):
    """A check is not for such a layer, or not for this backend: why."""


def names_of(variables: list[Any]) -> str:
    """The names of the first few."""
    names = [str(getattr(variable, "path", getattr(variable, "name", "?"))) for variable in variables[:4]]
    return ", ".join([*names, "..."] if len(variables) > 4 else names)


def dtype_of(weight: Any) -> str:
    """The name of the dtype of a tensor or variable."""
    dtype = getattr(weight, "dtype", "")
    return str(getattr(dtype, "name", dtype))
