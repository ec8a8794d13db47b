"""Sound classes to plant faults in: between them each operator applies."""

from __future__ import annotations

from benchmarks.seeding.packages import Package
from benchmarks.seeding.source import LayerSource
from benchmarks.seeding.subjects import Plan, Subject

PLAIN = '''\
"""A layer with all that operators look for."""

import numpy as np
import tensorflow as tf
from {keras} import activations, initializers
from {keras}.layers import Layer


class Scaled(Layer):
    def __init__(self, units=4, activation="relu", kernel_initializer="ones", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)

    def build(self, input_shape):
        size = input_shape[-1]
        self.kernel = self.add_weight(
            name="kernel", shape=(size, self.units), initializer=self.kernel_initializer, trainable=True
        )
        super().build(input_shape)
        self.built = True

    def call(self, inputs, training=None):
        """Scale."""
        hidden = tf.matmul(inputs, self.kernel)
        return self.activation(hidden)

    def get_config(self):
        config = super().get_config()
        config.update(
            {{
                "units": self.units,
                "activation": activations.serialize(self.activation),
                "kernel_initializer": initializers.serialize(self.kernel_initializer),
            }}
        )
        return config

    @classmethod
    def from_config(cls, config):
        config["kernel_initializer"] = initializers.deserialize(config["kernel_initializer"])
        return cls(**config)
'''

LISTED = """\
from keras import ops
from keras.layers import Layer


class Added(Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

    def build(self, input_shape):
        self.rate = self.add_weight(name="rate", shape=(), initializer="ones")

    def call(self, inputs):
        return ops.add(inputs[0], inputs[1]) * self.rate
"""

PAIRED = """\
from keras import ops
from keras.layers import Layer


class Gated(Layer):
    def build(self, inputs_shape, gate_shape):
        self.rate = self.add_weight(name="rate", shape=(gate_shape[-1],), initializer="ones")

    def call(self, inputs, gate):
        return ops.multiply(inputs, gate) * self.rate
"""


OBJECTS = """\
import tensorflow as tf
import keras


class Stacked(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hidden = keras.layers.Dense(4)
        self.drop = keras.layers.Dropout(0.5)
        self.head = keras.layers.Dense(2)

    def call(self, inputs, training=None):
        hidden = self.drop(self.hidden(inputs), training=training)
        return self.head(hidden)


class Stepped(Stacked):
    def call(self, inputs, training=None):
        return self.head(self.hidden(inputs))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(self(x, training=True) - y))
        weights = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return {"loss": loss}


@keras.saving.register_keras_serializable("samples")
class Squared(keras.losses.Loss):
    def __init__(self, scale=1.0, **kwargs):
        super().__init__(**kwargs)
        self.scale = scale

    def get_config(self):
        return {**super().get_config(), "scale": self.scale}

    def call(self, y_true, y_pred):
        return tf.reduce_mean(self.scale * tf.square(y_true - y_pred), axis=-1)


class Largest(keras.metrics.Metric):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.largest = self.add_weight(name="largest", shape=(), initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.largest.assign(keras.ops.maximum(self.largest, keras.ops.max(y_pred)))

    def result(self):
        return self.largest

    def reset_state(self):
        self.largest.assign(0.0)


class Falling(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        done = tf.cast(step, tf.float32)
        return 0.1 / (1.0 + done)


class Halves(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None, **kwargs):
        return 0.5 * tf.ones(shape, dtype or tf.float32)


class Positive(keras.constraints.Constraint):
    def __call__(self, w):
        return tf.abs(w)


class Descent(keras.optimizers.Optimizer):
    def update_step(self, gradient, variable, learning_rate):
        self.assign_sub(variable, learning_rate * gradient)


class Masked(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[-1],))
        self.shift = self.add_weight(name="shift", shape=(input_shape[-1],))

    def call(self, inputs, mask=None):
        return inputs * self.scale + self.shift
"""


def subject(text: str, class_name: str, keras: str, inputs: str, arguments: str = "", kind: str = "layer") -> Subject:
    source = LayerSource.read(text, class_name)
    assert source is not None
    plan = Plan(path="layers.py", class_name=class_name, arguments=arguments, inputs=inputs, seconds=1.0, kind=kind)
    return Subject(Package("sample", "1.0", keras), plan, source)


def plain(keras: str) -> Subject:
    text = PLAIN.format(keras="tensorflow.keras" if keras == "2" else "keras")
    return subject(text, "Scaled", keras, "float32[2,8]")


SUBJECTS = (
    plain("2"),
    plain("3"),
    subject(LISTED, "Added", "3", "[float32[2,8], float32[2,8]]"),
    subject(PAIRED, "Gated", "3", "float32[2,8], float32[2,8]"),
    *(subject(OBJECTS, "Stacked", keras, "float32[2,8]", kind="model") for keras in "23"),
    subject(OBJECTS, "Stepped", "3", "float32[2,8]", kind="model"),
    subject(OBJECTS, "Squared", "3", "", kind="loss"),
    subject(OBJECTS, "Largest", "3", "", kind="metric"),
    *(subject(OBJECTS, "Falling", keras, "", kind="schedule") for keras in "23"),
    subject(OBJECTS, "Halves", "3", "", kind="initializer"),
    subject(OBJECTS, "Positive", "3", "", kind="constraint"),
    subject(OBJECTS, "Descent", "3", "", kind="optimizer"),
    subject(OBJECTS, "Masked", "2", "float32[2,8]"),
)
