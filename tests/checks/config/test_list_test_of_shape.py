"""KLL312: `build` takes the list that a loaded model passes for several shapes."""

from __future__ import annotations

import pytest

from keras_layer_lint import Diagnostic, Settings, lint_source

SOURCE = """\
import keras


class Subject(keras.layers.Layer):
    def build(self, input_shape):
{build}
        super().build(input_shape)
{more}
    def call(self, inputs):
        return inputs
"""
MORE = """
    def build_from_config(self, config):
        self.build(tuple(config["input_shape"]))
"""

REPORTED = [
    "if isinstance(input_shape, list):\n    input_shape = input_shape[0]",
    "if type(input_shape) is list:\n    input_shape = input_shape[0]",
    "size = input_shape[0][-1] if isinstance(input_shape, list) else input_shape[-1]",
    "size = sum(s[-1] for s in input_shape) if isinstance(input_shape, list) else input_shape[-1]",
    "if not isinstance(input_shape, list):\n    size = 1\nelse:\n    size = input_shape[0][-1]",
    "first = input_shape if isinstance(input_shape, tuple) else input_shape[0]",
]

SILENT = [
    "if isinstance(input_shape, list):\n    input_shape = tuple(input_shape)",
    "if isinstance(input_shape, list) and len(input_shape) == 2:\n    input_shape = input_shape[0]",
    "if not isinstance(input_shape, list):\n    raise ValueError\nsize = input_shape[0][-1]",
    "if isinstance(input_shape, list):\n    size = input_shape[0][-1]\nelse:\n    raise ValueError",
    "if isinstance(input_shape, (list, tuple)):\n    size = input_shape[0]",
    "if isinstance(input_shape[0], list):\n    size = input_shape[0][-1]",
    "input_shape = tuple(input_shape)\nif isinstance(input_shape, list):\n    input_shape = input_shape[0]",
    "assert isinstance(input_shape, list)\nsize = input_shape[0][-1]",
]


def found(build: str, keras: str, more: str = "") -> tuple[Diagnostic, ...]:
    indented = "\n".join(f"        {line}" for line in build.splitlines())
    settings = Settings(keras=(keras,), select=("KLL312",))
    return lint_source(SOURCE.format(build=indented, more=more), "subject.py", settings)


@pytest.mark.parametrize("build", REPORTED)
def test_reported(build: str) -> None:
    (diagnostic,) = found(build, "3")
    assert diagnostic.severity.label == "error"
    assert diagnostic.message.endswith("so that loading raises TypeError")
    assert diagnostic.method == "build"


@pytest.mark.parametrize("build", REPORTED)
def test_keras_2_calls_what_it_loads(build: str) -> None:
    assert found(build, "2") == ()


@pytest.mark.parametrize("build", SILENT)
def test_silent(build: str) -> None:
    assert found(build, "3") == ()


def test_silent_where_the_class_says_how_it_is_built() -> None:
    assert found(REPORTED[0], "3", MORE) == ()
