"""A cell whose `get_initial_state` asks for what Keras 3 does not give."""
import keras
import numpy as np
from keras import ops


class Primed(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units

    def get_initial_state(self, inputs, batch_size, dtype):
        return [ops.ones((batch_size, self.units), dtype=dtype)]

    def call(self, inputs, states):
        state = states[0] + ops.sum(inputs, axis=-1, keepdims=True)
        return state, [state]


def run():
    keras.layers.RNN(Primed(3))(np.ones((1, 4, 2)))
