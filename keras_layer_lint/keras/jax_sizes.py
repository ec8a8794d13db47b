"""Functions whose results have sizes that depend on values, which JAX does not trace.

Measured with jax 0.10.2 and keras 3.15 on JAX: each called with tensors eagerly, which works, and under `jax.jit`. All
raise ConcretizationTypeError there, `extract` and `compress` TracerBoolConversionError, and none does where the keyword
in brackets is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MASK_RAISES = "NonConcreteBooleanIndexError"
"""What `x[mask]` raises, with a mask that is computed while tracing. One that was computed in `build` works."""
_NUMPY = """
    argwhere[size] bincount[length] compress[size] extract[size] flatnonzero[size] intersect1d[size] nonzero[size]
    setdiff1d[size] setxor1d[size] trim_zeros union1d[size] unique[size] unique_counts[size] unique_values[size]
    where[size]
    """
_TESTS_EACH = ("jax.numpy.compress", "jax.numpy.extract")
_OPS = "bincount nonzero unique[size] where"


@dataclass(frozen=True, slots=True)
class _Sized:
    fixed_by: str
    """The keyword that gives the size; empty where there is none."""
    position: int = 0
    """The argument whose values the size depends on."""
    alone: bool = False
    """Only where it has no other arguments."""


def _table() -> Mapping[str, _Sized]:
    found = {}
    for module, text in (("jax.numpy", _NUMPY), ("keras.ops", _OPS)):
        for word in text.split():
            name, _, keyword = word.rstrip("]").partition("[")
            found[f"{module}.{name}"] = _Sized(keyword, alone=name == "where")
    found["jax.numpy.repeat"] = _Sized("total_repeat_length", position=1)
    found["keras.ops.repeat"] = _Sized("", position=1)
    return found


_TABLE = _table()


def raised_for_size(name: str) -> str:
    """The exception that such a function raises where it is traced."""
    return "TracerBoolConversionError" if name in _TESTS_EACH else "ConcretizationTypeError"


def size_depends_on(name: str, keywords: Mapping[str, object], count: int) -> int | None:
    """The position of the argument whose values decide on the size of what a function returns; None where none does.

    `keywords`: what the call gives by name; `count`: all its arguments.
    """
    sized = _TABLE.get(name)
    if sized is None or sized.fixed_by in keywords or (sized.alone and count != 1):
        return None
    return sized.position
