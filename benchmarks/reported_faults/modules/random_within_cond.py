"""A random number within a branch of `cond`: the seed of the branch leaves it on JAX."""
import keras
import numpy as np
from keras import ops


class Noisy(keras.layers.Layer):
    def __init__(self, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.seeds = keras.random.SeedGenerator(7)

    def call(self, inputs):
        applied = keras.random.uniform((), seed=self.seeds) < self.rate
        return ops.cond(
            applied,
            lambda: inputs + keras.random.uniform(ops.shape(inputs), seed=self.seeds),
            lambda: inputs,
        )


def run():
    model = keras.Sequential([keras.Input((3,)), Noisy(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((8, 3)), np.ones((8, 1)), epochs=2, verbose=0)
