"""KLL219: one normalization that gets inputs of two ranks."""

from __future__ import annotations

import pytest

from tests.checks.cases import HEADER, assert_silent, assert_told, found, layer

INIT = """\
self.norm = layers.BatchNormalization()
self.other = layers.BatchNormalization()
self.shift = layers.LayerNormalization()
self.norms = [layers.BatchNormalization() for _ in range(2)]
"""
TOLD = "it takes no other number of axes than it was built for: ValueError"
FIRST = "x = x * 2.0\ny = self.norm(x)\n"

REPORTED = [
    "z = self.norm(x[:, 0])  # here",
    "z = self.norm(x[:, None])  # here",
    "z = self.norm(x[..., None, 0, 0])  # here",
    "z = self.norm(tf.reduce_mean(x, axis=1))  # here",
    "z = self.norm(tf.reduce_mean(x, [1, 2]))  # here",
    "z = self.norm(ops.mean(x, axis=1, keepdims=False))  # here",
    "z = self.norm(tf.expand_dims(x, 1))  # here",
    "z = self.norm(tf.squeeze(x, 1))  # here",
    "z = self.norm(tf.nn.relu(self.dense(x[:, 0])))  # here",
    "z = self.norm(tf.stack([x, x], 1))  # here",
    "z = self.norm(tf.transpose(x[:, 0]) + 1.0)  # here",
    "z = self.norm(tf.concat([x[:, 0], x[:, 1]], -1))  # here",
    "z = self.norm(y[:, 0])  # here",
    "z = self.again(x[:, 0])",
]

SILENT = [
    "z = self.other(x[:, 0])",
    "z = self.shift(x) + self.shift(x[:, 0])",
    "z = self.dense(x) + self.dense(x[:, 0])",
    "z = self.norm(x[:, 0:1])",
    "z = self.norm(x[:, self.units])",
    "z = self.norm(tf.reduce_mean(x, axis=1, keepdims=True))",
    "z = self.norm(tf.reduce_mean(x, axis=1, keepdims=self.flag))",
    "z = self.norm(tf.reduce_mean(x, axis=self.units))",
    "z = self.norm(tf.reduce_mean(x, axis=1)[:, None])",
    "z = self.norm(tf.reshape(x, (-1, 4)))",
    "z = self.norm(tf.reshape(x, tf.shape(x)))",
    "z = self.norm(tf.concat([x, x], -1))",
    "z = self.norm(x + self.w)",
    "z = self.norms[0](x)\nz = self.norms[1](x[:, 0])",
    "if self.flag:\n    z = self.norm(x[:, 0])",
    "for _ in range(2):\n    z = self.norm(x[:, 0])",
    "z = x if self.flag else x[:, 0]\nz = self.norm(z)",
    "z = self.norm(unknown(x))",
    "z = self.norm(training[:, 0])",
]

OF_ITS_RESULT = [
    "y = self.norm(unknown(x))\nz = self.norm(y[:, 0])  # here",
    "y = self.norm(unknown(x))\nz = self.norm(tf.reduce_mean(self.dense(y), 1))  # here",
    "if self.flag:\n    y = self.norm(x)\n    z = self.norm(y[:, 0])  # here",
    "y = self.norm(unknown(x))\nif self.flag:\n    z = self.norm(y[:, 0])  # here",
    "for _ in range(2):\n    y = self.norm(x)\n    z = self.norm(y[:, None])  # here",
    "z = twice(self, x)",
]
NOT_CERTAINLY_OF_ITS_RESULT = [
    "y = self.norm(unknown(x))\nz = self.norm(y)",
    "y = self.norm(unknown(x))\nz = self.other(y[:, 0])",
    "y = self.norm(unknown(x)) if self.flag else x\nz = self.norm(y[:, 0])",
    "if self.flag:\n    y = self.norm(x)\nelse:\n    y = unknown(x)\nz = self.norm(y[:, 0])",
    "y = self.norm(unknown(x))\nself.norm = layers.BatchNormalization()\nz = self.norm(y[:, 0])",
    "y = self.norms[0](unknown(x))\nz = self.norms[1](y[:, 0])",
    "y = self.shift(unknown(x))\nz = self.shift(y[:, 0])",
]
TWICE = "\n\ndef twice(layer, value):\n    return layer.norm(layer.norm(unknown(value))[:, 0])  # here\n"

AGAIN = "def again(self, x):\n    return self.norm(x)  # here\n"


@pytest.mark.parametrize("body", REPORTED)
def test_reported(body: str) -> None:
    methods = AGAIN if "again" in body else ""
    assert_told("KLL219", layer(FIRST + body, init=INIT, methods=methods), TOLD, TOLD)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL219", layer(FIRST + body, init=INIT))


@pytest.mark.parametrize("body", OF_ITS_RESULT)
def test_on_its_own_result(body: str) -> None:
    source = layer(body, init=INIT) + (TWICE if "twice" in body else "")
    assert_told("KLL219", source, TOLD, TOLD)


@pytest.mark.parametrize("body", NOT_CERTAINLY_OF_ITS_RESULT)
def test_not_certainly_on_its_own_result(body: str) -> None:
    assert_silent("KLL219", layer(body, init=INIT))


@pytest.mark.parametrize("made", ["GroupNormalization(2)", "PReLU()"])
def test_others(made: str) -> None:
    body = FIRST + "z = self.norm(x[:, 0])  # here"
    assert_told("KLL219", layer(body, init=f"self.norm = layers.{made}"), TOLD, TOLD)


def test_ranks_in_full() -> None:
    body = "y = self.norm(tf.reshape(x, (-1, 4)))\nz = self.norm(ops.reshape(x, [-1, 5, 4]))  # here"
    source = layer(body, init=INIT)
    line = (HEADER + source).splitlines().index("        y = self.norm(tf.reshape(x, (-1, 4)))") + 1
    told = f"`self.norm` is called on 3 axes, and on 2 on line {line}; {TOLD}"
    assert_told("KLL219", source, told, told)
    assert_silent("KLL219", layer(body.replace("  # here", "").replace("-1, 5, 4", "-1, 4"), init=INIT))
    flat = "y = self.norm(layers.Flatten()(x))\nz = self.norm(ops.reshape(x, [-1, 5, 4]))  # here"
    assert_told("KLL219", layer(flat, init=INIT), TOLD, TOLD)


def test_in_a_loss() -> None:
    source = """
        class Normed(keras.losses.Loss):
            def __init__(self):
                super().__init__()
                self.norm = layers.BatchNormalization()

            def call(self, y_true, y_pred):
                y_pred = self.norm(y_pred)
                return y_true[:, 0] - self.norm(y_pred[:, 0])  # KLL219
        """
    assert len(found("KLL219", source, "3")) == 1
