"""The class name as the name in the config: two of them in one model do not load."""
import keras


@keras.saving.register_keras_serializable(package="Reported")
class Shift(keras.layers.Layer):
    def __init__(self, by=1.0, **kwargs):
        super().__init__(**kwargs)
        self.by = by

    def call(self, inputs):
        return inputs + self.by

    def get_config(self):
        return {"name": self.__class__.__name__, "by": self.by}


def run():
    inputs = keras.Input((3,))
    model = keras.Model(inputs, Shift(2.0)(Shift(1.0)(inputs)))
    model.save("/tmp/shift.keras")
    keras.saving.load_model("/tmp/shift.keras")
