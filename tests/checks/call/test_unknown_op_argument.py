"""KLL149: arguments that a function does not take, and such as it needs."""

from __future__ import annotations

import pytest

from keras_layer_lint.keras.signatures import signature_of
from keras_layer_lint.target import Generation
from tests.checks.cases import assert_silent, assert_told, layer

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
