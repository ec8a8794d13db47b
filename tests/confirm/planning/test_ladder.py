"""The order in which values are tried: what is declared, what the code does, the kind of value, the name, anything."""

from __future__ import annotations

import enum
from types import SimpleNamespace
from typing import Any, Literal

import pytest

from keras_layer_lint.confirm.planning import Plan, first_working, ladder
from keras_layer_lint.confirm.planning.arguments import Candidates
from keras_layer_lint.confirm.planning.asked import Parameter
from keras_layer_lint.confirm.planning.ladder import LADDER
from keras_layer_lint.confirm.planning.names import by_name
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.planning.seeds import seeds
from tests.confirm.planning.fake_keras import Fake, Layer


@pytest.fixture
def known() -> Any:
    class Known:
        recipe = None
        calls = ()

    return Known()


def test_type_and_use_come_before_the_name_and_the_name_before_anything() -> None:
    order = [rung.__name__ for rung in LADDER]
    assert order == [
        "written_in_annotation",
        "of_annotated_class",
        "default_of_class",
        "compared_with",
        "of_tested_class",
        "of_own_elements",
        "of_its_form",
        "of_feature_columns",
        "made_for_its_uses",
        "giving_two",
        "taking_words",
        "taking_several",
        "taking_a_list",
        "divisible",
        "given_to_layers",
        "used_as_array",
        "of_annotated_kind",
        "of_default_kind",
        "of_used_kinds",
        "by_its_name",
        "of_any_kind",
    ]
    assert all(getattr(ladder, name).__doc__ for name in order)


class Pace(enum.Enum):
    SLOW = 1


class Sizes:
    def __init__(self, width: int = 8) -> None:
        self.width = width


class Typed(Layer):
    """Every name says one thing, and the type or the use another."""

    def __init__(  # type: ignore[no-untyped-def]
        self,
        units: Literal["few", "many"],
        filters: Pace,
        rate: Sizes,
        dropout: list[int],
        activation,
        channels,
        dims=True,
        hidden_dim="wide",
    ):
        super().__init__()
        self.sizes = list(map(abs, activation))
        self.activation = make(activation)
        for each in activation:
            self.sizes.append(each)
        if channels == "all":
            self.sizes = []

    def call(self, inputs: Any) -> Any:
        return self.activation(inputs)


def make(value: Any) -> Any:
    return value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("units", "'few'"),
        ("filters", "Pace.SLOW"),
        ("rate", "Sizes()"),
        ("dropout", "[0.25, 0.25]"),
        ("activation", "['relu', 'relu']"),
        ("channels", "'all'"),
        ("dims", "True"),
        ("hidden_dim", "'relu'"),
    ],
)
def test_each_rung(name: str, value: str) -> None:
    assert by_name(name)[0] != value
    annotations = {"units": Literal["few", "many"], "filters": Pace, "rate": Sizes, "dropout": list[int]}
    candidates = Candidates(Typed, Layer, read(Typed, Layer))
    for key, annotation in annotations.items():
        parameter = candidates.parameters[key]
        candidates.parameters[key] = Parameter(key, parameter.required, parameter.default, annotation)
    assert candidates.of(name)[0] == value


class Configured(Layer):
    """The name of its argument says nothing."""

    def __init__(self, given: Any) -> None:
        super().__init__()
        self.width = given.hidden_size // given.num_heads
        self.rate = given.dropout_rate
        self.head = Head(given)

    def call(self, inputs: Any) -> Any:
        return inputs


class Head:
    """Reads more from the configuration that is handed on to it."""

    def __init__(self, given: Any) -> None:
        self.steps = given.max_length + 1


class Keyed(Layer):
    def __init__(self, given: Any) -> None:
        super().__init__()
        self.width = given["hidden_size"] + read_more(given)

    def call(self, inputs: Any) -> Any:
        return inputs


def read_more(given: Any) -> Any:
    return given["num_heads"]


class Worded(Layer):
    def __init__(self, given: Any) -> None:
        super().__init__()
        self.count = given.vocabulary_size()
        self.end = given.token_to_id("[SEP]")

    def call(self, inputs: Any) -> Any:
        return inputs * self.count


class Held(Layer):
    def __init__(self, given: Any) -> None:
        super().__init__()
        self.inner = given

    def call(self, inputs: Any) -> Any:
        return self.inner(inputs, training=True)


class Threes(Layer):
    def __init__(self, units: Any, parts: int = 3) -> None:
        super().__init__()
        if units % parts != 0:
            raise ValueError("no")

    def call(self, inputs: Any) -> Any:
        return inputs


