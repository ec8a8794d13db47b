"""A metric that adds to its total in Python: the variable is replaced by a tensor of the trace."""
import keras
import numpy as np
from keras import ops


class Spread(keras.metrics.Metric):
    def __init__(self, name="spread", **kwargs):
        super().__init__(name=name, **kwargs)
        self.total = 0.0

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total = self.total + ops.max(y_pred) - ops.min(y_pred)

    def result(self):
        return self.total


def run():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=[Spread()])
    history = model.fit(np.random.rand(8, 2), np.ones((8, 1)), batch_size=2, epochs=1, verbose=0)
    x = model.predict(np.random.rand(64, 2), verbose=0)
    assert abs(history.history["spread"][0]) > 1e3, f"silent: reports {history.history} after four batches {x.shape}"
