"""`path` of the variable in `update_step`, which on TensorFlow is no variable of Keras."""
import keras
import numpy as np


class NoBias(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, name="no_bias", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)

    def update_step(self, gradient, variable, learning_rate):
        if variable.path.endswith("bias"):
            return
        self.assign_sub(variable, learning_rate * gradient)


def run():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(NoBias(), "mse")
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
