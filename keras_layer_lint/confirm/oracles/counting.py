"""Counts how often a line runs, in eager mode and while tracing."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.steps import Steps


class Counting:
    """What edited source calls in place of expressions: the first is computed and counted.

    The others are those of findings that are put out of the way: something stands in for them.
    """

    def __init__(self, framework: Framework, as_arrays: Container[int] = ()) -> None:
        self.runs = 0
        self._others = Steps(framework, as_arrays)
        convert = framework.tf.autograph.experimental.do_not_convert if framework.tf is not None else None
        self.call: Callable[..., Any] = convert(self._call) if convert else self._call

    def forget(self) -> None:
        """Begin anew: count from zero, and record again what stands in."""
        self.runs = 0
        self._others.forget()

    def _call(self, number: int, kind: str, compute: Callable[[], Any]) -> Any:
        if number:
            return self._others.call(number, kind, compute)
        self.runs += 1
        return compute()
