"""`add_variable_from_reference` with the names of arguments of Keras 2."""
import keras
import numpy as np


class Momentum(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, name="momentum", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)

    def build(self, variables):
        super().build(variables)
        self.speeds = [self.add_variable_from_reference(model_variable=v, variable_name="speed") for v in variables]

    def update_step(self, gradient, variable, learning_rate):
        self.assign_sub(variable, learning_rate * gradient)


def run():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(Momentum(), "mse")
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
