"""A tracker that the property `metrics` leaves out is not reset between epochs."""
import keras
import numpy as np
import tensorflow as tf


class Tracked(keras.Model):
    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(1)
        self.loss_tracker = keras.metrics.Sum(name="loss")
        self.count_tracker = keras.metrics.Sum(name="count")

    def call(self, inputs):
        return self.head(inputs)

    @property
    def metrics(self):
        return [self.loss_tracker]

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - self(x, training=True)))
        weights = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        self.loss_tracker.update_state(loss)
        self.count_tracker.update_state(1.0)
        return {"loss": self.loss_tracker.result(), "count": self.count_tracker.result()}


def run():
    model = Tracked()
    model.compile("sgd")
    history = model.fit(np.ones((4, 2), "float32"), np.ones((4, 1), "float32"), epochs=3, verbose=0)
    assert len(set(history.history["count"])) == 1, f"silent: goes on over the epochs, {history.history['count']}"
