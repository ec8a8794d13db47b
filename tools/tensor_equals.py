"""Measures what takes the place of NumPy in TensorFlow, and of `keras.backend` of Keras 2 in `keras.ops`.

As `tools.keras_ops` does: on the same arguments two functions give the same, as far as single precision goes, or one of
them refuses. NumPy is compared with functions of TensorFlow of its name, with `reduce_` before it, or of another name
that has the same equal in `keras.ops`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf

import keras
from keras_layer_lint.keras.tables import read_table
from tools.keras_ops import EVERY, Answers, Template, answer, equal_of, functions, is_fixed, same

MODULES = ("tensorflow", "tensorflow.math", "tensorflow.linalg")
"""Where functions of TensorFlow are looked for, the first first."""
BACKEND = "tf_keras.backend"
NOT_CALLED = re.compile(
    r"random|update|set_|conv|pool|resize|rnn|ctc|padding|normalization|fold|map_fn|function|switch|test|get_value"
)
"""Functions of the backend that are no plain arithmetic: some end the process for arguments not meant for them."""


def pairs() -> dict[str, tuple[str, list[Template]]]:
    """Functions that no general call tells from others: their equal, and calls that do; `@` as in the table."""
    rng = np.random.default_rng(1)
    x, y, x3 = (rng.normal(0.1, 1.6, shape).astype("float32") for shape in ((3, 4), (3, 4), (2, 3, 4)))
    both = [(([x, y], axis), {}) for axis in (0, 1, -1)] + [(([x3, x3 * 2.0],), {"axis": axis}) for axis in (1, -1)]
    over: list[Template] = [((x,), {}), ((x3, -1), {}), ((x3,), {"axis": 1, "keepdims": True})]
    truths: list[Template] = [((args[0] > 0.0, *args[1:]), keywords) for args, keywords in over]
    bounds: list[Template] = [((x, -0.5, 0.5), {}), ((x3, 0.0, 1.0), {}), ((y, x, x + 1.0), {})]
    orders: list[Template] = [((x3, order), {}) for order in ((0, 2, 1), (2, 0, 1), (2, 1, 0))]
    ones: list[Template] = [((x3[:, :1], 1), {}), ((x3[..., :1], -1), {}), ((x[None],), {"axis": 0})]
    chosen: list[Template] = [((x > 0.0, x, y), {}), ((x3 < 0.1, x3, 0.0), {}), ((x > y, 0.0, 1.0), {})]
    return {
        "numpy.absolute": ("tensorflow.abs", [*over[:1], ((x3,), {})]),
        "numpy.all": ("tensorflow.reduce_all", truths),
        "numpy.amax": ("tensorflow.reduce_max", over),
        "numpy.amin": ("tensorflow.reduce_min", over),
        "numpy.any": ("tensorflow.reduce_any", truths),
        "numpy.clip": ("tensorflow.clip_by_value", bounds),
        "numpy.concatenate": ("tensorflow.concat@1", both),
        "numpy.where": ("tensorflow.where@2", chosen),
        f"{BACKEND}.concatenate": ("keras.ops.concatenate@1", both),
        f"{BACKEND}.permute_dimensions": ("keras.ops.transpose", orders),
        f"{BACKEND}.squeeze": ("keras.ops.squeeze", ones),
    }


def of_pairs(module: str, package: str) -> Iterator[str]:
    """The pairs of a module that hold, as the table writes them."""
    for name, (other, calls) in pairs().items():
        if name.rpartition(".")[0] != module:
            continue
        bare, at, axis = other.partition("@")
        one, two = _function(name), _function(bare)
        make = np.asarray if module == "numpy" else tf.constant
        if all(same(answer(one, each, make), answer(two, each, tf.constant)) for each in calls):
            yield f"{name.rpartition('.')[2]}={bare.removeprefix(package)}{at}{axis}"


def _function(name: str) -> Callable[..., Any]:
    module, _, last = name.rpartition(".")
    function: Callable[..., Any] = getattr(importlib.import_module(module), last)
    return function


def same_in_keras() -> Iterator[tuple[str, str, str]]:
    """A function of NumPy by module and name, and one of TensorFlow with the same equal in `keras.ops`."""
    table = read_table("keras_ops")["equals"]
    by_equal: dict[str, list[str]] = {}
    for module in MODULES:
        for word in table[module].split():
            name, _, other = word.partition("@")[0].partition("=")
            by_equal.setdefault(other or name, []).append(f"{module}.{name}")
    for module in ("numpy", "numpy.linalg"):
        for word in table[module].split():
            name, _, other = word.partition("@")[0].partition("=")
            for found in by_equal.get(other or name, ()):
                yield module, name, found


def in_tensorflow() -> dict[str, str]:
    """The functions of NumPy that TensorFlow has, by module: `mean=reduce_mean`, `argmax=math.argmax@1`."""
    every = {f"{module}.{name}": function for module in MODULES for name, function in functions(module)}
    known: dict[str, Answers] = {}
    candidates: dict[tuple[str, str], list[str]] = {}
    for module, name, other in same_in_keras():
        candidates.setdefault((module, name), []).append(other)
    table = {"numpy": list(of_pairs("numpy", "tensorflow."))}
    for module in ("numpy", "numpy.linalg"):
        for name, function in functions(module):
            if f"{module}.{name}" in pairs():
                continue
            own = [f"{place}.{word}" for place in MODULES for word in (name, f"reduce_{name}")]
            for other in dict.fromkeys([*own, *candidates.get((module, name), ())]):
                if other not in every:
                    continue
                if other not in known:
                    answers = {number: answer(every[other], each, tf.constant) for number, each in enumerate(EVERY)}
                    known[other] = answers if is_fixed(every[other], answers, tf.constant) else {}
                if not known[other]:
                    continue
                found = equal_of(name, function, {other.rpartition(".")[2]: known[other]}, np.asarray, False)
                if found is not None:
                    shown = other.removeprefix("tensorflow.") + "".join(found.partition("@")[1:])
                    table.setdefault(module, []).append(f"{name}={shown}")
                    break
    return {module: " ".join(sorted(words)) for module, words in table.items()}


def of_backend() -> str:
    """The functions of `keras.backend` that `keras.ops` has: `permute_dimensions=transpose`."""
    backend = importlib.import_module(BACKEND)
    ops: dict[str, Answers] = {}
    for name, function in functions("keras.ops"):
        answers = {number: answer(function, template, tf.constant) for number, template in enumerate(EVERY)}
        if is_fixed(function, answers, tf.constant):
            ops[name] = answers
    words = list(of_pairs(BACKEND, "keras.ops."))
    for name in read_table("removed_api")["keras"].split():
        module, _, last = name.partition(".")
        function = getattr(backend, last, None) if module == "backend" else None
        if callable(function) and not isinstance(function, type) and not NOT_CALLED.search(last):
            if f"{BACKEND}.{last}" in pairs():
                continue
            found = equal_of(last, function, ops, tf.constant, False)
            if found is not None:
                other, at, axis = found.partition("@")
                words.append((last if other == last else f"{last}={other}") + at + axis)
    return " ".join(sorted(words))


def measure() -> dict[str, Any]:
    """Compare the functions of the installed versions."""
    keras.config.disable_traceback_filtering()  # half of the time goes into it
    tf.debugging.disable_traceback_filtering()
    return {"in_tensorflow": in_tensorflow(), "of_backend": of_backend()}
