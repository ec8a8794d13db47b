"""A dict of inputs with the keys that are read."""

from __future__ import annotations

from keras_layer_lint.confirm.planning import change_structure as change
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.repairs.rows import (
    JAX,
    KERAS_2,
    KERAS_3,
    NUMPY,
    PYTHON,
    TENSORFLOW,
    Row,
    Sample,
    Table,
)

KEYS: Table[Inputs] = Table(
    "a dict with the keys that are read",
    (
        Row(
            r"valid indices, got '(\w+)'",
            change.with_key,
            (
                Sample(
                    "TypeError: Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
                    "tf.int32/tf.int64 tensors are valid indices, got 'left'",
                    TENSORFLOW,
                    "tf.ones((2, 8))['left']",
                    becomes="{'left': float32[5,8]}",
                ),
            ),
        ),
        Row(
            r"does not support string indexing; got idx='(\w+)'",
            change.with_key,
            (
                Sample(
                    "TypeError: JAX does not support string indexing; got idx='left'",
                    JAX,
                    "jnp.ones((2, 8))['left']",
                    becomes="{'left': float32[5,8]}",
                ),
            ),
        ),
        Row(
            r"key type for array slice\. Received: `(\w+)`",
            change.with_key,
            (
                Sample(
                    "ValueError: Unsupported key type for array slice. Received: `left`",
                    KERAS_3,
                    "keras.Input((8,))['left']",
                    becomes="{'left': float32[5,8]}",
                ),
            ),
        ),
        Row(
            r"\AKeyError: ['\"]?(\w+)['\"]?\s*\Z",
            change.with_key,
            (
                Sample(
                    "KeyError: left",
                    PYTHON,
                    "{}['left']",
                    given="{'right': float32[5,8]}",
                    becomes="{'right': float32[5,8], 'left': float32[5,8]}",
                ),
            ),
        ),
        Row(
            r"Feature (\w+) is not in features dictionary",
            change.with_key,
            (
                Sample(
                    "ValueError: Feature left is not in features dictionary.",
                    KERAS_2,
                    "columns = [tf.feature_column.numeric_column('left')]\n"
                    "tf_keras.layers.DenseFeatures(columns)({'right': tf.ones((2, 1))})",
                    given="{'right': float32[5,8]}",
                    becomes="{'right': float32[5,8], 'left': float32[5,8]}",
                ),
            ),
        ),
        Row(
            r"(?:with|the following) keys:? \[([^\[\]]*)\](?:, but|\s*\Z)",
            change.with_listed_keys,
            (
                Sample(
                    "expects 2 named input(s) with keys ['left', 'right'], but it received 1 input tensors.",
                    KERAS_3,
                    "sides = keras.Input((8,), name='left'), keras.Input((8,), name='right')\n"
                    "keras.Model(dict(zip(['left', 'right'], sides)), keras.layers.add(sides))(tf.ones((2, 8)))",
                    becomes="{'left': float32[5,8], 'right': float32[5,8]}",
                ),
                Sample(
                    "ValueError: Missing data for input \"left\". You passed a data dictionary with keys ['x']. "
                    "Expected the following keys: ['left', 'right']",
                    KERAS_3,
                    "sides = keras.Input((8,), name='left'), keras.Input((8,), name='right')\n"
                    "keras.Model(dict(zip(['left', 'right'], sides)), keras.layers.add(sides))({'x': tf.ones((2, 8))})",
                    given="{'x': float32[5,8]}",
                    becomes="{'left': float32[5,8], 'right': float32[5,8]}",
                ),
            ),
        ),
        Row(
            r"(?s)\A(?=.*dict)[^{]*\{([^{}]*['\"]:[^{}]*)",
            change.with_listed_keys,
            (
                Sample(
                    "ValueError: Expected a dict of inputs such as {'left': a, 'right': b}",
                    "a layer of a project",
                    becomes="{'left': float32[5,8], 'right': float32[5,8]}",
                ),
            ),
        ),
        Row(
            r"has no attribute '(?:keys|items|values|get)'|string indices|must be a dict|Expected a dict"
            r"|indices must be|are valid indices\s*\Z",
            change.with_keys_read,
            (
                Sample(
                    "AttributeError: 'tensorflow.python.framework.ops.EagerTensor' object has no attribute 'items'",
                    TENSORFLOW,
                    "tf.ones((2, 8)).items()",
                    becomes="{'a': float32[5,8], 'b': float32[5,8]}",
                ),
                Sample(
                    "We expected a dictionary here. Instead we got:",
                    KERAS_2,
                    "tf_keras.layers.DenseFeatures([tf.feature_column.numeric_column('left')])(tf.ones((2, 1)))",
                    becomes="{'a': float32[5,8], 'b': float32[5,8]}",
                ),
                Sample(
                    "IndexError: only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer "
                    "or boolean arrays are valid indices",
                    NUMPY,
                    "np.ones((2, 8))['left']",
                    line="return inputs['left'] + inputs['right']",
                    becomes="{'left': float32[5,8], 'right': float32[5,8]}",
                ),
                Sample(
                    "TypeError: list indices must be integers or slices, not str",
                    PYTHON,
                    "[1]['left']",
                    given="[float32[5,8], float32[5,8]]",
                    line="return inputs['left'] + inputs['right']",
                    becomes="{'left': float32[5,8], 'right': float32[5,8]}",
                ),
                Sample(
                    "TypeError: string indices must be integers, not 'str'",
                    PYTHON,
                    "'ab'['left']",
                    line="return inputs['left']",
                    becomes="{'left': float32[5,8]}",
                ),
            ),
        ),
    ),
)
