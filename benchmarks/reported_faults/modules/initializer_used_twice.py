"""One random initializer for two weights of one shape: in Keras 3 both get the same values."""
import keras
import numpy as np
from keras import ops


class Bilinear(keras.layers.Layer):
    def build(self, input_shape):
        start = keras.initializers.RandomNormal(stddev=0.1)
        size = input_shape[-1]
        self.left = self.add_weight(name="left", shape=(size, size), initializer=start)
        self.right = self.add_weight(name="right", shape=(size, size), initializer=start)
        super().build(input_shape)

    def call(self, inputs):
        return ops.matmul(inputs, self.left) * ops.matmul(inputs, self.right)


def run():
    layer = Bilinear()
    layer(np.ones((1, 3)))
    assert not np.allclose(layer.left, layer.right), "silent: both weights start with the same values"
