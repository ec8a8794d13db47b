"""`stateless_call` without `training=True` in a step for JAX."""
import jax
import keras
import numpy as np


class Stateless(keras.Model):
    def __init__(self):
        super().__init__()
        self.drop = keras.layers.Dropout(0.9, seed=1)
        self.head = keras.layers.Dense(1, kernel_initializer="ones", use_bias=False)

    def call(self, inputs, training=None):
        return self.head(self.drop(inputs, training=training))

    def train_step(self, state, data):
        trainable, other, optimizer, metrics = state
        x, y = data

        def loss_of(weights):
            y_pred, rest = self.stateless_call(weights, other, x)
            return jax.numpy.mean((y - y_pred) ** 2), rest

        (loss, other), gradients = jax.value_and_grad(loss_of, has_aux=True)(trainable)
        trainable, optimizer = self.optimizer.stateless_apply(optimizer, gradients, trainable)
        return {"loss": loss}, (trainable, other, optimizer, metrics)


def run():
    model = Stateless()
    model.compile(keras.optimizers.SGD(0.0))
    history = model.fit(np.ones((64, 10)), np.full((64, 1), 10.0), verbose=0)
    assert history.history["loss"][0] > 1, "silent: dropout does nothing in fit"
