"""What classes that derive from a layer of Keras find on themselves."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.keras.attributes import EMPTY_LISTS
from keras_layer_lint.keras.inherited import LAYERS, RETURNING_TENSOR, WEIGHTS
from keras_layer_lint.keras.layers import LAYER
from tests.frameworks import needs

ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "Conv": (3, 2),
    "EinsumDense": ("abc,cd->abd", (None, 3), None, "d"),
    "Embedding": (9, 3),
    "GroupNormalization": (2,),
    "MultiHeadAttention": (2, 4),
    "Dense": (3,),
    "LSTMCell": (3,),
    "GRUCell": (3,),
    "SimpleRNNCell": (3,),
}
RANKS = {"1D": 3, "2D": 4, "3D": 5}


def built(layers: Any, name: str, **more: Any) -> Any:
    arguments = next((given for start, given in ARGUMENTS.items() if name.startswith(start)), ())
    if more and name == "EinsumDense":
        arguments, more = arguments[:2], {}
    if name == "Wrapper":
        arguments = (layers.Dense(3),)
    layer = getattr(layers, name)(*arguments, **more)
    shape = (2, *(4,) * (RANKS.get(name[4:6], 3) - 1)) if name.startswith("Conv") else (2, 4, 4)
    if name == "MultiHeadAttention":
        layer(*[importlib.import_module("tensorflow").ones(shape)] * 2)
    else:
        layer.build((2, 4) if name.endswith("Cell") else shape)
    return layer


@pytest.mark.keras
@pytest.mark.filterwarnings("ignore:.layer.updates")
def test_lists_that_stay_empty() -> None:
    needs("2")
    layer = importlib.import_module("tf_keras").layers.BatchNormalization()
    layer(importlib.import_module("tensorflow").ones((2, 3)), training=True)
    assert {name: getattr(layer, name) for name in EMPTY_LISTS} == {"updates": []}


@pytest.mark.keras
@pytest.mark.parametrize("generation", ["2", "3"])
def test_they_hold_it(generation: str) -> None:
    needs(generation)
    layers = importlib.import_module("keras" if generation == "3" else "tf_keras").layers
    tf = importlib.import_module("tensorflow")
    for name, weights in WEIGHTS.items():
        layer = built(layers, name.rpartition(".")[2])
        for attribute in weights:
            assert tf.convert_to_tensor(getattr(layer, attribute)).dtype == "float32", (name, attribute)
        off = {"beta": "center", "gamma": "scale", "bias": "use_bias"}
        without = {off[attribute]: False for attribute, optional in weights.items() if optional}
        bare = built(layers, name.rpartition(".")[2], **without)
        assert {attribute for attribute in weights if getattr(bare, attribute) is None} == {
            attribute for attribute, optional in weights.items() if optional
        }, name
    for name, sublayers in LAYERS.items():
        layer = built(layers, name.rpartition(".")[2])
        for attribute, of in sublayers.items():
            held, kind = getattr(layer, attribute), getattr(layers, of.rpartition(".")[2])
            assert isinstance(held, kind) if of == LAYER else type(held) is kind, (name, attribute)
        for method in RETURNING_TENSOR.get(name, ()):
            assert tf.is_tensor(getattr(layer, method)(tf.ones((2, 2, 4, 4))))


CASES = {
    "Dense": ("for row in self.kernel:\n    x = x + row", True),
    "Dense(bias)": ("if self.bias is not None:\n    x = x + sum(row for row in self.bias)", True),
    "Dense(own)": ("for row in self.kernels:\n    x = x + row", False),
    "Conv2D": ("x = x + [row for row in self.kernel][0]", True),
    "LSTMCell": ("a, b = self.recurrent_kernel", True),
    "MultiHeadAttention": ("for row in self._query_dense(x):\n    x = x + row", True),
    "MultiHeadAttention(masked)": ("for row in self._masked_softmax(x):\n    x = x + row", True),
    "MultiHeadAttention(other)": ("for row in self._other(x):\n    x = x + row", False),
    "Layer": ("for row in self.kernel:\n    x = x + row", False),
}


@pytest.mark.parametrize("case", CASES)
def test_what_derives_from_them_has_it(case: str) -> None:
    body, is_tensor = CASES[case]
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    head = f"import keras\n\nclass Own(keras.layers.{case.partition('(')[0]}):\n    def call(self, x):\n"
    found = lint_source(f"{head}{lines}        return x\n", "own.py", Settings(keras=("3",), select=("KLL103",)))
    assert len(found) == is_tensor
