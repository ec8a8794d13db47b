"""`call` of an LSTM overridden with the names of Keras 2: `build` of the base asks for `sequences_shape`."""
import keras
import numpy as np


class Watched(keras.layers.LSTM):
    def call(self, inputs, initial_state=None, mask=None, training=False):
        return super().call(inputs, initial_state=initial_state, mask=mask, training=training)


def run():
    Watched(2)(np.ones((2, 4, 3)))
