"""The number of axes: declared by an input specification or an operation, named in words, or only hinted at."""

from __future__ import annotations

from keras_layer_lint.confirm.planning import change_tensors as change
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.repairs.rows import JAX, KERAS_2, KERAS_3, NUMPY, TENSORFLOW, Row, Sample, Table

DECLARED: Table[Inputs] = Table(
    "the number of axes that is declared",
    (
        Row(
            r"expected (?:min_|max_)?n?dim[=: ]{0,3}(\d+),? (?:but )?found (?:n?dim)?[=: ]{0,3}(\d+)",
            change.rank_declared,
            (
                Sample(
                    "is incompatible with the layer: expected min_ndim=4, found ndim=2.",
                    KERAS_3,
                    "keras.layers.Conv2D(4, 3)(tf.ones((2, 8)))",
                    becomes="float32[5,8,8,8]",
                ),
                Sample(
                    "is incompatible with the layer: expected ndim=3, found ndim=2.",
                    KERAS_2,
                    "tf_keras.layers.LSTM(4)(tf.ones((2, 8)))",
                    becomes="float32[5,4,8]",
                ),
            ),
        ),
        Row(
            r"actual tensor rank `(\d)`[^`]{0,200}expected tensor rank `\[?(\d)",
            change.rank_found,
            (
                Sample(
                    "ValueError: For the tensor `x`, the actual tensor rank `2` is not equal to the expected tensor "
                    "rank `3`",
                    "tf-models-official 2.20.0",
                    becomes="float32[5,4,8]",
                ),
            ),
        ),
        Row(
            r"indices\[shape=\[[\d,]{0,60}\]\] must match dimensions|dimensions of indices and update must match",
            change.one_index_each,
            (
                Sample(
                    "InvalidArgumentError: Dimensions [0,2) of indices[shape=[5,1,4]] must match dimensions [0,2) of "
                    "updates[shape=[5,4,8]]",
                    TENSORFLOW,
                    "tf.scatter_nd(tf.zeros((5, 1, 4), 'int32'), tf.ones((5, 4, 8)), [8, 8, 8, 8])",
                    given="float32[5,4,8], int32[5,4]",
                    becomes="float32[5,4,8], int32[5]",
                ),
                Sample(
                    "InvalidArgumentError: Outer dimensions of indices and update must match.",
                    TENSORFLOW,
                    "tf.tensor_scatter_nd_add(tf.zeros((8, 8)), tf.zeros((5, 1, 4), 'int32'), tf.ones((5, 4, 8)))",
                    given="float32[5,4,8], int32[5,4]",
                    becomes="float32[5,4,8], int32[5]",
                ),
            ),
        ),
        Row(
            r"vector of size (\d)\. But input\(1\) is a vector of size (\d)",
            change.rank_found,
            (
                Sample(
                    "InvalidArgumentError: transpose expects a vector of size 2. But input(1) is a vector of size 3",
                    TENSORFLOW,
                    "tf.transpose(tf.ones((2, 3)), (0, 2, 1))",
                    becomes="float32[5,4,8]",
                ),
            ),
        ),
        Row(
            r"have rank (\d)[,.]? {1,2}(?:but got:?|received) (?:rank )?(\d)",
            change.rank_wanted,
            (
                Sample(
                    "InvalidArgumentError: Expected input 0 to have rank 3 but got: 2",
                    TENSORFLOW,
                    "tf.einsum('abc,cd->abd', tf.ones((2, 8)), tf.ones((8, 4)))",
                    becomes="float32[5,4,8]",
                ),
                Sample(
                    "ValueError: Tensor  must have rank 3.  Received rank 2, shape (2, 8)",
                    TENSORFLOW,
                    "tf.debugging.assert_rank(tf.ones((2, 8)), 3)",
                    becomes="float32[5,4,8]",
                ),
            ),
        ),
        Row(
            r"-input rank\(-\d\) <= split_dim < input rank \(\d\), but got (\d)",
            change.rank_beyond,
            (
                Sample(
                    "InvalidArgumentError: -input rank(-2) <= split_dim < input rank (2), but got 2",
                    TENSORFLOW,
                    "tf.split(tf.ones((5, 8)), 4, axis=2)",
                    becomes="float32[5,4,8]",
                ),
            ),
        ),
        Row(
            r"Expected multiples argument to be a vector of length (\d) but got length (\d)",
            change.rank_of_one,
            (
                Sample(
                    "InvalidArgumentError: Expected multiples argument to be a vector of length 3 but got length 2",
                    TENSORFLOW,
                    "tf.tile(tf.ones((5, 4, 8)), (1, 2))",
                    given="float32[5,4,8], float32[5,4,8]",
                    becomes="float32[5,4,8], float32[5,8]",
                ),
            ),
        ),
        Row(
            r"Input to reshape is a tensor with (\d+) values, but the requested shape has (\d+)",
            change.axis_of_factor,
            (
                Sample(
                    "InvalidArgumentError: Input to reshape is a tensor with 40 values, but the requested shape has "
                    "320",
                    TENSORFLOW,
                    "tf.reshape(tf.ones((5, 8)), (5, 8, 8))",
                    becomes="float32[5,4,8]",
                ),
            ),
        ),
        Row(
            r"Shape must be (?:at least )?rank (\d) but is rank (\d)",
            change.rank_wanted,
            (
                Sample(
                    "ValueError: Shape must be rank 2 but is rank 1",
                    TENSORFLOW,
                    "tf.function(tf.matmul)(tf.ones((8,)), tf.ones((4, 8)))",
                    given="float32[5]",
                    becomes="float32[5,8]",
                ),
            ),
        ),
    ),
)

