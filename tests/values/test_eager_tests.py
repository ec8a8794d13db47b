"""Code that runs only where nothing is traced, as a test in it or in a function of the project says."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_source

HEAD = """
import jax
import keras
import numpy as np
import tensorflow as tf
{helper}

class Count(keras.layers.Layer):
    def call(self, x):
        {call}
"""

GUARDED = "if {test}:\n    n = int(keras.ops.max(x))\nelse:\n    n = 1\nreturn x * n"
UNGUARDED = "if {test}:\n    n = 1\nelse:\n    n = int(keras.ops.max(x))\nreturn x * n"

EAGER = {
    "executing_eagerly": ("", "tf.executing_eagerly()"),
    "not inside_function": ("", "not tf.inside_function()"),
    "EagerTensor": ("", "isinstance(x, tf.__internal__.EagerTensor)"),
    "numpy": ("", "hasattr(x, 'numpy')"),
    "no tracer": ("", "not isinstance(x, (jax.core.Tracer, keras.KerasTensor))"),
    "name of the type": ("", "type(x).__name__ == 'EagerTensor'"),
    "no name of a tracer": ("", "'Symbolic' not in type(x).__name__"),
    "run_eagerly": ("", "self.run_eagerly"),
    "a setting": ("", "self.settings.run_eagerly and x is not None"),
    "and": ("", "tf.executing_eagerly() and x is not None"),
    "helper": ("def eager():\n    return tf.executing_eagerly()", "eager()"),
    "helper of the opposite": ("def traced(x):\n    return not tf.executing_eagerly()", "not traced(x)"),
    "names of types": (
        "def traced(x):\n    'Is it?'\n    return 'Tracer' in type(x).__name__ or 'Symbolic' in type(x).__name__"
        " or 'KerasTensor' in type(x).__name__",
        "not traced(x)",
    ),
    "steps": (
        "def traced(x):\n    if isinstance(x, jax.core.Tracer):\n        return True\n    if tf.inside_function():\n"
        "        return True\n    return False",
        "not traced(x)",
    ),
    "try": (
        "def concrete(x):\n    try:\n        x.numpy()\n        return True\n    except Exception:\n"
        "        return False",
        "concrete(x)",
    ),
    "try, then return": (
        "def traced(x):\n    try:\n        int(x[0])\n        return False\n    except TypeError:\n        pass\n"
        "    return True",
        "not traced(x)",
    ),
    "helper of a helper": (
        "def eager():\n    return tf.executing_eagerly()\ndef traced(x):\n    return not eager()",
        "not traced(x)",
    ),
    "another backend": ("", "self.backend.name != keras.backend.backend()"),
    "not the backend of Keras": ("", "not keras.config.backend() == self.backend"),
    "lookup of types": ("def is_eager(x):\n    name = type(x).__name__\n    return hasattr(x, 'numpy')", "is_eager(x)"),
}

NOT_EAGER = {
    "a symbolic input is not all that is traced": ("", "not isinstance(x, keras.KerasTensor)"),
    "inside_function": ("", "tf.inside_function()"),
    "or": ("", "tf.executing_eagerly() or x is not None"),
    "a backend by its name": ("", "keras.backend.backend() != 'jax'"),
    "another question": ("", "self.layout != keras.backend.image_data_format()"),
    "another attribute": ("", "hasattr(x, 'shape')"),
    "helper that asks otherwise": ("def eager():\n    return not tf.executing_eagerly()", "eager()"),
    "helper that may say anything": ("def eager(x):\n    return len(x.shape) == 2", "eager(x)"),
    "helper whose try asks nothing": (
        "def concrete(x):\n    try:\n        x.shape\n        return True\n    except Exception:\n        return False",
        "concrete(x)",
    ),
}


def codes(helper: str, call: str, folder: Path | None = None) -> list[str]:
    source = HEAD.format(helper=helper, call=textwrap.indent(call, " " * 8).strip())
    path = "a.py" if folder is None else folder / "a.py"
    return [one.code for one in lint_source(source, path, Settings(keras=("3",))) if one.code == "KLL113"]


@pytest.mark.parametrize("name", EAGER)
def test_what_runs_eagerly_is_not_traced(name: str) -> None:
    helper, test = EAGER[name]
    assert codes(helper, GUARDED.format(test=test)) == []
    assert codes(helper, f"n = int(keras.ops.max(x)) if {test} else 1\nreturn x * n") == []
    assert codes(helper, f"if not ({test}):\n    return x\nreturn x * int(keras.ops.max(x))") == []
    assert codes(helper, f"known = {test}\n" + GUARDED.format(test="known")) == []
    assert codes(helper, f"known={test}\n" + GUARDED.format(test="known")) == []


@pytest.mark.parametrize("name", [name for name in EAGER if name not in ("and", "numpy", "executing_eagerly")])
def test_the_other_branch_is_traced(name: str) -> None:
    helper, test = EAGER[name]
    assert codes(helper, UNGUARDED.format(test=test)) == ["KLL113"]


@pytest.mark.parametrize("name", NOT_EAGER)
def test_what_may_be_traced_is_reported(name: str) -> None:
    helper, test = NOT_EAGER[name]
    assert codes(helper, GUARDED.format(test=test)) == ["KLL113"]


def test_a_helper_of_another_file(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "tracing.py").write_text("import tensorflow as tf\ndef is_traced():\n    return tf.inside_function()\n")
    assert codes("from tracing import is_traced", GUARDED.format(test="not is_traced()"), tmp_path) == []
    assert codes("import tracing", GUARDED.format(test="not tracing.is_traced()"), tmp_path) == []
    assert codes("import tracing", GUARDED.format(test="tracing.is_traced()"), tmp_path) == ["KLL113"]


def test_a_method_that_asks() -> None:
    method = "if self.eager():\n    return x * int(keras.ops.max(x))\nreturn x\n\ndef eager(self):\n"
    source = HEAD.format(helper="", call=textwrap.indent(method, " " * 8).strip()).replace(
        "        def eager", "    def eager"
    )
    found = lint_source(source + "        return tf.executing_eagerly()\n", "a.py", Settings(keras=("3",)))
    assert [one.code for one in found if one.code == "KLL113"] == []
