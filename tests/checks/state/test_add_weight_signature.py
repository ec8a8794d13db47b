"""KLL208: `add_weight` gets what the generation does not take."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_source
from tests.checks.cases import assert_silent, assert_told, layer

KERAS_2 = "TypeError"
KERAS_3 = "ValueError"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("self.v = self.add_weight('v', (4,))  # here", "", KERAS_3, ""),
    ("self.v = self.add_weight((4,), 'ones')  # here", KERAS_2, "", ""),
    (
        "self.v = self.add_weight(name='v', shape=4)  # here",
        KERAS_2,
        "`add_weight` gets a number as shape: ValueError",
        "",
    ),
    ("self.v = self.add_weight(name='v', shape=(self.units / 2,))  # here", KERAS_2, KERAS_3, ""),
    ("self.v = self.add_weight(name='v', shape=(unknown(input_shape) / 2,))  # here", KERAS_2, KERAS_3, ""),
    ("self.v = self.add_weight(name='v', shape=(input_shape[0][-1]))  # here", KERAS_2, KERAS_3, ""),
    ("self.v = self.add_weight(name='v', shape=(4,), use_resource=True)  # here", "", KERAS_2, ""),
    ("self.v = self.add_weight(name='v', shape=(4,), overwrite_with_gradient=True)  # here", KERAS_2, "", ""),
    ("self.v = self.add_weight(name='a/v', shape=(4,))  # here", "", KERAS_3, ""),
    ("self.grow()", "", KERAS_3, "def grow(self):\n    self.v = self.add_weight('v', shape=(4,))  # here\n"),
]

SILENT = [
    ("self.v = self.add_weight(name='v', shape=(4, input_shape[-1]), initializer='ones')", ""),
    ("self.v = self.add_weight(name='v', shape=())", ""),
    ("self.v = self.add_weight(name='v')", ""),
    ("self.v = self.add_weight(name='v', shape=input_shape[-1])", ""),
    ("self.v = self.add_weight(name='v', shape=input_shape[0][1:])", ""),
    ("self.v = self.add_weight(name='v', shape=(input_shape[-1] // 2,))", ""),
    ("self.v = self.add_weight(name='v', shape=(int(self.units / 2),))", ""),
    ("self.v = self.add_weight(name='v', shape=(int(unknown(input_shape) / 2),))", ""),
    ("self.v = self.add_weight(name='v', shape=(unknown(input_shape) / 'v',))", ""),
    ("self.v = self.add_weight(name='v', shape=[4])", ""),
    ("arguments = self.of_somebody_else()\nself.v = self.add_weight(*arguments)", ""),
    ("arguments = self.of_somebody_else()\nself.v = self.add_weight(**arguments)", ""),
    ("self.v = self.add_weight(name='v', shape=self.shape_of_somebody_else())", ""),
    ("self.v = self.of_somebody_else.add_weight('v', (4,))", ""),
    (
        "self.v = self.add_weight('v', (4,))",
        (
            "def add_weight(self, name, shape, **kwargs):\n"
            "    return super().add_weight(name=name, shape=shape, **kwargs)\n"
        ),
    ),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL208", layer(build=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL208", layer(build=body, methods=methods))


OF_ONE = "self.v = self.add_weight(name='v', shape=input_shape[0][1])  # here"


@pytest.mark.parametrize(
    "call",
    [
        "return x[0] + x[1]",
        "a, b = x\nreturn a + b",
        "for each in x:\n    print(each)\nreturn x[0]",
        "return x[0][:, None] + x[1]",
    ],
)
def test_a_size_of_one_of_several_inputs_is_a_number(call: str) -> None:
    assert_told("KLL208", layer(build=OF_ONE, call=call), KERAS_2, KERAS_3)


@pytest.mark.parametrize(
    "call",
    [
        "return x[0][1] + x[1]",
        "(a, b), c = x\nreturn a + b + c",
        "first, c = x\na, b = first\nreturn a + b + c",
        "first = x[0]\nreturn first[1] + x[1]",
        "a, b = x[0]\nreturn a + b",
        "return sum(a + b for a, b in x)",
    ],
)
def test_an_entry_of_the_shapes_of_lists_in_lists_may_be_a_shape(call: str) -> None:
    assert_silent("KLL208", layer(build=OF_ONE, call=call))


@pytest.mark.parametrize(
    "name",
    ["'a/b'", "f'{units}/b'", "str(units) + '/b'", "'%s/b' % units", "'{}/b'.format(units)"],
)
def test_names_of_layers_with_a_slash(name: str) -> None:
    assert_told("KLL208", layer(init=f"self.d = layers.Dense(4, name={name})  # here"), "", KERAS_3)
    assert_told(
        "KLL208",
        layer(build=f"self.v = self.add_weight(name={name.replace('units', 'self.units')}, shape=(4,))  # here"),
        "",
        KERAS_3,
    )


def test_name_of_the_layer_itself() -> None:
    source = """\
