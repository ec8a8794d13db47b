"""A step that leaves out what layers add with `add_loss`."""
import keras
import numpy as np
import tensorflow as tf


class Regularized(keras.Model):
    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(1, kernel_regularizer=keras.regularizers.L2(10.0), use_bias=False)

    def call(self, inputs):
        return self.head(inputs)

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - self(x, training=True)))
        weights = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return {"loss": loss}


def run():
    model = Regularized()
    model.compile(keras.optimizers.SGD(0.01))
    x = np.zeros((4, 2), "float32")
    model(x)
    before = model.head.get_weights()[0]
    model.fit(x, np.zeros((4, 1), "float32"), verbose=0)
    assert np.abs(model.head.get_weights()[0] - before).max() > 0, "silent: the regularizer has no effect"
