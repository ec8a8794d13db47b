"""Classes that nothing runs, and that cannot have been run: what a project writes at, or has given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths

PARTS = """\
import keras
class Gate(keras.layers.Layer):
    def call(self, inputs):
        return [self.experts(inputs) for _ in range(self.count)], self.tasks

class Part(keras.layers.Layer):
    def call(self, inputs):
        return inputs * self.scale

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.gate = Gate()
        self.part = Part()

    def call(self, inputs):
        return self.gate(self.part(inputs))
"""
TRAIN = "import keras\nmodel = keras.Sequential([])\nmodel.fit(x, y)\n"
MAKES = f"from parts import Net\n{TRAIN}net = Net()\n"
TWO = PARTS.replace(", self.tasks", "")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"parts.py": PARTS, "train.py": TRAIN}, 0),
        ({"parts.py": PARTS, "train.py": MAKES}, 4),
        ({"parts.py": PARTS, "train.py": f"from parts import Net as Model\n{TRAIN}net = Model()\n"}, 4),
        ({"parts.py": TWO, "train.py": TRAIN}, 3),  # a slip or two
        ({"parts.py": PARTS, "train.py": "import keras\n"}, 4),  # nothing trains: others use it
        ({"pyproject.toml": "", "__init__.py": "", "parts.py": PARTS, "train.py": TRAIN}, 4),
    ],
)
def test_errors_in_what_nothing_runs(tmp_path: Path, files: dict[str, str], told: int) -> None:
    for name, text in {"requirements.txt": "", **files}.items():
        (tmp_path / name).write_text(text)
    settings = Settings(select=("KLL217",), keras=("3",), root=str(tmp_path), jobs=1)
    report = lint_paths([tmp_path], settings)
    assert (len(report.diagnostics), report.elsewhere) == (told, 0 if told else 4)
