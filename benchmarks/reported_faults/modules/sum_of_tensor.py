"""Methods of an array in a loss."""
import keras
import numpy as np


class Dice(keras.losses.Loss):
    def call(self, y_true, y_pred):
        shared = (y_true * y_pred).sum(axis=-1)
        return 1 - 2 * shared / (y_true.sum(axis=-1) + y_pred.sum(axis=-1) + 1.0)


def run():
    Dice()(np.ones((2, 3)), np.ones((2, 3)))
