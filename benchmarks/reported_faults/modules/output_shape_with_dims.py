"""`input_shape.concatenate` in `compute_output_shape`: there it is a tuple as well."""
import keras


class Widen(keras.layers.Layer):
    def call(self, inputs):
        return keras.ops.expand_dims(inputs, axis=-1)

    def compute_output_shape(self, input_shape):
        return input_shape.concatenate([1])


def run():
    Widen()(keras.Input((3,)))
