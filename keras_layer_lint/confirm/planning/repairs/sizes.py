"""Sizes of axes: declared, needed by an index, named in the text, or not fitting together."""

from __future__ import annotations

from keras_layer_lint.confirm.planning import change_tensors as change
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.repairs.rows import JAX, KERAS_2, KERAS_3, NUMPY, TENSORFLOW, Row, Sample, Table

_IMAGES = "float32[5,8,8,8]"
_TWO = "[float32[5,8], float32[5,8]]"

DECLARED: Table[Inputs] = Table(
    "a size that an input specification declares, or that an index needs",
    (
        Row(
            r"expected axis (-?\d+) of input shape to have value (\d+)",
            change.axis_sized,
            (
                Sample(
                    "is incompatible with the layer: expected axis -1 of input shape to have value 3",
                    KERAS_3,
                    "dense = keras.layers.Dense(4)\ndense.build((None, 3))\ndense(tf.ones((2, 8)))",
                    becomes="float32[5,3]",
                ),
                Sample(
                    "is incompatible with the layer: expected axis -1 of input shape to have value 3",
                    KERAS_2,
                    "dense = tf_keras.layers.Dense(4)\ndense.build((None, 3))\ndense(tf.ones((2, 8)))",
                    becomes="float32[5,3]",
                ),
            ),
        ),
        Row(
            r"(?:final|last) (?:dimension|axis|dim) (?:of|must be|to be|should be|==?) ?`?(\d+)",
            change.last_axis_sized,
            (
                Sample(
                    "ValueError: The last dimension of the inputs is 8: the last dimension must be 7",
                    "a layer of a project",
                    becomes="float32[5,7]",
                ),
            ),
        ),
        Row(
            r"slice index (\d+) of dimension ([1-9]) out of bounds",
            change.axis_reaching,
            (
                Sample(
                    "InvalidArgumentError: slice index 9 of dimension 1 out of bounds.",
                    TENSORFLOW,
                    "tf.ones((2, 3))[0, 9]",
                    becomes="float32[5,10]",
                ),
            ),
        ),
        Row(
            r"index (\d+) is out of bounds for axis ([1-9]) with size",
            change.axis_reaching,
            (
                Sample(
                    "IndexError: index 9 is out of bounds for axis 1 with size 3",
                    NUMPY,
                    "np.ones((2, 3))[:, 9]",
                    becomes="float32[5,10]",
                ),
            ),
        ),
        Row(
            r"expected shape=[(\[]([^()\[\]]*)[)\]], found shape=",
            change.shape_declared,
            (
                Sample(
                    "is incompatible with the layer: expected shape=(None, 3), found shape=(2, 8)",
                    KERAS_3,
                    "keras.Model(first := keras.Input((3,)), first * 2)(tf.ones((2, 8)))",
                    becomes="float32[5,3]",
                ),
                Sample(
                    "is incompatible with the layer: expected shape=(None, 3), found shape=(2, 8)",
                    KERAS_2,
                    "tf_keras.Sequential([tf_keras.Input((3,)), tf_keras.layers.Flatten()])(tf.ones((2, 8)))",
                    becomes="float32[5,3]",
                ),
            ),
        ),
    ),
)

