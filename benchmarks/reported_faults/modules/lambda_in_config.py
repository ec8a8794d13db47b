"""A lambda kept in the config."""
import keras


@keras.saving.register_keras_serializable(package="Reported")
class Apply(keras.layers.Layer):
    def __init__(self, function=None, **kwargs):
        super().__init__(**kwargs)
        self.function = function or (lambda x: x * 2)

    def call(self, inputs):
        return self.function(inputs)

    def get_config(self):
        return {**super().get_config(), "function": self.function}


def run():
    model = keras.Sequential([keras.Input((3,)), Apply()])
    model.save("/tmp/apply.keras")
    keras.saving.load_model("/tmp/apply.keras")
