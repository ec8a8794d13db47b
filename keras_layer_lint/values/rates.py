"""The rate that a layer such as `Dropout` is made with."""

from __future__ import annotations

from keras_layer_lint.values.call_events import LayerMade
from keras_layer_lint.values.value import PythonValue, Value


def rate_of(event: LayerMade) -> Value | None:
    """The argument that says how much is dropped, or how much noise is added."""
    return event.argument(0, "rate", "stddev")


def is_certain(value: Value | None) -> bool:
    """Whether a number is written there."""
    return isinstance(value, PythonValue) and isinstance(value.constant, int | float)


def is_zero(value: Value | None) -> bool:
    """Whether it is 0 or False."""
    return isinstance(value, PythonValue) and value.constant is not ... and value.constant in (0, False)
