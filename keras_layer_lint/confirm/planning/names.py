"""What a parameter's name says of the values it takes: candidates as Python text, the likeliest first."""

from __future__ import annotations

import re
from functools import cache

from keras_layer_lint.confirm.planning.named_numbers import NUMBERS
from keras_layer_lint.confirm.planning.named_objects import OBJECTS
from keras_layer_lint.confirm.planning.named_shapes import COUNTS, SHAPES
from keras_layer_lint.confirm.planning.named_words import WORDS
from keras_layer_lint.confirm.planning.usual import (
    ARRAY,
    DENSE,
    MATRIX,
    OF_A_BATCH,
    SIDE,
    STEPS,
    VOCABULARY,
    WIDTH,
    Named,
)

ROWS: tuple[Named, ...] = (*COUNTS, *OBJECTS, *WORDS, *SHAPES, *NUMBERS)
"""Every row, the most telling first; `tests/confirm/planning/test_names.py` replays the samples."""
_FOUND_BY = tuple((re.compile(row.pattern), row.values) for row in ROWS)
"""Compiled where the module is imported: a process for a layer, which is forked later, need not do it again."""

_OTHERWISE = (
    f"{WIDTH}",
    "0.5",
    "'relu'",
    "True",
    f"[{WIDTH}, {WIDTH}]",
    f"({SIDE}, {SIDE})",
    DENSE,
    "keras.activations.relu",
    "'given'",
    "None",
    f"[{DENSE}]",
    "{}",
)

_BY_KIND: dict[str, tuple[str, ...]] = {
    "int": (f"{WIDTH}", "2", f"{STEPS}", "1", f"{VOCABULARY}"),
    "float": ("0.5", "1.0", "0.1"),
    "bool": ("True", "False"),
    "str": ("'relu'", "'given'", "'sum'", "'same'"),
    "list": (f"[{WIDTH}, {WIDTH}]", "[2, 2]", "[0.5, 1.0]", "['a', 'b']", f"[{DENSE}]"),
    "pair": (f"({SIDE}, {SIDE})", "(2, 2)", f"({WIDTH},)", "(0.1, 0.5)"),
    "dict": ("{}", f"{{'a': {WIDTH}}}"),
    "callable": ("keras.activations.relu", DENSE, "'relu'"),
    "layer": (DENSE, f"keras.Sequential([{DENSE}])", "keras.layers.LayerNormalization()"),
    "layer class": ("keras.layers.ReLU", "keras.layers.LayerNormalization"),
    "model": (f"keras.Sequential([keras.Input(({WIDTH},)), {DENSE}])", DENSE),
    "layers": (f"[{DENSE}]",),
    "array": (ARRAY, f"np.ones(({WIDTH},), 'float32')"),
    "matrix": (MATRIX, OF_A_BATCH, f"np.ones(({WIDTH}, {WIDTH}), 'float32')"),
    "sparse matrix": tuple(f"tf.sparse.from_dense({each})" for each in (OF_A_BATCH, MATRIX)),
    "table of numbers": (
        f"np.arange({VOCABULARY}, dtype='int32') % 2",
        f"np.ones(({VOCABULARY}, {STEPS}), 'int32')",
        ARRAY,
    ),
    "table": (ARRAY, f"np.ones(({VOCABULARY}, {STEPS}), 'int32')"),
    "none": ("None",),
}


@cache
def by_name(name: str) -> tuple[str, ...]:
    """Every candidate that the name speaks for, the most telling pattern first."""
    spoken = name.lower().strip("_")
    found = [value for pattern, values in _FOUND_BY if pattern.search(spoken) for value in values]
    return tuple(dict.fromkeys(found))


def by_kind(kind: str) -> tuple[str, ...]:
    """Candidates of a kind of value: `int`, `float`, `str`, `list`, `pair`, `callable`, `layer` ..."""
    return _BY_KIND.get(kind, ())


def otherwise() -> tuple[str, ...]:
    """One candidate of each kind."""
    return _OTHERWISE


def kind_of(value: str) -> str:
    """The kind of a candidate, as far as its text shows."""
    if value in ("True", "False"):
        return "bool"
    if value == "None":
        return "none"
    if value[0] in "'\"":
        return "str"
    if value[0] in "([{":
        return {"(": "pair", "[": "layers" if "keras." in value else "list", "{": "dict"}[value[0]]
    if value.startswith("np."):
        return "array"
    if "keras." in value:
        return "layer" if value.endswith(")") else "callable"
    return "float" if re.search(r"[.e]", value) else "int"
