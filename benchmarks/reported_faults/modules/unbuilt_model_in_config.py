"""A config that reads a weight: it raises before the layer is built."""
import keras


@keras.saving.register_keras_serializable(package="Reported")
class Tied(keras.layers.Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], 4))
        super().build(input_shape)

    def call(self, inputs):
        return keras.ops.matmul(inputs, self.kernel)

    def get_config(self):
        return {**super().get_config(), "name": f"tied_{self.kernel.shape[-1]}"}


def run():
    model = keras.Sequential([Tied(), keras.layers.Dense(1)])
    model.get_config()
    keras.models.clone_model(model)
