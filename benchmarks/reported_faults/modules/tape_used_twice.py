"""Two gradients from a tape that is not persistent."""
import keras
import numpy as np
import tensorflow as tf


class TwoParts(keras.Model):
    def __init__(self):
        super().__init__()
        self.body = keras.layers.Dense(4)
        self.head = keras.layers.Dense(1)
        self.body_optimizer = keras.optimizers.SGD(0.01)

    def call(self, inputs):
        return self.head(self.body(inputs))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - self(x, training=True)))
        body = self.body.trainable_variables
        head = self.head.trainable_variables
        self.body_optimizer.apply_gradients(zip(tape.gradient(loss, body), body))
        self.optimizer.apply_gradients(zip(tape.gradient(loss, head), head))
        return {"loss": loss}


def run():
    model = TwoParts()
    model.compile("sgd")
    model.fit(np.ones((4, 2), "float32"), np.ones((4, 1), "float32"), verbose=0)
