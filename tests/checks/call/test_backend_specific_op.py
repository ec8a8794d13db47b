"""KLL148: in code for several backends, a function that computes with the tensors of one."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from keras_layer_lint import Diagnostic, Settings, lint_paths, lint_source
from keras_layer_lint.expectation import expects

HEAD = """\
import jax
import jax.numpy as jnp
import keras
import numpy as np
import tensorflow as tf
from keras import ops

ON_TENSORFLOW = keras.config.backend() == "tensorflow"


def on_tensorflow():
    return keras.backend.backend() == "tensorflow"


class Subject(keras.layers.Layer):
    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[-1],))

    def call(self, inputs, training=None):
"""


def source(body: str) -> str:
    return HEAD + textwrap.indent(body, " " * 8)


def found(body: str, settings: Settings | None = None) -> tuple[Diagnostic, ...]:
    settings = settings or Settings(select=("KLL148",), keras=("3",), backends=("tensorflow", "jax"))
    return lint_source(source(body), "layers.py", settings)


REPORTED = [
    # the body of `call`, what the message says, the help, the backend on which it happens
    ("return tf.reduce_sum(inputs, axis=-1)", "only TensorFlow takes that, and on JAX", "use `keras.ops.sum`", "jax"),
    ("return tf.concat([inputs, inputs], -1)", "only TensorFlow", "use `keras.ops.concatenate`", "jax"),
    ("return tf.nn.relu(self.w) * inputs", "it is a weight", "use `keras.ops.relu`", "jax"),
    ("return tf.math.unsorted_segment_sum(inputs, [0], 1)", "only TensorFlow", "ops.segment_sum|keras.ops", "jax"),
    ("if training:\n    inputs = tf.square(inputs)\nreturn inputs", "only TensorFlow", "`keras.ops.square`", "jax"),
    ("return jax.nn.relu(inputs)", "only JAX takes that, and on TensorFlow", "use `keras.ops.relu`", "tensorflow"),
    ("return jnp.linalg.norm(inputs, axis=-1)", "only JAX", "`keras.ops.", "tensorflow"),
]

SILENT = [
    "return ops.sum(inputs)",
    "if keras.config.backend() == 'tensorflow':\n    return tf.square(inputs)\nreturn ops.square(inputs)",
    "if keras.backend.backend() != 'tensorflow':\n    return ops.square(inputs)\nreturn tf.square(inputs)",
    "if ON_TENSORFLOW:\n    return tf.square(inputs)\nreturn ops.square(inputs)",
    "if on_tensorflow() and training:\n    return tf.square(inputs)\nreturn ops.square(inputs)",
    "match keras.config.backend():\n    case 'tensorflow':\n        inputs = tf.square(inputs)\nreturn inputs",
    "if self.backend_name == 'tensorflow':\n    return tf.square(inputs)\nreturn ops.square(inputs)",
    "if self.backend_name == 'jax':\n    return ops.square(inputs)\nreturn tf.square(inputs)",
    "if isinstance(inputs, tf.Tensor):\n    return tf.square(inputs)\nreturn ops.square(inputs)",
    "return tf.square(inputs) if self.backend_name == 'tensorflow' else ops.square(inputs)",
    "assert not tf.is_tensor(inputs)\nreturn inputs",
    "tf.print(inputs)\nreturn inputs",
    "return tf.nest.map_structure(lambda x: x, inputs)",
    "return inputs + tf.ones((4,))",
    "return ops.reshape(inputs, jnp.shape(inputs))",
    "steps = tf.range(4)\nreturn inputs + ops.cast(tf.reverse(steps, [0]), inputs.dtype)",
    "return inputs * np.sqrt(2.0)",
]


@pytest.mark.parametrize(("body", "message", "helps", "backend"), REPORTED)
def test_reported(body: str, message: str, helps: str, backend: str) -> None:
    (diagnostic,) = found(body)
    assert message in diagnostic.message
    assert diagnostic.message.endswith("is for several backends: the settings name TensorFlow and JAX")
    assert any(each in diagnostic.help for each in helps.split("|"))
    assert diagnostic.severity.label == "warning"
    assert diagnostic.expectation.backend == backend


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert found(body) == ()


def test_what_a_framework_has_made_it_may_compute_with() -> None:
    body = "mean = tf.reduce_mean(inputs)\nroot = tf.sqrt(mean)\nreturn tf.square(ops.exp(root))"
    assert [item.span.line for item in found(body)] == [20, 22]


def test_numpy_is_reported_where_only_jax_takes_it() -> None:
    text = "import keras\nimport numpy as np\n\n\nclass A(keras.layers.Layer):\n    def call(self, x):\n"
    text += "        return np.mean(x) + np.exp(x)\n"
    settings = Settings(
        select=("KLL148", "KLL111"), keras=("3",), backends=("tensorflow", "jax"), default_backend="jax"
    )
    told = [(item.code, item.severity.label, item.span.column) for item in lint_source(text, "a.py", settings)]
    assert told == [("KLL111", "note", 16), ("KLL148", "warning", 16), ("KLL111", "error", 29)]


@pytest.mark.parametrize(
    "settings",
    [
        Settings(keras=("3",), backends=("tensorflow", "jax")),
        Settings(select=("KLL",), keras=("3",), backends=("tensorflow", "jax")),
        Settings(select=("KLL148",), keras=("3",), backend="tensorflow"),
        Settings(select=("KLL148",), keras=("2",), backends=("tensorflow", "jax")),
        Settings(select=("KLL148",), keras=("3",)),
    ],
    ids=["not selected", "selected by a short prefix", "one backend", "Keras 2", "nothing says several"],
)
def test_silent_unless_asked(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # apart from what the README of a project above says
    assert [item for item in found("return tf.square(inputs)", settings) if item.code == "KLL148"] == []


@pytest.mark.parametrize(
    ("head", "count"),
    [
        ("import tensorflow as tf\n", 1),
        ("try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None\n", 1),
        ("try:\n    from keras import ops as tf\nexcept ImportError:\n    import tensorflow as tf\n", 0),
        ("if keras.config.backend() == 'tensorflow':\n    import tensorflow as tf\n", 0),
    ],
)
def test_how_the_framework_is_imported(head: str, count: int) -> None:
    text = f"import keras\n{head}class A(keras.layers.Layer):\n    def call(self, x):\n        return tf.square(x)\n"
    settings = Settings(select=("KLL148",), keras=("3",), backends=("tensorflow", "jax"))
    assert len(lint_source(text, "a.py", settings)) == count


@pytest.mark.parametrize(
    ("base", "count"), [("keras.losses.Loss", 1), ("keras.metrics.Metric", 0), ("tf.keras.losses.Loss", 0)]
)
def test_other_objects(base: str, count: int) -> None:
    text = f"import keras\nimport tensorflow as tf\nclass A({base}):\n    def call(self, y_true, y_pred):\n"
    text += "        return tf.square(y_true)\n"
    settings = Settings(select=("KLL148",), keras=("3",), backends=("tensorflow", "jax"))
    assert len(lint_source(text, "a.py", settings)) == count


@pytest.mark.parametrize(
    "body",
    [
        "def train_step(self, data):\n        return {'loss': tf.reduce_sum(data)}",
        '"""Augments pictures in a `tf.data` pipeline."""\n    def call(self, x):\n        return tf.square(x)',
    ],
    ids=["a step of a model", "a layer for data"],
)
def test_what_no_backend_traces(body: str) -> None:
    text = f"import keras\nimport tensorflow as tf\nclass A(keras.Model):\n    {body}\n"
    settings = Settings(select=("KLL148",), keras=("3",), backends=("tensorflow", "jax"))
    assert lint_source(text, "a.py", settings) == ()


def test_code_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Runs on TensorFlow, JAX and PyTorch: set `KERAS_BACKEND` of Keras.\n")
    (tmp_path / "helpers.py").write_text(
        "import keras\nimport tensorflow as tf\n\n\ndef norm(x):\n    return tf.norm(x)\n\n\ndef square(x):\n"
        "    if keras.config.backend() == 'tensorflow':\n        return tf.square(x)\n    return x * x\n"
    )
    (tmp_path / "layers.py").write_text(
        "import keras\nfrom helpers import norm, square\n\n\nclass A(keras.layers.Layer):\n    def call(self, x):\n"
        "        return norm(x) + square(x)\n"
    )
    settings = Settings(select=("KLL148",), root=str(tmp_path))
    (diagnostic,) = lint_paths([tmp_path], settings).diagnostics
    assert diagnostic.message.startswith("`norm()`, called here, has `tensorflow.norm(...)` on a tensor")
    assert diagnostic.message.endswith("`README.md` names TensorFlow, JAX and PyTorch")
    raised = ("TracerArrayConversionError", "TypeError")
    assert diagnostic.expectation == expects(errors=raised, backend="jax")
