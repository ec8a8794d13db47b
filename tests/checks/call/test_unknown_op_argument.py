"""KLL149: arguments that a function does not take, and such as it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.keras.signatures import signature_of
from keras_layer_lint.target import Generation
from tests.checks.cases import assert_silent, assert_told, found, layer, write

REPORTED = [
    # the body of `call`, what is wrong, whether Keras 2 has the function as well
    ("x = tf.nn.softmax(x, dim=1)  # here", "`tf.nn.softmax()` has no parameter `dim`", True),
    ("x = tf.reduce_sum(x, keep_dims=True)  # here", "`tf.reduce_sum()` has no parameter `keep_dims`", True),
    ("x = tf.nn.dropout(x, keep_prob=0.5)  # here", "`tf.nn.dropout()` has no parameter `keep_prob`", True),
    ("x = tf.matmul(x)  # here", "`tf.matmul()` needs `b`", True),
    ("x = tf.concat(values=[x])  # here", "`tf.concat()` needs `axis`", True),
    ("x = tf.add(x, x, 'sum', 4)  # here", "`tf.add()` takes 3 arguments by position, and is given 4", True),
    ("x = tf.reduce_sum(x, -1, axis=-1)  # here", "`tf.reduce_sum()` is given `axis` twice", True),
    ("k = {'dim': 1}\nx = tf.nn.softmax(x, **k)  # here", "`tf.nn.softmax()` has no parameter `dim`", True),
    ("x = tf.nn.softmax(x, dim=1, **self.more)  # here", "`tf.nn.softmax()` has no parameter `dim`", True),
    ("x = ops.transpose(x, perm=(0, 1))  # here", "`ops.transpose()` has no parameter `perm`", False),
    ("x = ops.expand_dims(x)  # here", "`ops.expand_dims()` needs `axis`", False),
    ("x = ops.image.resize(x, sizes=(8, 8))  # here", "`ops.image.resize()` has no parameter `sizes`", False),
]

SILENT = [
    "x = tf.nn.softmax(x, axis=1, name='s')",
    "x = tf.compat.v1.reduce_sum(x, keep_dims=True)",
    "x = tf.matmul(x, x, transpose_b=True)",
    "x = tf.matmul(*self.pair)",
    "x = tf.reduce_sum(x, **self.more)",
    "x = ops.einsum('ij->ji', x, optimize=True)",
    "x = tf.einsum('ij->ji', x, optimize='greedy')",
    "x = of_somebody_else(x, dim=1)",
    "x = self.dense(x, dim=1)",
    "x = np.sum(np.ones(3), nothing=True)",
    "try:\n    x = tf.nn.softmax(x, dim=1)\nexcept TypeError:\n    x = tf.nn.softmax(x, axis=1)",
]


@pytest.mark.parametrize(("body", "fault", "in_both"), REPORTED)
def test_reported(body: str, fault: str, in_both: bool) -> None:
    end = f"{fault}, so it raises TypeError or ValueError"
    assert_told("KLL149", layer(call=body), end * in_both, end)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL149", layer(call=body))


MADE = [
    # what `__init__` makes, what is wrong in Keras 2 and in Keras 3
    ("layers.Dense(4, batch_input_shape=(2, 3))", "", "`layers.Dense()` has no parameter `batch_input_shape`"),
    ("layers.Dense(4, weights=[])", "", "`layers.Dense()` has no parameter `weights`"),
    ("layers.LSTM(4, time_major=True)", "", "`layers.LSTM()` has no parameter `time_major`"),
    ("layers.BatchNormalization(fused=True)", "", "`layers.BatchNormalization()` has no parameter `fused`"),
    ("layers.LeakyReLU(negative_slope=0.1)", "`layers.LeakyReLU()` has no parameter `negative_slope`", ""),
    ("layers.Dense(4, units_in=3)", *["`layers.Dense()` has no parameter `units_in`"] * 2),
    ("layers.Conv2D(4)", *["`layers.Conv2D()` needs `kernel_size`"] * 2),
    ("layers.Dense(4, **{'foo': 1})", *["`layers.Dense()` has no parameter `foo`"] * 2),
    ("keras.Input(batch_input_shape=(2, 3))", "", "`keras.Input()` has no parameter `batch_input_shape`"),
    ("layers.Input(batch_input_shape=(2, 3))", "", "`layers.Input()` has no parameter `batch_input_shape`"),
    ("keras.Sequential([], trainable=False)", "`keras.Sequential()` has no parameter `trainable`", ""),
    ("keras.Sequential([layers.Dense(4)], units=3)", *["`keras.Sequential()` has no parameter `units`"] * 2),
]

MADE_SILENT = [
    "layers.Dense(4, input_dim=3, input_shape=(3,), trainable=False, dtype='float32', name='made')",
    "layers.Dense(4, activity_regularizer='l2', autocast=False)",
    "layers.Embedding(4, 4, input_length=3)",
    "layers.LSTM(4, implementation=2)",
    "layers.LeakyReLU(alpha=0.1)",
    "layers.Dense(**self.more)",
    "layers.Dense(*self.more)",
    "keras.Model(inputs=self.first, outputs=self.second, name='inner')",
    "keras.Input(shape=(3,), batch_size=2, dtype='float32', sparse=False, name='x')",
    "tf.compat.v1.keras.layers.Dense(4, units_in=3)",
    "of_somebody_else.Dense(4, units_in=3)",
]

BASES = [
    # the base, what is handed to it, what is wrong in Keras 2 and in Keras 3
    ("layers.Layer", "dynamic=True, **kwargs", "", "`keras.layers.Layer` has no parameter `dynamic`"),
    ("layers.Layer", "supports_masking=True", *["`keras.layers.Layer` has no parameter `supports_masking`"] * 2),
    ("layers.Dense", "4, weights=[], **kwargs", "", "`keras.layers.Dense` has no parameter `weights`"),
    ("layers.Dense", "4, 'relu', input_shape=(4,), name='made', **kwargs", "", ""),
    ("layers.Layer", "**{'trainable': True, **kwargs}", "", ""),
    ("Model", "inputs=inputs, outputs=inputs", "", ""),
    ("Unknown", "anything=1", "", ""),
]


@pytest.mark.parametrize(("made", "in_2", "in_3"), MADE)
def test_layers(made: str, in_2: str, in_3: str) -> None:
    end = ", so it raises TypeError or ValueError"
    assert_told("KLL149", layer(init=f"self.made = {made}  # here"), in_2 and in_2 + end, in_3 and in_3 + end)


def test_argument_that_is_put_into_a_dict_under_a_condition() -> None:
    more = "more = {}\nif is_old():\n    more['time_major'] = True\nself.made = layers.LSTM(4, **more)"
    assert_silent("KLL149", layer(init=more))


@pytest.mark.parametrize("made", MADE_SILENT)
def test_layers_silent(made: str) -> None:
    assert_silent("KLL149", layer(init=f"self.made = {made}"))


@pytest.mark.parametrize(("base", "given", "in_2", "in_3"), BASES)
def test_base(base: str, given: str, in_2: str, in_3: str) -> None:
    source = f"""\
