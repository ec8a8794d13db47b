"""`get_dropout_mask_for_cell` is called `get_dropout_mask` in Keras 3."""
import keras
import numpy as np


class Wet(keras.layers.GRUCell):
    def call(self, inputs, states, training=False):
        mask = self.get_dropout_mask_for_cell(inputs, training, count=3)
        if mask is not None:
            inputs = inputs * mask[0]
        return super().call(inputs, states, training=training)


def run():
    keras.layers.RNN(Wet(3, dropout=0.5))(np.ones((1, 4, 2)), training=True)
