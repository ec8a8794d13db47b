"""A loss that averages over the batch itself: sample weights have no effect on who counts."""
import keras
import numpy as np
from keras import ops


class Squared(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return ops.mean(ops.square(y_true - y_pred))


def run():
    y, p = np.array([[0.0], [0.0]]), np.array([[0.0], [4.0]])
    ignored = Squared()(y, p, sample_weight=np.array([2.0, 0.0]))
    counted = Squared()(y, p, sample_weight=np.array([0.0, 2.0]))
    assert float(ignored) != float(counted), "silent: a sample of weight 0 counts as much as any other"
