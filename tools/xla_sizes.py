"""Measures which arguments XLA wants as constants in the loop of a graph: sizes that depend on values.

Outside of a loop XLA compiles a function anew for each value. In the body of one it cannot. An argument stands in the
table where the call runs in `tf.map_fn` without XLA, is compiled there with a size that is known, and fails with one
that is a value of the loop, saying that it must be a compile-time constant.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

import keras
from keras_layer_lint.keras.names import canonical

_MESSAGE = "must be a compile-time constant"
CASES = {
    "tf.range": {"0:start": "f(n)", "1:limit": "f(0, n)"},
    "tf.zeros": {"0:shape": "f((n, 2))"},
    "tf.ones": {"0:shape": "f((n, 2))"},
    "tf.fill": {"0:dims": "f((n, 2), 1.0)"},
    "tf.eye": {"0:num_rows": "f(n)"},
    "tf.linspace": {"2:num": "f(0.0, 1.0, n)"},
    "tf.reshape": {"1:shape": "f(x, (n, -1))"},
    "tf.tile": {"1:multiples": "f(x, (n,))"},
    "tf.broadcast_to": {"1:shape": "f(x, (n, 4))"},
    "tf.pad": {"1:paddings": "f(x, [[0, n]])"},
    "tf.repeat": {"1:repeats": "f(x, n)"},
    "tf.one_hot": {"1:depth": "f(i, n)"},
    "tf.split": {"1:num_or_size_splits": "f(x, [n, 4 - n])[0]"},
    "tf.slice": {"2:size": "f(x, [0], [n])"},
    "tf.sequence_mask": {"1:maxlen": "f(i, n)"},
    "tf.math.top_k": {"1:k": "f(x, n)[0]"},
    "tf.random.normal": {"0:shape": "f((n, 2))"},
    "tf.random.uniform": {"0:shape": "f((n, 2))"},
    "tf.boolean_mask": {"1:mask": "f(x, x > 0)"},
    "tf.where": {"0:condition": "f(x > 0)"},
    "tf.unique": {"0:x": "f(x)[0]"},
    "tf.roll": {"1:shift": "f(x, n, 0)"},
    "keras.ops.arange": {"0:start": "f(n)", "1:stop": "f(0, n)"},
    "keras.ops.zeros": {"0:shape": "f((n,))"},
    "keras.ops.ones": {"0:shape": "f((n,))"},
    "keras.ops.reshape": {"1:newshape": "f(x, (n, -1))"},
    "keras.ops.tile": {"1:repeats": "f(x, (n,))"},
    "keras.ops.pad": {"1:pad_width": "f(x, [[0, n]])"},
    "keras.ops.repeat": {"1:repeats": "f(x, n)"},
    "keras.ops.one_hot": {"1:num_classes": "f(i, n)"},
}
"""By function and argument: a call of `f`, where `x` has four numbers, `i` the same as integers, and `n` is one."""


def runs(expression: str, function: Any, *, known: bool, compiled: bool) -> str:
    """Run a call in the body of `tf.map_fn`; the message of what it raises, empty where it works."""

    def body(x: Any) -> Any:
        i = tf.ones((4,), tf.int32) if known else tf.cast(x, tf.int32)
        names = {"f": function, "x": x, "i": i, "n": 1 if known else i[0]}
        return tf.reduce_sum(tf.cast(eval(expression, names), tf.float32))

    def all_of(x: Any) -> Any:
        return tf.map_fn(body, x, fn_output_signature=tf.float32)

    try:
        tf.function(all_of, jit_compile=compiled, autograph=False)(tf.ones((2, 4)))
    except Exception as error:
        return str(error)
    return ""


def measure() -> dict[str, Any]:
    """Run all cases."""
    found: dict[str, list[str]] = {}
    for name, arguments in CASES.items():
        function: Any = {"tf": tf, "keras": keras}[name.partition(".")[0]]
        for part in name.split(".")[1:]:
            function = getattr(function, part)
        for argument, expression in arguments.items():
            works = not runs(expression, function, known=False, compiled=False)
            is_compiled = not runs(expression, function, known=True, compiled=True)
            if works and is_compiled and _MESSAGE in runs(expression, function, known=False, compiled=True):
                full = canonical(name.replace("tf.", "tensorflow.", 1) if name.startswith("tf.") else name)
                found.setdefault(full, []).append(argument)
    return {"sizes": {name: " ".join(arguments) for name, arguments in sorted(found.items())}}
