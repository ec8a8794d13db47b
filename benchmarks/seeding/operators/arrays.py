"""Methods of arrays and of tensors of PyTorch, asked of tensors of TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.seeding.registry import Seed, Snippet, operator
from benchmarks.seeding.subjects import Subject

_MISSING = "has no attribute"


@operator("KLL116", source="astype, as arrays have it", eagerly=_MISSING)
def astype(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='$x = $x * ($x > 0.0).astype("float32")')


@operator("KLL116", source="a reduction as a method", eagerly=_MISSING)
def mean_as_method(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x - $abs($x).mean(axis=-1, keepdims=True)", lowest_rank=1)


@operator("KLL116", source="reshape as a method", eagerly=_MISSING)
def reshape_as_method(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x + $mean($x.reshape((-1,)))")


@operator("KLL116", source=".T of a tensor", eagerly=_MISSING)
def transposed_attribute(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x + $mean($x.T)", lowest_rank=2)


@operator("KLL116", source=".T of a weight", eagerly=_MISSING)
def transposed_weight(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        build='self.mixing = self.add_weight(name="mixing", shape=(2, 3), initializer="ones")',
        call="$x = $x + $mean(self.mixing.T)",
    )


@operator("KLL116", source="unsqueeze, as PyTorch has it", eagerly=_MISSING)
def unsqueeze_of_torch(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $sum($x.unsqueeze(1), axis=1)", lowest_rank=1)


@operator("KLL116", source="view and size, as PyTorch has them", eagerly=_MISSING)
def view_of_torch(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="flat = $x.view(-1)\n$x = $x + $mean(flat)")
