"""`klint migrate`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.frameworks import needs

Klint = Callable[..., Run]

LAYERS = """\
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Layer


class Gate(Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(int(input_shape[-1]), self.units))
        super().build(input_shape)

    def call(self, inputs):
        return tf.matmul(inputs, self.scale) / K.sum(inputs)


class Noise(Layer):
    def call(self, inputs):
        return inputs + tf.random.normal(tf.shape(inputs))


class Phase(tf.keras.layers.Layer):
    def call(self, inputs):
        return K.learning_phase() * inputs
"""
OTHER = "import tensorflow as tf\n\n\ndef loss(x):\n    return tf.keras.losses.mse(x, x)\n"
PRIVATE = "from tensorflow.python.keras.engine import base_layer\n\nKIND = base_layer.Layer\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "layers.py").write_text(LAYERS, encoding="utf-8")
    (tmp_path / "other.py").write_text(OTHER, encoding="utf-8")
    (tmp_path / "kinds.py").write_text(PRIVATE, encoding="utf-8")
    return tmp_path


def test_files_are_migrated(klint: Klint, project: Path) -> None:
    run = klint("migrate", ".", "--isolated")
    assert run.code == 1
    after = (project / "layers.py").read_text(encoding="utf-8")
    assert after == LAYERS.replace("from tensorflow.keras.layers", "from keras.layers").replace(
        "class Phase(tf.keras", "class Phase(keras"
    ).replace("import tensorflow as tf\n", "import keras\nimport tensorflow as tf\n")
    assert (project / "other.py").read_text(encoding="utf-8") == OTHER
    assert (project / "kinds.py").read_text(encoding="utf-8") == "import keras\npass\n\nKIND = keras.layers.Layer\n"
    lines = run.out.splitlines()
    assert "layers.py: 3 names of Keras rewritten, 0 problems fixed" in lines
    assert any(line.startswith("layers.py:27: KLL147 ") for line in lines)
    assert lines[-1] == "2 files changed, 1 place left for a person"
    again = klint("migrate", ".", "--isolated")
    assert (project / "layers.py").read_text(encoding="utf-8") == after
    assert again.out.splitlines()[-1] == "0 files changed, 1 place left for a person"


def test_diff_writes_nothing(klint: Klint, project: Path) -> None:
    run = klint("migrate", ".", "--isolated", "--diff")
    assert run.code == 1
    assert "-from tensorflow.keras.layers import Layer\n+from keras.layers import Layer\n" in run.out
    assert (project / "layers.py").read_text(encoding="utf-8") == LAYERS


def test_what_is_for_keras_3_stays(klint: Klint, project: Path) -> None:
    for path in project.glob("*.py"):
        path.write_text("import keras\n\n\nclass A(keras.layers.Layer):\n    def call(self, x):\n        return x\n")
    run = klint("migrate", ".", "--isolated")
    assert (run.code, run.out) == (0, "0 files changed, 0 places left for a person\n")


def test_classes_are_compared(klint: Klint, project: Path) -> None:
    needs("2", "3")
    run = klint("migrate", ".", "--isolated", "--confirm", "--device", "cpu")
    assert run.code == 1
    lines = run.out.splitlines()
    assert "layers.py: Gate runs, with the same weights, outputs, gradients" in lines
    assert "layers.py: Noise runs; there is nothing to compare" in lines
    assert any(line.startswith("layers.py: Phase does not run: ") and "learning_phase" in line for line in lines)
    assert lines[-1] == (
        "Classes that run under Keras 2: 3. "
        "Under Keras 3 2 of them ran as they were, 2 run migrated, and 1 give the same."
    )


def test_losses_are_migrated(klint: Klint, project: Path) -> None:
    text = (
        "import tensorflow as tf\n\n\nclass Gap(tf.keras.losses.Loss):\n"
        "    def __init__(self, reduction=tf.keras.losses.Reduction.AUTO, **kwargs):\n"
        "        super().__init__(reduction=reduction, **kwargs)\n\n"
        "    def call(self, y_true, y_pred):\n        return tf.abs(y_true - y_pred)\n"
    )
    (project / "gap.py").write_text(text, encoding="utf-8")
    assert klint("migrate", "gap.py", "--isolated").code == 0
    after = text.replace("tf.keras.losses.Reduction.AUTO", '"sum_over_batch_size"').replace("tf.keras", "keras")
    assert (project / "gap.py").read_text(encoding="utf-8") == f"import keras\n{after}"


def test_any_backend(klint: Klint, project: Path) -> None:
    """What only TensorFlow computes gives way to `keras.ops`, or is left to a person."""
    run = klint("migrate", "layers.py", "--isolated", "--backend", "any")
    assert run.code == 1
    after = (project / "layers.py").read_text(encoding="utf-8")
    assert "tf.matmul" not in after
    assert "ops.matmul(inputs, self.scale)" in after
