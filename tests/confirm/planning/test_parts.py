"""What parts of a layer take of what it hands on to them."""

from __future__ import annotations

from typing import Any

import pytest

from keras_layer_lint.confirm.planning import parts
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.parts import taken
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.planning.seeds import seeds
from tests.confirm.planning.fake_keras import Dense, Layer


class Spec:
    shape = axes = dtype = None

    def __init__(self, ndim: int | None = None, min_ndim: int | None = None) -> None:
        self.ndim, self.min_ndim = ndim, min_ndim


class Conv2D(Layer):
    def __init__(self) -> None:
        super().__init__()
        self.input_spec = Spec(min_ndim=4)

    def call(self, inputs: Any) -> Any:
        return inputs


class Embedding(Layer):
    def call(self, inputs: Any) -> Any:
        return inputs


class BatchNormalization(Layer):
    def call(self, inputs: Any) -> Any:
        return inputs


@pytest.fixture(autouse=True)
def the_layers_of_this_module_are_those_of_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    for cls in (Conv2D, Embedding, BatchNormalization, Dense):
        monkeypatch.setattr(cls, "__module__", "keras.layers")


class Net(Layer):
    def __init__(self) -> None:
        super().__init__()
        self.norm, self.convs, self.lookup = BatchNormalization(), [Conv2D()], Embedding()
        self.dense = Dense(4)

    def call(self, image: Any, words: Any, other: Any) -> Any:
        x = self.norm(image)
        for conv in self.convs:
            x = conv(x)
        return x, self.lookup(words), self.dense(other)


class Outer(Layer):
    def __init__(self) -> None:
        super().__init__()
        self.net = Net()

    def call(self, inputs: Any) -> Any:
        picture, words = inputs
        return self.net(picture, other=None, words=words)


class Reshaped(Layer):
    def __init__(self) -> None:
        super().__init__()
        self.conv = Conv2D()

    def call(self, inputs: Any) -> Any:
        x = inputs.folded()
        return self.conv(x)


class Documented(Layer):
    """Takes boxes.

    Inputs:
        scores: [batch, num_boxes, (background, foreground)]
        deltas (int32 tensor): (B, num_boxes, 4)
        memory: (batch, steps, units)
    """

    def __init__(self) -> None:
        super().__init__()
        self.units = 6

    def call(self, inputs: Any) -> Any:
        return inputs[0][:, 1], inputs[1], inputs[2]


def spelled(layer: Any) -> dict[str, str]:
    return {name: str(tensor) for name, tensor in taken(layer).items()}


def test_a_part_that_was_constructed_says_what_it_takes() -> None:
    assert spelled(Net()) == {"image": "float32[5,8,8,8]", "words": "int32[5,4]"}


def test_a_part_of_a_part_does_so_too_for_what_is_unpacked() -> None:
    assert spelled(Outer()) == {"picture": "float32[5,8,8,8]", "words": "int32[5,4]"}
    assert str(next(seeds(Outer(), read(Outer, Layer)))) == "[float32[5,8,8,8], int32[5,4]]"


def test_what_has_another_shape_than_the_input_says_nothing_of_it() -> None:
    assert spelled(Reshaped()) == {}


def test_docstrings_name_inputs_and_their_axes() -> None:
    assert spelled(Documented()) == {
        "scores": "float32[5,4,2]",
        "deltas": "int32[5,4,4]",
        "memory": "float32[5,4,6]",
    }
    found = [str(each) for each in seeds(Documented(), read(Documented, Layer))]
    assert "[float32[5,4,2], int32[5,4,4], float32[5,4,6]]" in found[:2]


def test_other_arguments_are_what_parts_take() -> None:
    first = next(seeds(Net(), read(Net, Layer)))
    assert isinstance(first, Inputs)
    assert [str(each) for each in first.positional[:2]] == ["float32[5,8,8,8]", "int32[5,4]"]


def test_a_layer_that_holds_itself_is_read_to_an_end() -> None:
    net = Outer()
    net.net = net  # type: ignore[assignment]
    assert parts.taken(net) == {}


class Helped(Layer):
    """Its own methods hand on what they are given."""

    def __init__(self) -> None:
        super().__init__()
        self.lookup, self.convs = Embedding(), [Conv2D()]

    def embedded(self, pair: Any, more: Any = None) -> Any:
        first, second = pair
        return self.lookup(first), self.lookup(second), self.convs[0](more)

    def again(self, pair: Any) -> Any:
        return self.again(pair)

    def call(self, inputs: Any) -> Any:
        picture = inputs["picture"]
        self.again(inputs["other"])
        return self.embedded((inputs["user"], inputs["item"]), more=picture)


def test_methods_of_the_layer_are_followed_and_keys_are_inputs() -> None:
    layer = Helped()
    assert {name: str(tensor) for name, tensor in taken(layer).items()} == {
        "user": "int32[5,4]",
        "item": "int32[5,4]",
        "picture": "float32[5,8,8,8]",
    }
    assert str(next(seeds(layer, read(Helped, Layer)))) == (
        "{'picture': float32[5,8,8,8], 'other': float32[5,8], 'user': int32[5,4], 'item': int32[5,4]}"
    )
