"""A loss that rounds the prediction: the gradient of `round` is none."""
import keras
import numpy as np
import tensorflow as tf


class Off(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return tf.reduce_mean(tf.abs(y_true - tf.round(y_pred)), axis=-1)


def run():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", Off())
    before = model.predict(np.ones((4, 2)), verbose=0)
    model.fit(np.ones((4, 2)), np.full((4, 1), 9.0), verbose=0)
    assert np.abs(model.predict(np.ones((4, 2)), verbose=0) - before).max() > 0, "silent: nothing is trained"
