"""What XLA does not compile."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.seeding.registry import Seed, Snippet, operator
from benchmarks.seeding.subjects import Subject

_JIT = "jit_compile: unsupported operations"


@operator("KLL151", source=_JIT)
def tf_print(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='$tf.print("mean", $tf.reduce_mean($x))')


@operator("KLL151", source=_JIT)
def py_function(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="shift = $tf.py_function(lambda value: value * 0.5, [$tf.reduce_mean($x)], $tf.float32)\n"
        "$x = $x + $tf.reshape(shift, ())"
    )


@operator("KLL151", source=_JIT)
def numpy_function(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="shift = $tf.numpy_function($np.abs, [$tf.reduce_mean($x)], $tf.float32)\n$x = $x + $tf.reshape(shift, ())"
    )


@operator("KLL151", source=_JIT)
def as_string(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="size = $tf.strings.length($tf.as_string($tf.reduce_mean($x)))\n"
        "$x = $x + 0.0 * $tf.cast(size, $tf.float32)"
    )


@operator("KLL151", source="a gather of strings has no kernel")
def table_of_strings(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call='label = $tf.gather($tf.constant(["low", "high"]), $tf.cast($tf.reduce_mean($x) > 0.0, $tf.int32))\n'
        '$x = $x * $tf.cast(label == "high", $x.dtype)'
    )


@operator("KLL152", source="XLA requires a fixed tensor list size")
def while_loop(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="_, $x = $tf.while_loop(\n    lambda step, state: step < 3,\n"
        "    lambda step, state: (step + 1, $tf.tanh(state)),\n    (0, $x),\n)"
    )


@operator("KLL152", "3", source="XLA requires a fixed tensor list size")
def fori_loop(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $keras.ops.fori_loop(0, 3, lambda step, state: $keras.ops.tanh(state), $x)")


@operator("KLL153", source="TensorArray of dynamic size under XLA")
def dynamic_tensor_array(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="parts = $tf.TensorArray($tf.float32, size=0, dynamic_size=True)\nfor step in range(3):\n"
        "    parts = parts.write(step, $tf.reduce_mean($x) * step)\n$x = $x + $tf.reduce_sum(parts.stack())"
    )


@operator("KLL154", source="must be a compile-time constant: tf.repeat with counts in tf.map_fn")
def repeat_in_loop(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="def length(row):\n    count = $tf.cast($tf.abs($tf.reduce_mean(row)), $tf.int32) + 1\n"
        "    return $tf.reduce_sum($tf.repeat([1.0], count))\n\n"
        "$x = $x + $mean($tf.map_fn(length, $x, fn_output_signature=$tf.float32))",
        lowest_rank=2,
    )


@operator("KLL154", source="must be a compile-time constant: tf.range in tf.map_fn")
def range_in_loop(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        call="def steps(row):\n    last = $tf.cast($tf.abs($tf.reduce_mean(row)), $tf.int32) + 2\n"
        "    return $tf.cast($tf.reduce_sum($tf.range(last)), $tf.float32)\n\n"
        "$x = $x + $mean($tf.map_fn(steps, $x, fn_output_signature=$tf.float32))",
        lowest_rank=2,
    )
