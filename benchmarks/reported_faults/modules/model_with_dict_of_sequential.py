"""A constructor argument that comes back as a dict: the serialized model is not turned back."""
import keras
import numpy as np


@keras.saving.register_keras_serializable(package="Reported")
class Augmented(keras.Model):
    def __init__(self, augmentation, **kwargs):
        super().__init__(**kwargs)
        self.augmentation = augmentation
        self.head = keras.layers.Dense(1)

    def call(self, inputs):
        return self.head(self.augmentation(inputs))

    def get_config(self):
        return {"augmentation": self.augmentation}


def run():
    model = Augmented(keras.Sequential([keras.layers.Dropout(0.5)]))
    model(np.ones((1, 3)))
    model.save("/tmp/augmented.keras")
    keras.saving.load_model("/tmp/augmented.keras")(np.ones((1, 3)))