NAMED: Table[Inputs] = Table(
    "a number of axes that stands in the text",
    (
        Row(
            r"(?:rank|ndims?|dimension\w{0,3}|dims) ?(?:must be|should be|=|==|of|is|to be)? ?"
            r"(?:at least |exactly |either |[>=]= )?([2-5])\b",
            change.rank_named,
            (
                Sample(
                    "InvalidArgumentError: In[0] and In[1] ndims must be == 2: 1",
                    TENSORFLOW,
                    "tf.matmul(tf.ones((8,)), tf.ones((8,)))",
                    given="float32[5]",
                    becomes="float32[5,8]",
                ),
            ),
        ),
        Row(
            r"\b([2-5])\s?-?D\b",
            change.rank_named,
            (
                Sample(
                    "ValueError: A 3D tensor is needed, shape was (2, 8)",
                    "a layer of a project",
                    becomes="float32[5,4,8]",
                ),
            ),
        ),
        Row(
            r"must have ([1-3]) spatial dimensions",
            change.rank_of_maps,
            (
                Sample(
                    "InvalidArgumentError: tensor_in_shape must have 2 spatial dimensions. 2 0",
                    TENSORFLOW,
                    "tf.nn.max_pool2d(tf.ones((2, 8)), 2, 2, 'SAME')",
                    becomes="float32[5,8,8,8]",
                ),
            ),
        ),
        Row(
            r"\b(?:([2-5]) or )?([2-5])[- ]dimension",
            change.rank_named,
            (
                Sample(
                    "InvalidArgumentError: tensor_in must be 5-dimensional",
                    TENSORFLOW,
                    "tf.nn.max_pool3d(tf.ones((2, 8)), 2, 2, 'SAME')",
                    becomes="float32[5,4,8,8,8]",
                ),
                Sample(
                    "ValueError: 'images' must have either 3 or 4 dimensions.",
                    TENSORFLOW,
                    "tf.image.resize(tf.ones((2, 8)), (4, 4))",
                    becomes="float32[5,4,8]",
                ),
            ),
        ),
        Row(
            r"must have (?:rank|ndim|at least) ?([2-5])",
            change.rank_named,
            (
                Sample(
                    "ValueError: The features must have at least 3 axes",
                    "a layer of a project",
                    becomes="float32[5,4,8]",
                ),
            ),
        ),
        Row(
            r"rank\b[^\n\[]{0,80}\[([2-5])(?:, ?\d)*\]",
            change.rank_named,
            (
                Sample(
                    "ValueError: The rank of inputs is not in [3, 4]", "a layer of a project", becomes="float32[5,4,8]"
                ),
            ),
        ),
        Row(
            r"\b(two|three|four|five)[- ]dimension",
            change.rank_named,
            (
                Sample(
                    "ValueError: 'image' (shape (2, 8)) must be at least three-dimensional.",
                    TENSORFLOW,
                    "tf.image.flip_left_right(tf.ones((2, 8)))",
                    becomes="float32[5,4,8]",
                ),
            ),
        ),
    ),
    cost=2,
    every=True,
)

