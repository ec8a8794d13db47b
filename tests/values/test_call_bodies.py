"""What is said of single lines in `call`: one row a pattern, with the codes under Keras 2 and under Keras 3.

The rows follow what was measured by running each pattern eagerly, in a graph and under XLA in both generations.
"""

from __future__ import annotations

import re
import textwrap

import pytest

from keras_layer_lint import Settings, lint_source

HEAD = """
import logging
import math
import os
import random
import keras
import numpy as np
import tensorflow as tf
from keras import ops
from tensorflow.keras import backend as K

logger = logging.getLogger(__name__)


class Subject(keras.layers.Layer):
    def __init__(self, units=4, flag=False, names=("a", "b"), **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.flag = flag
        self.names = list(names)
        self.dense = keras.layers.Dense(units)
        self.norm = keras.layers.LayerNormalization() if flag else None
        self.blocks = [keras.layers.Dense(units) for _ in range(3)]
        self.table = np.ones((4, 4), dtype="float32")

    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[-1],))
        super().build(input_shape)

    def get_config(self):
        return {**super().get_config(), "units": self.units, "flag": self.flag, "names": self.names}

    def helper(self, value, how="sum"):
        if how == "sum":
            return tf.reduce_sum(value)
        return value

    def call(self, x, training=None, mask=None, limit=3, state=None):
"""

