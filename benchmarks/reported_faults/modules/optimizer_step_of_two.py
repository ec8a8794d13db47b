"""`update_step` of two arguments: Keras 3 hands over the learning rate too."""
import keras
import numpy as np


class Plain(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, name="plain", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)

    def update_step(self, gradient, variable):
        self.assign_sub(variable, self.learning_rate * gradient)


def run():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(Plain(), "mse")
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
