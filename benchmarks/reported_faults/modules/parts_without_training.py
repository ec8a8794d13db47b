"""A step that calls encoder and decoder without `training=True`."""
import keras
import numpy as np
import tensorflow as tf


class Auto(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder = keras.Sequential([keras.layers.Dense(8), keras.layers.BatchNormalization()])
        self.decoder = keras.layers.Dense(4)

    def call(self, inputs, training=False):
        return self.decoder(self.encoder(inputs, training=training))

    def train_step(self, data):
        x, _ = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(x - self.decoder(self.encoder(x))))
        weights = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return {"loss": loss}


def run():
    model = Auto()
    model.compile("sgd")
    x = np.full((8, 4), 5.0, "float32")
    model(x)
    before = model.encoder.layers[-1].moving_mean.numpy()
    model.fit(x, x, verbose=0)
    after = model.encoder.layers[-1].moving_mean.numpy()
    assert np.abs(after - before).max() > 0, "silent: the moving mean never moves"
