"""A `train_step` of one argument on JAX, where Keras hands over the state as well."""
import keras
import numpy as np


class Halved(keras.Model):
    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(1)

    def call(self, inputs):
        return self.head(inputs)

    def train_step(self, data):
        x, y = data
        return super().train_step((x / 2, y))


def run():
    model = Halved()
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
