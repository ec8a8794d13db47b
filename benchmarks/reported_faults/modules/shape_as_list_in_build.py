"""`input_shape.as_list()`: Keras 3 hands a tuple to `build`."""
import keras
import numpy as np


class Scale(keras.layers.Layer):
    def build(self, input_shape):
        *_, last = input_shape.as_list()
        self.scale = self.add_weight(name="scale", shape=(last,), initializer="ones")
        super().build(input_shape)

    def call(self, inputs):
        return inputs * self.scale


def run():
    Scale()(np.ones((1, 3)))
