"""KLL151 to KLL154: which loops and arrays get their bound, and where `supports_jit` can be set."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

THREE = Settings(keras=("3",))
ARRAY = """\
import keras
import tensorflow as tf


class Rows(keras.layers.Layer):
    def call(self, inputs):
        count = inputs.shape[1]
        rows = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
        {loop}
        return rows.stack()
"""
LOOP = "for step in range(count):\n            rows = rows.write(step, inputs)"


@pytest.mark.parametrize(
    "loop",
    [
        LOOP,
        LOOP.replace("range", "tf.range"),
        LOOP.replace("count", "3"),
        LOOP.replace("count", "tf.shape(inputs)[1]"),
        f"other = 3\n        {LOOP}",
    ],
)
def test_an_array_of_known_size(loop: str) -> None:
    made = fix_source(ARRAY.format(loop=loop), "a.py", THREE)
    assert "dynamic_size" not in str(made)
    assert made.count("size=") == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "loop",
    [
        f"count = 3\n        {LOOP}",
        LOOP.replace("range(", "range(1, "),
        LOOP.replace("range(count)", "[0, 1]"),
        LOOP.replace("step,", "step + 1,"),
        f"{LOOP}\n            if step > 2:\n                break",
        f"{LOOP}\n            step = 2",
        f"{LOOP}\n        rows = rows.write(7, inputs)",
        f"{LOOP}\n        inputs = inputs + rows.size()",
        f"{LOOP}\n        inputs = self.after(rows)",
        LOOP.replace("            rows", "            if step:\n                rows"),
        LOOP.replace("count", "self.count(inputs)"),
    ],
)
def test_an_array_of_unknown_size(loop: str) -> None:
    source = ARRAY.format(loop=loop)
    assert fix_source(source, "a.py", THREE) == source


WHILE = """\
import keras
import tensorflow as tf


class Settle(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(4)

    def call(self, inputs):
        x = self.dense(inputs)
        return tf.while_loop(lambda i, x: {test}, lambda i, x: ({step}, x * tf.sigmoid(x)), ({start}, x))
"""


def test_a_loop_that_counts() -> None:
    source = WHILE.format(test="i < 3", step="i + 1", start="0")
    assert fix_source(source, "a.py", THREE) == source.replace("(0, x))", "(0, x), maximum_iterations=3)")


@pytest.mark.parametrize(
    ("test", "step", "start"),
    [
        ("i < 3", "i + 1", "1"),
        ("i < 3", "i + 2", "0"),
        ("i <= 3", "i + 1", "0"),
        ("x < 3", "i + 1", "0"),
        ("i < x", "i + 1", "0"),
    ],
)
def test_a_loop_that_counts_otherwise(test: str, step: str, start: str) -> None:
    source = WHILE.format(test=test, step=step, start=start)
    assert fix_source(source, "a.py", THREE) == source


DET = """\
import keras
import tensorflow as tf


class Volume({base}):
{body}
    def call(self, inputs):
        return tf.linalg.det(inputs)
"""
SUPER = "super().__init__(**kwargs)"


@pytest.mark.parametrize(
    ("base", "body"),
    [
        ("keras.layers.Layer", ""),
        ("tf.keras.layers.Layer", '    """Text."""\n'),
        ("keras.layers.Layer", "    size = 3\n"),
        ("keras.layers.Layer", "    @property\n    def size(self):\n        return 3\n"),
        ("keras.layers.Layer", f"    def __init__(self, **kwargs):\n        {SUPER}\n"),
        ("keras.layers.Dense", f"    def __init__(self, **kwargs):\n        {SUPER}  # why\n        pass\n"),
        # Where it cannot be told.
        ("keras.layers.Dense", ""),
        ("keras.layers.Layer", f"    def __init__(self, **kwargs): {SUPER}\n"),
        ("keras.layers.Layer", f"    def __init__(self, **kwargs):\n        if kwargs:\n            {SUPER}\n"),
        ("keras.layers.Layer, Mixin", ""),
    ],
)
def test_where_xla_is_switched_off(base: str, body: str) -> None:
    source = DET.format(base=base, body=body)
    made = str(fix_source(source, "a.py", THREE, unsafe=True))
    is_told = "Dense" not in base and "Mixin" not in base and "if kwargs" not in body and ": super" not in body
    if "@property" in body:
        is_told = False
    assert ("self.supports_jit = False" in made) == (is_told or "why" in body)
    assert fix_source(source, "a.py", THREE) == source


@pytest.mark.parametrize("blank", ["", "\n"])
def test_a_new_method_stands_apart(blank: str) -> None:
    source = DET.format(base="keras.layers.Layer", body=f'    """Text."""{blank}')
    made = str(fix_source(source, "a.py", THREE, unsafe=True))
    assert '    """Text."""\n\n    def __init__' in made
    assert "supports_jit = False\n\n    def call" in made


def test_a_function_of_the_module() -> None:
    source = DET.format(base="keras.layers.Layer", body="").replace("tf.linalg.det(inputs)", "volume(inputs)")
    source = source.replace("class Volume", "def volume(x):\n    return tf.linalg.det(x)\n\n\nclass Volume")
    made = str(fix_source(source, "a.py", THREE, unsafe=True))
    assert made.partition("class Volume")[2].count("self.supports_jit = False") == 1
    assert "supports_jit" not in made.partition("class Volume")[0]
