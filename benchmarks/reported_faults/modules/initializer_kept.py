"""A random initializer as default argument: all layers of the class start with the same values."""
import keras
import numpy as np
from keras import ops


class Rotate(keras.layers.Layer):
    def __init__(self, initializer=keras.initializers.Orthogonal(), **kwargs):
        super().__init__(**kwargs)
        self.initializer = initializer

    def build(self, input_shape):
        size = input_shape[-1]
        self.kernel = self.add_weight(name="kernel", shape=(size, size), initializer=self.initializer)
        super().build(input_shape)

    def call(self, inputs):
        return ops.matmul(inputs, self.kernel)


def run():
    first, second = Rotate(), Rotate()
    first(np.ones((1, 3)))
    second(np.ones((1, 3)))
    assert not np.allclose(first.kernel, second.kernel), "silent: two layers start with the same values"
