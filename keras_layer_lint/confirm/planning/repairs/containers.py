"""A list where several inputs are asked for, one tensor where a list is none."""

from __future__ import annotations

from keras_layer_lint.confirm.planning import change_structure as change
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.repairs.rows import KERAS_2, KERAS_3, PYTHON, Row, Sample, Table

_TWO = "[float32[5,8], float32[5,8]]"

SINGLE: Table[Inputs] = Table(
    "one tensor in the place of several",
    (
        Row(
            r"'(?:list|tuple|dict|TrackedList|ListWrapper)' object has no attribute|expects 1 input\(s\)"
            r"|unhashable type: 'list'|Expected a single|must be a single",
            change.single,
            (
                Sample(
                    "AttributeError: 'list' object has no attribute 'shape'",
                    PYTHON,
                    "[1, 2].shape",
                    given=_TWO,
                    becomes="float32[5,8]",
                ),
                Sample(
                    'ValueError: Layer "dense" expects 1 input(s), but it received 2 input tensors.',
                    KERAS_3,
                    "keras.layers.Dense(4, name='dense')([tf.ones((2, 8)), tf.ones((2, 8))])",
                    given=_TWO,
                    becomes="float32[5,8]",
                ),
                Sample(
                    'ValueError: Layer "dense" expects 1 input(s), but it received 2 input tensors.',
                    KERAS_2,
                    "tf_keras.layers.Dense(4, name='dense')([tf.ones((2, 8)), tf.ones((2, 8))])",
                    given=_TWO,
                    becomes="float32[5,8]",
                ),
                Sample("TypeError: unhashable type: 'list'", PYTHON, "{[1]: 2}", given=_TWO, becomes="float32[5,8]"),
            ),
        ),
    ),
    cost=2,
)

SEVERAL: Table[Inputs] = Table(
    "a list of several tensors",
    (
        Row(
            r"\btuple\b[^\n]{0,80}<class 'list'>",
            change.as_tuple,
            (
                Sample(
                    "ValueError: The inputs should be a tuple. Got <class 'list'>",
                    "a layer of a project",
                    given="[float32[5,8], float32[5,8]]",
                    becomes="(float32[5,8], float32[5,8])",
                ),
            ),
        ),
        Row(
            r"expects? (\d) inputs?\b|exactly (\d) inputs?|list of (\d)|of length (\d)|(\d) inputs"
            r"|expects (\d) input\(s\)",
            change.several,
            (
                Sample(
                    "ValueError: A `Dot` layer should be called on a list of 2 inputs.",
                    KERAS_3,
                    "keras.layers.Dot(1)([tf.ones((2, 8))] * 3)",
                    given="[float32[5,8], float32[5,8], float32[5,8]]",
                    becomes="[float32[5,8], float32[5,8]]",
                ),
                Sample(
                    "ValueError: A `Subtract` layer should be called on exactly 2 inputs.",
                    KERAS_2,
                    "tf_keras.layers.Subtract()([tf.ones((2, 8))] * 3)",
                    given="[float32[5,8], float32[5,8], float32[5,8]]",
                    becomes="[float32[5,8], float32[5,8]]",
                ),
                Sample(
                    "ValueError: Attention layer accepts inputs list of length 2 or 3, namely [query, value] or "
                    "[query, value, key]. Received length: 1.",
                    KERAS_3,
                    "keras.layers.Attention()([tf.ones((2, 4, 8))])",
                    given="[float32[5,4,8]]",
                    becomes="[float32[5,4,8], float32[5,4,8]]",
                ),
                Sample(
                    "expects 2 input(s), but it received 1 input tensors.",
                    KERAS_2,
                    "sides = tf_keras.Input((8,)), tf_keras.Input((8,))\n"
                    "tf_keras.Model(sides, tf_keras.layers.add(sides))(tf.ones((2, 8)))",
                    becomes="[float32[5,8], float32[5,8]]",
                ),
            ),
        ),
        Row(
            r"\b(two|three|four) (?:input|tensor)|\b(pair) of",
            change.several,
            (
                Sample(
                    "ValueError: This layer takes two inputs, a query and a value.",
                    "a layer of a project",
                    becomes="[float32[5,8], float32[5,8]]",
                ),
            ),
        ),
        Row(
            r"\blist\b(?! of allowed values)|\b(?:tuple|sequence|at least \d inputs?|multiple inputs)\b|pair|iterat",
            change.several,
            (
                Sample(
                    "ValueError: A merge layer should be called on a list of inputs. Received: input_shape=(2, 8) "
                    "(not a list of shapes)",
                    KERAS_3,
                    "keras.layers.Add()(tf.ones((2, 8)))",
                    becomes="[float32[5,8], float32[5,8]]",
                ),
                Sample(
                    "ValueError: A `Concatenate` layer should be called on a list of at least 1 input.",
                    KERAS_2,
                    "tf_keras.layers.Concatenate()(tf.ones((2, 8)))",
                    becomes="[float32[5,8], float32[5,8]]",
                ),
                Sample(
                    "Attention layer must be called on a list of inputs, namely [query, value] or [query, value, key].",
                    KERAS_2,
                    "tf_keras.layers.Attention()(tf.ones((2, 4, 8)))",
                    given="float32[5,4,8]",
                    becomes="[float32[5,4,8], float32[5,4,8]]",
                ),
                Sample(
                    "ValueError: `HashedCrossing` should be called on a list or tuple of inputs.",
                    KERAS_3,
                    "keras.layers.HashedCrossing(4)(tf.ones((2, 8)))",
                    becomes="[float32[5,8], float32[5,8]]",
                ),
            ),
        ),
    ),
    cost=2,
)
