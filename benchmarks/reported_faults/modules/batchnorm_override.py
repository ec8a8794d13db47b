"""A private method of BatchNormalization that only Keras 2 calls."""
import keras
import numpy as np


class Unbiased(keras.layers.BatchNormalization):
    def _calculate_mean_and_var(self, inputs, reduction_axes, keep_dims):
        mean, variance = super()._calculate_mean_and_var(inputs, reduction_axes, keep_dims)
        return mean, variance * 100.0


def run():
    x = np.random.rand(8, 2).astype("float32")
    plain, other = keras.layers.BatchNormalization(), Unbiased()
    assert not np.allclose(plain(x, training=True), other(x, training=True)), "silent: the method is never called"
