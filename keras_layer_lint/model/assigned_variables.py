"""Whether a variable of TensorFlow that an attribute holds may ever get another value. Only text is searched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

_MADE_ANEW = ("random", "initializer", "shuffle", "permutation")
"""Words in the code of a class whose arrays may be others each time they are made."""


def is_constant(name: str, code: str, texts: Iterable[str]) -> bool:
    """Whether nothing assigns to the variable that `self.name` holds, and its code makes the same value each time.

    `code` is that of the class, `texts` are those of all files that may assign to it.
    """
    return not any(word in code for word in _MADE_ANEW) and not any(
        name in text and _assigns(name).search(text) is not None for text in texts
    )


@cache
def _assigns(name: str) -> re.Pattern[str]:
    """`layer.name.assign_add(x)`, `layer.name[0].assign(x)`, `assign_moving_average(layer.name, x)`."""
    return re.compile(
        rf"\b{name}(?:\[[^\]\n]{{0,80}}\])?\.(?:assign|scatter|batch_scatter|load)\w*\("
        rf"|(?:assign|update|set)\w{{0,40}}\([^()\n]{{0,200}}\b{name}\b"
    )
