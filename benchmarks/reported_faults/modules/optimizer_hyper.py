"""`_set_hyper` and `_get_hyper` are gone."""
import keras
import numpy as np


class Plain(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, beta=0.9, name="plain", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self._set_hyper("beta", beta)

    def update_step(self, gradient, variable, learning_rate):
        self.assign_sub(variable, learning_rate * self._get_hyper("beta") * gradient)


def run():
    Plain()
