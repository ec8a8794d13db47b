"""`compile` overridden, and that of Model never called."""
import keras
import numpy as np
import tensorflow as tf


class Pair(keras.Model):
    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(1)

    def call(self, inputs):
        return self.head(inputs)

    def compile(self, optimizer, loss_fn):
        self.head_optimizer = optimizer
        self.loss_fn = loss_fn

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.loss_fn(y, self(x, training=True))
        weights = self.trainable_variables
        self.head_optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return {"loss": loss}


def run():
    model = Pair()
    model.compile(keras.optimizers.SGD(), keras.losses.MeanSquaredError())
    model.fit(np.ones((4, 2), "float32"), np.ones((4, 1), "float32"), verbose=0)
