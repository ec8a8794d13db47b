"""Layers with several faults, or with one that is told as a note: evidence must speak of the finding it stands at.

Lines whose finding is looked at end with the verdict it must come to, and what the evidence must hold.
"""

from __future__ import annotations

CASES: dict[str, tuple[str, str]] = {}
"""By name: the generation of Keras, and a module."""


def case(name: str, keras: str, source: str) -> None:
    CASES[name] = (keras, source)


case(
    "a_note_is_decided_by_what_happens",
    "3",
    """\
import keras


class Inner(keras.layers.Layer):  # KLL301 confirmed: saving: NotImplementedError
    def __init__(self, layer: keras.layers.Layer, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer

    def call(self, inputs):
        return self.layer(inputs)


class Scaled(keras.layers.Dense):  # KLL301 confirmed: scale=1.25 was loaded as 1.0
    def __init__(self, units, scale=1.0, **kwargs):
        super().__init__(units, **kwargs)
        self.scale = scale

    def call(self, inputs):
        return super().call(inputs) * self.scale


@keras.saving.register_keras_serializable("example")
class Outer(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = Inner(keras.layers.Dense(4))
        self.scaled = Scaled(4, scale=2.0)

    def build(self, input_shape):
        self.inner.layer.build(input_shape)
        self.scaled.build(input_shape)
        self.built = True

    def call(self, inputs):
        return self.inner(inputs) + self.scaled(inputs)
""",
)
case(
    "a_variable_of_a_class_that_cannot_be_loaded",
    "3",
    """\
import keras
import tensorflow as tf


class Gated(keras.layers.Layer):
    def __init__(self, size):
        super().__init__()
        self.size = size
        self.alphas = tf.Variable(tf.zeros((size,)))  # KLL205 confirmed: with the weights loaded into a fresh one

    def call(self, inputs):
        return inputs * self.alphas
""",
)
case(
    "a_model_hands_on_several_inputs",
    "3",
    """\
import keras


class Flipped(keras.layers.Layer):
    def call(self, images, labels, training=True):  # KLL146 confirmed: predict gives other values
        if training:
            return -images, -labels
        return images, labels
""",
)
case(
    "statistics_of_the_layer_that_is_named",
    "3",
    """\
import keras


class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.frozen = keras.layers.BatchNormalization()
        self.norm = keras.layers.BatchNormalization()

    def call(self, inputs):  # KLL142 confirmed: the statistics of 1 BatchNormalization
        return self.norm(self.frozen(inputs, training=False))
""",
)
for _keras in ("2", "3"):
    case(
        f"each_line_has_its_own_weights_in_keras_{_keras}",
        _keras,
        """\
import keras


class Counts(keras.layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.table = self.add_weight(shape=(units,), name="table")  # KLL201 confirmed: before any input: table
        self.other = self.add_weight(  # KLL201 confirmed: made here, before any input: other
            shape=(units, 2), name="other"
        )
        self.seen = keras.metrics.Mean(name="seen")
        self.drop = keras.layers.Dropout(0.5)

    def call(self, inputs):
        return self.drop(inputs) * self.table[0] + self.other[0, 0]


class Tower(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seen = keras.metrics.Mean(name="seen")
        self.tables = [
            self.add_weight(shape=(4,), name=f"table_{number}")  # KLL201 confirmed: 2 weights: table_0
            for number in range(2)
        ]

    def call(self, inputs):
        return inputs * self.tables[0][0]


class Early(keras.layers.Layer):
    def __init__(self, units=4, **kwargs):
        self.table = self.add_weight(shape=(units,), name="table")  # KLL201 confirmed: once the base class is
        super().__init__(**kwargs)

    def call(self, inputs):
        return inputs * self.table[0]
""",
    )
for _keras in ("2", "3"):
    case(
        f"the_kind_of_value_that_it_speaks_of_in_keras_{_keras}",
        _keras,
        """\
from typing import Callable

import keras
import numpy as np


class Scaled(keras.layers.Layer):  # KLL301 confirmed: given activation=keras.activations.relu: NotImplementedError
    def __init__(self, activation: "Callable | int" = 3, **kwargs):
        super().__init__(**kwargs)
        self.activation = activation

    def call(self, inputs):
        return self.activation(inputs) if callable(self.activation) else inputs * self.activation


class Anchors(keras.layers.Layer):
    def __init__(self, anchors, **kwargs):
        super().__init__(**kwargs)
        self.anchors = anchors if isinstance(anchors, int) else np.asarray(anchors)

    def call(self, inputs):
        return inputs * np.float32(np.sum(self.anchors))

    def get_config(self):
        return {**super().get_config(), "anchors": self.anchors}  # KLL307 confirmed: not 'dict'
""",
    )
