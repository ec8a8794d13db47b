"""`lr` of an optimizer is gone in Keras 3."""
import keras
import numpy as np


class Logged(keras.Model):
    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(1)

    def call(self, inputs):
        return self.head(inputs)

    def train_step(self, data):
        logs = super().train_step(data)
        return {**logs, "lr": self.optimizer.lr}


def run():
    model = Logged()
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
