"""Measures which function of `keras.ops` computes what one of TensorFlow, NumPy or JAX does.

All functions are called on the same arguments, by position, or by keywords that both take. Two are equal where what the
one answers the other answers with the same values, or refuses to answer. Where their names are not akin, there must be
several answers, that tell the function from others. `cumsum@1` is one that is equal where the axis is given, at that
position or by keyword.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

import keras
from keras_layer_lint.keras.result import Result
from keras_layer_lint.keras.results import result_of

FROM = {
    "tensorflow": (
        "tensorflow", "tensorflow.linalg", "tensorflow.math", "tensorflow.nn", "tensorflow.image"
    ),
    "jax": ("jax.lax", "jax.nn", "jax.numpy", "jax.numpy.linalg", "jax.scipy.special"),
    "numpy": ("numpy", "numpy.linalg"),
}  # fmt: skip
NOT_CALLED = re.compile(
    r"fromfile|load|save|memmap|genfrom|print|write|read|init|profiler|config|set_|register|while_loop|fori_loop|scan"
    r"|^map|cond|switch|case|random|dropout|seed|show|test|asarray_chkfinite|fft|pool|ctc|sampler|approx|bitcast|identity_n|regularization|adjust|frompy|py_func|numpy_func|function"
)
COMPUTED = (Result.TENSOR, Result.TENSORS, Result.NEST)
ENOUGH = 3
"""Answers that differ from each other and from the argument, before two functions count as equal."""
MOST_REFUSED = 0.2
"""As large a share of what a function answers its equal may refuse: TensorFlow takes a tensor for a list."""
_TYPES = (bool, int, float, complex, np.generic, np.ndarray)

Template = tuple[tuple[Any, ...], dict[str, Any]]
Answer = tuple[np.ndarray, ...]
Answers = dict[int, Answer | None]
"""By the number of the template."""
Make = Callable[[np.ndarray], Any]


def templates() -> list[Template]:
    """Arguments as NumPy arrays and plain values. Numbers of both signs, and none that two functions agree on."""
    rng = np.random.default_rng(0)
    x, y = (rng.normal(mean, 1.6, (3, 4)).astype("float32") for mean in (0.0, 0.4))
    unit = rng.uniform(0.05, 0.95, (3, 4)).astype("float32")
    square = rng.normal(0.0, 1.0, (4, 4)).astype("float32")
    spd = (square @ square.T + 4 * np.eye(4)).astype("float32")
    x3 = rng.normal(0.0, 1.0, (2, 3, 4)).astype("float32")
    i, j = np.array([2, 0, 1, 2], "int32"), np.array([[7, 3, 5], [1, 6, 2]], "int32")
    b = x > 0.1
    odd = np.array([[0.0, np.inf, -np.inf, np.nan], [1.5, -2.5, 0.5, 2.0]], "float32")
    zeros = np.array([[0.0, 0.0, 0.0, 0.0], [1.5, np.inf, -np.inf, np.nan]], "float32")
    complexes = (x + 1j * y).astype("complex64")
    every: list[tuple[Any, ...]] = [(value,) for value in (x, x3, j, b, unit, spd, odd, complexes, 10 * unit + 1, x[0])]
    every += [
        (x, y),
        (unit, y),
        (odd, odd[::-1].copy()),
        (zeros, zeros[::-1].copy()),
        (zeros, np.zeros_like(zeros)),
        (j, j[::-1].copy()),
        (b, b[::-1].copy()),
        (square, spd),
        (x[0], y[0]),
        (x, y[0]),
    ]
    every += [(x3, x3.transpose(0, 2, 1).copy()), (x, square), (y, 2.0), (j, 2), (spd, x.T.copy()), (x, x.T.copy(), 1)]
    every += [(x, shape) for shape in ((4, 3), (12,), (-1,), (3, 4, 1), (2, 1), (3, 4))]
    every += [(x[0], (3, 4)), (x3, (0, 2, 1)), (x3, (2, 1, 0)), (x, i[:2]), (x, i[:2], 1), (i, 4), (j, 9)]
    every += [(3,), (1, 7), (1, 9, 2), (0.0, 1.0, 5), (4, 2), ((3, 4),), ((5,), 7.0), ((3, 4), 7.0)]
    every += [
        (b, x, y),
        (b, x, 0.0),
        (x, -0.5, 0.5),
        (y, 0.0, 1.0),
        (x, ((1, 0), (0, 2))),
        (x, "int32"),
        (i, "float32"),
    ]
    every += [(x, 2, 1), (x, 4, -1), (x, 1, 0), (x3, 1, 2), (x[0], i, 3), (x, i[:3], 4), (x, [1, 0], [2, 3]), (x, [1])]
    every += [(i, "float32"), ("ij,kj->ik", x, y), ("bij,bkj->bik", x3, x3), (x, y, 1), (x3, x3, [[2], [2]])]
    for axis in (0, 1, -1):
        every += [(value, axis) for value in (x, x3, b, j)]
        every += [([x, y], axis), ([x3, x3 * 2.0], axis)]
    found: list[Template] = [(args, {}) for args in every]
    for keywords in ({"axis": -1}, {"axis": 1}, {"axis": -1, "keepdims": True}):
        found += [((value,), dict(keywords)) for value in (x, x3, b, j, unit)]
        found += [((x, y), dict(keywords)), (([x, y],), dict(keywords)), ((x, i[:2]), dict(keywords))]
    return found


def is_of_floats(args: tuple[Any, ...]) -> bool:
    """Whether there are arrays among the arguments, and all of floats."""
    kinds = {value.dtype.kind for value in tf.nest.flatten(list(args)) if isinstance(value, np.ndarray)}
    return kinds == {"f"}


def functions(module: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public functions of a module."""
    found = importlib.import_module("tensorflow")
    if module.startswith("tensorflow"):
        for part in module.split(".")[1:]:
            found = getattr(found, part)
    else:
        found = importlib.import_module(module)
    for name in sorted(dir(found)):
        value = getattr(found, name)
        if name.startswith("_") or not callable(value) or isinstance(value, type) or NOT_CALLED.search(name):
            continue
        if not module.startswith("tensorflow") or result_of(f"{module}.{name}") in COMPUTED:
            yield name, value


