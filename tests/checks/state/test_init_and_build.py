"""Rules of `__init__` and `build`: one row a pattern, with the codes under Keras 2 and under Keras 3.

The rows follow what was measured by running each pattern in both generations.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.diagnostic import Diagnostic

HEAD = """
import collections
import functools
import threading
import types

import keras
import numpy as np
import tensorflow as tf


class Plain:
    def __init__(self, layer, name=None):
        self.layer = layer


class Forgets:
    def __init__(self, layer):
        layer.trainable = False


class Maker:
    def __init__(self):
        self.dense = keras.layers.Dense(4)


class Module(tf.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer


class Early(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.w = self.add_weight(name="w", shape=(4,))


class Late(keras.layers.Layer):
    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(4,))
        super().build(input_shape)


class Subject(keras.{base}):
    def __init__(self, units=4, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.units = units
{init}

    def build(self, input_shape):
{build}
        super().build(input_shape)

    def call(self, x):
        return x

    def get_config(self):
        return {{**super().get_config(), "units": self.units}}
{more}
"""
STATE = Settings(select=tuple(f"KLL2{number:02}" for number in range(5, 16)))

IN_INIT = [
    # KLL205
    ("self.v = tf.Variable(1.0)", "", "KLL205"),
    ("self.v = [tf.Variable(1.0, name=str(i)) for i in range(3)]", "", "KLL205"),
    ("self.v = {'a': tf.Variable(1.0)}", "", "KLL205"),
    ("self.v = keras.Variable(1.0)", "", ""),
    ("v = tf.Variable(1.0)", "", ""),
    ("self.v = tf.constant(1.0)", "", ""),
    # KLL206
    ("self.a = keras.layers.Dense(4)", "", ""),
    ("self.a = [keras.layers.Dense(4), None]", "", ""),
    ("self.a = {'x': keras.layers.Dense(4)}", "", ""),
    ("self.a = {keras.layers.Dense(4)}", "KLL206", "KLL206"),
    ("self.a = set()\nself.a.add(keras.layers.Dense(4))", "KLL206", "KLL206"),
    ("self.a = set([keras.layers.Dense(4)])", "KLL206", "KLL206"),
    ("self.a = {keras.layers.ReLU()}", "", ""),
    ("self.a = collections.deque([keras.layers.Dense(4)])", "KLL206", "KLL206"),
    ("self.a = types.SimpleNamespace(dense=keras.layers.Dense(4))", "KLL206", "KLL206"),
    ("self.a = types.SimpleNamespace(units=4)", "", ""),
    ("self.a = collections.deque()\nself.a.append(keras.layers.Dense(4))", "KLL206", "KLL206"),
    ("self.a = np.array([keras.layers.Dense(4) for _ in range(3)])", "KLL206", "KLL206"),
    ("self.a = functools.partial(keras.layers.Dense(4), training=True)", "KLL206", "KLL206"),
    ("self.a = functools.partial(keras.layers.Dense, 4)", "", ""),
    ("dense = keras.layers.Dense(4)\nself.a = lambda x: dense(x)", "KLL206", "KLL206"),
    ("dense = keras.layers.Dense(4)\nself.dense = dense\nself.a = lambda x: dense(x)", "", ""),
    ("self.dense = keras.layers.Dense(4)\nself.a = lambda x: self.dense(x)", "", ""),
    ("self.a = lambda dense: dense(4)", "", ""),
    ("self.a = Plain(keras.layers.Dense(4))", "KLL206", "KLL206"),
    ("self.a = [Plain(layer=keras.layers.Dense(4))]", "KLL206", "KLL206"),
    ("self.dense = keras.layers.Dense(4)\nself.a = Plain(self.dense)", "", ""),
    ("self.a = Plain('text', name=keras.layers.Dense(4))", "", ""),
    ("self.a = Forgets(keras.layers.Dense(4))", "", ""),
    ("self.a = Maker()", "KLL206", "KLL206"),
    ("self.a = Module(keras.layers.Dense(4))", "KLL206", "KLL206"),
    ("self.a = [[keras.layers.Dense(4)]]", "KLL206", ""),
    ("self.a = []\nself.a.append((keras.layers.Dense(4), 1))", "KLL206", ""),
    ("self.a = {}\nself.a['x'] = [keras.layers.Dense(4)]", "KLL206", ""),
    ("self.a = [[keras.layers.ReLU()]]", "", ""),
    ("self.all = [keras.layers.Dense(4)]\nself.a = [self.all]", "", ""),
    ("self.a = []\nself.a.append([])\nself.a[-1].append(keras.layers.Dense(4))", "KLL206", "KLL206"),
    ("self.a = []\nrow = []\nself.a.append(row)\nrow.append(keras.layers.Dense(4))", "KLL206", "KLL206"),
    ("self.a = []\nrow = []\nself.a.append(row)\nrow = []\nrow.append(keras.layers.Dense(4))", "", ""),
    ("self.a = [[], []]\nself.a[0].append(keras.layers.Dense(4))", "", ""),
    ("self.a = [None] * 3\nself.a[0] = keras.layers.Dense(4)", "", "KLL206"),
    ("rows = []\nself.a = rows\nrows.append(keras.layers.Dense(4))", "", "KLL206"),
    ("rows = []\nrows.append(keras.layers.Dense(4))\nself.a = rows", "", ""),
    # KLL212
    ("self.weights = []", "KLL212", "KLL212"),
    ("self.input_shape = (4,)", "KLL212", ""),
    ("self.path = 'a'", "", "KLL212"),
    ("self._layers = []", "", "KLL212"),
    ("self._lock = threading.Lock()", "", "KLL212"),
    ("self._lock = False", "", ""),
    ("self.name = name", "KLL212", "KLL212"),
    ("self.name = name\nself.name = f'{name}_0'", "KLL212 KLL212", ""),
    ("self.name = name\nif units:\n    self.name = f'{name}_0'", "KLL212 KLL212", "KLL212"),
    ("self.name = 'fixed'", "KLL212", ""),
    ("self.layers = []", "", ""),
]

IN_BUILD = [
    # KLL208
    ("self.w = self.add_weight(name='w', shape=(4, input_shape[-1]), initializer='ones')", "", ""),
    ("self.w = self.add_weight('w', (4,), None, 'ones')", "", "KLL208"),
    ("self.w = self.add_weight('w', shape=(4,))", "", "KLL208"),
    ("self.w = self.add_weight((4,), 'ones')", "KLL208", ""),
    ("self.w = self.add_weight((4,), 'ones', None, True)", "KLL208", "KLL208"),
    ("self.w = self.add_weight(name='w', shape=4)", "KLL208", "KLL208"),
    ("self.w = self.add_weight(name='w', shape=4, initializer='ones')", "", "KLL208"),
    ("self.w = self.add_weight(name='w', shape=())", "", ""),
    ("self.w = self.add_weight(name='w', shape=(self.units / 2,))", "KLL208", "KLL208"),
    ("self.w = self.add_weight(name='w', shape=(input_shape[-1] / 2,))", "KLL208", "KLL208"),
    ("half = input_shape[-1] / 2\nself.w = self.add_weight(name='w', shape=(half + 1,))", "KLL208", "KLL208"),
    ("self.w = self.add_weight(name='w', shape=(int(input_shape[-1] / 2),))", "", ""),
    ("self.w = self.add_weight(name='w', shape=(input_shape[-1] // 2,))", "", ""),
    ("self.w = self.add_weight(name='w', shape=(4,), use_resource=True)", "", "KLL208"),
    ("self.w = self.add_weight(name='w', shape=(4,), overwrite_with_gradient=True)", "KLL208", ""),
    ("self.w = self.add_weight(name='a/w', shape=(4,))", "", "KLL208"),
    ("self.w = self.add_variable('w', (4,))", "", "KLL208"),
    ("self.w = self.add_variable(name='w', shape=(4,), initializer='ones')", "", ""),
    ("arguments = {'use_resource': self.units}\nself.w = self.add_weight(name='w', **arguments)", "", "KLL208"),
    # KLL209
    ("self.a = self.add_weight(shape=())\nself.b = self.add_weight(shape=())", "KLL209", ""),
    ("self.a = self.add_weight(shape=())\nself.b = self.add_weight(name='b', shape=())", "", ""),
    ("self.a = tf.Variable(1.0)\nself.b = tf.Variable(2.0)", "KLL209", "KLL205 KLL205"),
    ("self.a = tf.Variable(tf.Variable(lambda: 1.0))", "", "KLL205"),
    ("self.a = self.add_weight(name='a', shape=())\nself.b = self.add_weight(name='a', shape=())", "KLL209", ""),
    ("self.a = [self.add_weight(name=f'a{i}', shape=()) for i in range(3)]", "", ""),
    ("if self.units:\n    self.a = self.add_weight(shape=())\nelse:\n    self.a = self.add_weight(shape=())", "", ""),
    (
        "for scope in 'ab':\n    with tf.name_scope(scope):\n        self.a = self.add_weight(name='a', shape=())",
        "",
        "",
    ),
    # KLL210
    ("self.w = self.add_weight(name='w', shape=input_shape)", "KLL210", "KLL210"),
    ("self.w = self.add_weight(name='w', shape=(input_shape[0], 4))", "KLL210", "KLL210"),
    ("batch, size = input_shape\nself.w = self.add_weight(name='w', shape=(batch, size))", "KLL210", "KLL210"),
    ("self.w = self.add_weight(name='w', shape=input_shape[1:])", "", ""),
    ("first, second = input_shape\nself.w = self.add_weight(name='w', shape=(first[-1], second[-1]))", "", ""),
    ("shape = tf.TensorShape(input_shape).as_list()\nself.w = self.add_weight(name='w', shape=shape[1:])", "", ""),
    # KLL213
    ("self.a = tf.range(4)", "", ""),
    ("a = tf.range(4)", "", ""),
    # KLL214
    ("self.w = self.add_weight(name='w', shape=())\nself.w = tf.abs(self.w)", "KLL214", "KLL214"),
    ("self.w = self.add_weight(name='w', shape=())\nself.w = self.w * 2.0", "KLL214", "KLL214"),
    ("self.w = self.add_weight(name='w', shape=())\nif self.units:\n    self.w = -1.0 * self.w", "KLL214", "KLL214"),
    (
        "if self.units:\n    self.w = self.add_weight(name='w', shape=())\nelse:\n    self.w = tf.ones(())",
        "",
        "",
    ),
    ("self.w = None\nself.w = self.add_weight(name='w', shape=())", "", ""),
    ("self.w = self.add_weight(name='w', shape=())\nself.w.assign(tf.ones(()))", "", ""),
]

MORE = [
    # KLL207: base, __init__, build, methods, Keras 3
    ("layers.Layer", "self.d = keras.layers.Dense(4)", "pass", "", ""),
    ("layers.Layer", "self.d = keras.layers.Dense(4)", "pass", "OUTPUT", "KLL207"),
    ("layers.Layer", "self.d = [keras.layers.Dense(4)]", "pass", "OUTPUT", "KLL207"),
    ("layers.Layer", "self.d = keras.layers.Dense(4)", "self.d.build(input_shape)", "OUTPUT", ""),
    ("layers.Layer", "self.d = [keras.layers.Dense(4)]", "for d in self.d:\n    d.build(input_shape)", "OUTPUT", ""),
    ("layers.Layer", "self.d = keras.layers.Dense(4)\nself.all = [self.d]", "self.all[0].build((1, 4))", "OUTPUT", ""),
    ("layers.Layer", "self.d = keras.layers.Dense(4)\nself.d.build((1, 4))", "pass", "OUTPUT", ""),
    ("layers.Layer", "self.d = keras.layers.Dropout(0.5)", "pass", "OUTPUT", ""),
    ("layers.Layer", "self.d = Early()", "pass", "OUTPUT", ""),
    ("layers.Layer", "self.d = Late()", "pass", "OUTPUT", "KLL207"),
    ("Model", "self.d = keras.layers.Dense(4)", "pass", "", "KLL207"),
    ("Model", "self.d = keras.layers.Dense(4)", "self.d.build(input_shape)", "", ""),
    # KLL213
    ("layers.Layer", "pass", "self.a = tf.range(4)", "READ", "KLL213"),
    ("layers.Layer", "pass", "self.a = keras.ops.zeros((4,))", "READ", "KLL213"),
    ("layers.Layer", "pass", "if self.units:\n    self.a = tf.ones(())\nelse:\n    self.a = 1.0", "READ", "KLL213"),
    ("layers.Layer", "pass", "self.a = np.arange(4)", "READ", ""),
    ("layers.Layer", "pass", "self.a = tf.range(4)\nself.b = self.a + 1", "", ""),
    # KLL215
    ("layers.Layer", "pass", "self.w = self.add_weight(name='w', shape=())", "GROW", "KLL215"),
    ("layers.Layer", "self.w = 3", "pass", "GROW", ""),
    ("Model", "pass", "pass", "STEP", "KLL215"),
]
_METHODS = {
    "": "",
    "OUTPUT": "def compute_output_shape(self, input_shape):\n    return input_shape\n",
    "READ": "def call(self, x):\n    return x + self.a\n",
    "GROW": "def grow(self):\n    self.extra = self.add_weight(name='extra', shape=self.w)\n",
    "STEP": "def train_step(self, data):\n    self.head = keras.layers.ReLU()\n    return super().train_step(data)\n",
}

SIGNATURES = [
    # KLL211: build, call, Keras 2, Keras 3
    ("self, input_shape", "self, query, value", "", ""),
    ("self, shape", "self, query, value", "", ""),
    ("self, query_shape, value_shape", "self, query, value", "KLL211", ""),
    ("self, a_shape, b_shape", "self, query, value", "KLL211", "KLL211"),
    ("self, input_shape, extra=None", "self, query", "", "KLL211"),
    ("self, query_shape, value_shape", "self, query, **kwargs", "KLL211", "KLL211"),
    ("self, query_shape, value_shape", "self, *args", "KLL211", "KLL211"),
]


def lint(source: str, keras: str) -> list[Diagnostic]:
    settings = Settings(keras=(keras,), select=STATE.select)
    return list(lint_source(source, "subject.py", settings))


def subject(init: str = "pass", build: str = "pass", more: str = "", base: str = "layers.Layer") -> str:
    return HEAD.format(
        init=textwrap.indent(init, " " * 8),
        build=textwrap.indent(build, " " * 8),
        more=textwrap.indent(more, " " * 4),
        base=base,
    )


@pytest.mark.parametrize(("body", "keras_2", "keras_3"), IN_INIT)
def test_in_init(body: str, keras_2: str, keras_3: str) -> None:
    assert [d.code for d in lint(subject(init=body), "2")] == keras_2.split()
    assert [d.code for d in lint(subject(init=body), "3")] == keras_3.split()


@pytest.mark.parametrize(("body", "keras_2", "keras_3"), IN_BUILD)
def test_in_build(body: str, keras_2: str, keras_3: str) -> None:
    assert [d.code for d in lint(subject(build=body), "2")] == keras_2.split()
    assert [d.code for d in lint(subject(build=body), "3")] == keras_3.split()


@pytest.mark.parametrize(("base", "init", "build", "method", "keras_3"), MORE)
def test_lifecycle(base: str, init: str, build: str, method: str, keras_3: str) -> None:
    source = subject(init, build, _METHODS[method], base)
    assert [d.code for d in lint(source, "2")] == []
    assert [d.code for d in lint(source, "3")] == keras_3.split()


@pytest.mark.parametrize(("build", "call", "keras_2", "keras_3"), SIGNATURES)
def test_build_argument_names(build: str, call: str, keras_2: str, keras_3: str) -> None:
    source = (
        "import keras\n\n\nclass Subject(keras.layers.Layer):\n"
        f"    def build({build}):\n        self.built = True\n\n    def call({call}):\n        return 0\n"
    )
    assert [d.code for d in lint(source, "2")] == keras_2.split()
    assert [d.code for d in lint(source, "3")] == keras_3.split()


MESSAGES = [
    (
        subject(init="self.v = tf.Variable(1.0)"),
        "3",
        "`self.v` holds a `tf.Variable`, which Keras 3 does not track: it is silently neither trained nor saved in "
        "`.keras` and `.weights.h5` files",
    ),
    (
        subject(build="self.w = self.add_weight((4,), shape=(4,))"),
        "3",
        "`add_weight` gets both `shape` and, by position, what Keras 3 takes for it: ValueError",
    ),
    (
        subject(init="self.a = {keras.layers.Dense(4)}"),
        "2",
        "`self.a` holds a `Dense` in a set, where Keras does not look: silently not trained",
    ),
    (
        subject(init="self.a = {keras.layers.Dense(4)}"),
        "3",
        "`self.a` holds a `Dense` in a set, where Keras does not look: its weights are trained but silently not saved "
        "(from Keras 3.15 on)",
    ),
    (
        subject("self.d = keras.layers.Dense(4)", "pass", _METHODS["OUTPUT"]),
        "3",
        "nothing builds `self.d` before Keras 3 loads weights: with `compute_output_shape` overridden, a functional or "
        "Sequential model never traces the `call` of `Subject`, and loading a saved model raises ValueError",
    ),
    (
        subject(build="self.w = self.add_weight('w', (4,))"),
        "3",
        "`add_weight` gets its name by position, where Keras 3 takes the shape: ValueError",
    ),
    (
        subject(build="self.w = self.add_weight(name='w', shape=input_shape)"),
        "2",
        "`add_weight` gets the whole input shape with the batch size, which is None while the layer is built in a "
        "model: TypeError or ValueError",
    ),
    (
        subject(init="self.input_shape = 4"),
        "2",
        "`self.input_shape` is a property of `Layer` that cannot be set: AttributeError",
    ),
    (
        subject(build="self.w = self.add_weight(name='w', shape=())\nself.w = tf.abs(self.w)"),
        "2",
        "`self.w` held a weight and now holds a tensor: Keras 2 drops the weight, which is no longer trained",
    ),
]


@pytest.mark.parametrize(("source", "keras", "message"), MESSAGES)
def test_messages(source: str, keras: str, message: str) -> None:
    assert [d.message for d in lint(source, keras)] == [message]


def test_variables_of_a_helper_elsewhere_keep_their_names(tmp_path: Path) -> None:
    (tmp_path / "made.py").write_text("import tensorflow as tf\n\n\ndef make(x):\n    return tf.Variable(x)\n")
    source = "from made import make\n" + subject(build="self.a = make(1.0)\nself.b = make(2.0)")
    found = lint_source(source, tmp_path / "subject.py", Settings(keras=("3",), select=("KLL205",)))
    assert [d.message.partition(" ")[0] for d in found] == ["`self.a`", "`self.b`"]


def test_layer_made_in_class_body() -> None:
    body = "    d = keras.layers.Dense(4)\n    a = keras.layers.ReLU()\n"
    call = "    def call(self, x):\n        return self.d(x)\n"
    source = f"import keras\n\n\nclass Subject(keras.layers.Layer):\n{body}\n{call}"
    assert [(d.code, d.span.line) for d in lint(source, "3")] == [("KLL206", 5)]


def test_layer_that_saves_its_own_variables() -> None:
    more = "def save_own_variables(self, store):\n    store['v'] = self.v\n"
    assert lint(subject(init="self.v = tf.Variable(1.0)", more=more), "3") == []


def test_name_defined_by_the_class_itself() -> None:
    more = "@property\ndef weights(self):\n    return []\n"
    assert lint(subject(init="self.weights = []", more=more), "3") == []
