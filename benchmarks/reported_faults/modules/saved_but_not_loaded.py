"""`save_own_variables` without `load_own_variables`."""
import keras
import numpy as np


@keras.saving.register_keras_serializable(package="Reported")
class Compact(keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[-1],), initializer="ones")
        super().build(input_shape)

    def call(self, inputs):
        return inputs * self.scale

    def save_own_variables(self, store):
        store["scale"] = self.scale.numpy().astype("float16")


def run():
    model = keras.Sequential([keras.Input((3,)), Compact()])
    model.save("/tmp/compact.keras")
    keras.saving.load_model("/tmp/compact.keras")
