"""`super().__init__(self)`."""
import keras


class Two(keras.layers.Layer):
    def __init__(self, units):
        super().__init__(self)
        self.first = keras.layers.Dense(units)

    def call(self, inputs):
        return self.first(inputs)


def run():
    Two(3)
