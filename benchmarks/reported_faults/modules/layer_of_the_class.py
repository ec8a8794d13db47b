"""A layer as attribute of the class: it is neither tracked nor made anew for each instance."""
import keras
import numpy as np


class Head(keras.Model):
    project = keras.layers.Dense(4)

    def call(self, inputs):
        return self.project(inputs)


def run():
    model = Head()
    model(np.ones((1, 3)))
    assert len(model.trainable_weights) == 2, "silent: the weights of the layer are not trained"
