"""A confusion matrix whose size follows the largest class of the batch."""
import keras
import numpy as np
import tensorflow as tf


class Confusion(keras.metrics.Metric):
    def __init__(self, classes=3, name="confusion", **kwargs):
        super().__init__(name=name, **kwargs)
        self.matrix = self.add_weight(name="matrix", shape=(classes, classes), initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        found = tf.math.confusion_matrix(tf.reshape(y_true, [-1]), tf.argmax(y_pred, axis=-1), dtype=tf.float32)
        self.matrix.assign_add(found)

    def result(self):
        return tf.linalg.trace(self.matrix) / tf.maximum(tf.reduce_sum(self.matrix), 1.0)


def run():
    model = keras.Sequential([keras.layers.Dense(3)])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=[Confusion()])
    model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
