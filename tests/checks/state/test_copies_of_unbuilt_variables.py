"""KLL404: copies in `__init__` of variables that are not there yet."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source
from tests.checks.cases import HEADER, assert_silent, assert_told

EMPTY = "holds nothing yet"
CLASS = """
class Given(layers.Layer):
    pass


class MadeAtOnce(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.scale = self.add_weight(name="scale", shape=())

    def call(self, x):
        return x * self.scale


class Around(layers.Layer):
    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def call(self, x):
        return self.inner(x)


class Deep(layers.Layer):
    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.around = Around(inner)

    def call(self, x):
        return self.around(x)


class Unbuilt(layers.Layer):
    def __init__(self, units=2, **kwargs):
        super().__init__(**kwargs)
        self.inner = [layers.Dense(units)]

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=())

    def call(self, x):
        return self.inner[0](x) * self.scale


class Averaged(keras.{base}):
    def __init__(self, units=4, rate=0.1, net=None, {more}**kwargs):
        super().__init__({given}**kwargs)
        self.units = units
        self.dense = layers.Dense(units)
{init}

    {method}(self, x):
        return self.dense(x)

    def helper(self):
        pass
"""
COPY = "self.average = [tf.Variable(v, trainable=False) for v in self.trainable_variables]"


def averaged(init: str, *, base: str = "Model", given: str = "", more: str = "", method: str = "def call") -> str:
    return CLASS.format(init=textwrap.indent(init, " " * 8), base=base, given=given, more=more, method=method)


OF_OWN = "self.average = [tf.Variable(v) for v in self.own.trainable_weights]"

REPORTED = [
    f"{COPY}  # here",
    "self.average = [tf.Variable(tf.zeros_like(v)) for v in self.trainable_weights]  # here",
    "self.average = [tf.identity(v) for v in self.dense.trainable_variables]  # here",
    f"self.norm = layers.BatchNormalization()\n{COPY}  # here",
    f"self.blocks = [layers.Dense(units) for _ in range(3)]\n{COPY}  # here",
    f"self.rate = rate\n{COPY}  # here",
    "self.average = {v.name: tf.Variable(v) for v in self.trainable_weights}  # here",
    "self.average = list(tf.Variable(v) for v in self.trainable_weights)  # here",
    "self.average = tuple(tf.Variable(v) for v in self.dense.trainable_weights)  # here",
    "self.average = []\nfor v in self.trainable_weights:  # here\n    self.average.append(tf.Variable(v))",
    f"self.init = keras.initializers.get('zeros')\nself.act = keras.activations.relu\n{COPY}  # here",
    f"self._input_dim = None\n{COPY}  # here",
    f"self.init = keras.initializers.TruncatedNormal(0.1)\nself.reg = tf.keras.regularizers.l2(0.1)\n{COPY}  # here",
    f"self.blocks = []\nfor n in range(3):\n    self.blocks.append(layers.Dense(n))\n{COPY}  # here",
    f"self.given = Unbuilt()\n{COPY}  # here",
    "self.own = Unbuilt(3)\nself.average = [tf.Variable(v) for v in self.own.trainable_weights]  # here",
    # What is made after the call that may build something.
    f"self.helper()\nself.own = layers.Dense(4)\n{OF_OWN}  # here",
    f"own_model(units)\nself.own = layers.Dense(4)\n{OF_OWN}  # here",
]

SILENT = [
    "self.average = [tf.Variable(v) for v in self.weights]",
    "self.average = [tf.Variable(v) for v in self.other.trainable_variables]",
    f"self.net = net\n{COPY}",
    "self.net = net\nself.average = [tf.Variable(v) for v in self.net.trainable_variables]",
    f"self.given = Given()\n{COPY}",
    f"self.given = MadeAtOnce()\n{COPY}",
    f"self.given = Around(net)\n{COPY}",
    f"self.given = Deep(net)\n{COPY}",
    f"self.blocks = []\nfor block in net:\n    self.blocks.append(block)\n{COPY}",
    "self.act = layers.ReLU()\nself.average = [tf.Variable(v) for v in self.act.trainable_weights]",
    f"self.dense.build((None, 4))\n{COPY}",
    f"self(tf.ones((1, 4)))\n{COPY}",
    f"self.helper()\n{COPY}",
    f"self.own = layers.Dense(4, input_shape=(3,))\n{COPY}",
    f"self.own = self.add_weight(name='own', shape=(3,))\n{COPY}",
    f"self.own = unknown()\n{COPY}",
    f"self.own = keras.metrics.deserialize(net)\n{COPY}",
    f"self.own = layers.Dense(4)\nself.helper()\n{OF_OWN}",
    f"self.own = layers.Dense(4)\nself.own(rate)\n{OF_OWN}",
    f"if rate:\n    self.own = layers.Dense(4)\nself.helper()\n{OF_OWN}",
    f"if rate:\n    {COPY}",
    "self.average = [tf.Variable(v) for v in self.trainable_variables if v.shape]",
    "self.average = [tf.Variable(0.0)]\nfor v in self.trainable_weights:\n    self.average.append(tf.Variable(v))",
    "self.average = [tf.Variable(0.0), *[tf.Variable(v) for v in self.trainable_weights]]",
    "self.average = []\nfor v in self.trainable_weights:\n    self.average.append(tf.Variable(v))\n"
    "self.average.append(tf.Variable(0.0))",
    "self.average = []\nfor v in self.trainable_weights:\n    print(v)",
    "self.average = sum(tf.reduce_sum(v) for v in self.trainable_weights)",
]

OWN = """
class Scaled(layers.{base}):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        {copy}

    def build(self, input_shape):
        {build}

    def call(self, x):
        return x
