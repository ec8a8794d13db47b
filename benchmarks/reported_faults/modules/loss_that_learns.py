"""A loss with a layer of its own: `fit` never trains it."""
import keras
import numpy as np
from keras import ops


class Learned(keras.losses.Loss):
    def __init__(self, name="learned"):
        super().__init__(name=name)
        self.project = keras.layers.Dense(4)

    def call(self, y_true, y_pred):
        return ops.mean(ops.square(self.project(y_true) - self.project(y_pred)), axis=-1)


def run():
    loss = Learned()
    loss(np.ones((1, 3)), np.ones((1, 3)))
    before = loss.project.get_weights()[0]
    model = keras.Sequential([keras.layers.Dense(3)])
    model.compile("sgd", loss)
    model.fit(np.random.rand(8, 2), np.ones((8, 3)), verbose=0)
    assert np.abs(loss.project.get_weights()[0] - before).max() > 0, "silent: the layer of the loss is not trained"
