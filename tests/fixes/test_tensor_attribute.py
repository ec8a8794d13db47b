from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

SOURCE = """\
import keras
import numpy as np
from keras import ops


class Gate(keras.layers.Layer):
    def call(self, x):
        x = ops.relu(x)
        return {written}
"""


def fixed(written: str) -> str:
    settings = Settings(keras=("3",), select=("KLL116",))
    done = fix_source(SOURCE.format(written=written), "gate.py", settings, unsafe=True)
    assert isinstance(done, str)
    return done.rpartition("return ")[2].strip()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x.astype('float16')", "ops.cast(x, 'float16')"),
        ("(x + 1).astype(np.float32)", "ops.cast(x + 1, np.float32)"),
        ("x.mean()", "ops.mean(x)"),
        ("x.sum(-1, keepdims=True)", "ops.sum(x, -1, keepdims=True)"),
        ("x.reshape(-1, 4)", "ops.reshape(x, (-1, 4))"),
        ("x.view([-1, 4])", "ops.reshape(x, [-1, 4])"),
        ("x.permute(0, 2, 1) + 1", "ops.transpose(x, (0, 2, 1)) + 1"),
        ("x.unsqueeze(0).sum()", "ops.sum(ops.expand_dims(x, 0))"),
    ],
)
def test_fixed(before: str, after: str) -> None:
    assert fixed(before) == after


@pytest.mark.parametrize(
    "written",
    [
        "x.astype(float)",  # 64 bits in NumPy, 32 in TensorFlow
        "x.astype('float16', copy=False)",
        "x.mean(dtype='float32')",
        "x.sum(*axes)",
        "x.reshape(shape)",  # a tuple, or one number
        "x.argmax()",
        "x.T",
        "x.transpose()",
        "x.repeat(2, 1)",
    ],
)
def test_left_alone(written: str) -> None:
    assert fixed(written) == written


WIDENED = """\
import keras


class Widened(keras.Model):
    def __init__(self, **kwargs):
        inputs = keras.Input((4,))
        hidden = keras.layers.Dense(4)(inputs)
        super().__init__(inputs, keras.layers.Dense({written})(hidden), **kwargs)
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("hidden.get_shape()[-1]", "hidden.shape[-1]"),
        ("hidden.get_shape().as_list()[-1]", "hidden.get_shape().as_list()[-1]"),
    ],
)
def test_the_shape_of_a_keras_tensor(before: str, after: str) -> None:
    settings = Settings(keras=("3",), select=("KLL116",))
    done = fix_source(WIDENED.format(written=before), "widened.py", settings, unsafe=True)
    assert done == WIDENED.format(written=after)