"""


@pytest.mark.parametrize("init", REPORTED)
def test_reported(init: str) -> None:
    assert_told("KLL404", averaged(init), EMPTY, EMPTY)
    assert_told("KLL404", averaged(init, base="layers.Layer"), EMPTY, EMPTY)


@pytest.mark.parametrize("init", SILENT)
def test_silent(init: str) -> None:
    assert_silent("KLL404", averaged(init))


def test_weights_that_build_makes() -> None:
    """They are not there either."""
    made = "self.scale = self.add_weight(name='scale', shape=(input_shape[-1],))"
    assert_told("KLL404", OWN.format(base="Layer", copy=f"{COPY}  # here", build=made), EMPTY, EMPTY)
    sublayer = "self.inner = layers.Dense(4)"
    assert_told("KLL404", OWN.format(base="Layer", copy=f"{COPY}  # here", build=sublayer), EMPTY, EMPTY)
    assert_silent("KLL404", OWN.format(base="Layer", copy=COPY, build="self.inner = layers.ReLU()"))
    assert_silent("KLL404", OWN.format(base="Layer", copy=COPY, build="pass"))
    assert_silent("KLL404", OWN.format(base="Dense", copy=COPY, build=made))
    frozen = made.replace("))", "), trainable=False)")
    assert_silent("KLL404", OWN.format(base="Layer", copy=COPY, build=frozen))


def test_sequential_of_keras_2_raises() -> None:
    assert_told("KLL404", averaged(f"self.net = keras.Sequential([layers.Dense(4)])\n{COPY}  # here"), "", EMPTY)


@pytest.mark.parametrize(
    "parts", [{"given": "*args, ", "more": "*args, "}, {"given": "net, net, "}, {"method": "def transform"}]
)
def test_functional_models(parts: dict[str, str]) -> None:
    assert_silent("KLL404", averaged(COPY, **parts))


def test_layers_of_keras() -> None:
    assert_silent("KLL404", averaged(COPY, base="layers.Dense"))


LOOP = "self.average = []\nfor v in self.trainable_weights:\n    self.average.append(tf.Variable(v))"


def test_names_where_nothing_is_known_to_be_there() -> None:
    """A base without `call` may be anything; two variables of one name it has none."""
    source = averaged(LOOP, method="def transform")
    for code in ("KLL404", "KLL209"):
        assert_silent(code, source)


ARGUMENTS = [
    ("width: int, ", "self.width = width"),
    ("names: list[str], ", "self.names = names"),
    ("sizes: tuple[int, ...], ", "self.sizes = sizes"),
    ("axis=[1, 2], ", "self.axis = axis"),
    ("width, ", "self.width = width\nself.own = layers.Dense(width * 2)"),
    ("units_of_each: list[int], ", "self.blocks = [layers.Dense(n) for n in units_of_each]"),
]
"""Arguments that are no layers: by annotation, default or use."""
LAYERS_OR_NOT = [
    ("block, ", "self.block = block"),
    ("block: list, ", "self.block = block"),
    ("block: int | keras.Model, ", "self.block = block"),
    ("block=[layers.Dense(1)], ", "self.block = block"),
    ("blocks, ", "self.blocks = blocks * 2"),
]


@pytest.mark.parametrize(("more", "init"), ARGUMENTS)
def test_arguments_that_are_no_layers(more: str, init: str) -> None:
    assert_told(
        "KLL404", averaged(f"{init}\n{COPY}  # here").replace("rate=0.1, net=None, ", f"*, {more}"), EMPTY, EMPTY
    )


@pytest.mark.parametrize(("more", "init"), LAYERS_OR_NOT)
def test_arguments_that_may_be_layers(more: str, init: str) -> None:
    assert_silent("KLL404", averaged(f"{init}\n{COPY}").replace("rate=0.1, net=None, ", f"*, {more}"))


DERIVED = """


class Derived(Averaged):
    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=())

    def call(self, x):
        return self.dense(x) * self.scale
"""


def test_a_loop_over_nothing_in_a_base() -> None:
    assert_silent("KLL209", averaged(LOOP, base="layers.Layer", method="def transform") + DERIVED)


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("copies", [COPY, LOOP])
def test_an_empty_list_holds_no_variable(copies: str, keras: str) -> None:
    """None that is not tracked, and no two of one name."""
    source = HEADER + averaged(copies)
    found = lint_source(source, "example.py", Settings(keras=(keras,), select=("KLL205", "KLL209", "KLL404")))
    assert [diagnostic.code for diagnostic in found] == ["KLL404"]


def test_an_example_in_the_docstring_builds_nothing() -> None:
    source = averaged(f"{COPY}  # here").replace(
        "        super().__init__(", '        """Averaged(4)(images)"""\n        super().__init__('
    )
    assert_told("KLL404", source, EMPTY, EMPTY)
