"""Sound layers to plant faults in: between them each operator applies."""

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


def subject(text: str, class_name: str, keras: str, inputs: str, arguments: str = "") -> Subject:
    source = LayerSource.read(text, class_name)
    assert source is not None
    plan = Plan(path="layers.py", class_name=class_name, arguments=arguments, inputs=inputs, seconds=1.0)
    return Subject(Package("sample", "1.0", keras), plan, source)


def plain(keras: str) -> Subject:
    text = PLAIN.format(keras="tensorflow.keras" if keras == "2" else "keras")
    return subject(text, "Scaled", keras, "float32[2,8]")


SUBJECTS = (
    plain("2"),
    plain("3"),
    subject(LISTED, "Added", "3", "[float32[2,8], float32[2,8]]"),
    subject(PAIRED, "Gated", "3", "float32[2,8], float32[2,8]"),
)
