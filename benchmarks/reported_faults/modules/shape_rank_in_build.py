"""`input_shape.rank`: Keras 3 hands a tuple to `build`."""
import keras
import numpy as np


class Places(keras.layers.Layer):
    def build(self, input_shape):
        self.axes = list(range(1, input_shape.rank))
        super().build(input_shape)

    def call(self, inputs):
        return keras.ops.sum(inputs, axis=self.axes)


def run():
    Places()(np.ones((1, 3, 4)))
