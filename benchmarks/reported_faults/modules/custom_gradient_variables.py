"""A custom gradient around a weight, without `variables`."""
import numpy as np
import tensorflow as tf
import tf_keras as keras


class Straight(keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(3,), initializer="ones")
        super().build(input_shape)

    def call(self, inputs):
        @tf.custom_gradient
        def forward(x):
            def backward(upstream):
                return upstream

            return tf.round(x * self.scale), backward

        return forward(inputs)


def run():
    model = keras.Sequential([Straight(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)
