"""Where a project saves weights only, nobody asks for a whole model: that it cannot be loaded is no failure."""

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.probe import Probe
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request
from tests.confirm.conftest import ran
from tests.frameworks import needs

LAYER = """\
import keras


class Embedding(keras.layers.Layer):
    def __init__(self, size):
        super().__init__()
        self.table = self.add_weight(shape=(size,), initializer="uniform")

    def call(self, inputs):
        return inputs * self.table
"""


LOSS = """\
import keras


class Scaled(keras.losses.Loss):
    def __init__(self, weight=1.0):
        super().__init__()
        self.weight = weight

    def call(self, y_true, y_pred):
        return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1) * self.weight
"""


def probed(folder: Path, training: str, code: str = LAYER) -> Probe:
    (folder / "pyproject.toml").write_text("", encoding="utf-8")
    (folder / "layers.py").write_text(code, encoding="utf-8")
    (folder / "train.py").write_text(f"model.fit(x)\nmodel.{training}\n", encoding="utf-8")
    settings = Settings(root=str(folder), keras=("3",))
    report = lint_paths([folder], settings)
    [made] = probes_of(report, settings, Request(everything=True, device="cpu"))
    return made


@pytest.mark.parametrize(("training", "is_so"), [("save_weights('x')", True), ("save('x')", False)])
def test_the_project_says_what_it_saves(training: str, is_so: bool, tmp_path: Path) -> None:
    assert probed(tmp_path, training).saves_weights_only is is_so


@pytest.mark.parametrize("code", [LAYER, LOSS])
def test_a_whole_model_is_not_asked_for(code: str, tmp_path: Path) -> None:
    needs("3")
    [result], _ = ran([probed(tmp_path, "save_weights('x')", code)])
    assert (result.reason, result.failures) == ("", ())
    assert [way.oracle for way in result.ways if way.reason] == []
