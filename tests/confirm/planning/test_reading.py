"""What is read off the source of a class, and what its parameters are then given first."""

from __future__ import annotations

import copy
from typing import Any, Literal

import pytest

import tests
from keras_layer_lint.confirm.planning.arguments import Candidates, read_arguments
from keras_layer_lint.confirm.planning.documented import documented_by_name
from keras_layer_lint.confirm.planning.names import by_name
from keras_layer_lint.confirm.planning.reading import own_classes, read
from keras_layer_lint.confirm.planning.seeds import seeds
from keras_layer_lint.confirm.planning.usual import MATRIX
from tests.confirm.planning.fake_keras import Layer


class Example(Layer):
    """Takes a tensor of shape `(batch_size, steps, 8)`."""

    def __init__(self, units, mode, fn, sizes, table, inner: Layer, how: Literal["a", "b"], rate=0.1):  # type: ignore[no-untyped-def]
        super().__init__()
        self.units = units // 2
        self.mode = mode
        self.fn = fn
        self.sizes = [size + 1 for size in sizes]
        self.low = table["low"]
        self.inner, self.how, self.rate = inner, how, rate

    def build(self, input_shape: Any) -> None:
        self.depth = input_shape[3]

    def call(self, inputs: Any, token_ids: Any, features: Any) -> Any:
        nodes, edge_index = features
        rows = lookup.gather(inputs, token_ids)  # type: ignore[name-defined]  # noqa: F821
        if self.mode == "fast" or self.mode in ("slow", "still"):
            return self.fn(inputs)
        return rows, nodes, edge_index


READING = read(Example, Layer)


class Model(Layer):
    def fit(self, batches: Any) -> None:
        for batch in batches:
            self(batch["inputs"])


class Classifier(Model):
    def call(self, inputs: Any) -> Any:
        return inputs["image"]


def test_what_a_model_of_keras_does_says_nothing_of_a_model_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tests, "Model", Model, raising=False)  # as `keras.Model` beside `keras.layers.Layer`
    assert [each.__name__ for each in own_classes(Classifier, Layer)] == ["Classifier"]
    read.cache_clear()
    assert "batch" not in read(Classifier, Layer).uses
    assert read(Classifier, Layer).uses["inputs"].keys == ["image"]


def test_uses() -> None:
    assert READING.of("mode").strings == ["fast", "slow", "still"]
    assert "callable" in READING.of("fn").kinds
    assert "list" in READING.of("sizes").kinds
    assert READING.of("table").keys == ["low"]
    assert READING.of("inputs").rank == 4
    assert READING.of("token_ids").integer
    assert READING.of("features").elements(2) == ("nodes", "edge_index")
    assert READING.of("nothing").kinds == {}


class Serializing(Layer):
    def __init__(self, part: Any, other: Any) -> None:
        super().__init__()
        self.part = part
        self.other = layers.deserialize(other)  # type: ignore[name-defined]  # noqa: F821

    def call(self, inputs: Any) -> Any:
        return self.part(inputs)

    def get_config(self) -> Any:
        return {"part": keras.layers.serialize(self.part)}  # type: ignore[name-defined]  # noqa: F821


def test_what_is_serialized_as_a_layer_is_one() -> None:
    candidates = Candidates(Serializing, Layer, read(Serializing, Layer))
    for name in ("part", "other"):
        assert candidates.of(name)[0].startswith("keras.layers."), candidates.of(name)


class WithLoop(Layer):
    def __init__(self, k: int) -> None:
        super().__init__()
        self.k = k

    def chosen(self, settings: Any) -> Any:
        return {k: settings[k] for k in settings if k == "kwargs"}


def test_the_variable_of_a_loop_is_no_parameter() -> None:
    """It may have the name of one."""
    assert read(WithLoop, Layer).of("k").strings == []


def test_shapes_that_a_docstring_names() -> None:
    assert READING.documented == [(-1, 8)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("units", "8"),
        ("mode", "'fast'"),
        ("fn", "keras.activations.relu"),
        ("sizes", "[8, 8]"),
        ("inner", "keras.layers.Dense(8)"),
        ("how", "'a'"),
    ],
)
def test_the_first_candidate_fits_the_use(name: str, value: str) -> None:
    assert Candidates(Example, Layer, READING).of(name)[0] == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("num_heads", "2"),
        ("key_dim", "4"),
        ("dropout_rate", "0.25"),
        ("vocab_size", "16"),
        ("kernel_initializer", "'glorot_uniform'"),
        ("use_bias", "True"),
        ("axis", "-1"),
        ("hidden_dim", "8"),
        ("kernel_size", "3"),
        ("cell", "keras.layers.SimpleRNNCell(8)"),
    ],
)
def test_names_say_what_they_hold(name: str, value: str) -> None:
    assert by_name(name)[0] == value


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("", {}),
        ("4, 'x', rate=0.5", {"units": "4", "mode": "'x'", "rate": "0.5"}),
        ("**more", None),
        ("*more", None),
        ("1, 2, 3, 4, 5, 6, 7, 8, 9", None),
        ("4 +", None),
    ],
)
def test_arguments_are_read_by_name(text: str, arguments: dict[str, str] | None) -> None:
    assert read_arguments(text, Example) == arguments


