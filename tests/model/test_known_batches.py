"""Projects all batches of which are of one size."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.model.known_batches import are_batches_known, are_inputs_sized

WHOLE = "data = data.map(f).batch(size, drop_remainder=True)\n"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([WHOLE], True),
        (
            [
                "data = data.padded_batch(\n    int(size),\n    padded_shapes=([None], []),\n"
                "    drop_remainder=True,\n)\n"
            ],
            True,
        ),
        ([WHOLE, "# test.batch(2)\n"], True),
        ([], False),
        (["x = 1\n"], False),
        (["data = data.batch(size)\n"], False),
        (["data = data.batch(size, drop_remainder=False)\n"], False),
        (["data = data.batch(size, drop_remainder=is_training)\n"], False),
        ([WHOLE, "test = test.batch(size)\n"], False),
        ([WHOLE, "x = keras.Input((4,))\n"], False),
        ([WHOLE, "@tf.function(input_signature=[tf.TensorSpec([None, 4])])\ndef step(x): ...\n"], False),
        ([WHOLE, "tf.saved_model.save(model, path)\n"], False),
    ],
)
def test_texts(texts: list[str], expected: bool) -> None:
    assert are_batches_known(texts) is expected


LAYER = """\
import tensorflow as tf
class Flat(tf.keras.layers.Layer):
    def call(self, inputs):
        size, height, width, channels = inputs.shape
        return tf.reshape(inputs, [size, height * width, channels])
"""
TRAIN = """\
from layers import Flat
@tf.function
def step(x):
    with tf.GradientTape() as tape:
        loss = model(x)
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
"""


@pytest.mark.parametrize(
    ("data", "severities"),
    [
        (WHOLE, []),
        ("data = data.batch(size)\n", []),  # `step` is traced for each size that it is called with
        (f"{WHOLE}@tf.function\ndef epoch():\n    for x in data:\n        step(x)\n", []),
        ("data = data.batch(size)\n@tf.function\ndef epoch():\n    for x in data:\n        step(x)\n", ["warning"]),
        (f"{WHOLE}model.predict(data)\n", ["warning"]),  # Keras gives it an array, batch by batch
    ],
)
def test_a_static_batch_size(tmp_path: Path, data: str, severities: list[str]) -> None:
    for name, text in {"layers.py": LAYER, "train.py": TRAIN + data, "requirements.txt": "tensorflow\n"}.items():
        (tmp_path / name).write_text(text)
    found = lint_paths([tmp_path], Settings(keras=("2",), root=str(tmp_path), select=("KLL141",), jobs=1)).diagnostics
    assert [one.severity.label for one in found] == severities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = keras.Input(shape=(4,), batch_size=16)\n", True),
        ("x = Input(\n    shape=(n), name='x', batch_size=self.batch_size)\n", True),
        ("x = Input(batch_shape=(8, 4))\n", True),
        ("x = InputLayer(batch_input_shape=[size, 4])\n", True),
        ("x = Input(batch_shape=(None, 4))\n", False),
        ("x = Input((4,), batch_size=None)\n", False),
        ("x = Input((4,))\n", False),
        ("x = Input((4,), batch_size=2)\ny = Input((4,))\n", False),
        ("def f(batch_size=None):\n    x = Input((4,), batch_size=batch_size)\n", False),
        ("x = 1\n", False),
    ],
)
def test_inputs(text: str, expected: bool) -> None:
    assert are_inputs_sized(text) is expected


HOLDER = """\
import tensorflow as tf
from layers import Flat
class Holder(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.flat = Flat()
    def call(self, inputs):
        return self.flat(inputs)
"""
NET = """\
class Net:
    def __init__(self, batch_size=16):
        x = tf.keras.Input((4, 4, 3), batch_size=batch_size)
        self.model = tf.keras.Model(x, {layer}()(x))
    def fit(self, x, y):
        self.model.fit(x, y)
"""
OPEN = "\n\ndef other():\n    x = tf.keras.Input((4, 4, 3))\n    return tf.keras.Model(x, {layer}()(x))\n"


@pytest.mark.parametrize(
    ("net", "layer", "severities"),
    [
        (NET, "Flat", []),
        (NET, "Holder", []),
        (NET + OPEN, "Flat", ["warning"]),
        (NET + OPEN, "Holder", ["warning"]),
        ("", "", ["warning"]),
    ],
)
def test_functional_models_of_a_known_batch_size(tmp_path: Path, net: str, layer: str, severities: list[str]) -> None:
    net = f"import tensorflow as tf\nfrom layers import Flat\n{net.format(layer=layer)}"
    files = {"layers.py": LAYER, "net.py": net, "requirements.txt": "tensorflow\n"}
    if layer == "Holder":
        files |= {"holder.py": HOLDER, "net.py": f"from holder import Holder\n{net}"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    found = lint_paths([tmp_path], Settings(keras=("2",), root=str(tmp_path), select=("KLL141",), jobs=1)).diagnostics
    assert [one.severity.label for one in found] == severities
