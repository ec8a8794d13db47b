"""Two classes registered under one name: a saved model comes back with the other one."""
import keras
import numpy as np


@keras.saving.register_keras_serializable(package="Reported", name="Block")
class Doubled(keras.layers.Layer):
    def call(self, inputs):
        return inputs * 2


@keras.saving.register_keras_serializable(package="Reported", name="Block")
class Tripled(keras.layers.Layer):
    def call(self, inputs):
        return inputs * 3


def run():
    model = keras.Sequential([keras.Input((3,)), Doubled()])
    model.save("/tmp/named.keras")
    other = keras.saving.load_model("/tmp/named.keras")
    x = np.ones((1, 3))
    assert np.allclose(model(x), other(x)), "silent: loaded as the other class"
