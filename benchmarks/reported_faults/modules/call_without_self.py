"""`call` without `self`."""
import keras
import numpy as np


class Forward(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = keras.layers.Dense(2)

    def call(inputs):
        return inputs


def run():
    Forward()(np.ones((1, 2)))
