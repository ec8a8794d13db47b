"""KLL223: what decorators of `__init__` are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths, lint_source
from keras_layer_lint.fixes.engine import fix_source

SOURCE = """\
import functools
import keras
{more}

def kept(function):
{inner}
    return wrapper


class Scale(keras.{base}):
    @{decorator}
    def __init__({parameters}):
        super().__init__()
"""
ARGS = "    {wraps}\n    def wrapper(*args, **kwargs):\n        return function(*args, **kwargs)"
SELF = "    {wraps}\n    def wrapper({self}, *args, **kwargs):\n        return function({self}, *args, **kwargs)"
WRAPS = "@functools.wraps(function)"


def told(
    inner: str,
    parameters: str = "self, units=4",
    base: str = "layers.Layer",
    decorator: str = "kept",
    keras: str = "3",
    more: str = "",
) -> str:
    source = SOURCE.format(inner=inner, parameters=parameters, base=base, decorator=decorator, more=more)
    found = [each for each in lint_source(source, "a.py", Settings(keras=(keras,))) if each.code == "KLL223"]
    assert len(found) < 2
    return found[0].message.partition(" raises ")[2].partition(" ")[0] if found else ""


@pytest.mark.parametrize(
    ("inner", "parameters", "error"),
    [
        (ARGS.format(wraps=WRAPS), "self, units=4", "IndexError"),
        (ARGS.format(wraps=""), "self, units", "IndexError"),
        (SELF.format(wraps=WRAPS, self="self"), "self, units=4, **kwargs", "KeyError"),
        (SELF.format(wraps=WRAPS, self="self"), "self, units=4, *others", "KeyError"),
        (
            f"    {WRAPS}\n    def wrapper(layer, **kwargs):\n        function(layer, **kwargs)",
            "self, units",
            "KeyError",
        ),
        (SELF.format(wraps=WRAPS, self="self"), "self, *args", ""),
        (SELF.format(wraps="", self="self"), "self, units=4", ""),
        (SELF.format(wraps="@functools.cache", self="self"), "self, units=4", ""),
        (ARGS.format(wraps=WRAPS), "self, units, /", ""),
        (f"    {WRAPS}\n    def wrapper(self, **kwargs):\n        function(self, **kwargs)", "self, units=4", ""),
        ("    wrapper = function", "self, units=4", ""),
    ],
)
def test_which_parameters(inner: str, parameters: str, error: str) -> None:
    assert told(inner, parameters) == error


def test_only_where_keras_looks() -> None:
    inner = ARGS.format(wraps=WRAPS)
    assert told(inner, base="Model") == "IndexError"
    assert told(inner, "self, units", base="Model") == ""
    assert told(inner, decorator="kept(1)") == ""
    assert told(inner, keras="2") == ""
    assert told(inner, keras="3.11") == ""
    assert told(inner, keras="3.12") == "IndexError"
    assert told(inner, base="losses.Loss") == ""


TYPED = """\
import keras
from typeguard import typechecked


class Scale(keras.layers.Layer):
    @typechecked
    def __init__(self, factor: float = 2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}
"""


@pytest.mark.parametrize(
    ("requirement", "is_told"),
    [
        ("typeguard<3", True),
        ("typeguard>=2.7,<3.0.0", True),
        ("typeguard", False),
        ("typeguard>=4", False),
        ("", False),
    ],
)
def test_typeguard_by_what_the_project_requires(tmp_path: Path, requirement: str, is_told: bool) -> None:
    (tmp_path / "requirements.txt").write_text(f"keras\n{requirement}\n", encoding="utf-8")
    (tmp_path / "a.py").write_text(TYPED, encoding="utf-8")
    settings = Settings(keras=("3",), root=str(tmp_path))
    found = lint_paths([str(tmp_path / "a.py")], settings).diagnostics
    assert ["KLL223" in each.code for each in found] == [True] * is_told
    fixed = fix_source(TYPED, tmp_path / "a.py", settings, unsafe=True)
    without = TYPED.replace("from typeguard import typechecked\n", "").replace("    @typechecked\n", "")
    assert fixed == (without if is_told else TYPED)
