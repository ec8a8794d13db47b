"""Python control flow on tensors."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.seeding.registry import Seed, Snippet, operator
from benchmarks.seeding.subjects import Subject

_CONVERTED = "reports of code that ran in eager mode and fails in fit: `OperatorNotAllowedInGraphError`"


@operator("KLL101", "3", source=_CONVERTED)
def if_on_mean(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="if $mean($x) > 0.0:\n    $x = $x * 0.5")


@operator("KLL101", "3", source=_CONVERTED)
def if_else_on_norm(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="norm = $sum($x * $x)\nif norm > 100.0:\n    scale = 0.1\nelse:\n    scale = 0.9\n$x = $x * scale"
    )


@operator("KLL101", "3", source="conditional expressions on a threshold")
def conditional_expression(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x * 0.5 if $max($x) > 1.0 else $x * 2.0")


@operator("KLL101", "3", source="checks for NaN left in call", also=["KLL104"])
def if_any(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="if $any($x != $x):\n    $x = $x * 0.0")


@operator("KLL101", "23", source="validation of values in call: it raises for every input once traced")
def raise_under_condition(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='if $min($x) < -1e9:\n    raise ValueError("values are too small")')


@operator("KLL101", "2", source="AutoGraph: a name set on one branch only")
def set_on_one_branch(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="if $max($abs($x)) < 1e9:\n    scale = $mean($x)\n$x = $x * scale")


@operator("KLL101", "2", source="AutoGraph: branches of different types")
def dtype_differs(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="scale = 1\nif $max($abs($x)) < 1e9:\n    scale = 0.5\n$x = $x * scale")


@operator("KLL101", "2", source="AutoGraph: None on one branch")
def none_on_one_branch(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="shift = None\nif $max($abs($x)) < 1e9:\n    shift = $mean($x)\nif shift is not None:\n    $x = $x + shift"
    )


@operator("KLL102", "3", source=_CONVERTED)
def while_on_tensor(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="while $max($abs($x)) > 1.0:\n    $x = $x * 0.5")


@operator("KLL102", "23", source="loops until convergence", also=["KLL101"])
def while_true_with_break(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="while True:\n    $x = $x * 0.5\n    if $max($abs($x)) < 1.0:\n        break")


@operator("KLL103", "3", source="Iterating over a symbolic tf.Tensor is not allowed")
def for_over_rows(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="total = 0.0\nfor row in $x:\n    total = total + $mean(row)\n$x = $x + total", lowest_rank=2)


@operator("KLL103", "3", source="loops over tf.range or ops.arange")
def for_over_range(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="for step in $range(3):\n    $x = $x * 0.9")


@operator("KLL103", "23", source="list comprehensions over the batch")
def comprehension_over_rows(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x + $sum($stack([$mean(row) for row in $x]))", lowest_rank=2)


@operator("KLL103", "23", source="enumerate and zip over tensors")
def enumerate_rows(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="total = 0.0\nfor index, row in enumerate($x):\n    total = total + index * $mean(row)\n$x = $x + total",
        lowest_rank=2,
    )


@operator("KLL103", "23", source="a tensor unpacked into a list")
def star_on_tensor(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="rows = [*$x]\n$x = $x + $mean($stack(rows))", lowest_rank=2)


@operator("KLL103", "23", source="unpacking a shape or a pair of values", also=["KLL113", "KLL104"])
def unpacked_rows(subject: Subject) -> Iterable[Seed]:
    tensor = subject.first_input
    if tensor is not None and tensor.rank > 1 and 1 < tensor.shape[0] < 4:
        names = ", ".join(["first", "second", "third"][: tensor.shape[0]])
        yield Snippet(call=f"{names} = $x\n$x = $x + $mean(first)", lowest_rank=2)


@operator("KLL104", "23", source="assert on values")
def assert_on_tensor(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="assert $max($abs($x)) < 1e9")


@operator("KLL104", "23", source="built-in max and min in place of maximum and minimum")
def builtin_max(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x / max($max($abs($x)), 1.0)")


@operator("KLL104", "23", source="bool() of a comparison")
def bool_of_comparison(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="is_large = bool($mean($x) > 1.0)\n$x = $x * 0.5 if is_large else $x")


@operator("KLL104", "23", source="a list indexed by a tensor")
def list_index(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='scales = [0.5, 2.0]\n$x = $x * scales[$cast($mean($x) > 0.0, "int32")]')


@operator("KLL104", "3", source="and, or, not on tensors", also=["KLL101"])
def and_of_tensors(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="is_usual = $max($x) < 10.0 and $min($x) > -10.0\n$x = $x * $cast(is_usual, $x.dtype)")


@operator("KLL121", "2", source="a list grown in a loop that AutoGraph converts", also=["KLL103"])
def append_in_loop(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="parts = []\nfor index in $range($shape($x)[0]):\n    parts.append($mean($x[index]))\n"
        "$x = $x + $sum($stack(parts))",
        lowest_rank=1,
    )


@operator("KLL121", "3", source="a list grown in a loop over a tensor", also=["KLL103"])
def append_rows(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="parts = []\nfor row in $x:\n    parts.append($mean(row))\n$x = $x + $sum($stack(parts))", lowest_rank=2
    )


@operator("KLL121", "2", source="the result of TensorArray.write dropped")
def dropped_write(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="sums = $tf.TensorArray($tf.float32, size=2, clear_after_read=False)\nfor index in $range(2):\n"
        "    sums.write(index, $mean($x))\n$x = $x + $sum(sums.stack())"
    )


_OF_A_TENSOR = r"(Tensor|Variable)' object does not support item assignment"


@operator("KLL124", source="item assignment as in NumPy", eagerly=_OF_A_TENSOR, shows=_OF_A_TENSOR)
def item_assigned(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x[0] = 0.0", lowest_rank=1)


@operator("KLL124", source="augmented item assignment as in NumPy", eagerly=_OF_A_TENSOR, shows=_OF_A_TENSOR)
def item_added_to(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x[:, 0] += 1.0", lowest_rank=2)


@operator("KLL105", source="a branch for eager mode only: another output in fit and predict")
def eager_only(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="if $tf.executing_eagerly():\n    $x = $x * 2.0")


@operator("KLL105", source="a number that depends on how the layer is run")
def eager_number(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x + (0.0 if $tf.executing_eagerly() else 1.0)")


@operator("KLL105", source="hasattr(x, 'numpy'): the other branch runs in a graph")
def probed_by_numpy(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='if not hasattr($x, "numpy"):\n    $x = $x * 0.5')
