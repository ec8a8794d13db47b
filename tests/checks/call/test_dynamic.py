"""A layer made with `dynamic=True`, whose `call` Keras 2 runs eagerly: what holds only while tracing is not said."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source
from tests.checks.cases import HEADER

GATE = """
class Gate(keras.layers.Layer):
    def __init__(self):
        super().__init__({arguments})

    def call(self, x):
{body}
        return x
"""


def codes(body: str, arguments: str) -> list[str]:
    source = GATE.format(arguments=arguments, body=textwrap.indent(body, 8 * " "))
    settings = Settings(keras=("2",), select=("KLL1",))
    return [
        diagnostic.code for diagnostic in lint_source("import numpy as np\n" + HEADER + source, "gate.py", settings)
    ]


@pytest.mark.parametrize(
    ("body", "code", "in_eager_mode"),
    [
        ("if x.shape[0] > 1: x = 2 * x", "KLL141", False),
        ("x = x + max(tf.reduce_sum(x), 1.0)", "KLL104", False),
        ("x = x.numpy()", "KLL112", False),
        ("x = x + np.sum(x)", "KLL111", False),
        ("print(x)", "KLL122", False),
        ("v = tf.Variable(1.0)", "KLL131", False),
        ("x = keras.layers.Dense(2)(x)", "KLL132", False),
        ("steps = tf.TensorArray(tf.float32, 2)\nsteps.write(0, x)", "KLL121", False),
        ("while True:\n    if tf.reduce_sum(x) > 0: break\n    x = x + 1", "KLL102", False),
        ("x = tf.abs(x)\nx[0] = 1.0", "KLL124", True),
    ],
)
def test_only_what_raises_in_eager_mode_too(body: str, code: str, in_eager_mode: bool) -> None:
    assert code in codes(body, "")
    assert (code in codes(body, "dynamic=True")) is in_eager_mode
