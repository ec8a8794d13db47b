"""A cell that sets `state_size` when it is built: RNN asks for it before."""
import keras
import numpy as np
from keras import ops


class Leaky(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.state_size = self.units
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], self.units))
        super().build(input_shape)

    def call(self, inputs, states):
        state = 0.9 * states[0] + ops.matmul(inputs, self.kernel)
        return state, [state]


def run():
    keras.layers.RNN(Leaky(3))(np.ones((1, 4, 2)))