def given(value: Any, make: Callable[[np.ndarray], Any]) -> Any:
    """An argument as the framework takes it."""
    if isinstance(value, np.ndarray):
        return make(value.copy())
    return [given(item, make) for item in value] if isinstance(value, list) else value


def takes(function: Callable[..., Any], template: Template) -> bool:
    """Whether arguments are for what is calculated: none of them is a name, or where the result goes."""
    args, kwargs = template
    if isinstance(function, np.ufunc):
        return len(args) <= function.nin and not kwargs
    try:
        bound = inspect.signature(function).bind(*args, **kwargs).arguments
    except (TypeError, ValueError):
        return True
    return not {"name", "out", "where", "order"} & bound.keys()


def answer(function: Callable[..., Any], template: Template, make: Callable[[np.ndarray], Any]) -> Answer | None:
    """What a call gives, as arrays; None where it raises, or gives something else."""
    args, kwargs = template
    if not takes(function, template):
        return None
    try:
        result = function(*(given(value, make) for value in args), **kwargs)
        leaves = tf.nest.flatten(result)
        if not leaves or not all(isinstance(leaf, _TYPES) or hasattr(leaf, "__array__") for leaf in leaves):
            return None
        found = tuple(np.asarray(leaf) for leaf in leaves)
    except Exception:
        return None
    return None if any(array.dtype.kind not in "biufc" and array.dtype.name != "bfloat16" for array in found) else found


def same(one: Answer | None, other: Answer | None) -> bool:
    """Whether two answers agree: shapes, kinds of numbers, and values as far as single precision goes."""
    if one is None or other is None or len(one) != len(other):
        return False
    for a, b in zip(one, other, strict=True):
        kinds = {array.dtype.kind.replace("u", "i") for array in (a, b)}
        if a.shape != b.shape or len(kinds) != 1:
            return False
        half = any(array.dtype.itemsize == 2 and array.dtype.kind not in "iu" for array in (a, b))
        if not np.allclose(a, b, rtol=1e-2 if half else 1e-3, atol=1e-4, equal_nan=True):
            return False
    return True


def is_fixed(function: Callable[..., Any], answers: Answers, make: Make) -> bool:
    """Whether calls give the same again: nothing is random."""
    told = [number for number, found in answers.items() if found is not None][:5]
    return all(same(answers[number], answer(function, EVERY[number], make)) for number in told)


