"""Tests of Keras's own layers as data: the class, its arguments, what it is called on, and what is expected.

The facts are those that `keras/src/layers/**/*_test.py` of Keras 3.15 state in calls of `run_layer_test`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from keras_layer_lint.confirm.planning.inputs import Inputs, Tensor, parse

NO_WEIGHTS = {"expected_num_trainable_weights": 0, "expected_num_non_trainable_weights": 0}
NO_TRAINING = {"run_training_check": False}
TRAINING = {"training": True}


@dataclass(frozen=True, slots=True, eq=False)
class Port:
    """One test of a layer, to be run by Keras's private test case and by `check_layer`."""

    name: str
    sources: tuple[str, ...]
    """The modules under `keras.src.layers` that define the class, the bases first."""
    arguments: str
    """Between the parentheses of the constructor; `keras` may be used."""
    inputs: str
    """As in a recipe. Named ones are arguments of the call, as in `query=float32[2,8,16]`."""
    shape: tuple[int, ...]
    """Of the output."""
    expected: dict[str, Any] = field(default_factory=dict)
    """More that is expected, under the names that both sides have."""
    call: dict[str, Any] = field(default_factory=dict)
    private: dict[str, Any] = field(default_factory=dict)
    """What only the private test case takes."""
    bound: int = 3
    """Below which integers are drawn."""

    @property
    def class_name(self) -> str:
        """The name of the class: what stands before the first space of the name."""
        return self.name.partition(" ")[0]

    @property
    def parsed(self) -> Inputs:
        """The inputs as tensors."""
        return parse(self.inputs)

    @property
    def keras_shapes(self) -> tuple[Any, Any]:
        """Shapes and dtypes as the private test case takes them."""
        given = self.parsed
        if given.named:
            tensors = {name: value for name, value in given.named.items() if isinstance(value, Tensor)}
            shapes = {f"{name}_shape": tensor.shape for name, tensor in tensors.items()}
            return shapes, {f"{name}_shape": tensor.dtype for name, tensor in tensors.items()}
        (value,) = given.positional
        if isinstance(value, Tensor):
            return value.shape, value.dtype
        kind = type(value)
        return kind(each.shape for each in value), kind(each.dtype for each in value)


def _counts(trainable: int, frozen: int = 0, losses: int = 0, seeds: int = 0, masking: bool = False) -> dict[str, Any]:
    return {
        "expected_num_trainable_weights": trainable,
        "expected_num_non_trainable_weights": frozen,
        "expected_num_losses": losses,
        "expected_num_seed_generators": seeds,
        "supports_masking": masking,
    }


_RNN = "rnn.dropout_rnn_cell", "rnn.rnn"
_CONV = "convolutional.base_conv"
_L2 = "keras.regularizers.L2(0.01)"