SILENT = [
    # flags and configuration
    "if training:\n    x = x * 2.0",
    "if not training and self.flag:\n    x = x * 2.0",
    "x = x * 2.0 if training else x",
    "if training is None or training == True:\n    x = x * 2.0",
    "if self.flag:\n    x = x * 2.0",
    "if self.units > 3 and self.units % 2 == 0:\n    x = x * 2.0",
    "if limit > 2:\n    x = x * 2.0",
    "if self.norm:\n    x = self.norm(x)",
    "if self.norm is not None:\n    x = self.norm(x)",
    "if self.names:\n    x = x * 2.0",
    "assert self.units > 0",
    # None
    "if mask is None:\n    return x",
    "if mask is not None:\n    x = x * tf.cast(mask, x.dtype)[:, None]",
    "if state == None:\n    return x",
    "state = x if state is None else state",
    "y = None\nif self.flag:\n    y = tf.reduce_sum(x)\nif y is not None:\n    x = x + y",
    "if self.units == 1:\n    y = x\nelif self.units == 2:\n    y = abs(x)\nelse:\n    y = x**2\nx = y",
    # shapes, ranks, types
    "if x.shape[-1] == 4:\n    x = x * 2.0",
    "if len(x.shape) == 3:\n    x = x * 2.0",
    "if x.shape.rank == 3 or x.ndim == 2:\n    x = x * 2.0",
    "if x.dtype == tf.float16:\n    x = x * 2.0",
    "if x.dtype.is_floating:\n    x = x * 2.0",
    "if isinstance(x, (list, tuple)):\n    x, y = x",
    "if tf.is_tensor(x):\n    x = x * 2.0",
    "if not tf.is_tensor(x):\n    x = np.exp(x)",
    "if tf.executing_eagerly():\n    print(x.numpy())",
    "b, d = x.shape",
    "b, d = x.shape\nif d > 2:\n    x = x * 2.0",
    "b, d = tf.unstack(tf.shape(x))",
    "width = int(x.shape[-1])\nx = x / math.sqrt(width)",
    "if K.int_shape(x)[-1] > 3:\n    x = x * 2.0",
    "if K.ndim(x) == 3:\n    x = x * 2.0",
    "if ops.shape(x)[1] > 2:\n    x = x * 2.0",
    "if len(ops.shape(x)) == 3:\n    x = x * 2.0",
    "assert x.shape[-1] == 4 and len(x.shape) == 2",
    "depth = min(x.shape[1], 2)",
    # Python loops
    "for block in self.blocks:\n    x = block(x)",
    "for i in range(x.shape[1]):\n    x = x + self.w",
    "parts = []\nfor i in range(x.shape[1]):\n    parts.append(x[:, i])\nx = tf.stack(parts, axis=1)",
    "parts = []\nfor part in tf.unstack(x, axis=1):\n    parts.append(part * 2.0)\nx = tf.stack(parts, axis=1)",
    "x = tf.add_n([block(x) for block in self.blocks])",
    "for i, (block, part) in enumerate(zip(self.blocks, tf.split(x, 2, axis=-1))):\n    x = block(part)",
    "a, b = tf.split(x, 2, axis=-1)",
    "mean, variance = tf.nn.moments(x, axes=[-1])",
    "values, indices = tf.math.top_k(x, k=2)",
    "while limit > 0:\n    limit -= 1",
    "total = sum([x, x])",
    "total = sum(tf.reduce_sum(part) for part in tf.unstack(x, axis=1))",
    "result = {}\nfor name in self.names:\n    result[name] = self.dense(x)",
    "x = abs(x)",
    "a, b = keras.layers.Activation('relu')([x, x])",
    "a = keras.layers.Activation('relu')({'a': x})\nfor name in a:\n    x = x + a[name]",
    # NumPy on what is known
    "x = x * np.sqrt(2.0) + np.pi",
    "x = x * np.ones(4, dtype='float32')",
    "x = np.float32(2.0) * x",
    "size = np.prod(x.shape[1:])",
    "x = tf.matmul(x, np.eye(self.units))",
    "scale = np.log(self.units)",
    "x = tf.matmul(x, self.table)",
    "if np.ndim(x) == 3:\n    x = x * 2.0",
    "x = tf.numpy_function(lambda v: np.exp(v), [x], tf.float32)",
    "def host(v):\n    print(v.numpy())\n    return np.exp(v)\nx = tf.py_function(host, [x], tf.float32)",
    # text
    'message = f"{x} {x.shape}"',
    'text = str(x) + "%s" % x',
    "if len(x.shape) > 4:\n    raise ValueError(f'got {x}')",
    'print("tracing", x.shape, self.units)',
    'logger.info("called")',
    'tf.print("values", x)',
    # guarded
    "try:\n    value = x.numpy()\nexcept AttributeError:\n    value = None",
    "if hasattr(x, 'numpy'):\n    value = x.numpy()",
    "if isinstance(x, np.ndarray):\n    x = np.exp(x)",
    "if keras.backend.backend() == 'torch':\n    value = x.item()",
    "if os.environ.get('KERAS_BACKEND') == 'torch':\n    value = x.item()",
    "if keras.config.backend() in ('torch', 'numpy'):\n    value = x.item()",
    "if keras.config.backend() in ('torch', 'jax'):\n    value = x.item()",  # the module runs on TensorFlow
    "if keras.config.backend() not in ('jax', 'tensorflow'):\n    value = x.item()",
    "symbolic = tf is not None and hasattr(x, 'graph') and hasattr(x.graph, 'as_graph_def')\n"
    "if symbolic and keras.config.backend() != 'torch':\n    x = x * 2.0\nelse:\n    value = ops.convert_to_numpy(x)",
    # the framework's own control flow
    "x = tf.where(x > 0, x, 0.0)",
    "x = tf.cond(tf.reduce_sum(x) > 0, lambda: x, lambda: -x)",
    "x = ops.cond(ops.sum(x) > 0, lambda: x, lambda: -x)",
    "x = tf.map_fn(lambda row: row * 2.0, x)",
    "i, x = tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * 2.0), (0, x))",
    "import jax\nx = jax.lax.while_loop(lambda c: True, lambda c: tuple(v * 2.0 for v in c), (x,))[0]",  # `c` is `(x,)`
    "array = tf.TensorArray(tf.float32, 3)\nfor i in range(3):\n    array = array.write(i, x)\nx = array.stack()",
    "x = tf.function(lambda v: v * 2.0)(x)",
    "limits = tf.nest.map_structure(lambda v: v * 2, self.names)\nlow = np.array(limits)",
    "x = tf.nest.map_structure(lambda v: v * 2.0, x)",
    # helpers in context
    "x = self.helper(x)",
    "x = self.helper(x, how='none')",
    "flags = [self.units > 2, self.flag]\nif any(flags):\n    x = x * 2.0",
    "if max(self.units, 3) > 2:\n    x = x * 2.0",
    "rate = float(self.units) / int(limit)",
]