class Subject(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(name="enc/dec", **kwargs)  # here
"""
    assert_told("KLL208", source, "", KERAS_3)


@pytest.mark.parametrize(
    "made",
    [
        "layers.Dense(4, name=f'{units}/b'.replace('/', '_'))",
        "layers.Dense(4, name=units)",
        "layers.Dense(4, name='a_b')",
        "keras.metrics.Mean(name='a/b')",
        "{'a/b': layers.Dense(4)}",
    ],
)
def test_names_without_a_slash(made: str) -> None:
    assert_silent("KLL208", layer(init=f"self.d = {made}"))


HELD = """\
class Held(layers.Layer):
    def __init__(self, {takes}):
        {first}

    def call(self, inputs):
        return inputs


"""


@pytest.mark.parametrize(
    ("takes", "first"),
    [
        ("units, **kwargs", "super().__init__(**kwargs)"),
        ("units, **kwargs", "super(Held, self).__init__(**kwargs)"),
        ("units, name=None, **kwargs", "super().__init__(name=name, **kwargs)"),
        ("units, name=None", "super().__init__(name=name)\n        self.prefix = name"),
        ("units, *, name='held'", "self.units = units\n        super().__init__(name=name)"),
    ],
)
def test_name_that_a_layer_of_the_project_hands_to_keras(takes: str, first: str) -> None:
    held = HELD.format(takes=takes, first=first)
    made = "self.held = [Held(4, name='layers/%d' % each) for each in range(units)]  # here"
    assert_told("KLL208", held + layer(init=made), "", KERAS_3)
    assert_silent("KLL208", held + layer(init=made.replace("/", "_")))


@pytest.mark.parametrize(
    ("takes", "first"),
    [
        ("units, name=None", "super().__init__()"),
        ("units, name=None, **kwargs", "super().__init__(**kwargs)"),
        ("units, name, **kwargs", "name = name.replace('/', '_')\n        super().__init__(name=name, **kwargs)"),
        ("units, name, **kwargs", "super().__init__(name=name.replace('/', '_'), **kwargs)"),
        ("units, **kwargs", "kwargs.pop('name')\n        super().__init__(**kwargs)"),
        ("units, **kwargs", "if units:\n            super().__init__(**kwargs)"),
        ("units, **kwargs", "super().__init__()"),
        ("*args, **kwargs", "initialize(self, **kwargs)"),
    ],
)
def test_name_that_a_layer_of_the_project_may_keep_from_keras(takes: str, first: str) -> None:
    held = HELD.format(takes=takes, first=first)
    assert_silent("KLL208", held + layer(init="self.held = Held(4, name='a/b')"))


METRIC = """\
class Subject(keras.metrics.Metric):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.w = self.add_weight({arguments})  # here

    def result(self):
        return self.w
"""


@pytest.mark.parametrize(
    ("arguments", "keras_2", "keras_3"),
    [
        ("'w', initializer='zeros'", "", "gets its name by position, where Keras 3 takes the shape: ValueError"),
        ("'w', shape=()", "", "gets its name by position, where Keras 3 takes the shape: TypeError"),
        ("(4,), 'zeros'", "takes the name first in Keras 2, here it gets the shape: TypeError", ""),
        ("name='w', aggregation='sum'", "", "of a metric does not take `aggregation` in Keras 3: TypeError"),
        (
            "name='w', trainable=False",
            "of a metric does not take `trainable` in Keras 2: TypeError",
            "in Keras 3: TypeError",
        ),
        ("name='w', shape=(), initializer='zeros', dtype='float32'", "", ""),
    ],
)
def test_metrics_take_less(arguments: str, keras_2: str, keras_3: str) -> None:
    assert_told("KLL208", METRIC.format(arguments=arguments), keras_2, keras_3)


def test_weights_that_a_metric_makes_outside_of_the_graph() -> None:
    source = """\
import tensorflow as tf


class Last(tf.keras.metrics.Metric):
    def build(self, input_shape):
        self.last = self.add_weight("last", shape=input_shape, initializer="zeros")  # here

    def update_state(self, values, sample_weight=None):
        if not self.built:
            with tf.init_scope():
                self.build(values.shape)
        self.last.assign(values)

    def result(self):
        return self.last
"""
    assert_told("KLL208", source, "", KERAS_2)


NAMED = """\
class Calls(keras.metrics.Metric):
    def __init__(self, name="calls"):
        super().__init__({name})
        self.calls = self.add_weight(name="calls", shape=(), initializer="zeros")

    def result(self):
        return self.calls
"""


@pytest.mark.parametrize(
    ("name", "keras", "count"), [("name", "3", 1), ("name", "3.5", 1), ("name", "3.4", 0), ("name=name", "3", 0)]
)
def test_the_name_of_a_metric(name: str, keras: str, count: int) -> None:
    """Up to Keras 3.4 a metric keeps the name for its dtype without a word: run with 3.3.3."""
    source = f"import keras\n\n\n{NAMED.format(name=name)}"
    found = lint_source(source, "example.py", Settings(keras=(keras,), select=("KLL208",)))
    assert len(found) == count