WANTED: Table[Inputs] = Table(
    "another number of channels, longer sides, multiples",
    (
        Row(
            r"channel|RGB|last dim|3 or 1|depth",
            change.colours,
            (
                Sample(
                    "InvalidArgumentError: input must have 3 channels but instead has 8 channels.",
                    TENSORFLOW,
                    "tf.image.adjust_hue(tf.ones((2, 8, 8, 8)), 0.1)",
                    given=_IMAGES,
                    becomes="float32[5,8,8,3]",
                ),
                Sample(
                    "ValueError: Invalid channel size: expected 3 (RGB) or 1 (Grayscale).",
                    KERAS_3,
                    "keras.layers.RandomGrayscale(1.0)(tf.ones((2, 8, 8, 8)))",
                    given=_IMAGES,
                    becomes="float32[5,8,8,3]",
                ),
                Sample(
                    "InvalidArgumentError: input depth must be evenly divisible by filter depth: 3 vs 4",
                    TENSORFLOW,
                    "tf.nn.conv2d(tf.ones((2, 8, 8, 3)), tf.ones((3, 3, 4, 8)), 1, 'SAME')",
                    given=_IMAGES,
                    becomes="float32[5,8,8,3]",
                ),
            ),
        ),
        Row(
            r"negative|<= ?0|larger than|smaller than|less than|greater than|at least|too small|size|divisible|reshape"
            r"|divide|division",
            change.other_sides,
            (
                Sample(
                    "ValueError: Computed output size would be zero or negative.",
                    KERAS_3,
                    "keras.layers.Conv2D(4, 9)(tf.ones((2, 4, 4, 3)))",
                    given=_IMAGES,
                    becomes="float32[5,32,32,8]",
                ),
                Sample(
                    "ValueError: One of the dimensions in the output is <= 0 due to downsampling in conv2d.",
                    KERAS_2,
                    "tf_keras.layers.Conv2D(4, 9, name='conv2d')(tf.ones((2, 4, 4, 3)))",
                    given=_IMAGES,
                    becomes="float32[5,32,32,8]",
                ),
                Sample(
                    "InvalidArgumentError: Image width 5 and height 5 should be divisible by block_size: 2",
                    TENSORFLOW,
                    "tf.nn.space_to_depth(tf.ones((2, 5, 5, 3)), 2)",
                    given=_IMAGES,
                    becomes="float32[5,32,32,8]",
                ),
                Sample(
                    "ValueError: array split does not result in an equal division",
                    NUMPY,
                    "np.split(np.ones((2, 8)), 3, -1)",
                    given=_IMAGES,
                    becomes="float32[5,32,32,8]",
                ),
            ),
        ),
        Row(
            r"less than|more than|at least|greater|larger|smaller|exceed|too small|too short",
            change.twice_as_long,
            (
                Sample(
                    "ValueError: The window exceeds the sequence: 16 steps",
                    "a layer of a project",
                    becomes="float32[5,32]",
                ),
            ),
        ),
        Row(
            r"(?:divisible by|multiple of)[^\d\n]{0,80}(\d+)",
            change.multiples,
            (
                Sample(
                    "ValueError: sequence and features are a multiple of 6",
                    "a layer of a project",
                    becomes="float32[5,6]",
                ),
            ),
        ),
    ),
    cost=2,
    every=True,
)

MISMATCH = (
    r"must be equal|incompatible|mismatch|same shape|broadcast|not match|do(?:es)? not|should match|cannot reshape"
    r"|Matrix size|must match|shape|dimension"
)

TWO_SHAPES = (
    r"(?:Incompatible shapes:|compatible batch dimensions:|must be equal: shape\[0\] =) \[([\d,]{3,40})\] vs\. "
    r"(?:shape\[1\] = )?\[([\d,]{3,40})\]"
)

REPEATED: Table[Inputs] = Table(
    "a tensor with just the shape that is named, or an axis that the layer repeats as often as another tensor has it",
    (
        Row(
            r"Incompatible shapes: \[([\d,]{3,40})\] vs\. \[([\d,]{3,40})\]",
            change.as_the_other,
            (
                Sample(
                    "InvalidArgumentError: Incompatible shapes: [5,16,8] vs. [5,16]",
                    TENSORFLOW,
                    "tf.ones((5, 16, 8)) * tf.ones((5, 16))",
                    given="float32[5,16,8], float32[5,16]",
                    becomes="float32[5,16,8], float32[5,16,8]",
                ),
            ),
        ),
        Row(
            TWO_SHAPES,
            change.one_to_be_repeated,
            (
                Sample(
                    "InvalidArgumentError: ConcatOp : Dimension 1 in both shapes must be equal: "
                    "shape[0] = [5,8,2] vs. shape[1] = [5,80,2]",
                    TENSORFLOW,
                    "tf.concat([tf.ones((5, 8, 2)), tf.tile(tf.ones((5, 8, 2)), (1, 10, 1))], 2)",
                    given="[int32[5,8], int32[5,8]]",
                    becomes="[int32[5,10], int32[5,1]]",
                ),
                Sample(
                    "InvalidArgumentError: Incompatible shapes: [5,16,8] vs. [5,4,8]",
                    TENSORFLOW,
                    "tf.repeat(tf.ones((5, 4, 8)), 4, axis=1) - tf.ones((5, 4, 8))",
                    given="[float32[5,4,8], float32[5,4,8]]",
                    becomes="[float32[5,4,8], float32[5,1,8]]",
                ),
            ),
        ),
    ),
    every=True,
)