REPORTED = [
    # body, Keras 2, Keras 3; codes in order of lines
    ("if tf.reduce_sum(x) > 0:\n    x = x * 2.0", "", "KLL101"),
    ("if tf.reduce_sum(x) > 0 and self.flag:\n    x = x * 2.0", "", "KLL101"),
    ("if self.flag and not tf.reduce_any(x > 0):\n    x = x * 2.0", "", "KLL101"),
    ("if self.flag:\n    pass\nelif ops.any(x > 0):\n    x = x * 2.0", "", "KLL101"),
    ("x = x * 2.0 if tf.reduce_sum(x) > 0 else x", "", "KLL101"),
    ("if x[0, 0] > 0:\n    x = x * 2.0", "", "KLL101"),
    ("if tf.shape(x)[0] > 2:\n    x = x * 2.0", "", "KLL101"),
    ("if tf.rank(x) == 2:\n    x = x * 2.0", "", "KLL101"),
    ("if self.w[0] > 0:\n    x = x * 2.0", "", "KLL101"),
    ("if mask is not None and tf.reduce_any(mask):\n    x = x * 2.0", "", "KLL101"),
    ("if mask:\n    x = x * 2.0", "", "KLL101"),
    ("total = 0.0\nfor block in self.blocks:\n    total += tf.reduce_sum(block(x))\nif total > 3:\n    x = x * 2.0", "", "KLL101"),
    ("score = self.helper(x)\nif score > 0:\n    x = x * 2.0", "", "KLL101"),
    ("score = {'a': tf.reduce_sum(x)}\nif score['a'] > 0:\n    x = x * 2.0", "", "KLL101"),
    ("if self.dense(x)[0, 0] > 0:\n    x = x * 2.0", "", "KLL101"),
    ("x = [v for v in self.blocks if tf.reduce_sum(x) > 0][0](x)", "KLL101", "KLL101"),
    ("if tf.reduce_sum(x) > 0:\n    raise ValueError('no')", "KLL101", "KLL101"),
    ("if tf.reduce_sum(x) > 0:\n    y = x\nx = y", "KLL101", "KLL101"),
    ("if tf.reduce_sum(x) > 0:\n    y = x\nelse:\n    y = None\nx = x if y is None else y", "KLL101", "KLL101"),
    ("if tf.reduce_sum(x) > 0:\n    k = 1\nelse:\n    k = 2.0\nx = x * k", "KLL101", "KLL101"),
    ("s = tf.reduce_sum(x)\nif s == 1:\n    y = x\nelif s == 2:\n    y = abs(x)\nelse:\n    y = x**2\nx = y", "", "KLL101 KLL101"),
    ("n = 0\nif tf.reduce_sum(x) > 0:\n    p = tf.range(2)\n    x = tf.gather(x, p)\nif self.flag:\n    p = tf.range(3)\n    x = tf.gather(x, p)", "", "KLL101"),
    ("for i in range(3):\n    if tf.reduce_sum(x) > 0:\n        break\n    x = x * 2.0", "KLL101", "KLL101"),
    ("n = 0\nwhile tf.reduce_sum(x) > 1:\n    x = x / 2.0", "", "KLL102"),
    ("while True:\n    x = x / 2.0\n    if tf.reduce_sum(x) < 1:\n        break", "KLL102", "KLL101"),
    ("for row in x:\n    pass", "", "KLL103"),
    ("for i in tf.range(3):\n    x = x * 2.0", "", "KLL103"),
    ("for i in ops.arange(3):\n    x = x * 2.0", "", "KLL103"),
    ("y = [row * 2.0 for row in x]", "KLL103", "KLL103"),
    ("y = list(x)", "KLL103", "KLL103"),
    ("b, d = tf.shape(x)", "KLL103", "KLL103"),
    ("b, *rest = tf.shape(x)", "KLL103", "KLL103"),
    ("y = max(*x)", "KLL103", "KLL103"),
    ("for i, row in enumerate(x):\n    pass", "KLL103", "KLL103"),
    ("for row, block in zip(x, self.blocks):\n    pass", "KLL103", "KLL103"),
    ("y = dict(zip(self.names, tf.reduce_sum(x, axis=0)))", "KLL103", "KLL103"),
    ("y = [x[:, i] for i in range(tf.shape(x)[1])]", "KLL103", "KLL113"),
    ("y = list(range(tf.shape(x)[1]))", "KLL103", "KLL113"),
    ("assert tf.reduce_all(x > 0)", "KLL104", "KLL104"),
    ("ok = bool(tf.reduce_all(x > 0))", "KLL104", "KLL104"),
    ("ok = tf.argmax(self.w) in (0, 1)", "KLL104", "KLL104"),
    ("largest = max(tf.reduce_sum(x), 1.0)", "KLL104", "KLL104"),
    ("ok = all([tf.reduce_sum(x) > 0, True])", "KLL104", "KLL104"),
    ("y = tf.reduce_sum(x) > 0 and tf.reduce_sum(x) < 2", "", "KLL104"),
    ("y = not tf.reduce_any(x > 0)", "", "KLL104"),
    ("y = 0 < tf.reduce_sum(x) < 1", "", "KLL104"),
    ("y = self.blocks[tf.argmax(self.w)]", "KLL104", "KLL104"),
    ("x = np.exp(x)", "KLL111", "KLL111"),
    ("x = np.stack([x, x])", "KLL111", "KLL111"),
    ("y = np.prod(tf.shape(x))", "KLL111", "KLL111"),
    ("y = np.mean(self.w)", "KLL111", "KLL111"),
    ("y = np.zeros(3)\ny[0] = tf.reduce_sum(x)", "KLL111", "KLL111"),
    ("y = x.numpy()", "KLL112", "KLL112"),
    ("y = tf.reduce_sum(x).numpy()", "KLL112", "KLL112"),
    ("y = x.tolist()", "KLL112", "KLL112"),
    ("if keras.backend.backend() != 'torch':\n    y = x.tolist()", "KLL112", "KLL112"),
    ("if keras.config.backend() in ('torch', 'tensorflow'):\n    y = x.numpy()", "KLL112", "KLL112"),
    ("y = self.w.numpy()", "KLL112", "KLL112"),
    ("y = self.dense.get_weights()", "KLL112", "KLL112"),
    ("y = ops.convert_to_numpy(x)", "KLL112", "KLL112"),
    ("y = float(tf.reduce_sum(x))", "", "KLL113"),
    ("a, b = keras.layers.Add()([x, x])", "KLL103", "KLL103"),
    ("y = int(tf.shape(x)[0])", "", "KLL113"),
    ("n = int(tf.shape(x)[0])\nif n > 1:\n    x = x * 2.0", "", "KLL113"),
    ("n = max(int(tf.shape(x)[0]), 2)", "KLL104", "KLL113"),
    ("y = len(x)", "", "KLL113"),
    ("for i in range(tf.shape(x)[1]):\n    x = x * 2.0", "", "KLL113"),
    ("y = math.sqrt(tf.reduce_sum(x))", "KLL113", "KLL113"),
    ("y = f'{tf.reduce_sum(x):.2f}'", "KLL113", "KLL113"),
    ("y = '%.2f' % tf.reduce_sum(x)", "KLL113", "KLL113"),
    ("y = '{:.2f}'.format(tf.reduce_sum(x))", "KLL113", "KLL113"),
    ("rows = []\nfor row in x:\n    rows.append(row)\nx = tf.stack(rows)", "KLL121", "KLL103 KLL121"),
    ("rows = []\nfor row in x:\n    rows.append(row)", "", "KLL103"),
    ("array = tf.TensorArray(tf.float32, 3)\narray.write(0, x)\nx = array.stack()", "KLL121", "KLL121"),
    ("print(x)", "KLL122", "KLL122"),
    ("print(f'mean {tf.reduce_mean(x)}')", "KLL122", "KLL122"),
    ("logger.warning('sum %s', tf.reduce_sum(x))", "KLL122", "KLL122"),
    # functions handed to the framework
    ("x = tf.map_fn(lambda row: row if tf.reduce_sum(row) > 0 else -row, x)", "", "KLL101"),
    ("def body(row):\n    return np.exp(row)\nx = tf.map_fn(body, x)", "KLL111", "KLL111"),
    ("x = ops.vectorized_map(lambda row: float(ops.sum(row)), x)", "", "KLL113"),
    ("i, v = tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v if i > 1 else -v), (0, x))", "", "KLL101"),
    ("@tf.function\ndef inner(v):\n    if tf.reduce_sum(v) > 0:\n        v = v * 2.0\n    return v\nx = inner(x)", "", ""),
    ("@tf.function(autograph=False)\ndef inner(v):\n    if tf.reduce_sum(v) > 0:\n        v = v * 2.0\n    return v\nx = inner(x)", "KLL101", "KLL101"),
]  # fmt: skip


