"""Layers that loops of a project call on batches themselves, compiled or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.model.real_batches import is_put_into_models, may_be_open

STEP = """\
@tf.function
def step(x, y):
    for _ in range(3):
        x = x + 1
    for layer in model.layers:
        x = layer(x)
    with tf.GradientTape() as tape:
        loss = model(x)
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))


for x, y in dataset:
    step(x, y)
"""
WITHIN = "@tf.function\ndef epoch():\n    for x, y in dataset:\n        step(x, y)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (STEP, False),
        (STEP + "\n\ndef run():\n    for batch in data:\n        step(*batch)\n", False),
        (STEP + WITHIN, True),
        (STEP[: STEP.index("for x, y in")] + WITHIN, True),
        ("class Net:\n    @tf.function(jit=False)\n    def run(self):\n        x = next(self.iterator)\n", True),
        ("@tf.function(input_signature=[spec])\ndef step(x):\n    return x\n", True),
        ("x = keras.Input((4,))\n", True),
        ("model.build((None, 4))\n", True),
        ("model.build(input_shape=(None, 4))\n", True),
        ("model.build(tf.TensorShape([None, 4]))\n", True),
        ("model.build((8, 4))\n", False),
        ("fast = tf.function(model.call)\n", True),
        ("# x = keras.Input((4,))\n", False),
    ],
)
def test_what_leaves_a_batch_open(text: str, expected: bool) -> None:
    assert may_be_open(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("net = Sequential([Dense(4), Flat()])\n", True),
        ("net = keras.Sequential()\nnet.add(layers.Flat(4))\n", True),
        ("parts = []\nparts.append(Flat())\nnet = Sequential(parts)\n", True),
        ("net = Sequential([Dense(4)])\nflat = Flat()\n", False),
        ("parts.append(Flat())\n", False),
        ("net = Sequential([Dense(4), OtherFlat()])\n", False),
    ],
)
def test_what_a_sequential_holds(text: str, expected: bool) -> None:
    assert is_put_into_models(text, ["Flat"]) is expected


LAYER = """\
import tensorflow as tf
class Flat(tf.keras.layers.Layer):
    def call(self, inputs):
        return tf.reshape(inputs, [inputs.shape[0], -1])
class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = tf.keras.Sequential([tf.keras.layers.Dense(4)])
        self.flat = Flat()
    def call(self, inputs):
        return self.dense(self.flat(inputs))
"""
TRAIN = f"import tensorflow as tf\nfrom net import Net\nmodel = Net()\n{STEP}"


@pytest.mark.parametrize(
    ("net", "train", "severities"),
    [
        (LAYER, TRAIN, []),
        (LAYER, TRAIN.replace("@tf.function\n", ""), []),
        (LAYER, f"{TRAIN}model.predict(x)\n", ["warning"]),
        (LAYER, f"{TRAIN}model.build((None, 4))\n", ["warning"]),
        (LAYER.replace("Dense(4)]", "Dense(4), Flat()]"), TRAIN, ["warning"]),
        (LAYER, TRAIN + WITHIN, ["warning"]),
    ],
)
def test_a_static_batch_size(tmp_path: Path, net: str, train: str, severities: list[str]) -> None:
    for name, text in {"net.py": net, "train.py": train, "requirements.txt": "tensorflow\n"}.items():
        (tmp_path / name).write_text(text)
    found = lint_paths([tmp_path], Settings(keras=("2",), root=str(tmp_path), select=("KLL141",), jobs=1)).diagnostics
    assert [one.severity.label for one in found] == severities


@pytest.mark.parametrize(
    ("setup", "is_one"),
    [("", True), ("from setuptools import setup\nsetup()\n", True), ("class Setup:\n    pass\n", False)],
)
def test_a_module_that_is_called_setup_installs_nothing(tmp_path: Path, setup: str, is_one: bool) -> None:
    from keras_layer_lint.source.project_root import has_mark, is_installed

    (tmp_path / "setup.py").write_text(setup)
    assert has_mark(tmp_path) is is_installed(tmp_path) is is_one
    (tmp_path / "pyproject.toml").touch()
    assert has_mark(tmp_path)
