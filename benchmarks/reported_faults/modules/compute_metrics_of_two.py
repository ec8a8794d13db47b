"""`compute_metrics` is called with the inputs too."""
import keras
import numpy as np


class Plain(keras.Model):
    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(1)
        self.error = keras.metrics.MeanAbsoluteError(name="error")

    def call(self, inputs):
        return self.head(inputs)

    def compute_metrics(self, y, y_pred):
        self.error.update_state(y, y_pred)
        return {"error": self.error.result()}


def run():
    model = Plain()
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