def codes(body: str, keras: str) -> list[str]:
    source = HEAD + textwrap.indent(body + "\nreturn x\n", " " * 8)
    # What XLA makes of these lines is another matter: tests/checks/call/test_xla.py.
    settings = Settings(keras=(keras,), ignore=("KLL15",))
    return [diagnostic.code for diagnostic in lint_source(source, "subject.py", settings)]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str, keras: str) -> None:
    assert codes(body, keras) == []


@pytest.mark.parametrize(("body", "keras_2", "keras_3"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str) -> None:
    assert codes(body, "2") == keras_2.split()
    assert codes(body, "3") == keras_3.split()


SIGNATURES = [
    # the code knows better than an annotation, a name or a number's use
    ("x: tf.Tensor", "a, b = x\nreturn a + b"),
    ("x", "y = tf.exp(x)\nif not (hasattr(x, 'graph') and hasattr(x.graph, 'as_graph_def')):\n    y.item()\nreturn y"),
    ("x, state", "if self.flag:\n    h, c = state\nelse:\n    h = tf.slice(state, [0, 0], [-1, 4])\nreturn x + h"),
    ("x, training: tf.Tensor = False", "if training:\n    x = x * 2.0\nreturn x"),
    ("states: tf.Tensor", "return [block(s) for s, block in zip(states, self.blocks)]"),
    ("x, size: tuple[int, int]", "smallest = tf.reduce_min(size)\nh, w = size\nreturn x"),
    ("x, attention_mask=None", "(a, b) = attention_mask\nreturn x"),
    ("x, dim", "half = dim // 2\nif dim % 2 != 0:\n    x = x * 2.0\nreturn x"),
    ("x, query_size", "a = max(query_size[0] / query_size[1], 1.0)\nreturn x * a"),
    (
        "inputs",
        "if isinstance(inputs, (list, tuple)):\n    a, b = inputs\nelse:\n    a = b = inputs\nreturn a * 2.0 + b",
    ),
    ("inputs", "if len(inputs) != 2:\n    raise ValueError(K.ndim(inputs))\na, b = inputs\nreturn a"),
    ("inputs", "for x in inputs:\n    pass\nreturn x"),
    ("inputs", "return tf.concat([*inputs], axis=-1)"),
    ("inputs, mask=None", "a, b = inputs\nif mask:\n    a = a * 2.0\nreturn a"),
    ("inputs", "return {name: value * 2.0 for name, value in inputs.items()}"),
    ("*inputs", "return tf.add_n([x for x in inputs])"),
    ("inputs, **kwargs", "if kwargs.get('flag'):\n    return inputs\nreturn inputs * 2.0"),
]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(("parameters", "body"), SIGNATURES)
def test_parameters_are_no_tensors_without_evidence(parameters: str, body: str, keras: str) -> None:
    head = HEAD.replace("(self, x, training=None, mask=None, limit=3, state=None)", f"(self, {parameters})")
    head = head.replace('self.add_weight(name="w", shape=(input_shape[-1],))', 'self.add_weight(name="w", shape=())')
    found = lint_source(head + textwrap.indent(body, " " * 8) + "\n", "subject.py", Settings(keras=(keras,)))
    assert [diagnostic.message for diagnostic in found] == []


MADE = [
    ("keras.layers.Lambda(lambda v: tf.split(v, 2, axis=-1))", False),
    ("keras.layers.TimeDistributed(keras.Sequential())", False),
    ("keras.layers.LSTM(4)", True),
    ("keras.layers.LSTM(4, return_sequences=True, return_state=False)", True),
    ("keras.layers.Bidirectional(keras.layers.LSTM(4))", True),
    ("keras.layers.LSTM(4, return_state=True)", False),
    ("keras.layers.GRU(4, return_state=flag)", False),
    ("keras.layers.GRU(4, **kwargs)", False),
    ("keras.layers.Bidirectional(keras.layers.LSTM(4, return_state=True))", False),
    ("keras.layers.RNN(keras.layers.LSTMCell(4), return_state=True)", False),
]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(("made", "returns_one"), MADE)
def test_what_a_layer_returns_depends_on_how_it_was_made(made: str, returns_one: bool, keras: str) -> None:
    head = HEAD.replace("keras.layers.Dense(units)\n", f"{made}\n", 1)
    found = lint_source(f"{head}        a, *b = self.dense(x)\n        return a\n", "s.py", Settings(keras=(keras,)))
    assert [diagnostic.code for diagnostic in found] == ["KLL103"] * returns_one


SEVERAL_SHAPES = """    def build(self, input_shape):
        if self.flag:
            input_shape = input_shape[0]
        self.w = self.add_weight(name="w", shape=(input_shape[-1],))
"""


@pytest.mark.parametrize("keras", ["2", "3"])
def test_a_build_that_takes_the_first_of_the_shapes_shows_no_single_input(keras: str) -> None:
    head = re.sub(r"    def build.*?\n\n", SEVERAL_SHAPES + "\n", HEAD, flags=re.DOTALL)
    body = "        if self.flag:\n            x, y = x\n        return x\n"
    assert lint_source(head + body, "subject.py", Settings(keras=(keras,), select=("KLL1",))) == ()


@pytest.mark.parametrize(
    ("body", "codes_found"),
    [
        ("for i in tf.range(3):\n    x = tf.concat([x, x], axis=1)", ["KLL103"]),
        ("for i in tf.range(3):\n    x = self.dense(self.w)\n    x = tf.concat([x, self.w], axis=1)", []),
    ],
)
def test_a_tensor_grows_in_a_loop_where_it_is_bound_to_itself_and_more(body: str, codes_found: list[str]) -> None:
    assert codes(body, "2") == codes_found
