"""`trainable` set within a traced step: it is set once, when the step is traced."""
import keras
import numpy as np
import tensorflow as tf


class Alternating(keras.Model):
    def __init__(self):
        super().__init__()
        self.body = keras.layers.Dense(3)
        self.head = keras.layers.Dense(1)
        self.turn = 0

    def call(self, inputs):
        return self.head(self.body(inputs))

    def train_step(self, data):
        x, y = data
        self.turn += 1
        self.body.trainable = self.turn % 2 == 0
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - self(x, training=True)))
        weights = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return {"loss": loss}


def run():
    model = Alternating()
    model.compile("sgd")
    model(np.ones((1, 2)))
    before = model.body.get_weights()[0]
    model.fit(np.random.rand(8, 2).astype("float32"), np.ones((8, 1), "float32"), batch_size=2, verbose=0)
    assert np.abs(model.body.get_weights()[0] - before).max() > 0, "silent: frozen for all steps"
