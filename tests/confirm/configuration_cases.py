"""Layers like real ones whose configuration is at fault.

Lines whose finding is looked at end with the verdict it must come to, and what the evidence must hold.
"""

from __future__ import annotations

CASES: dict[str, tuple[str, str]] = {}
"""By name: the generation of Keras, and a module."""


def case(name: str, keras: str, source: str) -> None:
    CASES[name] = (keras, source)


case(
    "name_not_taken_by_what_cannot_be_loaded",
    "2",
    """\
import tensorflow as tf


class Wrapper(tf.keras.Model):
    def __init__(self, units, **kwargs):  # KLL306 confirmed: given_name
        super().__init__()
        self.inner = tf.keras.layers.Dense(units, **kwargs)

    def call(self, inputs):
        return self.inner(inputs)

    def get_config(self):
        return self.inner.get_config()

    @classmethod
    def from_config(cls, config):
        raise ValueError("not from this config")
""",
)
case(
    "a_decorated_init",
    "2",
    """\
import functools

import tensorflow as tf


def checked(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


class Score(tf.keras.metrics.Metric):
    @checked
    def __init__(self, regressors=0, name="score", **kwargs):
        super().__init__(name=name, **kwargs)
        self.regressors = regressors
        self.total = self.add_weight(name="total", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total.assign_add(tf.reduce_sum(y_pred))

    def result(self):
        return self.total - float(self.regressors)

    def get_config(self):  # KLL302 confirmed: regressors=0
        return super().get_config()


class Pairs(tf.keras.losses.Loss):
    def __init__(self, margin=1.0, hard=False, soft=False, name="pairs", **kwargs):
        super().__init__(name=name, **kwargs)
        if hard and soft:
            raise ValueError("either hard or soft")
        self.margin = margin

    def call(self, y_true, y_pred):
        if y_pred.shape[-1] % 8:
            raise ValueError("wants pairs of four")
        return tf.reduce_mean(y_pred, axis=-1) - self.margin

    def get_config(self):  # KLL302 confirmed: margin=1.0
        return {**super().get_config(), "hard": False, "soft": False}
""",
)
case(
    "base_config_of_what_takes_no_name",
    "3",
    """\
import keras


class Block(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.dense = keras.layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs)

    def get_config(self):  # KLL304 confirmed: trainable=False came back as True
        return {"units": self.units}
""",
)
case(
    "a_module_that_registers_once",
    "3",
    """\
import os

import keras

if "CASE_IS_REGISTERED" in os.environ:
    raise ValueError("registered already")
os.environ["CASE_IS_REGISTERED"] = "yes"


class Scale(keras.layers.Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, inputs):
        return inputs * self.factor

    def get_config(self):  # KLL302 confirmed: factor=2.25 was loaded as 2.0
        return super().get_config()
""",
)
case(
    "a_nested_class",
    "3",
    """\
import keras


class Block(keras.layers.Layer):
    class Nested(keras.layers.Layer):
        def __init__(self, units):  # KLL306 confirmed: unexpected keyword argument
            super().__init__()
            self.units = units

        def call(self, inputs):
            return inputs * self.units
""",
)
case(
    "never_called",
    "3",
    """\
import keras


class Groups(keras.layers.Layer):
    def __init__(self, units, seed=None):  # KLL306 confirmed: unexpected keyword argument
        super().__init__()
        self.units = units
        self.seed = seed
        self.scale = self.add_weight(shape=(units,), name="scale")  # KLL201 confirmed: scale

    def call(self, inputs):
        if inputs["points"].shape[-1] != 13:
            raise KeyError("the points have thirteen coordinates")
        return inputs["points"] * 2.0

    def get_config(self):  # KLL302 confirmed: was loaded as None
        return {**super().get_config(), "units": self.units}


class Boxes(keras.layers.Layer):
    def __init__(self, units, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.seed = seed

    def call(self, inputs):
        if inputs["points"].shape[-1] != 13:
            raise KeyError("the points have thirteen coordinates")
        return inputs["points"] * 2.0

    def get_config(self):  # KLL302 confirmed: was loaded as None
        return {**super().get_config(), "units": self.units}
""",
)
case(
    "arguments_that_the_automatic_configuration_cannot_hold",
    "2",
    """\
import tensorflow as tf


class Task(tf.keras.layers.Layer):  # KLL301 confirmed: NotImplementedError
    def __init__(self, loss, **kwargs):
        super().__init__(**kwargs)
        self.loss = loss

    def call(self, inputs):
        return inputs * self.loss(inputs, inputs)
""",
)
case(
    "an_argument_that_an_object_stands_in_for",
    "2",
    """\
import tensorflow as tf


class Task(tf.keras.layers.Layer):  # KLL301 confirmed: NotImplementedError
    def __init__(self, loss, **kwargs):
        super().__init__(**kwargs)
        self.loss = loss or tf.keras.losses.MeanSquaredError()

    def call(self, inputs):
        return inputs * self.loss(inputs, inputs)
""",
)
case(
    "a_required_argument_of_a_model",
    "2",
    """\
import tensorflow as tf


class Wrapper(tf.keras.Model):  # KLL301 confirmed: TypeError
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, inputs):
        return self.inner(inputs)
""",
)
case(
    "another_error_of_the_configuration",
    "2",
    """\
import tensorflow as tf


class Warmup(tf.keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, steps=4):
        super().__init__()
        self.steps = steps

    def __call__(self, step):
        return tf.cast(step, tf.float32) / self.steps

    def get_config(self):
        return {
            "steps": self.steps,
            "rate": self._rate,  # KLL303 inconclusive: which names none of rate
        }


class Scale(tf.keras.layers.Layer):
    def __init__(self, factor, offset=0.5, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.offset = offset

    def call(self, inputs):
        return inputs * self.factor + self.offset

    def get_config(self):  # KLL302 confirmed: offset=0.75 was loaded as 0.5
        return {
            **super().get_config(),
            "factor": self.factor,
            "factors": 1,  # KLL303 confirmed: factors
        }
""",
)
case(
    "a_functional_model",
    "3",
    """\
import keras


class Backbone(keras.Model):
    def __init__(self, units=8, rate=0.5, **kwargs):
        inputs = keras.Input((8,))
        outputs = keras.layers.Dropout(rate)(keras.layers.Dense(units)(inputs))
        super().__init__(inputs=inputs, outputs=outputs, **kwargs)
        self.units = units

    def get_config(self):  # KLL302 confirmed: rate=0.75 was loaded as 0.5
        return {"units": self.units, "name": self.name, "trainable": self.trainable}
""",
)
case(
    "an_argument_that_is_a_function",
    "3",
    """\
import keras


class Encoder(keras.layers.Layer):  # KLL301 confirmed: saving: NotImplementedError
    def __init__(self, units, activation, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        if callable(activation):
            self.activation = activation
        else:
            self.activation = keras.activations.get(activation)

    def call(self, inputs):
        return self.activation(inputs)
""",
)
case(
    "one_fault_of_a_configuration_behind_another",
    "2",
    """\
import tensorflow as tf


class Missing(tf.keras.layers.Embedding):
    def __init__(self, input_dim, output_dim, temperature, **kwargs):
        super().__init__(input_dim, output_dim, **kwargs)
        self.temperature = temperature

    def call(self, inputs):
        return super().call(inputs) * self.temperature

    def get_config(self):  # KLL302 confirmed: missing 1 required positional argument: 'temperature'
        config = super().get_config()
        config["reverse"] = False  # KLL303 confirmed: with temperature in the config, loading
        return config


class Unknown(tf.keras.layers.Layer):
    def __init__(self, temperature, name=None, trainable=True, dtype=None):
        super().__init__(name=name, trainable=trainable, dtype=dtype)
        self.temperature = temperature

    def call(self, inputs):
        return inputs * self.temperature

    def get_config(self):  # KLL302 confirmed: without reverse in the config, loading
        config = super().get_config()
        config["reverse"] = False  # KLL303 confirmed: unexpected keyword argument 'reverse'
        return config
""",
)

case(
    "a_layer_in_a_module",
    "2",
    """\
import keras
import tensorflow as tf


class Holder(tf.Module):
    def __init__(self):
        super().__init__()
        self.inner = keras.layers.Dense(8)


class Wrap(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.holder = Holder()  # KLL206 confirmed: saved and loaded, holder is another

    def call(self, inputs):
        return self.holder.inner(inputs)
""",
)

case(
    "a_layer_of_the_private_keras_in_tensorflow",
    "2",
    """\
from tensorflow.python.keras.layers import Layer


class Scaled(Layer):
    def __init__(self, factor, width, **kwargs):  # KLL306 confirmed: given name='given_name', it has 'scaled
        super().__init__()
        self.factor = factor
        self.width = width

    def call(self, inputs):
        return inputs * self.factor

    def get_config(self):  # KLL302 confirmed: from its configuration: TypeError
        return {**super().get_config(), "factor": self.factor}
""",
)
