"""What the parts of a class do with what it hands on to them."""

from __future__ import annotations

import ast
import inspect
from fractions import Fraction
from typing import Any

import pytest

from keras_layer_lint.confirm.planning import class_source, reading
from keras_layer_lint.confirm.planning.arguments import Candidates
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.planning.seeds import seeds
from tests.confirm.planning.fake_keras import Layer


class Stack(Layer):
    def __init__(self, sizes: Any, mode: Any) -> None:
        super().__init__()
        self.parts = [size + 1 for size in sizes]
        self.sums = mode == "sum"

    def call(self, nodes: Any) -> Any:
        return nodes[:, :2], nodes[:, 13:]


class Net(Layer):
    def __init__(self, hidden: Any, how: Any) -> None:
        super().__init__()
        self.stack = Stack(hidden, mode=how)

    def call(self, inputs: Any) -> Any:
        return self.stack(inputs)


class Outer(Layer):
    def __init__(self, hidden: Any, how: Any) -> None:
        super().__init__()
        self.net = Net(hidden, how)

    def call(self, inputs: Any) -> Any:
        return self.net(inputs)


class Itself(Layer):
    def __init__(self, depth: Any) -> None:
        super().__init__()
        self.inner = Itself(depth - 1)

    def call(self, inputs: Any) -> Any:
        return self.inner(inputs)


def test_arguments_are_of_the_kind_that_parts_take() -> None:
    for cls in (Net, Outer):
        candidates = Candidates(cls, Layer, read(cls, Layer))
        assert candidates.of("hidden")[0].startswith("[")
        assert candidates.of("how")[0] == "'sum'"


def test_inputs_are_as_parts_take_them() -> None:
    reading = read(Outer, Layer)
    assert reading.of("inputs").beyond == {13: None}
    layer = object.__new__(Outer)
    assert inspect.signature(layer.call).parameters
    assert str(next(seeds(layer, reading))) == "float32[5,17]"


def test_a_class_that_is_its_own_part_is_read_once() -> None:
    assert read(Itself, Layer).of("depth").items == 0


class Given(Layer):
    """Hands what it is given to a class of another package, whose source says nothing of layers."""

    def __init__(self, first: Any) -> None:
        super().__init__()
        self.count = Fraction(first)


def test_classes_of_other_packages_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[type] = []

    def tree_of(cls: type) -> ast.Module:
        asked.append(cls)
        return class_source.tree_of(cls)

    monkeypatch.setattr(reading, "tree_of", tree_of)
    read(Given, Layer)
    assert set(asked) == {Given}


def look_up(table: Any, at: Any) -> Any:
    return table.gather(table, at)


class Linked(Layer):
    def call(self, inputs: Any) -> Any:
        nodes, left = inputs
        return self.of(nodes, left)

    def of(self, features: Any, index: Any) -> Any:
        return look_up(features, index)


def test_what_functions_and_own_methods_do_counts_too() -> None:
    assert read(Linked, Layer).of("left").integer
    found = [str(each) for each in seeds(Linked(), read(Linked, Layer))]
    assert "[float32[5,8], int32[5]]" in found
