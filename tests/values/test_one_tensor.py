"""Arguments of `call` that what it certainly does with them shows to be one tensor."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.keras.layers import Trait
from tests.frameworks import needs

HEAD = """
import keras
import tensorflow as tf
from tensorflow.keras import layers


def doubled(value):
    return tf.sigmoid(value)


class Subject(layers.Layer):
    def __init__(self, flag=False, **kwargs):
        super().__init__(**kwargs)
        self.flag = flag
        self.normed = layers.LayerNormalization()
        self.rnn = layers.RNN(layers.LSTMCell(4))

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=())
        super().build(input_shape)

    def one(self, value):
        return self.normed(value)

    def either(self, value):
        if isinstance(value, list):
            return value
        return self.normed(value)

    def call(self, inputs):
"""
LINTED = Settings(keras=("3",))
LOOP = "for row in inputs:\n    print(row)\n"
ONE_TENSOR = {
    "layer": f"{LOOP}return self.normed(inputs)",
    "layer before": "y = self.normed(inputs)\nfor row in inputs:\n    y = y + row\nreturn y",
    "method": f"{LOOP}return self.one(inputs)",
    "function": f"{LOOP}return doubled(inputs)",
    "alias": f"{LOOP}x = inputs\nreturn tf.math.softplus(x)",
    "nested": f"{LOOP}def inner(x):\n    return -x\nreturn inner(inputs)",
    "weight": f"{LOOP}return inputs * self.scale",
    "shape": f"{LOOP}x = inputs\nreturn tf.zeros(x.shape[1:])",
    "subscript": f"{LOOP}x = inputs\nreturn x[..., 0]",
    "refused": f"{LOOP}if isinstance(inputs, list):\n    raise ValueError\nreturn self.normed(inputs)",
    "total of rows": "y = 0.0\nfor row in inputs:\n    y = y + tf.reduce_mean(row)\nreturn inputs + y",
    "total of enumerated": "y = 0.0\nfor _, row in enumerate(inputs):\n    y += tf.reduce_mean(row)\nreturn inputs + y",
    "total of zipped": "y = 0.0\nfor row, _ in zip(inputs, inputs):\n    y += tf.reduce_mean(row)\nreturn inputs + y",
    "packed": f"{LOOP}flat = keras.tree.flatten(inputs)\nreturn -keras.tree.pack_sequence_as(inputs, flat)",
    "packed by TensorFlow": f"{LOOP}y = tf.nest.pack_sequence_as(inputs, tf.nest.flatten(inputs))\nreturn -y",
    "twice": f"{LOOP}y = self.one(inputs) if self.flag else 1.0\nreturn self.one(inputs) * y",
}
MAY_BE_SEVERAL = {
    "nothing": f"{LOOP}return inputs",
    "condition": f"{LOOP}if self.flag:\n    return self.normed(inputs)\nreturn inputs",
    "behind return": f"{LOOP}if isinstance(inputs, list):\n    return inputs\nreturn self.normed(inputs)",
    "in method": f"{LOOP}return self.either(inputs)",
    "handled": f"{LOOP}try:\n    return self.normed(inputs)\nexcept ValueError:\n    return inputs",
    "first": f"{LOOP}return self.normed(inputs[0])",
    "element": f"{LOOP}return [self.normed(x) for x in inputs]",
    "rebound": f"{LOOP}if isinstance(inputs, list):\n    inputs = inputs[0]\nreturn self.normed(inputs)",
    "structure": f"{LOOP}return self.rnn(inputs)",
    "stacked": f"{LOOP}return tf.stack(inputs)",
    "summed": f"{LOOP}return tf.add_n(inputs)",
    "joined": f"{LOOP}return tf.concat(inputs + [self.scale], 0)",
    "repeated": f"{LOOP}return tf.concat(inputs * self.flag, 0)",
    "flattened": f"{LOOP}return -keras.tree.flatten(inputs)[0]",
    "packed otherwise": f"{LOOP}return -keras.tree.pack_sequence_as(self.flag, keras.tree.flatten(inputs))",
    "zipped with nothing": "y = 0.0\nfor row, _ in zip(inputs, []):\n    y += tf.reduce_mean(row)\nreturn inputs + y",
    "conditional expression": f"{LOOP}return self.normed(inputs) if self.flag else inputs",
}


def found(body: str) -> list[str]:
    text = HEAD + "".join(f"        {line}\n" for line in body.splitlines())
    return [each.code for each in lint_source(text, "example.py", LINTED) if each.code == "KLL103"]


@pytest.mark.parametrize("body", ONE_TENSOR.values(), ids=ONE_TENSOR)
def test_it_is_one_tensor(body: str) -> None:
    assert found(body) == ["KLL103"]


ANNOTATIONS = ["Tensor | dict", "tf.Tensor | list[tf.Tensor]", "dict[str, tf.Tensor]"]


@pytest.mark.parametrize("annotation", ANNOTATIONS)
def test_code_knows_better_than_an_annotation(annotation: str) -> None:
    text = HEAD.replace("call(self, inputs)", f"call(self, inputs: {annotation})")
    for body, codes in ((ONE_TENSOR["layer"], ["KLL103"]), (MAY_BE_SEVERAL["nothing"], [])):
        lines = "".join(f"        {line}\n" for line in body.splitlines())
        assert [each.code for each in lint_source(text + lines, "example.py", LINTED) if each.code == "KLL103"] == codes


@pytest.mark.parametrize("method", ["build", "compute_output_shape"])
@pytest.mark.parametrize(
    ("returned", "is_one"),
    [
        ("(None, 1, input_shape[-1])", True),
        ("input_shape[:1] + (input_shape[-1] * 2,)", True),
        ("input_shape[-1]", False),
        ("(input_shape[0][0], input_shape[-1])", False),
    ],
)
def test_the_shape_of_one_tensor_shows_it(method: str, returned: str, is_one: bool) -> None:
    text = f"""
