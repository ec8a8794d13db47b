"""`add_variable`, which Keras 3 no longer has."""
import keras
import numpy as np


class Scale(keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_variable("scale", shape=(3,), initializer="ones")

    def call(self, inputs):
        return inputs * self.scale


def run():
    Scale()(np.ones((1, 3)))