class Several(Layer):
    def build(self, input_shape: Any) -> None:
        self.width = input_shape[0][-1]

    def call(self, inputs: Any) -> Any:
        return inputs[0] * self.width


def test_an_axis_of_one_of_several_inputs() -> None:
    reading = read(Several, Layer)
    assert reading.of("inputs").items == 2
    assert str(next(seeds(Several(), reading))) == "[float32[5,8], float32[5,8]]"


class Wide(Layer):
    def __init__(self, model_dim: int = 256) -> None:
        super().__init__()
        self.model_dim = model_dim

    def call(self, inputs: Any, mask: Any) -> Any:
        return inputs if mask is None else inputs * mask


def test_inputs_are_as_wide_as_the_layer_says_and_have_the_mask_that_must_be_there() -> None:
    found = [str(inputs) for inputs in seeds(Wide(), read(Wide, Layer))]
    assert "float32[5,4,256], bool[5,4]" in found
    assert all("bool" in inputs for inputs in found if inputs.startswith("float32"))


def test_docstrings_write_out_shapes_beside_names() -> None:
    text = """
    Args:
        boxes: [batch, num_boxes, (y1, x1, log(dh), log(dw))] in pixels
        time (Tensor): [batch_size]
        * `images`: 4D tensor of shape (batch, h, w, 3)
        ids (int64 tensor): (B, T)
        mask: boolean, broadcastable to (..., steps)
        units: a number (batch) of them
        rate (float, optional): (0, 1)
    """
    found = documented_by_name(text)
    assert {name: each.axes for name, each in found.items()} == {
        "boxes": ("batch", "num_boxes", 4),
        "time": ("batch_size",),
        "images": ("batch", "h", "w", 3),
        "ids": ("B", "T"),
    }
    assert found["ids"].dtype == "int64"


class Decoded(Layer):
    def call(self, inputs: Any) -> Any:
        return inputs[..., -12:-8], inputs[:, :, 14]


def test_the_last_axis_reaches_as_far_as_slices_do() -> None:
    found = [str(each) for each in seeds(Decoded(), read(Decoded, Layer))]
    assert found[0] == "float32[5,4,19]"


class Copied(Layer):
    def __init__(self, config: Any, sizes: Any, more: Any) -> None:
        super().__init__()
        self.config = copy.deepcopy(config)
        self.sizes = list(sizes)
        self.more = more or {}

    def call(self, inputs: Any) -> Any:
        return inputs * self.config.vocab_size, self.sizes[0], self.more["rate"]


def test_what_an_attribute_holds_a_copy_of_is_used_as_it_is() -> None:
    reading = read(Copied, Layer)
    assert reading.of("config").attributes == {"vocab_size": None}
    assert "list" in reading.of("sizes").kinds
    assert reading.of("more").keys == ["rate"]


class Levels(Layer):
    def __init__(self, min_level: Any, max_level: Any) -> None:
        super().__init__()
        self.levels = [level for level in range(min_level, max_level + 1)]  # noqa: C416


def test_what_a_range_ends_at_is_an_integer() -> None:
    candidates = Candidates(Levels, Layer, read(Levels, Layer))
    assert candidates.of("min_level")[0].isdecimal()
    assert "int" in read(Levels, Layer).of("max_level").kinds


class Rounds(Layer):
    def __init__(self, activations: Any, use_bias_rounds: Any, count: Any) -> None:
        super().__init__()
        self.parts = [(activations[at], use_bias_rounds[at]) for at in range(count)]


def test_what_a_counter_indexes_is_a_list_of_what_the_name_speaks_for() -> None:
    candidates = Candidates(Rounds, Layer, read(Rounds, Layer))
    assert candidates.of("use_bias_rounds")[0] == "[True, True]"
    assert "list" in read(Rounds, Layer).of("activations").kinds


ops: Any = None  # what is read is not run
tf: Any = None


class Matrices(Layer):
    def __init__(self, source: Any, target: Any, nodes: Any) -> None:
        super().__init__()
        self.count = ops.shape(source)[1]
        self.source = ops.convert_to_tensor(source)
        self.target = tf.Variable(initial_value=target)
        self.nodes = tf.Variable(nodes)

    def call(self, inputs: Any) -> Any:
        return ops.einsum("nce,ev->ncv", inputs, self.target), ops.einsum("...a,bcd", inputs, self.nodes)


def test_what_is_multiplied_with_axes_by_name_has_as_many() -> None:
    reading = read(Matrices, Layer)
    assert [reading.of(name).rank for name in ("source", "target", "inputs", "nodes")] == [2, 2, 3, 0]
    candidates = Candidates(Matrices, Layer, reading)
    assert candidates.of("source")[0] == candidates.of("target")[0] == MATRIX
