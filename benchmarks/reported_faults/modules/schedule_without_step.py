"""A schedule whose `__call__` takes no step."""
import keras
import numpy as np


class Constant(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, rate=0.1):
        self.rate = rate

    def __call__(self):
        return self.rate

    def get_config(self):
        return {"rate": self.rate}


def run():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(Constant()), "mse")
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
