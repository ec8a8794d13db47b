"""A loss is no layer: it has no `add_weight`."""
import keras
from keras import ops


class Annealed(keras.losses.Loss):
    def __init__(self, name="annealed"):
        super().__init__(name=name)
        self.scale = self.add_weight(name="scale", shape=(), initializer="ones")

    def call(self, y_true, y_pred):
        return self.scale * ops.mean(ops.square(y_true - y_pred), axis=-1)


def run():
    Annealed()
