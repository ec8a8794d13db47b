"""`klint migrate`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes import engine
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.migration import migrator
from keras_layer_lint.migration.imports import Rewritten, keras_3_imports
from tests.conftest import Run
from tests.frameworks import needs

pytestmark = pytest.mark.usefixtures("zygotes_are_held")

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
        return len(self._non_trainable_weights) * inputs
"""
OTHER = "import tensorflow as tf\n\n\ndef loss(x):\n    return tf.keras.losses.mse(x, x)\n"
PRIVATE = "from tensorflow.python.keras.engine import base_layer\n\nKIND = base_layer.Layer\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "layers.py").write_text(LAYERS, encoding="utf-8")
    (tmp_path / "other.py").write_text(OTHER, encoding="utf-8")
    (tmp_path / "kinds.py").write_text(PRIVATE, encoding="utf-8")
    return tmp_path


@pytest.mark.slow
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
    assert any(
        line.startswith("layers.py: Phase does not run: ") and "_non_trainable_weights" in line for line in lines
    )
    assert lines[-1] == (
        "Classes that run under Keras 2: 3. "
        "Under Keras 3 2 of them ran as they were, 2 run migrated, and 1 give the same."
    )


def test_sparse_outputs_are_compared(klint: Klint, tmp_path: Path) -> None:
    needs("2", "3")
    text = (
        "import tensorflow as tf\n\n\nclass Sparse(tf.keras.layers.Layer):\n"
        "    def build(self, shape):\n        self.scale = self.add_weight('scale', shape=())\n\n"
        "    def call(self, inputs):\n        return [self.scale * inputs, tf.sparse.from_dense(self.scale * inputs)]\n"
    )
    (tmp_path / "layers.py").write_text(text, encoding="utf-8")
    run = klint("migrate", ".", "--isolated", "--confirm", "--device", "cpu")
    assert "layers.py: Sparse runs, with the same weights, outputs, gradients" in run.out.splitlines()


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


@pytest.mark.slow
def test_imports_move_once_a_fix_lets_them(klint: Klint, project: Path) -> None:
    text = LAYERS.replace("len(self._non_trainable_weights)", "K.learning_phase()").replace(" / K.sum(inputs)", "")
    (project / "layers.py").write_text(text, encoding="utf-8")
    assert klint("migrate", "layers.py", "--isolated").code == 0
    after = (project / "layers.py").read_text(encoding="utf-8")
    assert "backend" not in after
    assert "return (1 if training else 0) * inputs" in after
    assert klint("migrate", "layers.py", "--isolated").out == "0 files changed, 0 places left for a person\n"


GONE = """\
import os
import tensorflow as tf
from tensorflow.keras.layers import Layer, LocallyConnected2D as Local


class Gate(Layer):
    def call(self, inputs):
        return 2 * inputs


class Near(tf.keras.layers.LocallyConnected1D):
    pass


class Far(Local):
    pass
"""


def test_what_keras_3_has_nowhere_fails_where_it_is_made(klint: Klint, project: Path) -> None:
    """A base class that is gone does not keep its module from being imported."""
    needs("2", "3")
    (project / "near.py").write_text(GONE, encoding="utf-8")
    run = klint("migrate", "near.py", "--isolated", "--confirm", "--device", "cpu")
    assert run.code == 1
    lines = run.out.splitlines()
    assert "near.py: Gate runs, with the same outputs" in lines
    assert any(line.startswith("near.py: Near does not run: ") and "Keras 3 has no" in line for line in lines)
    why = "neither `keras` nor `tf.keras` of Keras 3 has `LocallyConnected1D`; what stands in for it raises"
    assert f"near.py:11: tensorflow.keras.layers.LocallyConnected1D: {why}" in lines
    after = (project / "near.py").read_text(encoding="utf-8")
    assert "from keras.layers import Layer\n" in after
    assert "class Local(Layer):\n" in after
    assert "class Near(LocallyConnected1D):\n" in after
    klint("migrate", "near.py", "--isolated")
    assert (project / "near.py").read_text(encoding="utf-8") == after


def test_an_import_that_may_fail_stays(klint: Klint, project: Path) -> None:
    text = "try:\n    from tensorflow.keras.layers import LocallyConnected2D\nexcept ImportError:\n    pass\n"
    (project / "near.py").write_text(text, encoding="utf-8")
    klint("migrate", "near.py", "--isolated")
    assert (project / "near.py").read_text(encoding="utf-8") == text


TEST = "tf.reduce_sum(inputs) > 1e9"


@pytest.mark.parametrize("is_import", [False, True])
def test_what_gets_worse_is_taken_back(
    klint: Klint, project: Path, monkeypatch: pytest.MonkeyPatch, is_import: bool
) -> None:
    """A wrong fix is taken back, and what is right beside it stays; with wrong imports the file stays as it was."""
    needs("2", "3")
    text = LAYERS.partition("class Phase")[0].replace("class Gate(Layer)", "class Gate(tf.keras.layers.Layer)")
    branch = f"        if {TEST}:\n            inputs = -inputs\n        return tf.matmul"
    (project / "layers.py").write_text(text.replace("        return tf.matmul", branch), encoding="utf-8")

    def wrong(place: Place) -> Fix | None:
        text = place.tree.text
        return Fix("safe", "", (_edit(text, TEST, "False"), _edit(text))) if TEST in text else None

    monkeypatch.setitem(engine.registered(), "tensor-if", wrong)
    if is_import:
        rewrite = keras_3_imports

        def broken(text: str, *, only_gone: bool = False) -> Rewritten:
            found = rewrite(text, only_gone=only_gone)
            return replace(found, edits=(*found.edits, _edit(text))) if "matmul(inputs, self" in text else found

        monkeypatch.setattr(migrator, "keras_3_imports", broken)
    run = klint("migrate", "layers.py", "--isolated", "--confirm", "--device", "cpu")
    after = (project / "layers.py").read_text(encoding="utf-8")
    assert "matmul(2 * inputs" not in after
    assert ("keras.layers.Layer" in after.replace("tf.keras", "")) is not is_import
    assert "it is no longer the same: it runs, and outputs are [" in run.out
    assert "layers.py: Gate runs, with the same weights, outputs, gradients" in run.out.splitlines()


def _edit(text: str, old: str = "inputs, self", new: str = "2 * inputs, self") -> Edit:
    """An edit of the one place that has a text."""
    (line,) = [number for number, each in enumerate(text.splitlines(), 1) if old in each]
    column = text.splitlines()[line - 1].index(old) + 1
    return Edit(Span(line, column, line, column + len(old)), new)


def test_paths_outside_of_the_working_directory(
    klint: Klint, project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is compared is what the file becomes, wherever it lies."""
    needs("2", "3")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    text = LAYERS.partition("class Noise")[0].replace('name="scale", shape=', '"scale", shape=')
    (project / "layers.py").write_text(text, encoding="utf-8")
    run = klint("migrate", str(project / "layers.py"), "--isolated", "--confirm", "--diff", "--device", "cpu")
    assert f"{project}/layers.py: Gate runs, with the same weights, outputs, gradients" in run.out.splitlines()
    assert "Under Keras 3 0 of them ran as they were, 1 run migrated" in run.out


@pytest.mark.slow
def test_any_backend(klint: Klint, project: Path) -> None:
    """What only TensorFlow computes gives way to `keras.ops`, or is left to a person."""
    run = klint("migrate", "layers.py", "--isolated", "--backend", "any")
    assert run.code == 1
    after = (project / "layers.py").read_text(encoding="utf-8")
    assert "tf.matmul" not in after
    assert "ops.matmul(inputs, self.scale)" in after
