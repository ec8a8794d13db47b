"""A loss of thresholded predictions, made by a comparison and a cast."""
import numpy as np
import tensorflow as tf
import tf_keras as keras


class HardDice(keras.losses.Loss):
    def call(self, y_true, y_pred):
        hard = tf.cast(y_pred > 0.5, tf.float32)
        shared = tf.reduce_sum(y_true * hard, axis=-1)
        return 1.0 - 2.0 * shared / (tf.reduce_sum(y_true + hard, axis=-1) + 1.0)


def run():
    model = keras.Sequential([keras.layers.Dense(3)])
    model.compile("sgd", HardDice())
    model.fit(np.ones((4, 2)), np.ones((4, 3)), verbose=0)
