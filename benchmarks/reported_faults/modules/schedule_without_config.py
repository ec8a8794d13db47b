"""A schedule without `get_config`: saving the compiled model raises."""
import keras
import numpy as np


class Linear(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, start, steps):
        self.start = start
        self.steps = steps

    def __call__(self, step):
        return self.start * (1 - keras.ops.cast(step, "float32") / self.steps)


def run():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(Linear(0.1, 100)), "mse")
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
    model.save("/tmp/linear.keras")