import keras


class Subject(keras.layers.Layer):
    def {method}(self, input_shape):
        return {returned}

    def call(self, inputs):
        for row in inputs:
            print(row)
        return inputs
"""
    found = [each.code for each in lint_source(text, "example.py", LINTED) if each.code == "KLL103"]
    assert found == ["KLL103"] * is_one


def test_keras_2_does_not_ask_for_the_shape() -> None:
    """What is wrong with `compute_output_shape` shows nowhere there."""
    text = """
import tensorflow as tf


class Subject(tf.keras.layers.Layer):
    def {method}(self, input_shape):
        return (None, input_shape[-1])

    def call(self, inputs):
        return tf.stack([tf.image.resize(level, (8, 8)) for level in inputs], axis=1)
"""
    for method, codes in (("compute_output_shape", []), ("build", ["KLL103"])):
        settings = Settings(keras=("2",), select=("KLL103",))
        assert [each.code for each in lint_source(text.format(method=method), "example.py", settings)] == codes


@pytest.mark.parametrize("body", MAY_BE_SEVERAL.values(), ids=MAY_BE_SEVERAL)
def test_it_may_be_several(body: str) -> None:
    assert found(body) == []


_RANK = {"1D": 3, "2D": 4, "3D": 5}
_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "Activation": ("relu",),
    "AlphaDropout": (0.5,),
    "AveragePooling": (2,),
    "Conv": (3, 2),
    "Dense": (3,),
    "Depthwise": (2,),
    "Dropout": (0.5,),
    "EinsumDense": ("abc,cd->abd", (None, 3)),
    "Embedding": (9, 3),
    "GaussianDropout": (0.5,),
    "GaussianNoise": (0.5,),
    "GroupNormalization": (2,),
    "MaxPooling": (2,),
    "Permute": ((2, 1),),
    "RepeatVector": (2,),
    "Reshape": ((-1,),),
    "Separable": (3, 2),
    "SpatialDropout": (0.5,),
}


@pytest.mark.keras
@pytest.mark.parametrize("generation", ["2", "3"])
def test_layers_of_one_tensor_make_no_list_of_a_list(generation: str) -> None:
    needs(generation)
    tf = importlib.import_module("tensorflow")
    layers = importlib.import_module("keras" if generation == "3" else "tf_keras").layers
    checked = 0
    for name in Trait.TAKES_ONE_TENSOR.value.split():
        if not hasattr(layers, name):
            continue
        arguments = next((given for start, given in _ARGUMENTS.items() if name.startswith(start)), ())
        rank = 2 if name == "RepeatVector" else _RANK.get(name[-2:], _RANK.get(name[-11:-9], 3))
        layer, value = getattr(layers, name)(*arguments), tf.ones((2, *(4,) * (rank - 1)))
        assert tf.is_tensor(layer(value)), name
        try:
            made = layer([value, value], **({"training": True} if "Dropout" in name or "Noise" in name else {}))
        except Exception:  # whatever it is
            continue
        finally:
            checked += 1
        assert tf.is_tensor(made), name
    assert checked > 50
