"""Names and arguments that do not exist, and shapes that are none."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from benchmarks.seeding.registry import Edited, Seed, Snippet, operator
from benchmarks.seeding.source import method, parameters, statements, with_methods
from benchmarks.seeding.subjects import Subject

_UNKNOWN = "unexpected keyword|unrecognized keyword|not valid|Unrecognized"
_MISSPELT = "has no attribute"


@operator("KLL149", source="keep_dims of TensorFlow 1", eagerly=_UNKNOWN)
def keep_dims(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x - $mean($x, axis=-1, keep_dims=True)", lowest_rank=1)


@operator("KLL149", source="dim, as PyTorch calls it", eagerly=_UNKNOWN)
def dim_of_torch(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x - $sum($x, dim=-1, keepdims=True)", lowest_rank=1)


@operator("KLL149", source="the name that a parameter has in NumPy", eagerly=_UNKNOWN)
def newshape_of_numpy(subject: Subject) -> Iterable[Seed]:
    if subject.generation == "2":
        yield Snippet(call="$x = $x + $mean($reshape($x, newshape=(-1,)))")
    else:
        yield Snippet(call="$x = $x + $mean($reshape($x, shape=(-1,)))")


@operator("KLL149", source="an argument that layers lost, or have in the other generation only", eagerly=_UNKNOWN)
def argument_of_other_keras(subject: Subject) -> Iterable[Seed]:
    slope = "negative_slope" if subject.generation == "2" else "dynamic"
    yield Snippet(init=f"self.leak = $layers.LeakyReLU({slope}=0.1)", call="$x = self.leak($x)", is_planted_in="init")


@operator("KLL217", source="an attribute misspelt where it is read", eagerly=_MISSPELT)
def attribute_misspelt(subject: Subject) -> Iterable[Seed]:
    yield Snippet(init="self.factor = 2.0", call="$x = $x * self.facter")


@operator("KLL217", source="a sublayer that is used and was never made", eagerly=_MISSPELT)
def sublayer_forgotten(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = self.extra_dropout($x)")


@operator("KLL216", "3", source="a tuple and a list added", on_class=True, eagerly="compute_output_shape|concatenate")
def list_in_output_shape(subject: Subject) -> Iterable[Seed]:
    yield from _output_shape(subject, "tuple({shape})[:-1] + [4]")


@operator("KLL216", "3", source="a size divided by /", on_class=True, eagerly="compute_output_shape|float|shape")
def float_in_output_shape(subject: Subject) -> Iterable[Seed]:
    yield from _output_shape(subject, "tuple({shape})[:-1] + ({shape}[-1] / 2,)")


def _output_shape(subject: Subject, returned: str) -> Iterable[Seed]:
    call = method(subject.source.node, "call")
    if call is None or subject.first_input is None or method(subject.source.node, "compute_output_shape") is not None:
        return
    if len([each for each in parameters(call) if each.default is None]) != 1:
        return
    text = f"def compute_output_shape(self, input_shape):\n    return {returned.format(shape='input_shape')}\n"
    made = cst.ensure_type(statements(text)[0], cst.FunctionDef)
    yield Edited(node=with_methods(subject.source.node, made))
