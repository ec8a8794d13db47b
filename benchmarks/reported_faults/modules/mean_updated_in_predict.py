"""A running mean that is updated whatever `training` is: predicting changes the model."""
import keras
import numpy as np
from keras import ops


class Center(keras.layers.Layer):
    def build(self, input_shape):
        self.mean = self.add_weight(name="mean", shape=(input_shape[-1],), initializer="zeros", trainable=False)
        super().build(input_shape)

    def call(self, inputs, training=None):
        self.mean.assign(0.9 * self.mean + 0.1 * ops.mean(inputs, axis=0))
        return inputs - self.mean


def run():
    model = keras.Sequential([keras.Input((3,)), Center()])
    x = np.ones((4, 3))
    assert np.allclose(model.predict(x, verbose=0), model.predict(x, verbose=0)), "silent: predicting changes it"
