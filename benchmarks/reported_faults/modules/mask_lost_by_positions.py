"""Positions added to a masked embedding: the sum carries no mask."""
import keras
import numpy as np
from keras import ops


class Encoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.tokens = keras.layers.Embedding(10, 4, mask_zero=True)
        self.places = keras.layers.Embedding(8, 4)
        self.pool = keras.layers.GlobalAveragePooling1D()

    def call(self, tokens):
        x = self.tokens(tokens) + self.places(ops.arange(ops.shape(tokens)[1]))
        return self.pool(x)


def run():
    model = Encoder()
    short = model(np.array([[3, 4]]))
    padded = model(np.array([[3, 4, 0, 0]]))
    assert np.allclose(short, padded, atol=1e-5), "silent: padding is averaged in"
