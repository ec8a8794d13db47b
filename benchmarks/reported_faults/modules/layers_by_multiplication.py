"""A list of layers by multiplication: all of them are one layer."""
import keras
import numpy as np


class Stack(keras.layers.Layer):
    def __init__(self, depth=3, **kwargs):
        super().__init__(**kwargs)
        self.depth = depth
        self.blocks = [keras.layers.Dense(4)] * depth

    def call(self, inputs):
        for block in self.blocks:
            inputs = block(inputs)
        return inputs

    def get_config(self):
        return {**super().get_config(), "depth": self.depth}


def run():
    layer = Stack()
    layer(np.ones((1, 4)))
    assert len(layer.weights) == 6, f"silent: three layers with {len(layer.weights)} weights"
