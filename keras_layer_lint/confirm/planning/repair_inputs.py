"""Other inputs, where an error says what is wrong with the ones that were given."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

from keras_layer_lint.confirm.planning.changes import of_side
from keras_layer_lint.confirm.planning.inputs import Inputs, Tensor, leaves
from keras_layer_lint.confirm.planning.masks import following
from keras_layer_lint.confirm.planning.plain import plain
from keras_layer_lint.confirm.planning.repairs import containers, dtypes, keys, ranks, scales, shapes, sizes, structures
from keras_layer_lint.confirm.planning.repairs.rows import Table
from keras_layer_lint.confirm.planning.trouble import Case

TABLES: tuple[Table[Inputs], ...] = (
    # The error says what to give.
    structures.MISSING,
    structures.UNEXPECTED,
    structures.NONE,
    ranks.DECLARED,
    sizes.DECLARED,
    scales.TOLD,
    shapes.TOLD,
    shapes.ALIGNED,
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


_HIDES = 2
"""An axis of length 1 goes with any other, and hides which size is wanted: it is tried later."""


def repaired(case: Case) -> Iterator[tuple[int, Inputs]]:
    """Inputs that the error asks for, each once, with how unlikely it is."""
    numbers: Counter[int] = Counter()
    seen = [case.inputs]
    for table in TABLES:
        for _, changed in table.offers(case.trouble.said, case, case.inputs):
            cost = table.cost + numbers[table.cost] // 2
            numbers[table.cost] += 1
            for more, each in _variants(case, changed):
                if each not in seen:
                    seen.append(each)
                    yield cost + more + _HIDES * _shrinks(case.inputs, each), each


def _variants(case: Case, changed: Inputs) -> Iterator[tuple[int, Inputs]]:
    """All inputs changed, and only those that the call failed with, each with how much less likely it is.

    The rank is each input's own, where it is known which is at fault; sizes and dtypes of several go together.
    """
    there = _where_it_failed(case, changed)
    is_its_own = there is not None and _is_of_other_ranks(case, changed) and not _is_first_guess(case.inputs)
    ordered = [there, changed] if is_its_own else [changed, there]
    for more, each in enumerate(ordered):
        if each is not None:
            if (fitted := following(case.inputs, each, case.layer)) is not None:
                yield more, fitted
            yield more, each


def _is_first_guess(inputs: Inputs) -> bool:
    """Whether all are vectors, as nothing was known: a sequence or an image seldom comes with vectors only."""
    return len({*inputs.tensors()}) == 1 and inputs.tensors()[0].rank <= 2


def _shrinks(before: Inputs, after: Inputs) -> bool:
    """Whether an axis of one among several has become one of length 1."""
    pairs = list(zip(before.tensors(), after.tensors(), strict=False))
    return len(pairs) > 1 and any(
        own.rank == new.rank and own.shape.count(1) < new.shape.count(1) for own, new in pairs
    )


def _where_it_failed(case: Case, changed: Inputs) -> Inputs | None:
    """The tensors that the call failed with changed, and the others as they were; None where that is nothing else.

    New axes are as long as those of the others, where nothing said how long.
    """
    own, new = case.inputs.tensors(), changed.tensors()
    taken = case.taken | set(_listed_with(case))
    if not 0 < len(taken) < len(own) or len(own) != len(new):
        return None
    side = next((each.shape[1] for at, each in enumerate(own) if at not in taken and each.rank > 2), None)
    number = itertools.count()

    def keep(tensor: Tensor) -> Tensor:
        at = next(number)
        if at not in taken:
            return own[at]
        is_usual = tensor.rank > own[at].rank and tensor.shape[1:-1] == plain(tensor.rank).shape[1:-1]
        return of_side(side)(tensor) if is_usual and side is not None else tensor

    return changed.map(keep)


def _listed_with(case: Case) -> Iterator[int]:
    """The tensors that stand in one list with one that the call failed with, and are alike."""
    number = itertools.count()
    for value in (*case.inputs.positional, *case.inputs.named.values()):
        numbered = [(next(number), tensor) for tensor in leaves(value)]
        if isinstance(value, list):
            failed = {tensor for at, tensor in numbered if at in case.taken}
            yield from (at for at, tensor in numbered if tensor in failed)


def _is_of_other_ranks(case: Case, changed: Inputs) -> bool:
    pairs = zip(case.inputs.tensors(), changed.tensors(), strict=False)
    return any(own.rank != new.rank for own, new in pairs)
