"""Shapes of single inputs: of masks that are added to scores, and of what the layer's own words speak of."""

from __future__ import annotations

from keras_layer_lint.confirm.planning import change_shapes as change
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.repairs.rows import JAX, PYTHON, TENSORFLOW, Row, Sample, Table

_SIZES = r"[(\[](\d{1,5}(?:, ?\d{1,5}){1,5}),?[)\]]"

TOLD: Table[Inputs] = Table(
    "an input of another shape, where the text names both",
    (
        Row(
            r"Incompatible shapes: \[([\d,]{3,40})\] vs\. \[([\d,]{3,40})\]",
            change.mask_of_scores,
            (
                Sample(
                    "InvalidArgumentError: Incompatible shapes: [5,2,4,4] vs. [5,4]",
                    TENSORFLOW,
                    "tf.ones((5, 2, 4, 4)) + tf.ones((5, 4))",
                    given="float32[5,4], mask=float32[5,4]",
                    becomes="float32[5,4], mask=float32[5,1,1,4]",
                ),
                Sample(
                    "InvalidArgumentError: Incompatible shapes: [5,2,4,4] vs. [5,3,4]",
                    TENSORFLOW,
                    "tf.ones((5, 2, 4, 4)) + tf.ones((5, 3, 4))",
                    given="float32[5,4,8], mask=float32[5,3,4]",
                    becomes="float32[5,4,8], mask=float32[5,1,3,4]",
                ),
            ),
        ),
        Row(
            r"(?:Incompatible shapes: |In\[0\]: )\[([\d,]{3,40})\](?: vs\. |, In\[1\]: )\[([\d,]{3,40})\]",
            change.as_wide_as_the_other,
            (
                Sample(
                    "InvalidArgumentError: Matrix size-incompatible: In[0]: [5,4,16], In[1]: [5,4,8]",
                    TENSORFLOW,
                    "tf.matmul(tf.ones((5, 4, 16)), tf.ones((5, 4, 8)), transpose_b=True)",
                    given="float32[5,4,2], float32[5,4,8]",
                    becomes="float32[5,4,2], float32[5,4,16]",
                ),
                Sample(
                    "InvalidArgumentError: Incompatible shapes: [5,4,16] vs. [5,4,8]",
                    TENSORFLOW,
                    "tf.ones((5, 4, 16)) * tf.ones((5, 4, 8))",
                    given="float32[5,4,2], float32[5,4,8]",
                    becomes="float32[5,4,2], float32[5,4,16]",
                ),
            ),
        ),
        Row(
            r"(?:must|should|expect|requir)[^\n]{0,80}shape[^\n]{0,160}?" + _SIZES + r"[^\n]{0,160}?" + _SIZES,
            change.shape_told,
            (
                Sample(
                    "ValueError: the mask must be of shape (batch_size, 1, steps) (here (5, 1, 4)), got shape (5, 4).",
                    "a layer of a project",
                    given="float32[5,4,8], mask=bool[5,4]",
                    becomes="float32[5,4,8], mask=bool[5,1,4]",
                ),
            ),
        ),
    ),
    every=True,
)

ALIGNED: Table[Inputs] = Table(
    "the one axis that does not go with another shape",
    (
        Row(
            r"Incompatible shapes: \[([\d,]{3,40})\] vs\. \[([\d,]{3,40})\]",
            change.one_size,
            (
                Sample(
                    "InvalidArgumentError: Incompatible shapes: [16,8] vs. [5,4,8]",
                    TENSORFLOW,
                    "tf.ones((16, 8)) * tf.ones((5, 4, 8))",
                    given="float32[5,4,8], mask=bool[5,4]",
                    becomes="float32[5,16,8], mask=bool[5,16]",
                ),
                Sample(
                    "InvalidArgumentError: Incompatible shapes: [5,8,8,8] vs. [20,4,4,8]",
                    TENSORFLOW,
                    "tf.ones((5, 8, 8, 8)) + tf.reshape(tf.ones((5, 8, 8, 8)), (-1, 4, 4, 8))",
                    given="float32[5,8,8,8]",
                    becomes="float32[5,4,4,8]",
                ),
            ),
        ),
        Row(
            r"Incompatible shapes for broadcasting: (?:shapes=\[)?\(([\d, ]{3,40})\)(?: and|,) \(([\d, ]{3,40})\)",
            change.one_size,
            (
                Sample(
                    "ValueError: Incompatible shapes for broadcasting: shapes=[(16, 8), (5, 4, 8)]",
                    JAX,
                    "jnp.ones((16, 8)) * jnp.ones((5, 4, 8))",
                    given="float32[5,4,8], mask=bool[5,4]",
                    becomes="float32[5,16,8], mask=bool[5,16]",
                ),
            ),
        ),
    ),
)

LISTED: Table[Inputs] = Table(
    "a list of more inputs, where an element is missing",
    (
        Row(
            r"\AIndexError: list index out of range",
            change.longer_list,
            (
                Sample(
                    "IndexError: list index out of range",
                    PYTHON,
                    "[0, 1][4]",
                    given="[float32[5,8], float32[5,8]]",
                    becomes="[float32[5,8], float32[5,8], float32[5,8], float32[5,8], float32[5,8]]",
                ),
            ),
        ),
    ),
)
