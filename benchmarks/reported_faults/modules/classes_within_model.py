"""A model that feeds class numbers on: what is before them is never trained."""
import keras
import numpy as np
from keras import ops


class Quantized(keras.Model):
    def __init__(self):
        super().__init__()
        self.code = keras.layers.Dense(8)
        self.table = keras.layers.Embedding(8, 4)
        self.head = keras.layers.Dense(1)

    def call(self, inputs):
        return self.head(self.table(ops.argmax(self.code(inputs), axis=-1)))


def run():
    model = Quantized()
    model.compile("sgd", "mse")
    model(np.ones((1, 2)))
    before = model.code.get_weights()[0]
    model.fit(np.random.rand(16, 2), np.ones((16, 1)), verbose=0)
    assert np.abs(model.code.get_weights()[0] - before).max() > 0, "silent: the layer before argmax is not trained"
