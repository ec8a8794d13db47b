"""Counts how often lines run, in eager mode and while tracing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from keras_layer_lint.confirm.framework import Framework


class Counting:
    """What edited source calls in place of an expression: it computes it, and counts."""

    def __init__(self, framework: Framework) -> None:
        self.runs: Counter[int] = Counter()
        convert = framework.tf.autograph.experimental.do_not_convert if framework.tf is not None else None
        self.call: Callable[..., Any] = convert(self._call) if convert else self._call

    def forget(self) -> None:
        """Begin anew."""
        self.runs.clear()

    def _call(self, number: int, kind: str, compute: Callable[[], Any]) -> Any:
        self.runs[number] += 1
        return compute()
