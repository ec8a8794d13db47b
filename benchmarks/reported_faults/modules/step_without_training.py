"""A step that calls the model without `training=True`: dropout never acts in `fit`."""
import keras
import numpy as np
import tensorflow as tf


class Dropped(keras.Model):
    def __init__(self):
        super().__init__()
        self.drop = keras.layers.Dropout(0.9)
        self.head = keras.layers.Dense(1, kernel_initializer="ones", use_bias=False)

    def call(self, inputs, training=None):
        return self.head(self.drop(inputs, training=training))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x)
            loss = tf.reduce_mean(tf.square(y - y_pred))
        weights = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return {"loss": loss}


def run():
    model = Dropped()
    model.compile(keras.optimizers.SGD(0.0))
    x = np.ones((64, 10), "float32")
    history = model.fit(x, np.full((64, 1), 10.0, "float32"), verbose=0)
    assert history.history["loss"][0] > 1, "silent: dropout does nothing in fit"
