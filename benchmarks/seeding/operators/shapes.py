"""The batch size as a number, and numbers of axes."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst
import libcst.matchers as m

from benchmarks.seeding.registry import Edited, Seed, Snippet, operator
from benchmarks.seeding.source import method
from benchmarks.seeding.subjects import Subject

_NONE = "the batch size is None in functional models and in fit"


@operator("KLL141", source=_NONE)
def reshape_by_batch(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="flat = $reshape($x, ($x.shape[0], -1))\n$x = $x + $mean(flat)", lowest_rank=2)


@operator("KLL141", source=_NONE)
def divided_by_batch(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x * (1.0 / $x.shape[0])", lowest_rank=1)


@operator("KLL141", source=_NONE)
def zeros_of_batch(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="state = $zeros(($x.shape[0], 1))\n$x = $x + $mean(state)", lowest_rank=1)


@operator("KLL141", source=_NONE)
def range_of_batch(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="for _ in range($x.shape[0]):\n    $x = $x * 0.99", lowest_rank=1)


@operator("KLL141", source=_NONE)
def unpacked_shape(subject: Subject) -> Iterable[Seed]:
    tensor = subject.first_input
    if tensor is not None and tensor.rank == 2:
        code = "batch, width = $x.shape\n$x = $x + $mean($reshape($x, (batch * width,)))"
        yield Snippet(call=code, lowest_rank=2)
    elif tensor is not None and tensor.rank == 3:
        code = "batch, length, width = $x.shape\n$x = $x + $mean($reshape($x, (batch, length * width)))"
        yield Snippet(call=code, lowest_rank=3)


@operator("KLL141", source=_NONE)
def compared_batch(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="if $x.shape[0] > 1:\n    $x = $x * 0.5", lowest_rank=1)


@operator("KLL141", "2", source="get_shape().as_list() in place of tf.shape")
def as_list(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="batch = $x.get_shape().as_list()[0]\n$x = $x + $mean($tf.ones([batch, 2]))", lowest_rank=1)


@operator("KLL210", source="the batch size, or the whole shape, in the shape of a weight", eagerly="(?i)shape|none")
def batch_in_weight(subject: Subject) -> Iterable[Seed]:
    yield from _weight_of(subject, "({shape}[0], 1)")


@operator("KLL210", source="the whole input shape as that of a weight", eagerly="(?i)shape|none")
def input_shape_as_weight(subject: Subject) -> Iterable[Seed]:
    yield from _weight_of(subject, "{shape}")


def _weight_of(subject: Subject, shape: str) -> Iterable[Seed]:
    build = method(subject.source.node, "build")
    tensor = subject.first_input
    if build is None or tensor is None or tensor.rank < 2 or len(build.params.params) < 2:
        return
    size = shape.format(shape=build.params.params[1].name.value)
    yield Snippet(
        build=f'self.shift = self.add_weight(name="shift", shape={size}, initializer="zeros")',
        call="$x = $x + $mean(self.shift)",
        is_planted_in="build",
    )


@operator("KLL210", source="input_shape[-1] mistaken for input_shape[0]", on_class=True, eagerly="(?i)shape|none")
def first_for_last(subject: Subject) -> Iterable[Seed]:
    build = method(subject.source.node, "build")
    if build is None or subject.first_input is None:
        return
    last = m.Subscript(
        value=m.Name("input_shape"),
        slice=[m.SubscriptElement(m.Index(m.UnaryOperation(operator=m.Minus(), expression=m.Integer("1"))))],
    )
    for found in m.findall(build, last):
        new = cst.parse_expression("input_shape[0]")
        yield Edited(node=cst.ensure_type(subject.source.node.deep_replace(found, new), cst.ClassDef))


@operator("KLL219", source="one normalization for steps and for their mean", eagerly="(?i)expected ndim")
def norm_on_mean(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.shared = $layers.BatchNormalization()",
        call="$x = self.shared($x)\n$x = $x + $mean(self.shared($mean($x, 1)))",
        lowest_rank=2,
    )


@operator("KLL219", source="one normalization for a tensor and for windows of it", eagerly="(?i)expected ndim")
def norm_on_windows(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.shared = $layers.BatchNormalization()",
        call="$x = self.shared($x)\n$x = $x + $mean(self.shared($x[:, None]))",
        lowest_rank=2,
    )


@operator("KLL219", source="one Dense for features of two lengths", eagerly="(?i)expected axis -1")
def dense_on_two_lengths(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.narrow = $layers.Dense(3)\nself.wide = $layers.Dense(5)\nself.shared = $layers.Dense(1)",
        call="$x = $x + self.shared(self.narrow($x))\n$x = $x + $mean(self.shared(self.wide($x)))",
        lowest_rank=2,
    )


@operator(
    "KLL219", source="one normalization of a list for a tensor and for windows of it", eagerly="(?i)expected ndim"
)
def norm_in_list_on_windows(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.shared = [$layers.BatchNormalization(), $layers.BatchNormalization()]",
        call="$x = self.shared[0]($x)\n$x = self.shared[1]($x) + $mean(self.shared[0]($x[:, None]))",
        lowest_rank=2,
    )
