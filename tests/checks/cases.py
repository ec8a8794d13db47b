"""What the tests of single rules share: lint a few classes, and compare with the marks at their line ends."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

from keras_layer_lint import Diagnostic, Settings, lint_source
from tests.rule_pages import marks

HEADER = "import keras\nimport tensorflow as tf\nfrom keras import layers\n\n\n"


def found(code: str, source: str, keras: str, path: str | Path = "example.py") -> tuple[Diagnostic, ...]:
    """The diagnostics of one rule; they must stand at the lines that `source` marks, and at no other."""
    text = HEADER + textwrap.dedent(source)
    diagnostics = lint_source(text, path, Settings(keras=tuple(keras), select=(code,)))
    assert {(diagnostic.span.line, diagnostic.code) for diagnostic in diagnostics} == marks(text)
    return diagnostics


def messages(code: str, source: str, keras: str, path: str | Path = "example.py") -> list[str]:
    """As `found`: "severity: message" of each."""
    return [f"{diagnostic.severity.label}: {diagnostic.message}" for diagnostic in found(code, source, keras, path)]


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write modules that the linted one imports."""
    for name, source in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + textwrap.dedent(source), encoding="utf-8")


LAYER = """\
import functools
import math

import numpy as np
from keras import ops


class Subject(keras.{base}):
    def __init__(self, units=4, flag=False, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.flag = flag
        self.dense = layers.Dense(units)
        self.blocks = [layers.Dense(units) for _ in range(3)]
{init}

    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[-1],))
{build}
        super().build(input_shape)

    def call(self, x, training=None, mask=None):
{call}
        return x

    def get_config(self):
        return {{**super().get_config(), "units": self.units, "flag": self.flag}}

{methods}
"""


def layer(
    call: str = "pass", *, init: str = "pass", build: str = "pass", methods: str = "", base: str = "layers.Layer"
) -> str:
    """A layer with these statements in its methods, and with more of them; what it reads is otherwise in order."""
    parts = {"call": call, "init": init, "build": build}
    bodies = {name: textwrap.indent(part, " " * 8) for name, part in parts.items()}
    return LAYER.format(base=base, methods=textwrap.indent(methods, " " * 4), **bodies)


def assert_told(code: str, source: str, keras_2: str, keras_3: str) -> None:
    """What one rule says ends like this in each generation, on the line marked `# here`; nothing where it is empty."""
    text = HEADER + source
    marked = [number for number, line in enumerate(text.splitlines(), 1) if line.endswith("# here")]
    for keras, end in (("2", keras_2), ("3", keras_3)):
        found = lint_source(text, "example.py", Settings(keras=(keras,), select=(code,)))
        assert [(item.span.line, item.code) for item in found] == [(line, code) for line in marked if end], keras
        assert [item.message for item in found if not item.message.endswith(end)] == [], keras


def assert_silent(code: str, source: str) -> None:
    """One rule has nothing to say in either generation."""
    assert_told(code, source, "", "")
