"""Dtypes, values, and kinds of tensors: sparse and ragged ones."""

from __future__ import annotations

from keras_layer_lint.confirm.planning import change_tensors as change
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.repairs.rows import JAX, KERAS_2, KERAS_3, NUMPY, TENSORFLOW, Row, Sample, Table

VALUES: Table[Inputs] = Table(
    "smaller integers, where there are fewer kinds of them",
    (
        Row(
            r"is not in \[0, (\d+)\)|(?:out of range|outside the valid range)[^\n\[]{0,200}\[0, (\d+)\)",
            change.below,
            (
                Sample(
                    "InvalidArgumentError: indices[0,0] = 9 is not in [0, 3)",
                    KERAS_3,
                    "keras.layers.Embedding(3, 8)(tf.ones((2, 3)) * 9)",
                    given="int32[5,4]",
                    becomes="int32[5,4] < 3",
                ),
                Sample(
                    "InvalidArgumentError: Received a label value of 9 which is outside the valid range of [0, 3).",
                    TENSORFLOW,
                    "tf.nn.sparse_softmax_cross_entropy_with_logits([9], tf.ones((1, 3)))",
                    given="int32[5]",
                    becomes="int32[5] < 3",
                ),
            ),
        ),
    ),
)

TOLD: Table[Inputs] = Table(
    "the dtype that an operation asks for",
    (
        Row(
            r"expected to be an? (\w+) tensor but is an? (\w+) tensor",
            change.dtype_expected,
            (
                Sample(
                    "InvalidArgumentError: cannot compute StringLower as input #0(zero-based) was expected to be a "
                    "string tensor but is a float tensor",
                    TENSORFLOW,
                    "tf.strings.lower(tf.ones((2,)))",
                    becomes="string[5,8]",
                ),
                Sample(
                    "was expected to be a float tensor but is a int32 tensor",
                    TENSORFLOW,
                    "tf.one_hot([1], 3) + tf.constant([1])",
                    given="float32[5,8], int32[5,8]",
                    becomes="float32[5,8], float32[5,8]",
                ),
                Sample(
                    "was expected to be a int32 tensor but is a int64 tensor",
                    TENSORFLOW,
                    "tf.scatter_nd(tf.zeros((2, 1), 'int32'), tf.ones((2, 8)), tf.constant([4, 8], 'int64'))",
                    given="float32[5,8], int32[5]",
                    becomes="float32[5,8], int64[5]",
                ),
                Sample(
                    "was expected to be a string tensor but is a float tensor",
                    KERAS_2,
                    "tf_keras.layers.Hashing(4)(tf.ones((2, 8)))",
                    becomes="string[5,8]",
                ),
            ),
        ),
        Row(
            r"requested dtype (\w+)",
            change.dtype_requested,
            (
                Sample(
                    "ValueError: Tensor conversion requested dtype int32 for Tensor with dtype float32",
                    TENSORFLOW,
                    "tf.convert_to_tensor(tf.ones((2,)), dtype=tf.int32)",
                    becomes="int32[5,8]",
                ),
            ),
        ),
        Row(
            r"of (?:float|double|half) is not in the list of allowed values: (?:u?int|bool)",
            change.integers_allowed,
            (
                Sample(
                    "InvalidArgumentError: Value for attr 'Tindices' of float is not in the list of allowed values: "
                    "int16, int32, int64",
                    TENSORFLOW,
                    "tf.gather(tf.ones((4, 8)), tf.ones((2,)))",
                    given="float32[5,8], float32[5,8]",
                    becomes="float32[5,8], int32[5,8]",
                ),
                Sample(
                    "InvalidArgumentError: Value for attr 'TI' of float is not in the list of allowed values: "
                    "uint8, int8, int32, int64",
                    TENSORFLOW,
                    "tf.one_hot(tf.ones((2,)), 3)",
                    becomes="int32[5,8]",
                ),
            ),
        ),
        Row(
            r"Cast (?:float|double|int\d+) to string",
            change.to_strings,
            (
                Sample(
                    "UnimplementedError: Cast float to string is not supported",
                    KERAS_3,
                    "keras.layers.StringLookup(vocabulary=['a'])(tf.ones((2, 1)))",
                    becomes="string[5,8]",
                ),
            ),
        ),
        Row(
            r"Cast string to (?:float|double|int\d+)",
            change.no_strings,
            (
                Sample(
                    "UnimplementedError: Cast string to float is not supported",
                    TENSORFLOW,
                    "tf.cast('a', tf.float32)",
                    given="string[5,4]",
                    becomes="float32[5,4]",
                ),
            ),
        ),
    ),
)