class Subject(keras.{base}):
    def __init__(self, inputs=None, **kwargs):
        super().__init__({given})  # here

    def call(self, x):
        return x
"""
    end = ", so it raises TypeError or ValueError"
    assert_told("KLL149", source, in_2 and in_2 + end, in_3 and in_3 + end)


def test_private_base_of_the_same_canonical_name_takes_more() -> None:
    source = """\
from tf_keras.src.engine.base_layer import BaseRandomLayer


class Subject(BaseRandomLayer):
    def __init__(self, **kwargs):
        super().__init__(seed=3, force_generator=True, **kwargs)

    def call(self, x):
        return x
"""
    assert_silent("KLL149", source)


def test_mixin_between_takes_what_it_likes() -> None:
    assert_silent(
        "KLL149",
        """\
class Mixin:
    def __init__(self, extra=None, **kwargs):
        super().__init__(**kwargs)
        self.extra = extra


class Subject(Mixin, keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(extra=3, **kwargs)

    def call(self, x):
        return x
""",
    )


def test_each_generation_has_functions_of_its_own() -> None:
    assert signature_of("keras.backend.softmax", Generation.KERAS2) is not None
    assert signature_of("keras.backend.softmax", Generation.KERAS3) is None
    assert signature_of("keras.ops.softmax", Generation.KERAS2) is None
    three = signature_of("tensorflow.keras.ops.softmax", Generation.KERAS3)
    assert three is not None
    assert list(three.positional) == ["x", "axis"]
    assert three.required == frozenset({"x"})
    assert signature_of("tensorflow.compat.v1.nn.softmax", Generation.KERAS2) is None
    assert signature_of("tensorflow.compat.v2.nn.softmax", Generation.KERAS2) == signature_of(
        "tensorflow.nn.softmax", Generation.KERAS3
    )


def test_in_a_function_of_another_file(tmp_path: Path) -> None:
    helper = "from tensorflow import reduce_sum\n\n\ndef total(x):\n    return reduce_sum(x, keep_dims=True)\n"
    write(tmp_path, {"helpers.py": helper})
    source = "from helpers import total\n\n\n" + layer("x = total(x)  # KLL149")
    for keras in "23":
        (diagnostic,) = found("KLL149", source, keras, tmp_path / "here.py")
        assert diagnostic.message.startswith("`total()` calls `reduce_sum()`, which has no parameter `keep_dims`,")


ASKED = """
import inspect


def saved(x):
    if {test}:
        return tf.reduce_sum(x, keep_dims=True)
    return tf.reduce_sum(x)
"""


@pytest.mark.parametrize("test", ["'keep_dims' in inspect.getfullargspec(tf.reduce_sum).args", "x.shape.rank > 2"])
def test_what_a_function_of_another_file_asks_first(tmp_path: Path, test: str) -> None:
    """It may be a test of the signature, or one that this call does not meet."""
    write(tmp_path, {"helpers.py": ASKED.format(test=test)})
    source = "from helpers import saved\n\n\n" + layer("x = saved(x)")
    assert not found("KLL149", source, "3", tmp_path / "example.py")


@pytest.mark.parametrize(
    ("base", "method"),
    [("losses.Loss", "call"), ("regularizers.Regularizer", "__call__"), ("metrics.Metric", "result")],
)
def test_what_is_no_layer(base: str, method: str) -> None:
    source = f"""\
class Subject(keras.{base}):
    def {method}(self, *given):
        return tf.reduce_mean(given[0], dim=1)  # here
"""
    end = "`tf.reduce_mean()` has no parameter `dim`, so it raises TypeError or ValueError"
    assert_told("KLL149", source, end, end)


OWN = """\
import enum
import functools
import keras
import tensorflow as tf


def scaled(x, factor, *, shift=0.0):
    return x * factor + shift


@functools.lru_cache
def cached(x, factor):
    return x * factor


class Inner(keras.layers.Layer):
    def __init__(self, units, level=1, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def call(self, x, other, training=None):
        return x + other


class Plain:
    def __init__(self, size):
        self.size = size


class Kind(enum.Enum):
    WIDE = (1, 2)

    def __init__(self, low, high):
        self.low = low


class Made(Plain):
    def __new__(cls, *args):
        return Plain(*args)


class Subject(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = Inner(4)
        {init}

    @staticmethod
    def halved(x):
        return x / 2.0

    def helper(self, x, y=None):
        return x

    def call(self, x):
        {call}
        return x
"""

OWN_REPORTED = [
    # in `__init__`, in `call`, what is wrong
    ("self.more = Inner(level=3)  # here", "pass", "`Inner` needs `units`"),
    ("self.more = Inner(3, 4, 5)  # here", "pass", "`Inner` takes 2 arguments, and is given 3"),
    ("self.more = Plain(3, sise=4)  # here", "pass", "`Plain` has no parameter `sise`"),
    ("pass", "x = self.helper(x, z=1)  # here", "`helper` has no parameter `z`"),
    ("pass", "x = self.helper()  # here", "`helper` needs `x`"),
    ("pass", "x = self.halved(x, 2)  # here", "`halved` takes 1 argument, and is given 2"),
    ("pass", "x = scaled(x, 2.0, 1.0)  # here", "`scaled` takes 2 arguments, and is given 3"),
    ("pass", "x = scaled(x, x=1.0, factor=2.0)  # here", "`scaled` is given `x` twice"),
    ("pass", "x = self.inner(x)  # here", "`Inner.call` needs `other`"),
    ("pass", "x = self.inner(x, x, x, x)  # here", "`Inner.call` takes 3 arguments, and is given 4"),
]


@pytest.mark.parametrize(("init", "call", "fault"), OWN_REPORTED)
def test_calls_within_the_project(init: str, call: str, fault: str) -> None:
    assert_told("KLL149", OWN.format(init=init, call=call), f"{fault}: TypeError", f"{fault}: TypeError")


@pytest.mark.parametrize(
    ("init", "call"),
    [
        ("self.more = Inner(3, name='more')", "x = self.inner(x, x, training=True)"),
        ("self.more = Inner(**kwargs)", "x = scaled(x, factor=2.0, shift=1.0)"),
        ("self.more = Made(3, 4)", "x = scaled(*self.pair)"),
        ("self.more = unknown(3, 4)", "x = cached(x)"),
        ("self.more = Kind(1)", "pass"),
        ("pass", "try:\n            x = scaled(x)\n        except TypeError:\n            pass"),
        ("pass", "x = self.inner(x, x, mask=None)"),
    ],
)
def test_calls_within_the_project_that_may_be_right(init: str, call: str) -> None:
    assert_silent("KLL149", OWN.format(init=init, call=call))


def test_a_class_that_is_derived_from_calls_what_is_overridden() -> None:
    source = OWN.format(init="pass", call="x = self.helper(x, z=1)")
    assert_silent("KLL149", source + "\n\nclass More(Subject):\n    def helper(self, x, z):\n        return x\n")


def test_where_a_functional_model_is_put_together() -> None:
    source = """\
import keras
from keras import layers


class Gate(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def call(self, x):
        return x


def halved(x, factor):
    return x * factor


def model():
    inputs = keras.Input((3,))
    x = Gate(4)(inputs)
    {body}
    return keras.Model(inputs, x)
"""
    for body, fault in (
        ("x = Gate(size=4)(x)  # here", "`Gate` needs `units`: TypeError"),
        ("x = halved(x)  # here", "`halved` needs `factor`: TypeError"),
        ("x = layers.Dense(4, weights=[])(x)  # here", "`layers.Dense()` has no parameter `weights`"),
        ("x = halved(Gate(units=4)(x), factor=2.0)", ""),
    ):
        assert_told(
            "KLL149",
            source.replace("{body}", body),
            "",
            fault and (fault if "TypeError" in fault else fault + ", so it raises TypeError or ValueError"),
        )


@pytest.mark.parametrize(
    ("made", "call", "missing"),
    [
        ("MultiHeadAttention(2, 4)", "self.part([x, x, x])  # here", "value"),
        ("MultiHeadAttention(2, 4)", "self.part(query=x)  # here", "value"),
        ("MultiHeadAttention(2, 4)", "self.part(x, x)", ""),
        ("MultiHeadAttention(2, 4)", "self.part(x, value=x, use_causal_mask=True)", ""),
        ("MultiHeadAttention(2, 4)", "self.part(*x)", ""),
        ("MultiHeadAttention(2, 4)", "self.part(x, **self.more)", ""),
        ("GRUCell(4)", "self.part(x)  # here", "states"),
        ("Attention()", "self.part([x, x])", ""),
        ("LSTM(4)", "self.part(inputs=x)", ""),  # Keras 2 calls it so
        ("Dense(4)", "self.part(inputs=x)", ""),
    ],
)
def test_what_a_layer_of_keras_needs(made: str, call: str, missing: str) -> None:
    fault = f"`self.part` is called without `{missing}`: TypeError or ValueError" if missing else ""
    assert_told("KLL149", layer(f"x = {call}", init=f"self.part = layers.{made}"), fault, fault)


SOFTMAX = """\
import tensorflow as tf
from keras.engine.topology import Layer


class Subject(Layer):
    def call(self, x):
        return tf.nn.softmax(x, dim=1)
"""


@pytest.mark.parametrize(
    ("requirement", "told"), [("keras==2.2.4", 0), ("tensorflow<2", 0), ("tensorflow>=1.12", 1), ("keras==2.4.3", 1)]
)
def test_functions_of_tensorflow_1_take_other_arguments(tmp_path: Path, requirement: str, told: int) -> None:
    """Keras 2.2 needs TensorFlow 1, whatever else the code names."""
    (tmp_path / "requirements.txt").write_text(f"{requirement}\n", encoding="utf-8")
    path = tmp_path / "subject.py"
    path.write_text(SOFTMAX, encoding="utf-8")
    report = lint_paths([path], Settings(root=str(tmp_path), select=("KLL149",)))
    assert len(report.diagnostics) == told


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("layers.Dense(4) for _ in range(3)", "gets a generator, which Keras 2 takes for a layer: TypeError"),
        ("[layers.Dense(4) for _ in range(3)]", ""),
        ("self.made()", ""),
    ],
)
def test_a_sequential_of_a_generator(given: str, fault: str) -> None:
    mark = "  # here" if fault else ""
    assert_told("KLL149", layer(init=f"self.parts = keras.Sequential({given}){mark}"), fault, "")
