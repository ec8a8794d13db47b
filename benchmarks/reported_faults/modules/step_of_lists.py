"""A step for JAX that returns its logs as a list."""
import jax
import keras
import numpy as np


class Listed(keras.Model):
    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(1)

    def call(self, inputs, training=None):
        return self.head(inputs)

    def test_step(self, state, data):
        trainable, other, metrics = state
        x, y = data
        y_pred, other = self.stateless_call(trainable, other, x, training=False)
        loss = jax.numpy.mean((y - y_pred) ** 2)
        return [loss], (trainable, other, metrics)


def run():
    model = Listed()
    model.compile("sgd", "mse")
    model.evaluate(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