class Fives(Layer):
    def __init__(self, groups: int = 5) -> None:
        super().__init__()
        self.groups = groups

    def call(self, inputs: Any) -> Any:
        assert inputs.shape[-1] % self.groups == 0
        return inputs


class Shared(Layer):
    def __init__(self, groups: int = 7) -> None:
        super().__init__()
        self.groups = groups

    def build(self, input_shape: Any) -> None:
        self.width = input_shape[-1] // self.groups

    def call(self, x: Any) -> Any:
        if x.shape[-1] != 7:
            raise ValueError("no")
        return x


class Fetched(Layer):
    def call(self, inputs: Any) -> Any:
        return inputs.get("left") + inputs.get("right")


@pytest.mark.parametrize(
    ("cls", "arguments", "inputs"),
    [
        (
            Configured,
            "given=klint.Settings(dropout_rate=0.25, hidden_size=8, num_heads=2, max_length=16)",
            "float32[5,8]",
        ),
        (Keyed, "given={'hidden_size': 8, 'num_heads': 2}", "float32[5,8]"),
        (Worded, "given=klint.Tokenizer()", "float32[5,8]"),
        (Threes, "units=9", "float32[5,8]"),
        (Fives, "", "float32[5,10]"),
        (Shared, "", "float32[5,7]"),
        (Fetched, "", "{'left': float32[5,8], 'right': float32[5,8]}"),
    ],
)
def test_objects_and_sizes_are_made_for_what_the_code_does_with_them(
    cls: Any, arguments: str, inputs: str, known: Any
) -> None:
    plan = first_working(cls, known, Fake())
    assert isinstance(plan, Plan), plan
    assert (plan.arguments, plan.inputs) == (arguments, inputs)


def test_what_is_called_in_training_is_a_layer() -> None:
    assert Candidates(Held, Layer, read(Held, Layer)).of("given")[0] == "keras.layers.Dense(8)"


class Sparse(Layer):
    def call(self, inputs: Any) -> Any:
        return tf.sparse.to_dense(inputs)  # type: ignore[name-defined]  # noqa: F821


class EitherSparse(Layer):
    def call(self, inputs: Any) -> Any:
        if isinstance(inputs, tf.SparseTensor):  # type: ignore[name-defined]  # noqa: F821
            inputs = tf.sparse.to_dense(inputs)  # type: ignore[name-defined]  # noqa: F821
        return inputs


class Ragged(Layer):
    def call(self, inputs: Any) -> Any:
        return inputs.row_lengths()


@pytest.mark.parametrize(
    ("cls", "first"),
    [
        (Sparse, ["sparse(float32[5,8])", "float32[5,8]"]),
        (EitherSparse, ["float32[5,8]", "sparse(float32[5,8])"]),
        (Ragged, ["ragged(float32[5,8])", "float32[5,8]"]),
    ],
)
def test_inputs_are_sparse_or_ragged_where_such_functions_are_called_on_them(cls: Any, first: list[str]) -> None:
    assert [str(inputs) for inputs in seeds(cls(), read(cls, Layer))][:2] == first


class Graph(Layer):
    def call(self, inputs: Any) -> Any:
        nodes, edges = inputs
        if nodes.ndim == 2:
            return tf.sparse.sparse_dense_matmul(edges, nodes)  # type: ignore[name-defined]  # noqa: F821
        return nodes @ edges


def test_an_element_is_sparse_and_dense_for_another_way_may_take_it() -> None:
    assert [str(inputs) for inputs in seeds(Graph(), read(Graph, Layer))][:2] == [
        "[float32[5,8], float32[5,8]]",
        "[float32[5,8], sparse(float32[5,8])]",
    ]


class Specified(Layer):
    """As layers of Keras say what they take; of a number it says no more than that it has no axis."""

    input_spec = (
        SimpleNamespace(shape=None, ndim=4, min_ndim=None, axes={}, dtype=None),
        SimpleNamespace(shape=None, ndim=0, min_ndim=None, axes={}, dtype="int32"),
        SimpleNamespace(shape=None, ndim=None, min_ndim=2, axes={-1: 3}, dtype=None),
        SimpleNamespace(shape=(None, 7), ndim=2, min_ndim=None, axes={}, dtype="int64"),
    )

    def call(self, inputs: Any) -> Any:
        return inputs


def test_what_the_layer_says_of_its_inputs() -> None:
    said = "[float32[5,8,8,8], int32[()] >= 1, float32[5,3], int64[5,7]]"
    assert said in [str(inputs) for inputs in seeds(Specified(), read(Specified, Layer))]