def tells(answers: Answers) -> int:
    """How many answers differ from each other and from what was given."""
    seen: list[Answer] = []
    for number, found in answers.items():
        arrays = tuple(np.asarray(leaf) for leaf in tf.nest.flatten(list(EVERY[number][0])))
        is_given = found is not None and (same(found, arrays[:1]) or same(found, arrays))
        if found is not None and not is_given and not any(same(found, other) for other in seen):
            seen.append(found)
    return len(seen)


def are_akin(name: str, other: str) -> bool:
    """Whether two names are the same word, apart from what TensorFlow puts before it or one of them shortens."""
    bare = name.removeprefix("reduce_")
    return bare.startswith(other) or other.startswith(bare)


def axis_of(function: Callable[..., Any]) -> int | None:
    """The position of the parameter `axis`; None where it has none."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return None
    return names.index("axis") if "axis" in names else None


def with_axis(answers: Answers, axis: int | None) -> Answers:
    """Those of the calls that give an axis."""
    return {
        number: found
        for number, found in answers.items()
        if axis is not None and ("axis" in EVERY[number][1] or len(EVERY[number][0]) > axis)
    }


def equals(name: str, candidates: Iterable[str], answers: Answers, ops: Mapping[str, Answers]) -> str | None:
    """The function of `keras.ops` that contradicts none of the answers, and is sure to be told by them."""
    told = {number: found for number, found in answers.items() if found is not None}
    found = []
    for other in candidates:
        theirs = [(own, ops[other][number]) for number, own in told.items()]
        refused = sum(answer is None for _, answer in theirs)
        if any(answer is not None and not same(own, answer) for own, answer in theirs) or refused == len(told):
            continue
        if are_akin(name, other) or (refused <= MOST_REFUSED * len(told) and tells(told) >= ENOUGH):
            found.append(other)
    bare = name.removeprefix("reduce_")
    return min(
        found, key=lambda word: (word not in (name, bare), not are_akin(name, word), len(word), word), default=None
    )


def equal_of(name: str, function: Callable[..., Any], ops: Mapping[str, Answers], make: Make, akin: bool) -> str | None:
    """How the table writes the equal of a function: `sum`, or `cumsum@1` where the axis at that position is given."""
    candidates = [other for other in ops if not akin or other == name]
    if not candidates:
        return None
    axis = axis_of(function)
    for group in (FLOATS, OTHERS):
        answers = {number: answer(function, EVERY[number], make) for number in group}
        if any(found is not None for found in answers.values()):
            if not is_fixed(function, answers, make):
                return None
            if other := equals(name, candidates, answers, ops):
                return other
            other = equals(name, candidates, with_axis(answers, axis), ops)
            return None if other is None else f"{other}@{axis}"
    return None


EVERY = templates()
FLOATS = [number for number, (args, _) in enumerate(EVERY) if is_of_floats(args)]
OTHERS = [number for number in range(len(EVERY)) if number not in FLOATS]
"""Layers compute with floats: TensorFlow divides integers and numbers axes in ways of its own."""


def measure() -> dict[str, Any]:
    """Compare the functions of the installed versions. Those of NumPy and JAX are called as their equals are."""
    keras.config.disable_traceback_filtering()  # half of the time goes into it
    tf.debugging.disable_traceback_filtering()
    ops: dict[str, Answers] = {}
    for name, function in functions("keras.ops"):
        answers = {number: answer(function, template, tf.constant) for number, template in enumerate(EVERY)}
        if is_fixed(function, answers, tf.constant):
            ops[name] = answers
    makers: dict[str, Make] = {
        "tensorflow": tf.constant,
        "jax": importlib.import_module("jax.numpy").asarray,
        "numpy": np.asarray,
    }
    table: dict[str, list[str]] = {}
    for framework, modules in FROM.items():
        for module in modules:
            for name, function in functions(module):
                if found := equal_of(name, function, ops, makers[framework], framework != "tensorflow"):
                    other, at, axis = found.partition("@")
                    word = name if other == name else f"{name}={other}"
                    table.setdefault(module, []).append(f"{word}{at}{axis}")
    return {"equals": {module: " ".join(words) for module, words in table.items()}}
