"""What each generation does is said in one message."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.each_generation import Said, of_each

ERROR, NOTE = Severity.ERROR, Severity.NOTE


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("it raises", ERROR), ("it raises", ERROR)], "it raises (Keras 2 and 3)"),
        ([("it raises", ERROR)], "it raises (Keras 2)"),
        (
            [("an `if`; it warns", ERROR), ("an `if`; it raises", ERROR)],
            "an `if`; it warns (Keras 2); it raises (Keras 3)",
        ),
        ([("no: it works", NOTE), ("no: it raises", ERROR)], "no: it raises (Keras 3); it works (Keras 2, note)"),
        ([("it works", NOTE), ("this raises", ERROR)], "this raises (Keras 3); it works (Keras 2, note)"),
        ([("it raises", NOTE), ("it raises", ERROR)], "it raises (Keras 3); it raises (Keras 2, note)"),
    ],
)
def test_wording(said: list[tuple[str, Severity]], expected: str) -> None:
    assert of_each(Said(text, severity, str(n)) for n, (text, severity) in enumerate(said, start=2)) == expected


SOURCE = """\
import keras
import tensorflow as tf

{flag}
class Gate(keras.layers.Layer):
    def call(self, inputs):
        if tf.reduce_any(inputs < 0):
            raise ValueError
        return inputs
"""


@pytest.mark.parametrize("flag", ["", "if keras.__version__ >= '3':\n    FLAG = 1\n"])
def test_of_a_rule(flag: str) -> None:
    (found,) = lint_source(SOURCE.format(flag=flag), "gate.py", Settings(keras=("2", "3")))
    assert found.message.partition("; ")[2] == (
        "tracing fails: the `raise` under it fires while tracing, whatever the tensor holds (Keras 2); "
        "Keras 3 traces `call` as plain Python, so it raises there (Keras 3)"
    )
