"""A masked embedding that is scaled: the product carries no mask."""
import keras
import numpy as np


class Encoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.embedding = keras.layers.Embedding(10, 4, mask_zero=True)
        self.reader = keras.layers.LSTM(3)

    def call(self, tokens):
        return self.reader(self.embedding(tokens) * 2.0)


def run():
    model = Encoder()
    short = model(np.array([[3, 4]]))
    padded = model(np.array([[3, 4, 0, 0]]))
    assert np.allclose(short, padded, atol=1e-5), "silent: padding is read"