HINTED: Table[Inputs] = Table(
    "another dtype or kind, where the text speaks of one",
    (
        Row(
            r"SparseTensor|dense_shape|sparse[^\n]{0,80}(?:expected|must be|has no attribute)"
            r"|(?:expected|must be|has no attribute)[^\n]{0,80}sparse",
            change.to_sparse,
            (
                Sample(
                    "TypeError: Input must be a SparseTensor.",
                    TENSORFLOW,
                    "tf.sparse.to_dense(tf.ones((2, 8)))",
                    becomes="sparse(float32[5,8])",
                ),
                Sample(
                    "object has no attribute 'dense_shape'",
                    TENSORFLOW,
                    "tf.ones((2, 8)).dense_shape",
                    becomes="sparse(float32[5,8])",
                ),
            ),
        ),
        Row(
            r"Tensor' object has no attribute '(indices|values)'",
            change.to_sparse_of_which,
            (
                Sample(
                    "AttributeError: 'tensorflow.python.framework.ops.EagerTensor' object has no attribute 'indices'",
                    TENSORFLOW,
                    "tf.ones((2, 8)).indices",
                    line="rows = edges.indices[:, 0]",
                    becomes="sparse(float32[5,8])",
                ),
                Sample(
                    "AttributeError: 'tensorflow.python.framework.ops.EagerTensor' object has no attribute 'values'",
                    TENSORFLOW,
                    "tf.ones((2, 8)).values",
                    line="return tf.square(known.values - found.values)",
                    becomes="sparse(float32[5,8])",
                ),
            ),
        ),
        Row(
            r"list of allowed values: (?:u?int|bool)|\bint(?:32|64|eger)?\b|indices|one_hot|integer|Indexer",
            change.to_integers,
            (
                Sample(
                    "IndexError: arrays used as indices must be of integer (or boolean) type",
                    NUMPY,
                    "np.ones(4)[np.ones(2)]",
                    becomes="int32[5,8]",
                ),
                Sample(
                    "ValueError: indices must have an integer type",
                    JAX,
                    "jnp.take(jnp.ones((4, 8)), jnp.ones((2,)))",
                    becomes="int32[5,8]",
                ),
                Sample(
                    "TypeError: Indexer must have integer or boolean type, got indexer with type float32",
                    JAX,
                    "jnp.ones(4)[jnp.ones(2)]",
                    becomes="int32[5,8]",
                ),
                Sample(
                    "TypeError: tensor must be of type tf.int32; got tf.float32",
                    TENSORFLOW,
                    "tf.debugging.assert_type(tf.ones((2,)), tf.int32)",
                    becomes="int32[5,8]",
                ),
            ),
        ),
        Row(
            r"list of allowed values: (?:bfloat|half|float)|float|bool|same (?:data)?type|dtype",
            change.to_floats,
            (
                Sample(
                    "InvalidArgumentError: Value for attr 'T' of int32 is not in the list of allowed values: "
                    "bfloat16, half, float, double",
                    TENSORFLOW,
                    "tf.exp(tf.constant([1]))",
                    given="int32[5,4]",
                    becomes="float32[5,4]",
                ),
            ),
        ),
        Row(
            r"\bstring\b|\bstr\b",
            change.to_strings,
            (Sample("TypeError: A string is needed", "a layer of a project", becomes="string[5,8]"),),
        ),
        Row(
            r"ragged|nested_row|row_splits|row_lengths|flat_values",
            change.to_ragged,
            (
                Sample(
                    "has no attribute 'row_splits'",
                    TENSORFLOW,
                    "tf.ones((2, 8)).row_splits",
                    becomes="ragged(float32[5,8])",
                ),
                Sample(
                    "has no attribute 'row_lengths'",
                    TENSORFLOW,
                    "tf.ones((2, 8)).row_lengths()",
                    becomes="ragged(float32[5,8])",
                ),
                Sample(
                    "has no attribute 'flat_values'",
                    TENSORFLOW,
                    "tf.ones((2, 8)).flat_values",
                    becomes="ragged(float32[5,8])",
                ),
            ),
        ),
    ),
    cost=2,
    every=True,
)
