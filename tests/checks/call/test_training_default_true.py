"""KLL146: the default of `training`."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_source

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
]


@pytest.mark.parametrize(("base", "parameters", "body", "keras_2", "keras_3"), CASES)
def test_severity(base: str, parameters: str, body: str, keras_2: str, keras_3: str) -> None:
    head = "import keras\nimport keras_hub\n\n\n"
    source = f"{head}class Subject({base}):\n    def call(self, {parameters}):\n        {body}\n{HELPERS}"
    for keras, expected in (("2", keras_2), ("3", keras_3)):
        found = lint_source(source, "subject.py", Settings(keras=(keras,), select=("KLL146",)))
        assert [diagnostic.severity.label for diagnostic in found] == expected.split()
        assert all(diagnostic.span.line == 6 for diagnostic in found)
