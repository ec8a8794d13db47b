"""A schedule that counts its calls in Python."""
import keras
import numpy as np


class Decay(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, start=0.1):
        self.start = start
        self.calls = 0

    def __call__(self, step):
        self.calls += 1
        return self.start / self.calls

    def get_config(self):
        return {"start": self.start}


def run():
    schedule = Decay(0.5)
    model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="zeros", use_bias=False)])
    model.compile(keras.optimizers.SGD(schedule), "mse")
    model.fit(np.ones((8, 1)), np.ones((8, 1)), batch_size=1, verbose=0)
    assert schedule.calls >= 8, f"silent: called {schedule.calls} times in 8 steps"