for _keras in ("2", "3"):
    case(
        f"each_key_is_named_by_the_error_in_keras_{_keras}",
        _keras,
        """\
import keras


class Strict(keras.layers.Layer):
    def __init__(self, units=4):  # KLL306 confirmed: keyword argument 'name'
        super().__init__()
        self.units = units

    def call(self, inputs):
        return inputs * self.units

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "zeta": 1,  # KLL303 confirmed: zeta
            "alpha": 2,  # KLL303 confirmed: alpha
        }


class Open(keras.layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def call(self, inputs):
        return inputs * self.units

    def get_config(self):
        config = super().get_config()
        config["zeta"] = 1  # KLL303 confirmed: zeta
        config["alpha"] = 2  # KLL303 confirmed: alpha
        config["units"] = self.units
        return config
""",
    )
case(
    "a_layer_in_the_config_that_nothing_calls_when_loaded",
    "2",
    """\
import tf_keras as keras


class Mlp(keras.layers.Layer):
    def __init__(self, units, drop=0.0, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = keras.layers.Dense(units)
        self.drop = keras.layers.Dropout(drop)

    def call(self, inputs):
        return self.drop(self.dense(inputs))

    def get_config(self):
        config = super().get_config()
        config.update({"units": self.units, "drop": self.drop})  # KLL307 confirmed: drop was loaded as {
        return config
""",
)
case(
    "a_print_beside_what_cannot_be_traced",
    "3",
    """\
import operator

import keras
from keras import ops

VALUES = operator.methodcaller("numpy")


class Before(keras.layers.Layer):
    def call(self, inputs):
        print("mean", ops.mean(inputs))  # KLL122 confirmed: ran 8 times in 8 eager calls; traced, once for 4 calls
        if ops.mean(inputs) > 0:  # KLL101 confirmed: OperatorNotAllowedInGraphError
            inputs = inputs * 2
        return inputs


class Within(keras.layers.Layer):
    def call(self, inputs):
        if ops.mean(inputs) > 0: print("above", inputs)  # KLL122 confirmed: ran 8 times in 8 eager calls
        return inputs


class After(keras.layers.Layer):
    def call(self, inputs):
        if ops.mean(inputs) > 0:  # KLL101 confirmed: OperatorNotAllowedInGraphError
            inputs = inputs + 1
        print(f"mean {ops.mean(inputs)}")  # KLL122 confirmed: ran 8 times in 8 eager calls
        return inputs


class Refusing(keras.layers.Layer):
    def call(self, inputs):
        VALUES(inputs)
        print(inputs)  # KLL122 inconclusive: has no attribute 'numpy'
        return inputs
""",
)
case(
    "a_print_of_what_autograph_converts",
    "2",
    """\
import tensorflow as tf
import tf_keras as keras


class Rounded(keras.layers.Layer):
    def call(self, inputs):
        print("mean", int(tf.reduce_mean(inputs)))  # KLL122 confirmed: ran 8 times in 8 eager calls; traced, once
        return inputs
""",
)
case(
    "no_call_and_a_build_that_asks_for_shapes",
    "3",
    """\
import keras


class Scaled(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

        def call(self, inputs):  # KLL218 confirmed: NotImplementedError
            return inputs * self.scale

    def build(self, input_shape):
        if len(input_shape) > 2:
            raise ValueError("two axes are wanted")
        self.scale = self.add_weight(shape=(input_shape[-1],), name="scale")
        super().build(input_shape)
""",
)
for _keras in ("2", "3"):
    case(
        f"a_misspelt_key_of_a_required_argument_in_keras_{_keras}",
        _keras,
        """\
import keras


class Shift(keras.layers.Layer):
    def __init__(self, offset, **kwargs):
        super().__init__(**kwargs)
        self.offset = offset

    def call(self, inputs):
        return inputs + self.offset

    def get_config(self):
        config = super().get_config()
        config["offsets"] = self.offset  # KLL303 confirmed: missing 1 required positional argument: 'offset'
        return config
""",
    )
case(
    "a_print_beside_what_cannot_be_called_twice",
    "3",
    """\
import keras


class Grown(keras.layers.Layer):
    def call(self, inputs):
        print("inputs", inputs)  # KLL122 inconclusive: fails: ValueError: You cannot add new elements of state
        self.dense = keras.layers.Dense(4)
        return self.dense(inputs)
""",
)

case(
    "a_tensor_that_a_called_function_made_is_kept",
    "3",
    """\
import keras
import tensorflow as tf


class Decaying(keras.layers.Layer):
    def build(self, input_shape):
        self.matrix = Decaying.halved(input_shape[-1])  # KLL213 confirmed: out of scope

    @staticmethod
    def halved(size):
        steps = tf.range(size)
        return tf.cast(steps, tf.float32) * 0.5

    def call(self, inputs):
        return inputs * self.matrix
""",
)

