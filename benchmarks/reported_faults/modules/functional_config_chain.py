"""A subclass of a functional model whose config keeps the graph and its own arguments."""
import keras


@keras.saving.register_keras_serializable(package="Reported")
class Tower(keras.Model):
    def __init__(self, width=4, depth=2, **kwargs):
        inputs = keras.Input((3,))
        x = inputs
        for _ in range(depth):
            x = keras.layers.Dense(width)(x)
        super().__init__(inputs=inputs, outputs=x, **kwargs)
        self.width = width
        self.depth = depth

    def get_config(self):
        return {"width": self.width, "depth": self.depth, "inputs": self.inputs}


def run():
    model = Tower(8)
    model.save("/tmp/tower.keras")
    keras.saving.load_model("/tmp/tower.keras")
