"""KLL205: A variable that Keras 3 does not track."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

KERAS_3 = "it is silently neither trained nor saved in `.keras` and `.weights.h5` files"

NOT_SAVED = "it is silently not saved in `.keras` and `.weights.h5` files"
REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("self.v = tf.Variable(1.0)  # here", "", KERAS_3, ""),
    ("self.v = [tf.Variable(1.0, name=str(i)) for i in range(3)]  # here", "", KERAS_3, ""),
    ("self.v = {'a': tf.Variable(1.0)}  # here", "", KERAS_3, ""),
    (
        "self.v = tf.Variable(0, trainable=False)  # here",
        "",
        NOT_SAVED,
        "def count(self):\n    self.v.assign_add(1)\n",
    ),
    ("self.v = tf.Variable(tf.random.normal((4,)), trainable=False)  # here", "", NOT_SAVED, ""),
    (
        "self.v = tf.Variable(np.zeros(4), trainable=False)  # here",
        "",
        NOT_SAVED,
        "def count(self, x):\n    assign_moving_average(self.v, x)\n",
    ),
    (
        "self.v = tf.Variable(1.0)  # here",
        "",
        NOT_SAVED,
        "def learn(self, tape, loss):\n    self.own.apply_gradients([(tape.gradient(loss, [self.v])[0], self.v)])\n",
    ),
    ("from tensorflow import Variable\nself.v = Variable(1.0)  # here", "", KERAS_3, ""),
    ("self.grow()", "", KERAS_3, "def grow(self):\n    self.v = tf.Variable(1.0)  # here\n"),
]

SILENT = [
    ("self.v = keras.Variable(1.0)", ""),
    ("self.v = self.add_weight(name='v', shape=())", ""),
    ("v = tf.Variable(1.0)", ""),
    ("self.v = tf.Variable(tf.range(4), trainable=False)", ""),
    ("self.v = tf.constant(1.0)", ""),
    ("self.v = np.zeros(4)", ""),
    ("self.v = None", ""),
    ("self.v = tf.Variable(1.0)", "def save_own_variables(self, store):\n    store['v'] = self.v\n"),
    ("pass", "def grow(self):\n    return tf.Variable(1.0)\n"),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL205", layer(init=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL205", layer(init=body, methods=methods))


DRAWS = "and a layer that is loaded draws others"
DRAWN = [
    # what is drawn, whether Keras 2 has it, too
    ("tf.random.normal((4, units))", True),
    ("tf.random.uniform(shape=(4, units), minval=-1.0)", True),
    ("keras.random.normal((4, units))", False),
    ("np.random.randn(4, 4)", True),
    ("np.random.uniform(-1.0, 1.0, (4, units))", True),
    ("np.random.permutation(units)", True),
    ("tf.constant(np.random.normal(size=(4, 4)), dtype='float32')", True),
    ("np.random.rand(4, 4).astype('float32') * 0.1", True),
    ("drawn(units)", True),
]
NOT_DRAWN = [
    "tf.random.normal((4, units), seed=1)",
    "tf.random.normal((4, units), 0.0, 1.0, tf.float32, 7)",
    "tf.random.stateless_normal((4, units), seed=(1, 2))",
    "np.random.normal()",
    "np.random.randint(4)",
    "np.random.RandomState(0).normal(size=(4, 4))",
    "tf.zeros((4, units))",
    "layers.Dense(4)(np.random.rand(1, 4))",
    "of_somebody_else(np.random.rand(1, 4))",
    "len(np.random.permutation(4))",
]
DRAWN_BY = "def drawn(units):\n    return tf.random.normal((4, units))\n\n\n"


@pytest.mark.parametrize(("made", "in_keras_2"), DRAWN)
def test_random_numbers(made: str, in_keras_2: bool) -> None:
    source = DRAWN_BY + layer(init=f"self.v = {made}  # here", call="x = ops.matmul(x, self.v)")
    assert_told("KLL205", source, DRAWS * in_keras_2, DRAWS)


@pytest.mark.parametrize("made", NOT_DRAWN)
def test_what_is_the_same_each_time_or_no_array(made: str) -> None:
    assert_silent("KLL205", layer(init=f"self.v = {made}", call="x = ops.matmul(x, self.v)"))


@pytest.mark.parametrize(
    ("call", "methods", "before"),
    [
        ("x = x + 1.0", "", ""),
        ("x = ops.matmul(x, self.v)", "def adapt(self, v):\n    self.v = v", ""),
        ("x = ops.matmul(x, self.v)", "def save_assets(self, folder):\n    np.save(folder, self.v)", ""),
        ("x = ops.matmul(x, self.v)", "", "import numpy as np\nnp.random.seed(0)\n"),
        ("x = ops.matmul(x, self.v)", "", "tf.random.set_seed(0)\n"),
    ],
)
def test_silent_about_random_numbers(call: str, methods: str, before: str) -> None:
    assert_silent("KLL205", before + layer(init="self.v = tf.random.normal((4, 4))", call=call, methods=methods))


def test_random_numbers_of_the_config() -> None:
    source = layer(init="self.v = np.random.rand(4)", call="x = x * self.v").replace(
        '"flag": self', '"v": self.v, "f": self'
    )
    assert_silent("KLL205", source)


@pytest.mark.parametrize(("made", "keras_3"), [("tf.random.normal((4, 4))", ""), ("np.random.rand(4, 4)", DRAWS)])
def test_of_a_tensor_from_build_another_rule_speaks_in_keras_3(made: str, keras_3: str) -> None:
    source = layer(build=f"self.v = {made}  # here", call="x = ops.matmul(x, self.v)")
    assert_told("KLL205", source, DRAWS, keras_3)