for generation, said in (("2", "You must call `super"), ("3", "you forgot to call `super")):
    case(
        f"a_layer_and_a_model_that_do_not_initialise_their_base_{generation}",
        generation,
        f"""\
import keras


class Units(keras.layers.Layer):
    def __init__(self, units=4):  # KLL204 confirmed: {said}
        self.units = units

    def call(self, inputs):
        return inputs * self.units


class Net(keras.Model):
    def __init__(self, units=4):  # KLL204 confirmed: you forgot to call `super
        self.dense = keras.layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs)
""",
    )

case(
    "a_line_that_waits_for_an_argument_is_run_with_it",
    "2",
    """\
import tensorflow as tf
import tf_keras as keras


class Kept(keras.layers.Layer):
    def __init__(self, positive=False, **kwargs):
        super().__init__(**kwargs)
        self.positive = positive

    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[-1],))
        self.scale = self.w
        if self.positive:
            self.scale = tf.exp(self.w)  # KLL213 confirmed: w gets no gradient
        super().build(input_shape)

    def call(self, inputs):
        return inputs * self.scale

    def get_config(self):
        return {**super().get_config(), "positive": self.positive}
""",
)

case(
    "what_happens_without_a_line_is_not_of_the_line",
    "2",
    """\
import tensorflow as tf
import tf_keras as keras


class Kept(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.is_scaled = False

    def switch_on(self):
        self.is_scaled = True

    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[-1],))
        self.scale = None
        if self.is_scaled:
            self.scale = tf.exp(self.w)  # KLL213 inconclusive: does not get to line 17
        super().build(input_shape)

    def call(self, inputs):
        return inputs if self.scale is None else inputs * self.scale
""",
)

case(
    "a_config_is_not_to_blame_where_the_class_raises_whatever_it_holds",
    "3",
    """\
import keras


class Net(keras.Model):  # KLL301 inconclusive: you forgot to call `super
    def __init__(self, units=4):
        self.units = units
        self.dense = keras.layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs)
""",
)

case(
    "another_line_of_the_function_fails_by_what_it_does_with_a_tensor",
    "3",
    """\
import keras
from keras import ops


def count_of(values):
    return ops.shape(ops.nonzero(values)[0])[0]


class Sparse(keras.layers.Layer):
    def call(self, inputs, training=False):
        count = count_of(inputs)
        if count == 0:
            return inputs
        if training:
            return keras.layers.Dropout(0.5)(inputs, training=training)  # KLL132 inconclusive: line 12
        return inputs
""",
)

case(
    "a_weight_that_is_not_named_like_its_attribute_is_bound_anew",
    "2",
    """\
import tensorflow as tf


class Dropped(tf.keras.layers.Layer):
    def build(self, input_shape):
        self.rate = self.add_weight(name="p_l", shape=input_shape[-1:], initializer="ones", trainable=True)
        self.rate = tf.keras.backend.clip(self.rate, 0.05, 0.95)  # KLL214 confirmed: p_l is not among the weights
        self.built = True

    def call(self, inputs):
        return inputs * self.rate
""",
)

case(
    "a_draw_under_a_condition",
    "3",
    """\
import keras


class Started(keras.layers.Layer):
    def __init__(self, method="zeros", seed=42, **kwargs):
        super().__init__(**kwargs)
        self.method = method
        self.seed = seed

    def call(self, inputs):
        out = keras.ops.zeros_like(inputs)
        if self.method == "normal":
            out = out + keras.random.normal(keras.ops.shape(inputs), seed=self.seed)  # KLL115 confirmed: the seed 42
        return out

    def get_config(self):
        return {**super().get_config(), "method": self.method, "seed": self.seed}


class Switched(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.is_noisy = False

    def switch_on(self):
        self.is_noisy = True

    def call(self, inputs):
        if self.is_noisy:
            return inputs + keras.random.normal(keras.ops.shape(inputs))  # KLL115 inconclusive: does not get to line 30
        return inputs
""",
)

case(
    "a_sublayer_that_waits_for_an_argument",
    "3",
    """\
import keras


class Block(keras.layers.Layer):
    def __init__(self, use_norm=False, **kwargs):
        super().__init__(**kwargs)
        self.use_norm = use_norm

    def build(self, input_shape):  # KLL207 confirmed: loading: ValueError
        if self.use_norm:
            self.norm = keras.layers.LayerNormalization()
        self.scale = self.add_weight(name="scale", shape=(), initializer="ones")
        self.built = True

    def call(self, inputs):
        outputs = inputs * self.scale
        return self.norm(outputs) if self.use_norm else outputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "use_norm": self.use_norm}
""",
)
