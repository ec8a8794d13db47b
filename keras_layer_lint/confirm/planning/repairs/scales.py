"""Images of several scales: levels of a pyramid."""

from __future__ import annotations

from keras_layer_lint.confirm.planning import change_tensors as change
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.repairs.rows import TENSORFLOW, Row, Sample, Table
from keras_layer_lint.confirm.planning.repairs.sizes import MISMATCH, TWO_SHAPES

_IMAGES = "float32[5,8,8,8]"

TOLD: Table[Inputs] = Table(
    "images of several scales, where one is twice as large as another that were alike",
    (
        Row(
            TWO_SHAPES,
            change.scales_of_equal,
            (
                Sample(
                    "InvalidArgumentError: ConcatOp : Dimension 1 in both shapes must be equal: "
                    "shape[0] = [5,32,32,8] vs. shape[1] = [5,8,8,8]",
                    TENSORFLOW,
                    "tf.concat([tf.ones((5, 32, 32, 8)), tf.ones((5, 8, 8, 8))], 3)",
                    given=f"[{_IMAGES}, {_IMAGES}]",
                    becomes="[float32[5,8,8,8], float32[5,4,4,8]]",
                ),
            ),
        ),
    ),
)

MISMATCHED: Table[Inputs] = Table(
    "images of several scales, where those of one do not fit together",
    (
        Row(
            MISMATCH,
            change.several_scales,
            (
                Sample(
                    "InvalidArgumentError: Incompatible shapes: [2,8,8,8] vs. [2,16,16,8]",
                    TENSORFLOW,
                    "tf.ones((2, 8, 8, 8)) + tf.ones((2, 16, 16, 8))",
                    given=f"[{_IMAGES}, {_IMAGES}]",
                    becomes="[float32[5,8,8,8], float32[5,4,4,8]]",
                ),
            ),
        ),
    ),
    cost=2,
)
