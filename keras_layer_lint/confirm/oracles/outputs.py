"""What calls of a layer give, as arrays, and how two of them differ."""

from __future__ import annotations

from typing import Any

from keras_layer_lint.confirm.framework import Framework, Values

_LARGEST_DIFFERENCE = 1e-3
"""Of the largest number there is: what the order of operations may come to."""
_MOST_SHOWN = 3


def numbers(framework: Framework, outputs: Any) -> Values | None:
    """The outputs as arrays; None where they are not all numbers."""
    found: Values = []
    for leaf in framework.tree.flatten(outputs):
        if leaf is None:
            continue
        try:
            array = framework.np.asarray(leaf)
        except Exception:  # sparse, ragged, of a class of its own
            return None
        if array.dtype.kind == "V":  # bfloat16
            array = array.astype("float32")
        if array.dtype.kind not in "fiub":
            return None
        found.append(array)
    return found or None


def plain_parts(framework: Framework, outputs: Any) -> list[Any]:
    """The outputs in one list, with sparse and ragged tensors as the plain ones that they consist of."""
    leaves = [leaf for leaf in framework.tree.flatten(outputs) if leaf is not None]
    if framework.tf is None:
        return leaves
    sparse = framework.tf.SparseTensor
    ordered = [framework.tf.sparse.reorder(leaf) if isinstance(leaf, sparse) else leaf for leaf in leaves]
    composite = (sparse, framework.tf.RaggedTensor)
    return [
        part
        for leaf in ordered
        for part in (framework.tf.nest.flatten(leaf, expand_composites=True) if isinstance(leaf, composite) else [leaf])
    ]


def same(one: Values | None, two: Values | None) -> bool:
    """Whether outputs agree up to rounding, or cannot be compared."""
    return not difference(one, two)


def difference(one: Values | None, two: Values | None, rounding: float = _LARGEST_DIFFERENCE) -> str:
    """The first numbers that differ by more than rounding; empty where none do, or outputs cannot be compared.

    `rounding` is a part of the largest number there is; with 0 they have to be equal.
    """
    if one is None or two is None:
        return ""
    if len(one) != len(two):
        return f"{len(one)} for {len(two)}"
    for a, b in zip(one, two, strict=True):
        if a.shape != b.shape:
            return f"shape {a.shape} for {b.shape}"
        if not (close := _close(a, b, rounding)).all():
            return f"{a[~close][:_MOST_SHOWN].tolist()} for {b[~close][:_MOST_SHOWN].tolist()}"
    return ""


def _close(a: Any, b: Any, rounding: float) -> Any:
    """For each number, whether it is the same in both, as an array."""
    if a.dtype.kind != "f" or b.dtype.kind != "f":
        return a == b
    a, b = a.astype("float64"), b.astype("float64")
    finite = abs(b[abs(b) < float("inf")])
    largest = max(1.0, float(finite.max())) if finite.size else 1.0
    both_odd = (a == b) | ((a != a) & (b != b))
    return both_odd | (abs(a - b) <= rounding * largest)


def is_finite(array: Any) -> bool:
    """Whether an array holds neither an infinity nor NaN."""
    return array.dtype.kind != "f" or bool((abs(array.astype("float64")) < float("inf")).all())
