"""A dataclass in the config."""
import dataclasses

import keras


@dataclasses.dataclass
class Sizes:
    width: int = 4
    depth: int = 2


@keras.saving.register_keras_serializable(package="Reported")
class Sized(keras.layers.Layer):
    def __init__(self, sizes=None, **kwargs):
        super().__init__(**kwargs)
        self.sizes = sizes or Sizes()

    def call(self, inputs):
        return inputs * self.sizes.width

    def get_config(self):
        return {**super().get_config(), "sizes": self.sizes}


def run():
    model = keras.Sequential([keras.Input((3,)), Sized()])
    model.save("/tmp/sized.keras")
    keras.saving.load_model("/tmp/sized.keras")
