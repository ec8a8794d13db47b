"""KLL209: Weights without a name, or of one name, which Keras 2 cannot save to `.h5`."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from tests.checks.cases import assert_silent, assert_told, layer, write

KERAS_2 = "saving raises ValueError"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3
    ("self.a = self.add_weight(shape=())\nself.b = self.add_weight(shape=())  # here", KERAS_2, ""),
    (
        ("self.a = self.add_weight(name='a', shape=())\nself.b = self.add_weight(name='a', shape=())  # here"),
        KERAS_2,
        "",
    ),
    ("self.a = tf.Variable(1.0)\nself.b = tf.Variable(2.0)  # here", KERAS_2, ""),
]

SILENT = [
    ("self.a = self.add_weight(name='a', shape=())\nself.b = self.add_weight(name='b', shape=())"),
    "self.a = self.add_weight(shape=())",
    "self.a = [self.add_weight(name=f'a{i}', shape=()) for i in range(3)]",
    ("if self.flag:\n    self.a = self.add_weight(shape=())\nelse:\n    self.a = self.add_weight(shape=())"),
    ("for scope in 'ab':\n    with tf.name_scope(scope):\n        self.a = self.add_weight(name='a', shape=())"),
    ("self.a = self.add_weight(name=self.name, shape=())\nself.b = self.add_weight(name=self.name + '_b', shape=())"),
    ("if self.flag:\n    self.a = self.add_weight(name='a', shape=())\nself.b = self.add_weight(name='a', shape=())"),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str) -> None:
    assert_told("KLL209", layer(build=body), keras_2, keras_3)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("KLL209", layer(build=body))


HELPERS = """\
def _wide(self):
    self.a = self.add_weight(name="kernel", shape=())

def _deep(self):
    self.b = self.add_weight(name="kernel", shape=()){mark}
"""


@pytest.mark.parametrize(
    "build",
    [
        "self._wide() if self.flag else self._deep()",
        "if self.flag:\n    self._wide()\nelse:\n    self._deep()",
        "if self.flag:\n    self._wide()\n    return super().build(input_shape)\nself._deep()",
    ],
)
def test_one_of_two_methods_makes_it(build: str) -> None:
    assert_silent("KLL209", layer(build=build, methods=HELPERS.format(mark="")))


def test_two_methods_make_one_each() -> None:
    source = layer(build="self._wide()\nself._deep()", methods=HELPERS.format(mark="  # here"))
    assert_told("KLL209", source, KERAS_2, "")


UNIT = """\
class Unit(layers.Layer):
    def __init__(self, units, name={default}, **kwargs):
        super().__init__(name=name, **kwargs)
        self.dense = layers.Dense(units, name="dense")


"""
SUBLAYERS = [
    # the default name of a layer, `__init__` of the one that uses it, whether two have one name
    ("'unit'", "self.b = Unit(4)\nself.c = Unit(4)  # here", True),
    ("'unit'", "self.b = []\nfor _ in range(2):\n    self.b.append(Unit(4))  # here", True),
    ("None", "self.b = layers.Dense(4, name='x')\nself.c = layers.Dense(4, name='x')  # here", True),
    ("'unit'", "self.b = Unit(4)\nself.c = Unit(4, 'other')", False),
    ("'unit'", "self.b = Unit(4)\nself.c = Unit(4, name='other')", False),
    ("None", "self.b = Unit(4)\nself.c = Unit(4)", False),
    ("None", "self.b = layers.Dropout(0.1, name='x')\nself.c = layers.Dropout(0.1, name='x')", False),
    ("None", "self.b = layers.Dense(4, name='x') if units else layers.Dense(3, name='x')", False),
    ("None", "self.b = layers.Dense(4)\nself.c = layers.Dense(4)", False),
    ("'unit'", "make = lambda: Unit(4)\nif units:\n    self.b = make()\nelse:\n    self.b = Unit(3)", False),
    ("'unit'", "self.b = Unit(4, **kwargs)\nself.c = Unit(4, **kwargs)", False),
    (
        "None",
        "self.b = keras.Sequential([layers.Dense(4, name='x')])\n"
        "self.c = keras.Sequential([layers.Dense(4, name='x')])",
        False,
    ),
]


@pytest.mark.parametrize(("default", "body", "is_told"), SUBLAYERS)
def test_sublayers_of_one_name(default: str, body: str, is_told: bool) -> None:
    source = UNIT.format(default=default) + layer(init=body)
    assert_told("KLL209", source, "of a name: saving raises ValueError" if is_told else "", "")


def test_names_that_keras_numbers() -> None:
    unnamed = UNIT.format(default="'unit'").replace(', name="dense"', "")
    assert_told("KLL209", unnamed + layer(init="self.b = Unit(4)\nself.c = Unit(4)"), "", "")


BASE = """\
class Base(layers.Layer):
    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(4,))
        super().build(shape)

    def call(self, x):
        return x * self.kernel
"""
CHILD = """\
from base import Base


class Child(Base):
    def build(self, shape):
        self.own = self.add_weight(name={name!r}, shape=(4,))
        {call}
"""
AGAIN = "super().build(shape)"


@pytest.mark.parametrize(
    ("name", "call", "told"),
    [
        ("kernel", AGAIN, ["12:9"]),
        ("kernel", f"super(Child, self).{AGAIN[8:]}", ["12:9"]),
        ("kernel", f"{AGAIN} if self.trainable else None", []),
        ("kernel", "self.built = True", []),
        ("gate", AGAIN, []),
    ],
)
def test_a_base_in_another_file_makes_it_again(name: str, call: str, told: list[str], tmp_path: Path) -> None:
    write(tmp_path, {"base.py": BASE, "child.py": CHILD.format(name=name, call=call), "m.py": "m.save('a.h5')\n"})
    settings = Settings(keras=("2",), select=("KLL209",), root=str(tmp_path), jobs=1)
    found = lint_paths([tmp_path], settings).diagnostics
    assert [f"{one.span.line}:{one.span.column}" for one in found] == told
    assert all("`build()`, called here, has a weight named 'kernel', as the class has" in one.message for one in found)
