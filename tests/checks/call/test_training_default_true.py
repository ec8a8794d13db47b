"""KLL146: the default of `training`."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.lint import lint_paths

USE = "return self.drop(x, training=training)"
HELPERS = """
    def deaf(self, x, training):
        del training
        return self.deaf(x, False)

    def hears(self, x, training):
        return self.drop(x, training=training)
"""
CASES = [
    ("keras.layers.Layer", "x, training=True", USE, "note", "warning"),
    ("keras.layers.Layer", "x, *, training: bool = True", USE, "note", "warning"),
    ("keras.Model", "x, training=True", USE, "note", "note"),
    ("keras.layers.Layer", "x, training=None", USE, "", ""),
    ("keras.layers.Layer", "x, training=False", USE, "", ""),
    ("keras.layers.Layer", "x, training", USE, "", ""),
    ("keras.layers.Layer", "x, train=True", "return self.drop(x, training=train)", "", ""),
    ("keras.layers.Layer", "x, training=True", "return x", "", ""),
    ("keras.layers.Layer", "x, training=True", "del training; return x", "", ""),
    ("keras.layers.Layer", "x, training=True", "return self.deaf(x, training)", "", ""),
    ("keras.layers.Layer", "x, training=True", "return self.deaf(x, training=training)", "", ""),
    ("keras.layers.Layer", "x, training=True", "return self.hears(x, training)", "note", "warning"),
    ("keras_hub.layers.PreprocessingLayer", "x, training=True", USE, "", ""),
    ("keras.layers.Layer", "x, training=True", '"""Augment a sample."""; ' + USE, "", ""),
    ("keras.layers.Layer", "x, training=True", '"""Preprocess the inputs."""; ' + USE, "note", "warning"),
]


@pytest.mark.parametrize(("base", "parameters", "body", "keras_2", "keras_3"), CASES)
def test_severity(base: str, parameters: str, body: str, keras_2: str, keras_3: str) -> None:
    head = "import keras\nimport keras_hub\n\n\n"
    source = f"{head}class Subject({base}):\n    def call(self, {parameters}):\n        {body}\n{HELPERS}"
    for keras, expected in (("2", keras_2), ("3", keras_3)):
        found = lint_source(source, "subject.py", Settings(keras=(keras,), select=("KLL146",)))
        assert [diagnostic.severity.label for diagnostic in found] == expected.split()
        assert all(diagnostic.span.line == 6 for diagnostic in found)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("keras.layers.GroupNormalization(2)", False),
        ("keras.layers.Dense(2)", False),
        ("keras.layers.BatchNormalization()", True),
        ("keras.layers.Dropout(0.5)", True),
        ("keras.Sequential([keras.layers.Dropout(0.5)])", True),
        ("keras.layers.LSTM(2, dropout=0.5)", True),
        ("made()", True),
    ],
)
@pytest.mark.parametrize("phase", ["__init__(self)", "build(self, input_shape)"])
def test_what_ignores_it(made: str, told: bool, phase: str) -> None:
    source = f"""
import keras


class Part(keras.layers.Layer):
    def {phase}:
        super().{phase.partition("(")[0]}({"input_shape" if "shape" in phase else ""})
        self.inner = {made}

    def call(self, x, training=True):
        return self.inner(x, training=training)
"""
    found = lint_source(source, "part.py", Settings(keras=("3",), select=("KLL146",)))
    assert [one.severity.label for one in found] == (["warning"] if told else [])


PART = """
import keras


class Part(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.drop = keras.layers.Dropout(0.5)

    def call(self, x, training=True):
        return self.drop(x, training=training)


class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.parts = [Part() for _ in range(3)]

    def call(self, x, training=None):
        for part in self.parts:
            x = part(x{told})
        return x
"""


@pytest.mark.parametrize(
    ("told", "other", "severity"),
    [
        (", training=training", "", "note"),
        (", training=training", "model.fit(x)\n", "note"),
        ("", "", "warning"),
        (", training=training", "from net import Part\n\nmodel = Part()\n", "warning"),
        (", training=training", "class Part:\n    pass\n", "note"),
    ],
)
def test_a_layer_that_is_always_told(told: str, other: str, severity: str, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("keras>=3\n")
    (tmp_path / "net.py").write_text(PART.format(told=told))
    (tmp_path / "other.py").write_text(other)
    (found,) = lint_paths([tmp_path], Settings(select=("KLL146",), any_use=True)).diagnostics
    assert (found.severity.label, found.is_elsewhere) == (severity, severity == "note")


@pytest.mark.parametrize(("told", "severity"), [(", training=training", "note"), ("", "warning")])
def test_a_part_of_a_builder(told: str, severity: str, tmp_path: Path) -> None:
    builder = "class Net:\n    def __init__(self, **kwargs):\n        self.parts"
    source = PART.format(told=told)
    source = source[: source.index("class Net")] + builder + source[source.index(" = [Part()") :]
    (tmp_path / "requirements.txt").write_text("keras>=3\n")
    (tmp_path / "net.py").write_text(source)
    (found,) = lint_paths([tmp_path], Settings(select=("KLL146",), any_use=True)).diagnostics
    assert found.severity.label == severity