OTHER: Table[Inputs] = Table(
    "more or fewer axes, where the text speaks of axes at all",
    (
        Row(
            r"index out of range|slice index|out of bounds|too many (?:indices|subscripts)|rank|ax[ei]s|perm|transpose"
            r"|einsum|subscript|numbers of dimensions|\d dimension\(s\)",
            change.other_rank,
            (
                Sample(
                    "IndexError: tuple index out of range",
                    KERAS_3,
                    "keras.layers.MultiHeadAttention(2, 4)(tf.ones((2, 8)), tf.ones((2, 8)))",
                    becomes="float32[5,4,8]",
                ),
                Sample(
                    "InvalidArgumentError: Index out of range using input dim 2; input has only 2 dims",
                    TENSORFLOW,
                    "tf.ones((2, 3))[:, :, 0]",
                    becomes="float32[5,4,8]",
                ),
                Sample(
                    "InvalidArgumentError: ConcatOp : Ranks of all input tensors should match: "
                    "shape[0] = [2,8] vs. shape[1] = [2,4,8]",
                    TENSORFLOW,
                    "tf.concat([tf.ones((2, 8)), tf.ones((2, 4, 8))], -1)",
                    becomes="float32[5,4,8]",
                ),
                Sample(
                    "InvalidArgumentError: Invalid reduction dimension (4 for input with 2 dimension(s)",
                    TENSORFLOW,
                    "tf.reduce_sum(tf.ones((2, 3)), axis=4)",
                    becomes="float32[5,4,8]",
                ),
                Sample(
                    "ValueError: axis must be a list of the same length as the input shape, expected 2, "
                    "but received 3.",
                    KERAS_3,
                    "keras.ops.transpose(keras.Input((8,)), (0, 2, 1))",
                    becomes="float32[5,4,8]",
                ),
                Sample(
                    "IndexError: too many indices for array: array is 2-dimensional, but 3 were indexed",
                    NUMPY,
                    "np.ones((2, 3))[:, :, 0]",
                    becomes="float32[5,4,8]",
                ),
                Sample(
                    "axis 4 is out of bounds for array of dimension 2",
                    NUMPY,
                    "np.ones((2, 3)).sum(axis=4)",
                    becomes="float32[5,4,8]",
                ),
                Sample(
                    "IndexError: Too many indices: array is 2-dimensional, but 3 were indexed",
                    JAX,
                    "jnp.ones((2, 3))[:, :, 0]",
                    becomes="float32[5,4,8]",
                ),
                Sample(
                    "ValueError: Einstein sum subscript 'abc' does not contain the correct number of indices "
                    "for operand 0.",
                    JAX,
                    "jnp.einsum('abc,cd->abd', jnp.ones((2, 8)), jnp.ones((8, 4)))",
                    becomes="float32[5,4,8]",
                ),
                Sample(
                    "TypeError: Cannot concatenate arrays with different numbers of dimensions: got (2, 8), (2, 4, 8).",
                    JAX,
                    "jnp.concatenate([jnp.ones((2, 8)), jnp.ones((2, 4, 8))], -1)",
                    becomes="float32[5,4,8]",
                ),
            ),
        ),
    ),
    cost=2,
)

ONE_OTHER: Table[Inputs] = Table(
    "more or fewer axes of one tensor among several",
    (
        Row(
            r"index out of range|slice index|out of bounds|too many indices|rank|ax[ei]s|perm|transpose|einsum"
            r"|subscript|incompatible|mismatch|broadcast|not match|do(?:es)? not|(?:should|must) (?:match|be equal)"
            r"|shape|dimension",
            change.one_other_rank,
            (
                Sample(
                    "InvalidArgumentError: Matrix size-incompatible: In[0]: [2,8], In[1]: [2,4,8]",
                    TENSORFLOW,
                    "tf.matmul(tf.ones((2, 8)), tf.ones((2, 4, 8)))",
                    given="[float32[5,4,8], float32[5,4,8]]",
                    becomes="[float32[5,4,8], float32[5,8]]",
                ),
            ),
        ),
    ),
    cost=2,
)
