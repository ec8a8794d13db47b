"""The name as first argument of the base, which takes the learning rate there."""
import keras


class Plain(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, name="Plain", **kwargs):
        super().__init__(name, **kwargs)
        self.rate = learning_rate

    def update_step(self, gradient, variable, learning_rate):
        self.assign_sub(variable, self.rate * gradient)


def run():
    Plain()
