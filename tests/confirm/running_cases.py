"""Layers like real ones that are at fault when they are built, called or compiled.

Lines whose finding is looked at end with the verdict it must come to, and what the evidence must hold.
"""

from __future__ import annotations

CASES: dict[str, tuple[str, str]] = {}
"""By name: the generation of Keras, and a module."""


def case(name: str, keras: str, source: str) -> None:
    CASES[name] = (keras, source)


for keras in ("2", "3"):
    case(
        f"a_list_of_tensors_holds_no_number_{keras}",
        keras,
        """\
import tensorflow as tf
{imports}


class WithoutFirst(layers.Layer):
    def call(self, inputs):
        inputs[0] = 0.0  # KLL124 confirmed: object does not support item assignment
        return inputs


class Clipped(layers.Layer):
    def call(self, inputs):
        inputs[inputs < 0.0] = 0.0  # KLL124 confirmed: TypeError
        return inputs


class Rest(layers.Layer):
    def call(self, inputs):
        inputs[1:] = 0.0  # KLL124 confirmed: TypeError
        return tf.abs(inputs)
""".format(imports="from tf_keras import layers" if keras == "2" else "from keras import layers"),
    )
case(
    "xla_names_some_operations_only",
    "2",
    """\
import tensorflow as tf


class Hash(tf.keras.layers.Layer):
    def __init__(self, num_buckets, **kwargs):
        super().__init__(**kwargs)
        self.num_buckets = num_buckets

    def call(self, x):
        if x.dtype != tf.string:
            text = tf.as_string(x)  # KLL151 confirmed: AsString
        else:
            text = tf.as_string(tf.zeros_like(x))  # KLL151 inconclusive: the line was not reached
        hashed = tf.strings.to_hash_bucket_fast(text, self.num_buckets)  # KLL151 confirmed: StringToHashBucketFast
        return tf.cast(hashed, tf.float32) + x


OPTIONS = dict(jit_compile=True)
""",
)
case(
    "xla_line_not_reached",
    "3",
    """\
import keras
import tensorflow as tf


class Pool(keras.layers.Layer):
    def call(self, inputs, segments=None):
        if segments is not None:
            return tf.math.segment_sum(inputs, segments)  # KLL151 inconclusive: the line was not reached
        return tf.reduce_sum(inputs, axis=-1)


class Median(keras.layers.Layer):
    def __init__(self, use_pooling=False, **kwargs):
        super().__init__(**kwargs)
        self.use_pooling = use_pooling

    def call(self, inputs):
        if self.use_pooling:
            tf.print("pooled", inputs)  # KLL151 confirmed: XLA
        return inputs * 2.0
""",
)
case(
    "flags_that_are_off",
    "3",
    """\
import keras
import numpy as np
from keras import ops


class Learned(keras.layers.Layer):
    def __init__(self, learned_epsilon=False, mode="plain", **kwargs):
        super().__init__(**kwargs)
        self.mode = mode
        if learned_epsilon:
            self.epsilon = self.add_weight(shape=(1,), name="epsilon")  # KLL201 confirmed: epsilon

    def build(self, input_shape):
        if self.mode == "scaled":
            self.scale = self.add_weight("scale", (input_shape[-1],))  # KLL208 confirmed: keyword argument

    def call(self, inputs):
        if self.mode == "centered":
            inputs = inputs - np.mean(inputs)  # KLL111 confirmed: NotImplementedError
        return inputs * 2.0
""",
)
case(
    "flags_while_another_line_raises",
    "3",
    """\
import keras
import tensorflow as tf


class Attention(keras.layers.Layer):
    def __init__(self, kind="dot", **kwargs):
        super().__init__(**kwargs)
        self.kind = kind

    def build(self, input_shape):
        if self.kind == "additive":
            self.bias = self.add_weight("bias", (input_shape[-1],))  # KLL208 confirmed: add_weight('bias', ...)
        self.scale = self.add_weight("scale", (input_shape[-1],))  # KLL208 confirmed: add_weight('scale', ...)
        super().build(input_shape)

    def call(self, inputs):
        outputs = tf.squeeze(inputs, axis=1) * self.scale
        return outputs + self.bias if self.kind == "additive" else outputs
""",
)
case(
    "sublayers_that_build_themselves",
    "3",
    """\
import keras


class Block(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(8)
        self.inner = Inner()

    def build(self, input_shape):  # KLL202 confirmed: was not reached
        self.dense.build(input_shape)

    def call(self, inputs):
        return self.inner(self.dense(inputs))


class Inner(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(8)

    def call(self, inputs):
        return self.dense(inputs)


def block_with(weights):
    block = Block()
    block.build((None, 8))
    block.set_weights(weights)
    return block
""",
)
case(
    "a_rate_of_zero",
    "3",
    """\
import keras


class Attend(keras.layers.Layer):
    def __init__(self, dropout=0.0, mode=None, **kwargs):
        super().__init__(**kwargs)
        self.dropout = dropout
        self.mode = mode

    def call(self, inputs):
        return keras.layers.Dropout(self.dropout)(inputs)  # KLL132 confirmed: ValueError
""",
)
case(
    "each_weight_counts_once",
    "3",
    """\
import typing

import keras


class Table(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.kind = typing.Union[int, str]
        self.table = self.add_weight(shape=(4,), name="table")  # KLL201 confirmed: before any input: table

    def call(self, inputs):
        return inputs * self.table[0]
""",
)
case(
    "batch_size_in_weight_fails_before",
    "2",
    """\
import tensorflow as tf


class Cross(tf.keras.layers.Layer):
    def __init__(self, parameterization="vector", **kwargs):
        super().__init__(**kwargs)
        self.parameterization = parameterization

    def build(self, input_shape):
        dim = int(input_shape[0])
        if self.parameterization == "vector":
            self.kernel = self.add_weight(name="kernel", shape=(dim, 1))  # KLL210 confirmed: (2, 1)
        elif self.parameterization == "matrix":
            self.kernel = self.add_weight(name="kernel", shape=(dim, dim))  # KLL210 confirmed: (2, 2)
        else:
            raise ValueError("parameterization should be 'vector' or 'matrix'")
        super().build(input_shape)

    def call(self, inputs):
        return tf.matmul(inputs, self.kernel)
""",
)
