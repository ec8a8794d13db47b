"""Functions that keep the first axis of their first tensor: an unknown batch size stays unknown."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import pytest

from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.batch_axis import keeps_batch
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.value import Origin, PythonValue, Tensor, Value
from tests.checks.call.test_batch_size_as_int import MADE_WITH_THE_BATCH_SIZE, MADE_WITHOUT_IT
from tests.frameworks import needs

PATCHES = ((1, 2, 2, 1), (1, 2, 2, 1), (1, 1, 1, 1), "VALID")
CALLS: dict[str, tuple[tuple[int, ...], tuple[Any, ...]]] = {
    "keras.ops.average_pool": ((6, 4), (2,)),
    "keras.ops.conv": ((6, 4), ("weight:3,4,5",)),
    "keras.ops.depthwise_conv": ((6, 4), ("weight:3,4,1",)),
    "keras.ops.dot": ((4,), ("weight:4,5",)),
    "keras.ops.max_pool": ((6, 4), (2,)),
    "keras.ops.separable_conv": ((6, 4), ("weight:3,4,1", "weight:1,4,5")),
    "keras.ops.tensordot": ((6, 4), ("weight:4,5", [[-1], [0]])),
    "tensorflow.image.extract_patches": ((6, 6, 3), PATCHES),
    "tensorflow.nn.avg_pool1d": ((6, 4), (2, 2, "SAME")),
    "tensorflow.nn.avg_pool2d": ((6, 6, 4), (2, 2, "SAME")),
    "tensorflow.nn.bias_add": ((4,), ("weight:4",)),
    "tensorflow.nn.conv1d": ((6, 4), ("weight:3,4,5", 1, "SAME")),
    "tensorflow.nn.conv2d": ((6, 6, 4), ("weight:3,3,4,5", 1, "SAME")),
    "tensorflow.nn.depthwise_conv2d": ((6, 6, 4), ("weight:3,3,4,1", (1, 1, 1, 1), "SAME")),
    "tensorflow.nn.max_pool2d": ((6, 6, 4), (2, 2, "SAME")),
    "tensorflow.tensordot": ((6, 4), ("weight:6,5", (1, 0))),
}


def _weight(argument: Any) -> tuple[int, ...] | None:
    is_weight = isinstance(argument, str) and argument.startswith("weight:")
    return tuple(map(int, argument.partition(":")[2].split(","))) if is_weight else None


def _value(argument: Any) -> Value:
    if _weight(argument) is not None:
        return Tensor(Origin("it is a weight"), variable=True)
    if isinstance(argument, list | tuple):
        items = tuple(map(_value, argument))
        return Sequence(items, PythonValue())
    return PythonValue(constant=argument)


@pytest.mark.parametrize("name", CALLS)
def test_they_are_known(name: str) -> None:
    batch = Tensor(Origin("it is an argument of `call`"), batched=True)
    assert keeps_batch(name, CallArguments((batch, *map(_value, CALLS[name][1]))))
    assert not keeps_batch(name, CallArguments((Tensor(Origin("other")), *map(_value, CALLS[name][1]))))


def test_an_unknown_batch_size_stays_unknown() -> None:
    needs("3")
    tf: Any = importlib.import_module("tensorflow")
    for name, (shape, others) in CALLS.items():
        root, *parts = name.split(".")
        function: Any = importlib.import_module(root)
        for part in parts:
            function = getattr(function, part)
        weights = [_weight(argument) for argument in others]
        given = [one if weight is None else tf.ones(weight) for one, weight in zip(others, weights, strict=True)]
        call = tf.function(lambda x, function=function, given=given: function(x, *given), autograph=False)
        traced = call.get_concrete_function(tf.TensorSpec((None, *shape), "float32"))
        assert traced.output_shapes[0] is None, name


@pytest.mark.parametrize(
    ("expression", "is_open"),
    [
        *((text, True) for text in MADE_WITH_THE_BATCH_SIZE),
        *((text, False) for text in MADE_WITHOUT_IT if "unknown(" not in text),  # what is unknown cannot be run
    ],
)
def test_what_is_made_with_the_batch_size_has_an_open_axis(expression: str, is_open: bool) -> None:
    needs("2", "3")
    tf: Any = importlib.import_module("tensorflow")
    backend, ops = importlib.import_module("tf_keras").backend, importlib.import_module("keras").ops
    is_index = any(word in expression for word in ("gather", "lookup", "one_hot", "take"))
    layer = SimpleNamespace(w=tf.ones((4, 4)), units=4)
    found: list[int | None] = []

    def call(x: Any) -> None:
        names = {"tf": tf, "K": backend, "ops": ops, "self": layer, "x": x, "training": True}
        found.append(eval(expression, names).shape[0])

    tf.function(call).get_concrete_function(tf.TensorSpec([None, 4], tf.int32 if is_index else tf.float32))
    assert (found[0] is None) == is_open
