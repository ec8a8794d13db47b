"""What a branch under a test of the layer's state does that the graph keeps."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.attribute_events import WeightAssigned
from keras_layer_lint.values.contents import parts_of
from keras_layer_lint.values.frames import Frame, Path
from keras_layer_lint.values.run import Run
from keras_layer_lint.values.value import Nest, PythonValue, Tensor, Value


class Effects:
    """Made before the branches of an `if` run; asked after each of them."""

    def __init__(self, run: Run, node: cst.If, frame: Frame) -> None:
        self._events = run.events
        self._before = len(run.events)
        self._returned = len(frame.returns)
        names = {syntax.self_attribute(part) for part in syntax.walk(node.test)}
        self.tested = sorted(
            name
            for name in names
            if name is not None and name in run.stored_in_call and isinstance(run.attributes.get(name), PythonValue)
        )
        """The attributes with Python values that the test reads and some method binds."""

    def show(self, start: Path, end: Path, frame: Frame) -> bool:
        """Whether the branch returns a tensor, binds one that is read later, or assigns to a weight."""
        if not self.tested:
            return False
        if any(isinstance(event, WeightAssigned) for event in self._events[self._before :]):
            return True
        if any(_is_tensor(value) for value, _ in frame.returns[self._returned :]):
            return True
        changed = end.env.changed(start.env)
        return any(
            (value := end.env.get(name)) is not None
            and value is not start.env.get(name)
            and _is_tensor(value)
            and any(block.reads_later(name) for block in frame.rest)
            for name in changed
        )


def _is_tensor(value: Value) -> bool:
    return any(isinstance(part, Tensor | Nest) for part in parts_of(value))
