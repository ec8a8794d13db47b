"""Layers of Keras with inputs: those that `check_layer` runs, and those that are timed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Given:
    """A layer of `keras.layers`, its arguments as Python text, and its inputs as in a recipe."""

    name: str
    arguments: str
    inputs: str

    def __str__(self) -> str:
        return f"{self.name}({self.arguments})"


CHECKED = (
    Given("Dense", "units=4, activation='relu'", "float32[2,8]"),
    Given("EinsumDense", "'abc,cd->abd', output_shape=(None, 4)", "float32[2,3,8]"),
    Given("Embedding", "10, 4", "int32[2,5] < 10"),
    Given("Activation", "'gelu'", "float32[2,8]"),
    Given("LeakyReLU", "0.1", "float32[2,8]"),
    Given("PReLU", "", "float32[2,8]"),
    Given("Softmax", "", "float32[2,8]"),
    Given("Dropout", "0.5", "float32[2,8]"),
    Given("SpatialDropout1D", "0.5", "float32[2,5,8]"),
    Given("GaussianNoise", "0.1", "float32[2,8]"),
    Given("BatchNormalization", "", "float32[4,8]"),
    Given("LayerNormalization", "", "float32[2,8]"),
    Given("GroupNormalization", "groups=2", "float32[2,4,8]"),
    Given("UnitNormalization", "", "float32[2,8]"),
    Given("Conv1D", "4, 3", "float32[2,8,3]"),
    Given("Conv2D", "4, 3, padding='same'", "float32[2,8,8,3]"),
    Given("DepthwiseConv2D", "3", "float32[2,8,8,3]"),
    Given("SeparableConv2D", "4, 3", "float32[2,8,8,3]"),
    Given("Conv2DTranspose", "4, 3, strides=2", "float32[2,4,4,3]"),
    Given("MaxPooling2D", "2", "float32[2,8,8,3]"),
    Given("AveragePooling1D", "2", "float32[2,8,3]"),
    Given("GlobalAveragePooling2D", "", "float32[2,8,8,3]"),
    Given("UpSampling2D", "2", "float32[2,4,4,3]"),
    Given("ZeroPadding2D", "1", "float32[2,4,4,3]"),
    Given("LSTM", "4, return_sequences=True", "float32[2,5,3]"),
    Given("GRU", "4", "float32[2,5,3]"),
    Given("MultiHeadAttention", "num_heads=2, key_dim=4", "query=float32[2,5,8], value=float32[2,3,8]"),
    Given("Flatten", "", "float32[2,4,3]"),
    Given("Reshape", "(3, 4)", "float32[2,4,3]"),
    Given("Concatenate", "", "[float32[2,4], float32[2,3]]"),
)

TIMED = (
    Given("Dense", "1024, activation='relu'", "float32[256,1024]"),
    Given("Conv2D", "64, 3, padding='same'", "float32[32,64,64,32]"),
    Given("DepthwiseConv2D", "3, padding='same'", "float32[32,64,64,64]"),
    Given("BatchNormalization", "", "float32[64,32,32,64]"),
    Given("LayerNormalization", "", "float32[256,128,256]"),
    Given("LSTM", "256", "float32[64,64,128]"),
    Given("GRU", "256", "float32[64,64,128]"),
    Given("MultiHeadAttention", "num_heads=8, key_dim=64", "float32[16,256,512], float32[16,256,512]"),
    Given("Embedding", "50000, 256", "int32[256,128] < 50000"),
    Given("GlobalAveragePooling2D", "", "float32[64,64,64,64]"),
)
