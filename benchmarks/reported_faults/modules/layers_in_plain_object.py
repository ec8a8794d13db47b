"""Layers kept on an object of a plain class: Keras does not look there."""
import keras
import numpy as np


class Branch:
    def __init__(self, units):
        self.first = keras.layers.Dense(units)
        self.second = keras.layers.Dense(units)

    def __call__(self, inputs):
        return self.second(self.first(inputs))


class Fork(keras.Model):
    def __init__(self):
        super().__init__()
        self.left = Branch(4)
        self.head = keras.layers.Dense(1)

    def call(self, inputs):
        return self.head(self.left(inputs))


def run():
    model = Fork()
    model(np.ones((1, 3)))
    assert len(model.trainable_weights) == 6, f"silent: {len(model.trainable_weights)} of 6 weights are trained"
