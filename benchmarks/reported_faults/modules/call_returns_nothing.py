"""`call` without `return`."""
import keras


class Scale(keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[-1],), initializer="ones")
        super().build(input_shape)

    def call(self, inputs):
        outputs = inputs * self.scale


def run():
    inputs = keras.Input((3,))
    keras.Model(inputs, keras.layers.Dense(1)(Scale()(inputs)))
