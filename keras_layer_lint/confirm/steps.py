"""What stands in for a faulty expression, so that the next fault shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container
from typing import Any

from keras_layer_lint.confirm.framework import Framework

_MOST = 256
NAME = "__klint__"
"""What edited source calls in place of an expression."""


class Steps:
    """Computes expressions in eager mode and records them; when traced, gives what was recorded, in that order.

    An expression that fails in eager mode, too, gives a number. A condition is false at last: loops come to an end,
    also when traced after recording was cut short.
    """

    def __init__(self, framework: Framework, as_arrays: Container[int] = ()) -> None:
        self._framework = framework
        self._as_arrays = as_arrays
        """Expressions that give arrays in place of constants, which belong to the graph they are made in."""
        self._recorded: dict[int, list[Any]] = defaultdict(list)
        self._read: dict[int, int] = defaultdict(int)
        self._held: dict[int, int] = defaultdict(int)
        """How often in a row a condition was true when traced."""
        convert = framework.tf.autograph.experimental.do_not_convert if framework.tf is not None else None
        self.call: Callable[..., Any] = convert(self._call) if convert else self._call

    def forget(self) -> None:
        """Drop what was recorded: another eager run begins."""
        self._recorded.clear()
        self._read.clear()
        self._held.clear()

    def _call(self, number: int, kind: str, compute: Callable[[], Any]) -> Any:
        if kind == "owner":
            return _PastKeras(compute())
        if self._framework.is_eager():
            try:
                value = compute() if len(self._recorded[number]) < _MOST else self._placeholder(kind)
                value = {"condition": bool, "elements": list}.get(kind, lambda value: value)(value)
            except Exception:  # fails in eager mode, too
                value = self._placeholder(kind)
            self._recorded[number].append(self._framework.tree.map_structure(self._on_host, value))
            return value
        values = self._recorded[number] or [self._placeholder(kind)]
        value = values[self._read[number] % len(values)]
        self._read[number] += 1
        if kind == "condition":
            self._held[number] = self._held[number] + 1 if value and self._held[number] < _MOST else 0
            return self._held[number] > 0
        if number in self._as_arrays:
            return value
        return self._framework.tree.map_structure(self._in_graph, value)

    def _placeholder(self, kind: str) -> Any:
        match kind:
            case "condition":
                return False
            case "elements":
                return []
        return self._framework.np.float32(1.0)

    def _on_host(self, leaf: Any) -> Any:
        return self._framework.np.asarray(leaf) if self._framework.is_of_tensors(leaf) else leaf

    def _in_graph(self, leaf: Any) -> Any:
        return self._framework.tensor(leaf) if isinstance(leaf, self._framework.np.ndarray) else leaf


class _PastKeras:
    """Sets attributes of a layer, and Keras does not keep track of them."""

    _layer: Any

    def __init__(self, layer: Any) -> None:
        object.__setattr__(self, "_layer", layer)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self._layer, name, value)
