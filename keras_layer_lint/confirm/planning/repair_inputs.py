"""Other inputs, where an error says what is wrong with the ones that were given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.masks import following
from keras_layer_lint.confirm.planning.repairs import containers, dtypes, keys, ranks, scales, shapes, sizes, structures
from keras_layer_lint.confirm.planning.repairs.rows import Table
from keras_layer_lint.confirm.planning.trouble import Case, Trouble

TABLES: tuple[Table[Inputs], ...] = (
    # The error says what to give.
    structures.MISSING,
    structures.UNEXPECTED,
    structures.NONE,
    ranks.DECLARED,
    sizes.DECLARED,
    scales.TOLD,
    shapes.TOLD,
    sizes.REPEATED,
    shapes.LISTED,
    structures.ASSERTED,
    structures.UNPACKED,
    keys.KEYS,
    dtypes.VALUES,
    dtypes.TOLD,
    # The error says what it is about.
    containers.SINGLE,
    containers.SEVERAL,
    ranks.NAMED,
    dtypes.HINTED,
    sizes.WANTED,
    scales.MISMATCHED,
    sizes.EQUAL,
    ranks.OTHER,
    structures.OPTIONAL,
    ranks.ONE_OTHER,
)
"""Every table has a say, in this order; repairs of a higher cost are tried later."""


def repaired(trouble: Trouble, inputs: Inputs, layer: Any) -> Iterator[tuple[int, Inputs]]:
    """Inputs that the error asks for, each with how unlikely it is."""
    case = Case(trouble, inputs, layer)
    numbers: Counter[int] = Counter()
    for table in TABLES:
        for _, changed in table.offers(trouble.said, case, inputs):
            if (fitted := following(inputs, changed, layer)) is not None:
                yield table.cost + numbers[table.cost] // 2, fitted
            yield table.cost + numbers[table.cost] // 2, changed
            numbers[table.cost] += 1
