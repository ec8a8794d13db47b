"""For rules that are off by default."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst
import libcst.matchers as m

from benchmarks.seeding.registry import Asked, Edited, Seed, Snippet, operator
from benchmarks.seeding.source import code_of
from benchmarks.seeding.subjects import Subject
from keras_layer_lint.expectation import NOTHING, expects


@operator(
    "KLL309",
    source="a class that is not registered",
    kinds=("layer", "loss", "metric", "initializer", "constraint", "schedule"),
    on_class=True,
    asked=Asked(expects=NOTHING),
)
def unregistered(subject: Subject) -> Iterable[Seed]:
    node = subject.source.node
    kept = [each for each in node.decorators if "serializable" not in code_of(each)]
    if len(kept) < len(node.decorators):
        yield Edited(node=node.with_changes(decorators=kept))


_FLOAT32 = Asked(expects=NOTHING)


@operator("KLL161", source="a tensor that is float32 in any case", asked=_FLOAT32)
def float32_ones(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x * $tf.ones(())")


@operator("KLL161", source="a constant that is float32 in any case", asked=_FLOAT32)
def float32_constant(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x + $tf.constant(0.5, dtype=$tf.float32)")


@operator("KLL161", source="a cast to float32", asked=_FLOAT32)
def cast_to_float32(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x * $tf.cast($x > 0.0, $tf.float32)")


_ON_JAX = Asked(expects=expects(backend="jax", errors=("TracerArrayConversionError", "TypeError")))


@operator("KLL148", "3", source="a function of TensorFlow in code for several backends", asked=_ON_JAX)
def function_of_tensorflow(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x + $tf.reduce_mean($x)")


@operator("KLL143", source="supports_masking left out", on_class=True, asked=Asked(expects=NOTHING))
def masking_left_out(subject: Subject) -> Iterable[Seed]:
    target = m.AssignTarget(m.Attribute(value=m.Name("self"), attr=m.Name("supports_masking")))
    pattern = m.SimpleStatementLine([m.Assign(targets=[target])])
    for found in m.findall(subject.source.node, pattern):
        node = subject.source.node.deep_remove(found)
        yield Edited(node=cst.ensure_type(node, cst.ClassDef))