PORTS = (
    Port(
        "Dense",
        ("core.dense",),
        "units=4, activation='relu', kernel_initializer='random_uniform', use_bias=False",
        "float32[2,3]",
        (2, 4),
        _counts(1, masking=True),
    ),
    Port(
        "Dense of regularizers",
        ("core.dense",),
        "units=5, activation='sigmoid', kernel_regularizer='l2', bias_regularizer='l2'",
        "float32[2,3,4]",
        (2, 3, 5),
        _counts(2, losses=2, masking=True),
    ),
    Port(
        "EinsumDense",
        ("core.einsum_dense",),
        "equation='ab,bcd->acd', output_shape=(8, 32), bias_axes='d'",
        "float32[2,3]",
        (2, 8, 32),
        _counts(2),
    ),
    Port(
        "Embedding",
        ("core.embedding",),
        "input_dim=5, output_dim=4, mask_zero=True",
        "int32[2,3] < 3",
        (2, 3, 4),
        _counts(1, masking=True),
    ),
    Port("Masking", ("core.masking",), "mask_value=0.0", "float32[2,3,2]", (2, 3, 2), _counts(0, masking=True)),
    Port(
        "Conv1D",
        (_CONV, "convolutional.conv1d"),
        "filters=5, kernel_size=2, strides=1, padding='valid', dilation_rate=1, groups=1",
        "float32[3,5,4]",
        (3, 4, 5),
        {"expected_num_trainable_weights": 2, "expected_num_losses": 0, "supports_masking": False},
    ),
    Port(
        "Conv2D",
        (_CONV, "convolutional.conv2d"),
        "filters=6, kernel_size=2, strides=1, padding='same', dilation_rate=(2, 2), groups=2",
        "float32[3,4,4,4]",
        (3, 4, 4, 6),
        {"expected_num_trainable_weights": 2, "expected_num_losses": 0, "supports_masking": False},
    ),
    Port(
        "DepthwiseConv2D",
        ("convolutional.base_depthwise_conv", "convolutional.depthwise_conv2d"),
        "depth_multiplier=5, kernel_size=2, strides=1, padding='valid'",
        "float32[3,5,5,4]",
        (3, 4, 4, 20),
        {"expected_num_trainable_weights": 2, "expected_num_losses": 0, "supports_masking": False},
    ),
    Port(
        "SeparableConv2D",
        ("convolutional.base_separable_conv", "convolutional.separable_conv2d"),
        "depth_multiplier=5, filters=5, kernel_size=2, strides=1, padding='valid'",
        "float32[3,5,5,4]",
        (3, 4, 4, 5),
        {"expected_num_trainable_weights": 3, "expected_num_losses": 0, "supports_masking": False},
    ),
    Port(
        "Conv2DTranspose",
        ("convolutional.base_conv_transpose", "convolutional.conv2d_transpose"),
        "filters=5, kernel_size=2, strides=2, padding='valid'",
        "float32[2,8,8,3]",
        (2, 16, 16, 5),
        {"expected_num_trainable_weights": 2, "expected_num_losses": 0, "supports_masking": False},
    ),
    Port(
        "BatchNormalization",
        ("normalization.batch_normalization",),
        "center=True, scale=True, beta_regularizer='l2', gamma_regularizer='l2'",
        "float32[2,4,4,3]",
        (2, 4, 4, 3),
        _counts(2, frozen=2, losses=2, masking=True),
        TRAINING,
    ),
    Port(
        "LayerNormalization",
        ("normalization.layer_normalization",),
        f"gamma_regularizer={_L2}, beta_regularizer={_L2}",
        "float32[3,4,2]",
        (3, 4, 2),
        _counts(2, losses=2, masking=True),
    ),
    Port(
        "GroupNormalization",
        ("normalization.group_normalization",),
        "groups=4, gamma_constraint=keras.constraints.UnitNorm(), beta_constraint=keras.constraints.UnitNorm()",
        "float32[3,4,4]",
        (3, 4, 4),
        _counts(2, masking=True),
    ),
    Port(
        "UnitNormalization",
        ("normalization.unit_normalization",),
        "axis=-1",
        "float32[2,3]",
        (2, 3),
        {"supports_masking": True},
        private={"assert_built_after_instantiation": True},
    ),
    Port(
        "RMSNormalization",
        ("normalization.rms_normalization",),
        "axis=-1",
        "float32[4,2]",
        (4, 2),
        {"expected_num_trainable_weights": 1, "expected_num_seed_generators": 0},
    ),
    Port(
        "SpectralNormalization",
        ("core.wrapper", "normalization.spectral_normalization"),
        "layer=keras.layers.Dense(2)",
        "float32[10,3,4]",
        (10, 3, 2),
        _counts(2, frozen=1),
    ),
    Port(
        "Dropout",
        ("regularization.dropout",),
        "rate=0.2",
        "float32[2,3]",
        (2, 3),
        _counts(0, seeds=1, masking=True),
        TRAINING,
        {"assert_built_after_instantiation": True},
    ),
    Port(
        "GaussianNoise",
        ("regularization.gaussian_noise",),
        "stddev=0.2",
        "float32[2,3]",
        (2, 3),
        _counts(0, seeds=1, masking=True),
        TRAINING,
        {"assert_built_after_instantiation": True},
    ),
    Port(
        "AlphaDropout",
        ("regularization.alpha_dropout",),
        "rate=0.2",
        "float32[2,3]",
        (2, 3),
        _counts(0, seeds=1, masking=True),
        TRAINING,
        {"assert_built_after_instantiation": True},
    ),
    Port(
        "SpatialDropout1D",
        ("regularization.dropout", "regularization.spatial_dropout"),
        "rate=0.5",
        "float32[2,3,4]",
        (2, 3, 4),
        {},
        TRAINING,
        {"assert_built_after_instantiation": True},
    ),
    Port(
        "ActivityRegularization",
        ("regularization.activity_regularization",),
        "l1=0.1, l2=0.2",
        "float32[2,3]",
        (2, 3),
        _counts(0, losses=1, masking=True),
        private={"assert_built_after_instantiation": True},
    ),
    Port(
        "Attention",
        ("attention.attention",),
        "use_scale=True, score_mode='concat', dropout=0.5",
        "[float32[2,3,4], float32[2,4,4]]",
        (2, 3, 4),
        _counts(2, seeds=1, masking=True),
        private=NO_TRAINING,
    ),
    Port(
        "AdditiveAttention",
        ("attention.attention", "attention.additive_attention"),
        "use_scale=True, dropout=0.5",
        "[float32[2,3,4], float32[2,4,4]]",
        (2, 3, 4),
        _counts(1, seeds=1, masking=True),
        private=NO_TRAINING,
    ),
    Port(
        "MultiHeadAttention",
        ("attention.multi_head_attention",),
        "num_heads=2, key_dim=2, value_dim=4, use_bias=False, dropout=0.5",
        "query=float32[2,8,16], value=float32[2,4,16]",
        (2, 8, 16),
        _counts(4, seeds=1, masking=True),
        private=NO_TRAINING,
    ),
    Port(
        "GroupedQueryAttention",
        ("attention.grouped_query_attention",),
        "num_query_heads=2, num_key_value_heads=2, head_dim=2",
        "query=float32[2,8,16], value=float32[2,4,16]",
        (2, 8, 16),
        _counts(8, masking=True),
        private=NO_TRAINING,
    ),
    Port(
        "SimpleRNN",
        (*_RNN, "rnn.simple_rnn"),
        "units=3, return_sequences=True, bias_regularizer='l1', kernel_regularizer='l2', recurrent_regularizer='l2'",
        "float32[3,2,4]",
        (3, 2, 3),
        {
            "expected_num_losses": 3,
            "expected_num_trainable_weights": 3,
            "expected_num_non_trainable_weights": 0,
            "supports_masking": True,
        },
    ),
    Port(
        "GRU",
        (*_RNN, "rnn.gru"),
        "units=3, dropout=0.5, recurrent_dropout=0.5",
        "float32[3,2,4]",
        (3, 3),
        {"expected_num_trainable_weights": 3, "expected_num_non_trainable_weights": 0, "supports_masking": True},
        TRAINING,
    ),
    Port(
        "LSTM",
        (*_RNN, "rnn.lstm"),
        "units=3, dropout=0.5",
        "float32[3,2,4]",
        (3, 3),
        {"expected_num_trainable_weights": 3, "expected_num_non_trainable_weights": 0, "supports_masking": True},
        TRAINING,
    ),
    Port(
        "Bidirectional",
        ("rnn.bidirectional",),
        "layer=keras.layers.SimpleRNN(4)",
        "float32[3,2,4]",
        (3, 8),
        {"expected_num_trainable_weights": 6, "expected_num_non_trainable_weights": 0, "supports_masking": True},
    ),
    Port(
        "TimeDistributed",
        ("core.wrapper", "rnn.time_distributed"),
        "layer=keras.layers.Dense(1, use_bias=False)",
        "float32[3,2,4]",
        (3, 2, 1),
        {"expected_num_trainable_weights": 1, "expected_num_non_trainable_weights": 0, "supports_masking": True},
    ),
    Port(
        "PReLU",
        ("activations.prelu",),
        "alpha_initializer='zeros', alpha_regularizer='L1', alpha_constraint='MaxNorm', shared_axes=1",
        "float32[2,3,4]",
        (2, 3, 4),
        {"supports_masking": True},
    ),
    Port(
        "LeakyReLU",
        ("activations.leaky_relu",),
        "negative_slope=1",
        "float32[2,3,4]",
        (2, 3, 4),
        {"supports_masking": True},
        private={"assert_built_after_instantiation": True},
    ),
    Port(
        "Softmax",
        ("activations.softmax",),
        "",
        "float32[2,3,4]",
        (2, 3, 4),
        {"supports_masking": True},
        private={"assert_built_after_instantiation": True},
    ),
    Port("Reshape", ("reshaping.reshape",), "target_shape=(8, 1)", "float32[3,2,4]", (3, 8, 1)),
    Port("RepeatVector", ("reshaping.repeat_vector",), "n=3", "float32[2,5]", (2, 3, 5)),
    Port("Cropping1D", ("reshaping.cropping1d",), "cropping=(1, 2)", "float32[3,5,7]", (3, 2, 7)),
    Port("UpSampling1D", ("reshaping.up_sampling1d",), "size=2", "float32[3,5,4]", (3, 10, 4), _counts(0)),
    Port(
        "GlobalAveragePooling1D",
        ("pooling.base_global_pooling", "pooling.global_average_pooling1d"),
        "keepdims=False",
        "float32[3,5,4]",
        (3, 4),
        {**NO_WEIGHTS, "expected_num_losses": 0, "supports_masking": True},
        private={"assert_built_after_instantiation": True},
    ),
    Port(
        "Concatenate",
        ("merging.base_merge", "merging.concatenate"),
        "axis=1",
        "(float32[2,4,5], float32[2,4,5])",
        (2, 8, 5),
        _counts(0, masking=True),
    ),
)
