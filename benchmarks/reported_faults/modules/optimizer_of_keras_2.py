"""An optimizer with the hooks of TensorFlow 2.10."""
import keras
import numpy as np


class Plain(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, name="plain", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)

    def _resource_apply_dense(self, grad, var, apply_state=None):
        return var.assign_sub(self.learning_rate * grad)

    def get_config(self):
        return super().get_config()


def run():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(Plain(), "mse")
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
