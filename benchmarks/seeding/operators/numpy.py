"""NumPy, Python numbers and host values in place of tensors."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.seeding.registry import Seed, Snippet, operator
from benchmarks.seeding.subjects import Subject

_MIXED_UP = "`np.` in place of `tf.`: cannot convert a symbolic tensor to a NumPy array"
_DEBUGGING = "left from debugging in eager mode"


@operator("KLL111", source=_MIXED_UP)
def np_mean(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x - $np.mean($x)")


@operator("KLL111", source=_MIXED_UP)
def np_tanh(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x * $np.tanh($x)")


@operator("KLL111", source=_MIXED_UP)
def np_sqrt_of_sum(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="norm = $np.sqrt($sum($x * $x) + 1e-6)\n$x = $x / norm")


@operator("KLL111", source="a tensor in a list that becomes an array")
def np_array_of_list(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="limits = $np.array([$max($abs($x)), 1.0])\n$x = $x / limits.max()")


@operator("KLL111", source="an array filled with tensors")
def np_buffer(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='totals = $np.zeros((2,), "float32")\ntotals[0] = $mean($x)\n$x = $x + totals[0]')


@operator("KLL111", source=_MIXED_UP, also=["KLL113"])
def np_where(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x * $np.where($x > 0.0, 1.0, 0.1).astype($np.float32)")


@operator("KLL112", source=_DEBUGGING)
def numpy_method(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="scale = $mean($x).numpy()\n$x = $x * scale")


@operator("KLL112", source=_DEBUGGING)
def numpy_of_max(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="largest = float($x.numpy().max())\n$x = $x / (1.0 + abs(largest))")


@operator("KLL112", source="numpy() for a look-up in Python")
def numpy_in_expression(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x * (0.5 if $mean($x).numpy() > 0.0 else 1.0)")


@operator("KLL112", "3", source="convert_to_numpy in call")
def converted_to_numpy(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x * $keras.ops.convert_to_numpy($mean($x))")


@operator("KLL112", source="weights read as arrays in call")
def weights_as_arrays(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        build='self.rate = self.add_weight(name="rate", shape=(), initializer="ones")',
        call="$x = $x * self.rate.numpy()",
    )


@operator("KLL113", "3", source="float() of a tensor")
def float_of_mean(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x / (1.0 + float($mean($abs($x))))")


@operator("KLL113", "3", source="int() of a tensor")
def int_of_count(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='count = int($sum($cast($x > 0.0, "int32")))\n$x = $x / (1.0 + count)')


@operator("KLL113", "3", source="len() of a tensor", also=["KLL141"])
def len_of_tensor(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x / len($x)", lowest_rank=1)


@operator("KLL113", "3", source="range() of a dynamic size", also=["KLL103", "KLL141"])
def range_of_size(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="for _ in range($shape($x)[0]):\n    $x = $x * 0.99", lowest_rank=1)


@operator("KLL113", source="`math.` in place of `tf.`")
def math_sqrt(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x / $math.sqrt($mean($x * $x) + 1e-3)")


@operator("KLL113", source="`math.` in place of `tf.`")
def math_log_of_max(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="largest = $max($abs($x))\n$x = $x * $math.log(largest + 2.0)")


@operator("KLL113", source="a format specification on a tensor")
def format_spec(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='text = f"mean {$mean($x):.3f}"\n$x = $x + 0.0 * len(text)')


@operator("KLL114", source="noise drawn with NumPy: the same in every batch")
def np_random(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='$x = $x + $np.random.normal(scale=0.1, size=()).astype("float32")')


@operator("KLL114", source="random choices of Python in call")
def python_random(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x * $random.uniform(0.9, 1.1)")


@operator("KLL114", source="random branches of Python in call")
def random_branch(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="noise = $random.gauss(0.0, 0.1)\n$x = $x + noise")


@operator("KLL114", source="clocks in call")
def clock(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x * (1.0 + $time.time() % 1.0)")


@operator("KLL115", "3", source="a generator of seeds made in call")
def seed_generator_in_call(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x + $keras.random.normal((), seed=$keras.random.SeedGenerator(7))")
