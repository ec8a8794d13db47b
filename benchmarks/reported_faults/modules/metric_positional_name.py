"""A metric that names its weight by position: Keras 3 takes the name for a shape."""
import keras
from keras import ops


class Hits(keras.metrics.Metric):
    def __init__(self, name="hits", **kwargs):
        super().__init__(name=name, **kwargs)
        self.counter = self.add_weight("counter", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.counter.assign_add(ops.sum(ops.cast(y_true == y_pred, "float32")))

    def result(self):
        return self.counter


def run():
    Hits()
