"""Sizes that a layer has from its arguments and its inputs both."""

from __future__ import annotations

from keras_layer_lint.confirm.planning.change_both import Both, wider
from keras_layer_lint.confirm.planning.repairs.rows import KERAS_2, KERAS_3, Row, Sample, Table

TOGETHER: Table[Both] = Table(
    "a larger size that the text names, in the place of a smaller one, wherever that stands",
    (
        Row(
            r"cannot be (?:more|larger|greater)|at least|divisible|multiple of|less than|smaller than|exceed",
            wider,
            (
                Sample(
                    "ValueError: Number of groups (32) cannot be more than the number of channels (8).",
                    KERAS_3,
                    "keras.layers.GroupNormalization(32)(tf.ones((2, 8, 8, 8)))",
                    given="filters=8",
                    becomes="filters=32 on float32[5,32,32,32]",
                ),
                Sample(
                    "ValueError: Number of groups (32) cannot be more than the number of channels (8).",
                    KERAS_3,
                    "keras.layers.GroupNormalization(32)(tf.ones((2, 8, 8, 8)))",
                    given="filters=[8, 8]",
                    becomes="filters=[32, 32] on float32[5,32,32,32]",
                ),
                Sample(
                    "ValueError: Number of groups (32) cannot be more than the number of channels (16).",
                    KERAS_2,
                    "tf_keras.layers.GroupNormalization(32)(tf.ones((2, 8, 8, 16)))",
                    given="filters=8",
                    becomes="filters=16 on float32[5,8,8,8]",
                ),
                Sample(
                    "ValueError: Number of groups (32) cannot be more than the number of channels (8).",
                    KERAS_2,
                    "tf_keras.layers.GroupNormalization(32)(tf.ones((2, 8, 8, 8)))",
                    given="filters=8",
                    becomes="filters=32 on float32[5,32,32,32]",
                ),
            ),
        ),
    ),
)
