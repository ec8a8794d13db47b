"""KLL151, KLL152 and KLL153: what XLA cannot compile, and when that matters."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.keras.xla import is_never_compiled, lack_of

HEAD = """
import keras
import tensorflow as tf
from keras import ops


class Subject(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer([1, 2], [3, 4]), -1)
        SETTING

    def call(self, x, training=None):
"""

NOT_COMPILED = [
    ('tf.print("values", x)', "KLL151"),
    ("x = tf.strings.length(tf.as_string(x))", "KLL151 KLL151"),
    ("x = tf.py_function(lambda v: v.numpy().decode(), [tf.as_string(x)], tf.string)", "KLL151 KLL151"),
    ("x = tf.compat.v1.py_func(lambda v: v, [x], tf.float32)", "KLL151"),
    ("x = self.table.lookup(tf.cast(x, tf.int32))", "KLL151"),
    ("x = tf.image.resize(x, (4, 4), 'area')", "KLL151"),
    ("x = tf.image.resize(x, (4, 4), method=tf.image.ResizeMethod.LANCZOS3)", "KLL151"),
    ("x = tf.image.resize(x, (4, 4), antialias=True)", "KLL151"),
    ("x = ops.image.resize(x, (4, 4), interpolation='bicubic')", "KLL151"),
    ("x = keras.random.gamma((2, 2), 0.5)", "KLL151"),
    ("x = tf.ragged.boolean_mask(x, x > 0.0).to_tensor()", "KLL151"),
    ("if training:\n    x = tf.numpy_function(lambda v: v, [x], tf.float32)", "KLL151"),
    ("x = tf.while_loop(lambda v: tf.reduce_sum(v) < 9.0, lambda v: (v * v,), (x,))[0]", "KLL152"),
    ("x = tf.while_loop(lambda v: v[0] < 9.0, lambda v: (v * v,), (x,), maximum_iterations=None)[0]", "KLL152"),
    ("x = ops.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * v), [0, x])[1]", "KLL152"),
    ("x = ops.fori_loop(0, 3, lambda i, v: v * v, x * 2.0)", "KLL152"),
    ("a = tf.TensorArray(tf.float32, size=0, dynamic_size=True)\na = a.write(0, x)\nx = a.stack()", "KLL153"),
    ("a = tf.TensorArray(x.dtype, 3, True)\na = a.write(0, x)\nx = a.stack()", "KLL153"),
]  # fmt: skip

SILENT = [
    "tf.debugging.assert_positive(x)",
    "x = tf.boolean_mask(x, x > 0.0)",
    "x = tf.image.resize(x, (4, 4))",
    "x = tf.image.resize(x, (4, 4), method='nearest', antialias=False)",
    "x = tf.image.resize(x, (4, 4), method=self.name)",
    "x = ops.image.resize(x, (4, 4), interpolation='bilinear')",
    "x = tf.random.normal((2, 2)) + x",
    "x = tf.strings.to_hash_bucket_fast(tf.strings.lower(x), 9)",
    "x = tf.io.parse_example(x, self.features)",
    "x = tf.strings.unicode_split(tf.ragged.boolean_mask(x, x != ''), 'UTF-8').to_tensor()",
    "if isinstance(x, tf.RaggedTensor):\n    x = x.to_tensor()",
    "if isinstance(x, tf.SparseTensor):\n    x = tf.nn.embedding_lookup_sparse(self.w, x, x)",
    "if keras.backend.is_sparse(x):\n    x = tf.sparse.sparse_dense_matmul(x, tf.eye(3))",
    "x = tf.nn.ctc_loss(x, x, [1], [1])",
    "x = tf.map_fn(lambda v: v * v, x)",
    "x = tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * v), (0, x), maximum_iterations=3)[1]",
    "steps = tf.while_loop(lambda i: i < 3, lambda i: (i + 1,), (tf.constant(0),))[0]",
    "x = ops.fori_loop(0, 3, lambda i, v: v + 1, 0) + x",
    "a = tf.TensorArray(tf.float32, size=3)\na = a.write(0, x)\nx = a.stack()",
    "a = tf.TensorArray(tf.float32, 3, False)\na = a.write(0, x)\nx = a.stack()",
    "a = tf.TensorArray(tf.float32, 3, dynamic_size=self.name)\na = a.write(0, x)\nx = a.stack()",
]


SHOW = """

    def show(self, x):
        tf.print(x)
        return x
