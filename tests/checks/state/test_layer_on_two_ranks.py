"""KLL219: one normalization that gets inputs of two ranks."""

from __future__ import annotations

import pytest

from tests.checks.cases import HEADER, assert_silent, assert_told, found, layer

INIT = """\
self.norm = layers.BatchNormalization()
self.other = layers.BatchNormalization()
self.shift = layers.LayerNormalization()
self.norms = [layers.BatchNormalization() for _ in range(2)]
self.pair = [layers.BatchNormalization(), layers.BatchNormalization()]
self.many = [layers.BatchNormalization() for _ in range(self.units)]
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
    "z = self.norms[0](x)\nz = self.norms[0](x[:, 0])  # here",
    "z = self.pair[-1](x)\nz = self.pair[-1](x[:, 0])  # here",
    "for norm in self.pair:\n    x = norm(x)\nfor norm in self.pair:\n    z = norm(x[:, 0])  # here",
    "for norm in self.norms:\n    y = norm(x)\nz = x[:, 0]\nfor norm in self.norms:\n    z = norm(z)  # here",
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
    "z = self.norms[self.units](x)\nz = self.norms[self.units](x[:, 0])",
    "z = self.pair[0](x)\nz = self.pair[1](x[:, 0])",
    "for norm in self.pair:\n    x = norm(x)\nfor norm in self.norms:\n    z = norm(x[:, 0])",
    "for norm in self.pair:\n    x = norm(x)\nfor norm in self.pair:\n    if self.flag:\n        z = norm(x[:, 0])",
    "for norm in self.pair:\n    x = norm(x)\nfor norm in self.pair:\n    while self.flag:\n        z = norm(x[:, 0])",
    "for norm in self.many:\n    x = norm(x)\nfor norm in self.many:\n    z = norm(x[:, 0])",
    "for norm in self.pair[:1]:\n    x = norm(x)\nfor norm in self.pair[1:]:\n    z = norm(x[:, 0])",
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
    "y = self.norms[1](unknown(x))\nz = self.norms[1](y[:, 0])  # here",
]
NOT_CERTAINLY_OF_ITS_RESULT = [
    "y = self.norm(unknown(x))\nz = self.norm(y)",
    "y = self.norm(unknown(x))\nz = self.other(y[:, 0])",
    "y = self.norm(unknown(x)) if self.flag else x\nz = self.norm(y[:, 0])",
    "if self.flag:\n    y = self.norm(x)\nelse:\n    y = unknown(x)\nz = self.norm(y[:, 0])",
    "y = self.norm(unknown(x))\nself.norm = layers.BatchNormalization()\nz = self.norm(y[:, 0])",
    "y = self.norms[0](unknown(x))\nz = self.norms[1](y[:, 0])",
    "y = self.shift(unknown(x))\nz = self.shift(y[:, 0])",
    "for norm in self.pair:\n    y = norm(unknown(x))\nfor norm in self.pair:\n    z = norm(y[:, 0])",
]
TWICE = "\n\ndef twice(layer, value):\n    return layer.norm(layer.norm(unknown(value))[:, 0])  # here\n"

LAST_INIT = """\
self.four = layers.Dense(4)
self.eight = layers.Dense(units=8)
self.some = layers.Dense(self.units)
self.either = layers.Dense(4) if self.flag else layers.Dense(8)
self.embed = layers.Embedding(100, 8)
self.out = layers.Dense(1)
self.outs = [layers.Dense(1), layers.Dense(1)]
"""
LAST_TOLD = "it takes no other than it was built for: ValueError"
LAST_REPORTED = [
    "y = self.out(self.four(x))\nz = self.out(self.eight(x))  # here",
    "y = self.out(self.four(x))\nz = self.out(self.embed(x))  # here",
    "y = self.out(tf.nn.relu(self.four(x)) * 2.0 + 1.0)\nz = self.out(self.shift(self.eight(x)))  # here",
    "y = self.out(self.four(x))\nz = self.out(tf.concat([self.four(x), self.eight(x)], -1))  # here",
    "y = self.out(ops.reshape(x, (-1, 6)))\nz = self.out(tf.reshape(x, [-1, 2, 3]))  # here",
    "y = self.out(tf.one_hot(x, 3))\nz = self.out(ops.one_hot(x, 4))  # here",
    "y = self.out(self.out(self.four(x)))  # here",
    "y = self.outs[0](self.four(x))\nz = self.outs[0](self.eight(x))  # here",
    "for out in self.outs:\n    y = out(self.four(x))\nfor out in self.outs:\n    z = out(self.eight(x))  # here",
]
LAST_SILENT = [
    "y = self.out(self.four(x))\nz = self.out(self.some(x))",
    "y = self.out(self.four(x))\nz = self.out(self.either(x))",
    "y = self.out(self.eight(x))\nz = self.out(self.embed(x))",
    "y = self.out(self.four(x))\nz = self.out(x)",
    "y = self.out(self.eight(x))\nz = self.out(tf.concat([self.four(x), self.four(x)], -1))",
    "y = self.out(self.eight(x))\nz = self.out(tf.concat([self.four(x), self.four(x)], 1))",
    "y = self.out(self.four(x))\nz = self.out(self.eight(x)[..., :4])",
    "y = self.out(self.four(x))\nz = self.out(self.eight(x)[:, 0])",
    "y = self.out(self.four(x))\nz = self.out(tf.transpose(self.eight(x)))",
    "y = self.out(self.four(x))\nz = self.out(tf.reduce_mean(self.eight(x), 1))",
    "y = self.out(self.four(x))\nz = self.out(tf.one_hot(x, 3, axis=1))",
    "y = self.out(tf.reshape(x, (-1, 4)))\nz = self.out(tf.reshape(x, (4, -1)))",
    "y = self.out(self.four(x))\nif self.flag:\n    z = self.out(self.eight(x))",
    "y = self.four(x) if self.flag else self.eight(x)\nz = self.out(self.four(x)) + self.out(y)",
    "y = self.shift(self.four(x)) + self.shift(self.eight(x))",
    "y = self.outs[0](self.four(x))\nz = self.outs[1](self.eight(x))",
]


@pytest.mark.parametrize("body", LAST_REPORTED)
def test_last_axes(body: str) -> None:
    assert_told("KLL219", layer(body, init=INIT + LAST_INIT), LAST_TOLD, LAST_TOLD)


@pytest.mark.parametrize("body", LAST_SILENT)
def test_last_axes_that_may_be_alike(body: str) -> None:
    assert_silent("KLL219", layer(body, init=INIT + LAST_INIT))


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
