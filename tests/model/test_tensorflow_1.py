"""Names of TensorFlow 1 are no fault of a project for TensorFlow 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.findings import Report
from keras_layer_lint.model.tensorflow_1 import names_of_tensorflow_1

LAYER = """
import tensorflow as tf
from tensorflow.keras.layers import Layer


class Entropy(Layer):
    def call(self, inputs):
        return -inputs * tf.log(inputs + 1e-6)
"""
OLD = "import tensorflow as tf\nwith tf.Session() as session:\n    x = tf.placeholder(tf.float32)\n"


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def lint(root: Path, files: dict[str, str], keras: tuple[str, ...] | None = None) -> Report:
    write(root, {"pkg/layer.py": LAYER, **files})
    return lint_paths([root], Settings(root=str(root), keras=keras, select=("KLL147",)))


@pytest.mark.parametrize(
    "files",
    [
        {"requirements.txt": "tensorflow==1.15.2\n"},
        {"requirements.txt": "tensorflow-gpu>=1.4,<2\n"},
        {"requirements.txt": "tensorflow~=1.13\n"},
        {"requirements.txt": "keras==2.2.4\ntensorflow\n"},
        {"requirements.txt": "keras<2.3\n"},
        {"setup.py": "REQUIRED = ['tensorflow<2.0']\n"},
        {"environment.yml": "dependencies:\n  - tensorflow-gpu=1.12\n"},
        {"README.md": "- TensorFlow 1.9.0\n"},
        {"README.md": "* TensorFlow 1.x\n* Keras 2.x\n"},
        {"demo.ipynb": '{"cells": [{"cell_type": "code", "source": ["!pip install tensorflow==1.15\\n"]}]}'},
        {"train.py": OLD},
        {"train.py": OLD + "# tf.function is for TensorFlow 2\n"},
    ],
)
def test_silent_in_a_project_for_tensorflow_1(tmp_path: Path, files: dict[str, str]) -> None:
    report = lint(tmp_path, files)
    assert report.diagnostics == ()
    assert ["names of TensorFlow 1 are not reported" in chosen.why for chosen, _ in report.chosen] == [True]


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"requirements.txt": "tensorflow>=2.0,<2.12\n", "train.py": OLD},
        {"requirements.txt": "tensorflow==2.4\n"},
        {"README.md": "* TensorFlow 2.x\n"},
        {"README.md": "* TensorFlow 1.x or 2.x\n"},
        {"requirements.txt": "tensorflow<2.12\n"},
        {"requirements.txt": "tensorflow>=1.15\n"},
        {"requirements.txt": "tensorflow==1.15\n", "README.md": "Now for TensorFlow 2.3.0\n"},
        {"requirements.txt": "tensorflow-addons\n", "train.py": OLD},
        {"train.py": "import tensorflow as tf\nx = tf.placeholder(tf.float32)\n"},
        {"train.py": OLD, "pkg/more.py": "import tensorflow as tf\nwith tf.GradientTape() as tape:\n    pass\n"},
        {"train.py": OLD + "@tf.function\ndef step(x):\n    return x\n"},
        {"train.py": OLD.replace("tf.Session", "tf.compat.v1.Session")},
        {"train.py": f'"""\n{OLD}"""\n'},
    ],
)
def test_reported_where_it_may_run_on_tensorflow_2(tmp_path: Path, files: dict[str, str]) -> None:
    report = lint(tmp_path, files, ("2",))
    assert [item.severity.name for item in report.diagnostics] == ["ERROR"]


def test_what_is_linted_for_keras_3_is_for_tensorflow_2(tmp_path: Path) -> None:
    assert len(lint(tmp_path, {"requirements.txt": "tensorflow==1.15.2\n"}, ("3",)).diagnostics) == 1


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["x = tf.log(y)\n", "x = tf.div(y, z) + tf.contrib.layers.f(x)\n"], {"log", "div", "contrib"}),
        (["x = tf.math.log(y) + my.tf.log(y)  # tf.log\n"], set()),
        (["x = tf.log(y)\n", "import tensorflow.compat.v1 as tf\n"], set()),
        (["x = tf.log(y)\n", "import tensorflow_addons as tfa\n"], set()),
        (["x = tf.log(y)\nMultiHeadAttention(2)\n"], set()),
        (["x = tf.log(y)\nMultiHeadAttention(2)\n", "class MultiHeadAttention(Layer): pass\n"], {"log"}),
        (["x = tf.log(y)\nMultiHeadAttention(2)\ntf.function\n", "class MultiHeadAttention: pass\n"], set()),
    ],
)
def test_names(texts: list[str], expected: set[str]) -> None:
    assert names_of_tensorflow_1(texts) == expected


NEW = "import tensorflow as tf\n\n\n@tf.function\ndef step(x):\n    return x\n"


@pytest.mark.parametrize(
    ("folder", "more", "told"),
    [
        ("core/v1x", OLD, []),
        ("tf1", OLD, []),
        ("models_tf1/deep", OLD, []),
        ("core/v2x", OLD, ["KLL147"]),
        ("core/v1x", "", ["KLL147"]),
        ("core/v1x", OLD + NEW, ["KLL147"]),
        # TensorFlow 1 has a tape, too.
        ("core/v1x", OLD + "with tf.GradientTape() as tape:\n    pass\n", []),
    ],
)
def test_a_tree_for_tensorflow_1_beside_one_for_2(tmp_path: Path, folder: str, more: str, told: list[str]) -> None:
    files = {"pkg/layer.py": "", f"{folder}/layer.py": LAYER, f"{folder}/train.py": more, "new/train.py": NEW}
    assert [found.code for found in lint(tmp_path, files).diagnostics] == told


def test_functions_of_tensorflow_1_take_other_parameters(tmp_path: Path) -> None:
    layer = LAYER.replace("tf.log(inputs + 1e-6)", "tf.log(tf.reduce_sum(inputs, keep_dims=True))")
    write(tmp_path, {"pkg/layer.py": layer, "train.py": OLD})
    settings = Settings(root=str(tmp_path), select=("KLL149",))
    assert lint_paths([tmp_path], settings).diagnostics == ()
    (tmp_path / "train.py").write_text(NEW)
    assert [found.code for found in lint_paths([tmp_path], settings).diagnostics] == ["KLL149"]


OWN_WEIGHTS = """
from {keras}.layers import Dense, Layer


class Gate(Layer):
    def build(self, input_shape):
        self.dense = Dense(4)
        self.trainable_weights = self.dense.trainable_weights
        super().build(input_shape)

    def call(self, inputs):
        return self.dense(inputs)
"""


@pytest.mark.parametrize(
    ("keras", "required", "told"),
    [
        # Keras up to 2.3 has a setter for it, the Keras of TensorFlow has none.
        ("keras", "Keras==2.2.4\n", []),
        ("keras", "keras==2.8\n", ["KLL212"]),
        ("tensorflow.keras", "tensorflow==1.15\n", ["KLL212"]),
    ],
)
def test_weights_are_set_in_old_keras(tmp_path: Path, keras: str, required: str, told: list[str]) -> None:
    write(tmp_path, {"pkg/layer.py": OWN_WEIGHTS.format(keras=keras), "requirements.txt": required})
    settings = Settings(root=str(tmp_path), select=("KLL212",))
    assert [found.code for found in lint_paths([tmp_path], settings).diagnostics] == told
