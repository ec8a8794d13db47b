"""A constraint with `call`, where Keras calls `__call__`: nothing is constrained."""
import keras
import numpy as np
from keras import ops


class Positive(keras.constraints.Constraint):
    def call(self, w):
        return ops.maximum(w, 0.0)


def run():
    model = keras.Sequential([keras.layers.Dense(3, kernel_constraint=Positive(), kernel_initializer="ones")])
    model.compile(keras.optimizers.SGD(10.0), "mse")
    model.fit(np.ones((4, 2)), np.full((4, 3), -9.0), verbose=0)
    assert model.get_weights()[0].min() >= 0, "silent: the constraint does nothing"
