"""Whether the first axis of what a call returns is certainly the batch, because that of its argument is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.value import Dimension, Nest, NumpyValue, PythonValue, Tensor, Value

_VALUE_BY_VALUE = frozenset(
    """
    abs add cast clip clip_by_value divide dropout elu exp gelu identity l2_normalize log log1p maximum minimum multiply
    negative ones_like pow relu sigmoid sign silu sin cos softmax softplus sqrt square subtract swish tanh where
    zeros_like
    """.split()
)

_OF_THE_SAME_SHAPE = _VALUE_BY_VALUE | frozenset(
    """
    add_n atan ceil celu cosh cumprod cumsum divide_no_nan equal erf expm1 flip floor floordiv floor_divide greater
    greater_equal hard_sigmoid hard_silu hard_swish is_finite is_inf is_nan isfinite isinf isnan layer_normalization
    leaky_relu less less_equal log_sigmoid log_softmax logical_and logical_not logical_or mish mod not_equal reciprocal
    relu6 reverse roll round rsqrt selu sinh softsign sort squared_difference stop_gradient tan truediv
    """.split()
)
_REDUCING = frozenset(
    """
    all any argmax argmin count_nonzero logsumexp max mean min prod reduce_all reduce_any reduce_euclidean_norm
    reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod reduce_std reduce_sum reduce_variance std sum var
    """.split()
)
_ALONG_ONE_AXIS = frozenset({"concat", "concatenate", "split", "unstack", "repeat", "squeeze", "take"})


def keeps_batch(name: str, arguments: CallArguments) -> bool:
    """Whether the tensors that the function `name` returns have the batch as first axis."""
    if not name.startswith(("tensorflow.", "keras.ops.", "keras.backend.", "keras.activations.")):
        return False
    last = name.rpartition(".")[2]
    if last in _OF_THE_SAME_SHAPE:
        return _all_batched(arguments.values())
    first = arguments.get(0, "x", "input", "inputs", "tensor", "input_tensor", "a", "values", "xs", "value")
    if last in _ALONG_ONE_AXIS | _REDUCING and isinstance(first, Sequence):
        if not (first.items and all(map(_is_batched, first.items))):
            return False
    elif not _is_batched(first) and last != "einsum":
        return False
    if last in _REDUCING:
        return _spares_first(arguments.get(1, "axis"))
    if last in _ALONG_ONE_AXIS:
        return _spares_first(arguments.get(_AXIS_AT.get(last, 1), "axis", "dim"))
    rule = _RULES.get(last)
    return rule is not None and rule(arguments)


_AXIS_AT = {"split": 2, "unstack": 2, "repeat": 2, "take": 2}


def all_batched(value: Value) -> bool:
    """Whether a tensor, or every tensor of a list, has the batch as first axis."""
    if isinstance(value, Sequence):
        return bool(value.items) and all(map(_is_batched, value.items or ()))
    return _is_batched(value) or (isinstance(value, Nest) and value.of_batched)


def keeps_first_name(pattern: str, *, of_letters: bool) -> bool:
    """Whether a pattern begins with the same axis on both sides: "bij,jk->bik" of letters, "b n d -> b d" of words."""
    left, arrow, right = pattern.partition("->")
    firsts = [side.strip()[:1] if of_letters else next(iter(side.split()), "") for side in (left, right)]
    return bool(arrow) and firsts[0] == firsts[1] and firsts[0].isidentifier()


def _is_batched(value: Value | None) -> bool:
    return isinstance(value, Tensor | Nest) and value.batched


def _all_batched(values: Iterable[Value]) -> bool:
    """Whether one is batched and the others cannot put an axis before the batch."""
    held = list(values)
    plain = (PythonValue, NumpyValue, Dimension)
    return any(map(_is_batched, held)) and all(
        _is_batched(value) or isinstance(value, plain) or (isinstance(value, Tensor) and value.variable)
        for value in held
    )


def _numbers(value: Value | None) -> list[int] | None:
    """The integers of a literal number, list or tuple; None for anything else."""
    match value:
        case PythonValue(constant=int() as number):
            return [number]
        case Sequence(items=tuple() as items):
            found = [_numbers(item) for item in items if not isinstance(item, Sequence)]
            parts = [part[0] for part in found if part]
            return parts if len(parts) == len(items) else None
        case _:
            return None


def _spares_first(axis: Value | None) -> bool:
    """Whether these axes are certainly not the first, whatever the rank: from 1 on, or the last ones."""
    numbers = _numbers(axis)
    if not numbers or 0 in numbers:
        return False
    from_the_end = sorted(number for number in numbers if number < 0)
    return from_the_end == list(range(-len(from_the_end), 0))


def _expands_behind(arguments: CallArguments) -> bool:
    return _spares_first(arguments.get(1, "axis"))


def _permutes_behind(arguments: CallArguments) -> bool:
    order = _numbers(arguments.get(1, "perm", "axes", "pattern"))
    return bool(order) and order is not None and order[0] == 0


def _swaps_behind(arguments: CallArguments) -> bool:
    axes = (_numbers(arguments.get(1, "axis1", "source")), _numbers(arguments.get(2, "axis2", "destination")))
    return all(axis is not None and min(axis) > 0 for axis in axes)


def _reshapes_open(arguments: CallArguments) -> bool:
    """A first entry of -1 stays open exactly where the batch size is."""
    shape = arguments.get(1, "shape", "newshape")
    if not isinstance(shape, Sequence) or not shape.items:
        return False
    return _numbers(shape.items[0]) == [-1]


def _multiplies(arguments: CallArguments) -> bool:
    second = arguments.get(1, "b", "x2", "y")
    return _is_batched(second) or (isinstance(second, Tensor) and second.variable)


def _sums_products(arguments: CallArguments) -> bool:
    equation = arguments.get(0, "equation", "subscripts")
    if not isinstance(equation, PythonValue) or not isinstance(equation.constant, str):
        return False
    return _is_batched(arguments.get(1)) and keeps_first_name(equation.constant, of_letters=True)


_RULES: dict[str, Callable[[CallArguments], bool]] = {
    "einsum": _sums_products,
    "expand_dims": _expands_behind,
    "matmul": _multiplies,
    "permute_dimensions": _permutes_behind,
    "reshape": _reshapes_open,
    "swapaxes": _swaps_behind,
    "transpose": _permutes_behind,
}
