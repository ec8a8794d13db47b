"""`register_keras_serializable` without parentheses: the name of the class is a function then."""
import keras


@keras.saving.register_keras_serializable
class Doubled(keras.layers.Layer):
    def call(self, inputs):
        return inputs * 2


def run():
    inputs = keras.Input((3,))
    keras.Model(inputs, Doubled()(inputs))
