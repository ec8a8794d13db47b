"""A model that makes its layers in `build` and does not build them: their weights do not load."""
import keras
import numpy as np


@keras.saving.register_keras_serializable(package="Reported")
class Late(keras.Model):
    def __init__(self, units=3, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.hidden = keras.layers.Dense(self.units)

    def call(self, inputs):
        return self.hidden(inputs)

    def get_config(self):
        return {"units": self.units}


def run():
    model = Late()
    x = np.ones((2, 4))
    y = model(x)
    model.save("/tmp/late.keras")
    assert np.allclose(keras.saving.load_model("/tmp/late.keras")(x), y), "silent: other weights"