"""


def found(body: str, keras: str, setting: str = "pass", head: str = "") -> list[tuple[str, str]]:
    source = head + HEAD.replace("SETTING", setting) + textwrap.indent(body + "\nreturn x\n", " " * 8)
    diagnostics = lint_source(source, "subject.py", Settings(keras=(keras,), select=("KLL15",)))
    return [(diagnostic.code, diagnostic.severity.label) for diagnostic in diagnostics]


@pytest.mark.parametrize(("body", "codes"), NOT_COMPILED)
def test_severity_follows_who_compiles(body: str, codes: str) -> None:
    expected = codes.split()
    dynamic = "KLL153" in expected
    assert found(body, "3") == [(code, "error" if dynamic else "warning") for code in expected]
    # Of notes on operations one is enough for a class.
    assert found(body, "2") == [(code, "warning" if dynamic else "note") for code in dict.fromkeys(expected)]
    asked = "JIT = dict(jit_compile=True)\n"
    assert found(body, "2", head=asked) == [(code, "warning") for code in expected]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str, keras: str) -> None:
    assert found(body, keras) == []


@pytest.mark.parametrize(
    "setting",
    [
        "self.supports_jit = False",
        "self._allow_non_tensor_positional_args = True",
        "self.words = keras.layers.TextVectorization()",
    ],
)
def test_keras_3_is_told_not_to_compile(setting: str) -> None:
    for body, codes in NOT_COMPILED:
        assert found(body, "3", setting) == []
        assert [code for code, _ in found(body, "2", setting)] == list(dict.fromkeys(codes.split()))


def test_a_base_class_may_say_so() -> None:
    source = """
        import keras
        import tensorflow as tf


        class Base(keras.layers.Layer):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.supports_jit = False


        class Shown(Base):
            def call(self, x):
                tf.print(x)
                return x


        class Augmentation(keras.layers.RandomZoom):
            def call(self, x):
                tf.print(x)
                return x
    """
    assert lint_source(textwrap.dedent(source), "base.py", Settings(keras=("3",), select=("KLL15",))) == ()


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("Augments text by leaving out words.", True),
        ("A preprocessing layer that sorts words.\n\n    Slowly.", True),
        ("Sorts words, for use in `tf.data`.", True),
        ("Sorts words.\n\n    Expects preprocessed text.", False),
    ],
)
def test_a_docstring_may_say_that_models_do_not_run_it(text: str, silent: bool, keras: str) -> None:
    source = (
        HEAD.replace("Layer):\n", f'Layer):\n    """{text}"""\n').replace("SETTING", "pass") + "        tf.print(x)\n"
    )
    assert (lint_source(source, "subject.py", Settings(keras=(keras,), select=("KLL151",))) == ()) is silent


@pytest.mark.parametrize(
    "body",
    [
        "if self.name:\n    x = self.show(x)\nreturn x",
        "if training:\n    tf.print(x)\nreturn x",
        "return self.show(x) if self.name else x",
    ],
)
def test_message_under_a_condition(body: str) -> None:
    source = HEAD.replace("SETTING", "pass") + textwrap.indent(body, " " * 8) + SHOW
    (diagnostic,) = lint_source(source, "subject.py", Settings(keras=("2",), select=("KLL151",)))
    assert diagnostic.message.endswith("so where that runs, the layer fails with `jit_compile=True`")


def test_messages() -> None:
    source = HEAD.replace("SETTING", "pass") + "        return tf.math.segment_sum(x, [0, 0, 1])\n"
    (diagnostic,) = lint_source(source, "subject.py", Settings(keras=("3",), select=("KLL151",)))
    assert diagnostic.message == (
        "`tf.math.segment_sum`: XLA cannot compile it (no kernel for SegmentSum), so the layer fails with "
        "`jit_compile=True`, which is what Keras 3 chooses where there is a GPU"
    )
    assert diagnostic.help == (
        "use `tf.math.unsorted_segment_sum` with `num_segments`; or set `self.supports_jit = False` in `__init__`, "
        "which keeps Keras from compiling models that have the layer"
    )


def test_table() -> None:
    lack = lack_of("tensorflow.print", lambda *_: None)
    assert lack is not None
    assert lack.operations == ("PrintV2", "StringFormat")
    assert not lack.in_gradient
    resized = lack_of("keras.layers.Resizing", lambda position, _: "bicubic" if position == 2 else None)
    assert resized is not None
    assert resized.argument == 'interpolation="bicubic"'
    expm = lack_of("tensorflow.linalg.expm", lambda *_: None)
    assert expm is not None
    assert expm.in_gradient
    for name in (
        "tensorflow.unique",
        "tensorflow.map_fn",
        "keras.ops.where",
        "tensorflow.nn.top_k",
        "keras.layers.Dense",
    ):
        assert lack_of(name, lambda *_: None) is None
    assert is_never_compiled("keras.layers.StringLookup")
    assert not is_never_compiled("keras.layers.LSTM")