EQUAL: Table[Inputs] = Table(
    "sizes that the text names, in the place of sizes that the inputs have",
    (
        Row(
            MISMATCH,
            change.sizes_named,
            (
                Sample(
                    "InvalidArgumentError: Matrix size-incompatible: In[0]: [5,8], In[1]: [7,8]",
                    TENSORFLOW,
                    "tf.matmul(tf.ones((5, 8)), tf.ones((7, 8)))",
                    becomes="float32[5,7]",
                ),
                Sample(
                    "ValueError: Dimensions must be equal, but are 8 and 7 for",
                    TENSORFLOW,
                    "tf.function(tf.matmul)(tf.ones((2, 8)), tf.ones((7, 8)))",
                    becomes="float32[5,7]",
                ),
                Sample(
                    "InvalidArgumentError: Incompatible shapes: [5,8] vs. [5,7]",
                    TENSORFLOW,
                    "tf.ones((5, 8)) + tf.ones((5, 7))",
                    becomes="float32[5,7]",
                ),
                Sample(
                    "InvalidArgumentError: Input to reshape is a tensor with 16 values, but the requested shape has 9",
                    TENSORFLOW,
                    "tf.reshape(tf.ones((2, 8)), (3, 3))",
                    becomes="float32[5,16]",
                ),
                Sample(
                    "ValueError: Inputs have incompatible shapes. Received shapes (8,) and (7,)",
                    KERAS_3,
                    "keras.layers.Add()([tf.ones((2, 8)), tf.ones((2, 7))])",
                    given=_TWO,
                    becomes="[float32[5,7], float32[5,7]]",
                ),
                Sample(
                    "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the "
                    "concatenation axis. Received: input_shape=[(5, 4, 8), (5, 7, 8)]",
                    KERAS_3,
                    "keras.layers.Concatenate()([tf.ones((5, 4, 8)), tf.ones((5, 7, 8))])",
                    given="[float32[5,4,8], float32[5,4,8]]",
                    becomes="[float32[5,4,7], float32[5,4,7]]",
                ),
                Sample(
                    "ValueError: operands could not be broadcast together with shapes (5,8) (5,7)",
                    NUMPY,
                    "np.ones((5, 8)) + np.ones((5, 7))",
                    becomes="float32[5,7]",
                ),
                Sample(
                    "ValueError: cannot reshape array of size 40 into shape (3,3)",
                    NUMPY,
                    "np.ones((5, 8)).reshape(3, 3)",
                    becomes="float32[5,40]",
                ),
                Sample(
                    "TypeError: dot_general requires contracting dimensions to have the same shape, got (8,) and (7,).",
                    JAX,
                    "jnp.matmul(jnp.ones((2, 8)), jnp.ones((7, 8)))",
                    becomes="float32[5,7]",
                ),
                Sample(
                    "TypeError: add got incompatible shapes for broadcasting: (5, 8), (5, 7).",
                    JAX,
                    "jnp.ones((5, 8)) + jnp.ones((5, 7))",
                    becomes="float32[5,7]",
                ),
            ),
        ),
    ),
    cost=2,
)
