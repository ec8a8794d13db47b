"""A metric whose `update_state` takes no sample weights, used as a weighted metric."""
import keras
import numpy as np
from keras import ops


class Bias(keras.metrics.Metric):
    def __init__(self, name="bias", **kwargs):
        super().__init__(name=name, **kwargs)
        self.total = self.add_weight(name="total", shape=(), initializer="zeros")

    def update_state(self, y_true, y_pred):
        self.total.assign_add(ops.mean(y_pred - y_true))

    def result(self):
        return self.total


def run():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse", weighted_metrics=[Bias()])
    model.fit(np.ones((4, 2)), np.ones((4, 1)), sample_weight=np.ones(4), verbose=0)
