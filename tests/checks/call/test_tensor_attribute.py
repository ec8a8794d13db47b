"""KLL116: `call` asks a tensor for what only an array of NumPy or a tensor of PyTorch has."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_source
from tests.checks.cases import HEADER, assert_silent, assert_told, found, layer, write


def end(name: str) -> str:
    return f"tensors have no `{name}`, so it raises AttributeError"


REPORTED = [
    # the body, the attribute, other methods
    ("y = (x > 0).astype('float32')  # here", "astype", ""),
    ("y = x.reshape((-1, 3))  # here", "reshape", ""),
    ("y = ops.abs(x).sum(axis=-1)  # here", "sum", ""),
    ("y = tf.matmul(x, self.w.T)  # here", "T", ""),
    ("y = self.dense(x).mean()  # here", "mean", ""),
    ("y = x.unsqueeze(0)  # here", "unsqueeze", ""),
    ("y = x.view(x.shape[0], -1)  # here", "view", ""),
    ("y = x._keras_shape[-1]  # here", "_keras_shape", ""),
    ("y = self.flat(x)", "flatten", "def flat(self, value):\n    return value.flatten()  # here\n"),
]
SILENT = [
    ("y = x.shape", ""),
    ("if hasattr(x, '_keras_shape'):\n    y = x._keras_shape", ""),
    ("y = np.ones(3).astype('float32')", ""),
    ("y = self.of_somebody_else(x).sum()", ""),
    ("if hasattr(x, 'astype'):\n    y = x.astype('float32')", ""),
    ("try:\n    y = x.astype('float32')\nexcept AttributeError:\n    y = x", ""),
    ("y = x.copy()", ""),
    ("y = 'a b'.split()", ""),
    ("pass", "def show(self, x):\n    return x.sum()\n"),
]


@pytest.mark.parametrize(("body", "name", "methods"), REPORTED)
def test_reported(body: str, name: str, methods: str) -> None:
    assert_told("KLL116", layer(call=body, methods=methods), end(name), end(name))


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL116", layer(call=body, methods=methods))


@pytest.mark.parametrize(
    "line",
    [
        "tf.experimental.numpy.experimental_enable_numpy_behavior()",
        "from tensorflow.python.ops.numpy_ops import np_config; np_config.enable_numpy_behavior()",
        "import tensorflow_probability as tfp",
        "import torch",
        "IS_ARRAY = keras.backend.backend() == 'jax'",
    ],
)
def test_other_tensors_are_silent(line: str) -> None:
    assert_silent("KLL116", line + "\n\n" + layer(call="y = ops.abs(x).sum()"))


@pytest.mark.parametrize(
    ("body", "told"),
    [("y = ops.abs(x).sum()", []), ("y = ops.abs(x).unsqueeze(0)", ["unsqueeze"]), ("y = self.w.T", ["T"])],
)
def test_arrays_of_jax_have_what_arrays_of_numpy_have(body: str, told: list[str]) -> None:
    text = HEADER.replace("import tensorflow as tf\n", "") + layer(call=body)
    found = lint_source(text, "example.py", Settings(keras=("3",), backend="jax", select=("KLL116",)))
    assert [item.message.endswith(end(name)) for item, name in zip(found, told, strict=True)] == [True] * len(told)


def test_tensors_of_pytorch_have_methods() -> None:
    text = HEADER.replace("import tensorflow as tf\n", "") + layer(call="y = ops.abs(x).reshape(-1, 2)")
    for backend, told in (("tensorflow", 1), ("torch", 0)):
        assert len(lint_source(text, "a.py", Settings(keras=("3",), backend=backend, select=("KLL116",)))) == told


def test_the_help_names_the_function_of_the_generation() -> None:
    text = HEADER + layer(call="y = ops.abs(x).sum()\nz = ops.abs(x).contiguous()")
    for keras, helps in (
        ("2", ["use `tf.reduce_sum`", "leave it out"]),
        ("3", ["use `keras.ops.sum`", "leave it out"]),
    ):
        found = lint_source(text, "example.py", Settings(keras=(keras,), select=("KLL116",)))
        assert [item.help for item in found] == helps


@pytest.mark.parametrize(
    ("head", "body", "is_told"),
    [
        ("", "return x.sum()", True),
        ("", "if x.shape[0] > 1:\n        return x.sum()\n    return x", False),
        ("import torch\n", "return x.sum()", False),
        ("", "return x.sum() if hasattr(x, 'sum') else x", False),
    ],
)
def test_in_a_function_of_another_file(tmp_path: Path, head: str, body: str, is_told: bool) -> None:
    write(tmp_path, {"elsewhere.py": f"{head}\n\ndef total(x):\n    {body}\n"})
    source = "from elsewhere import total\n\n\n" + layer(f"y = total(x){'  # KLL116' if is_told else ''}")
    assert len(found("KLL116", source, "3", tmp_path / "here.py")) == is_told


WIRED = """\
import keras
from keras import layers


def model():
    inputs = keras.Input((3,))
    x = layers.Dense(3)(inputs)
    {body}
    return keras.Model(inputs, x)
"""


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("x = layers.Dense(x.get_shape()[-1])(x)  # here", "in Keras 3 it has no `get_shape`"),
        ("x = x.astype('float32')  # here", "in Keras 3 it has no `astype`"),
        ("n = inputs.shape.as_list()  # here", "its `shape` is a tuple and has no `as_list`"),
    ],
)
def test_what_a_keras_tensor_has_not(body: str, fault: str) -> None:
    assert_told("KLL116", WIRED.format(body=body), "", f"{fault}, so it raises AttributeError")


@pytest.mark.parametrize(
    "body",
    [
        "n = x.shape[-1]",
        "x = x.reshape((-1,))",
        "n = len(x.shape)",
        "try:\n        n = x.get_shape()\n    except AttributeError:\n        n = x.shape",
        "n = x.get_shape() if hasattr(x, 'get_shape') else x.shape",
    ],
)
def test_what_a_keras_tensor_has(body: str) -> None:
    assert_silent("KLL116", WIRED.format(body=body))


@pytest.mark.parametrize(
    ("readme", "is_told"),
    [("* TensorFlow 1.x\n* Keras 2.x\n", False), ("* TensorFlow 2.4\n", True), ("", True)],
)
def test_what_keras_set_on_tensors_before_tensorflow_2(tmp_path: Path, readme: str, is_told: bool) -> None:
    (tmp_path / "README.md").write_text(readme)
    mark = "  # KLL116" if is_told else ""
    source = f"class L(layers.Layer):\n    def call(self, x):\n        return x._keras_shape[-1] * x{mark}\n"
    write(tmp_path, {"here.py": source})
    found("KLL116", source, "2", tmp_path / "here.py")
