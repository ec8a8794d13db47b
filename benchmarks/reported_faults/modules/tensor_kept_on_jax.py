"""A tensor of a step kept on the layer and read in the next step."""
import keras
import numpy as np


class Blend(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.last = 0.0

    def call(self, inputs):
        outputs = 0.5 * inputs + 0.5 * self.last
        self.last = keras.ops.mean(outputs, axis=0)
        return outputs


def run():
    model = keras.Sequential([Blend(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((8, 3)), np.ones((8, 1)), batch_size=2, verbose=0)
    model.predict(np.ones((8, 3)), verbose=0)
