"""Whether the first axis of what a call returns is certainly the batch, because that of its argument is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from keras_layer_lint.keras.result_traits import ALONG_ONE_AXIS, CONCATENATIONS, REDUCTIONS, SAME_SHAPE
from keras_layer_lint.keras.tables import dotted
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.value import Dimension, Nest, NumpyValue, PythonValue, Rank, Shape, Tensor, Value

Rule: TypeAlias = Callable[[CallArguments], bool]


def keeps_batch(name: str, arguments: CallArguments) -> bool:
    """Whether the tensors that the function `name` returns have the batch as first axis."""
    rule = _RULES.get(name)
    return rule is not None and rule(arguments)


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


_BROADCAST = (Tensor, PythonValue, NumpyValue, Dimension)


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


def _first(arguments: CallArguments) -> Value | None:
    return arguments.get(
        0, "x", "x1", "input", "inputs", "images", "tensor", "input_tensor", "a", "values", "xs", "value", "params"
    )


def _has_same_shape(arguments: CallArguments) -> bool:
    """As with operators, what stands behind the batch is taken to have no more axes."""
    given = arguments.values()
    first = given[0] if given else None
    return _all_batched(given) or (_is_batched(first) and all(isinstance(value, _BROADCAST) for value in given))


def _works_on_axis(position: int) -> Rule:
    """What has to hold of a function that changes or reduces the axes that are given at a position."""

    def keeps(arguments: CallArguments) -> bool:
        return _is_batched(_first(arguments)) and _spares_first(arguments.get(position, "axis", "dim"))

    return keeps


def _expands(arguments: CallArguments) -> bool:
    """An axis behind the batch, or behind the only axis of an argument of `call` whose code asks for its rank."""
    first = _first(arguments)
    is_only_axis = isinstance(first, Tensor) and first.like_input and first.rank == Rank("", 1)
    return (_is_batched(first) or is_only_axis) and _spares_first(arguments.get(1, "axis", "dim"))


def _concatenates_behind(arguments: CallArguments) -> bool:
    first = _first(arguments)
    return first is not None and all_batched(first) and _spares_first(arguments.get(1, "axis"))


def _permutes_behind(arguments: CallArguments) -> bool:
    order = _numbers(arguments.get(1, "perm", "axes", "pattern"))
    return _is_batched(_first(arguments)) and bool(order) and order is not None and order[0] == 0


def _swaps_behind(arguments: CallArguments) -> bool:
    axes = (_numbers(arguments.get(1, "axis1", "source")), _numbers(arguments.get(2, "axis2", "destination")))
    return _is_batched(_first(arguments)) and all(axis is not None and min(axis) > 0 for axis in axes)


def gives_sizes(name: str, arguments: CallArguments) -> bool:
    """Whether the tensor that a function returns holds sizes that begin with the batch size."""
    if name in _SHAPES:
        return _is_batched(_first(arguments))
    if name in CONCATENATIONS:
        parts = _first(arguments)
        return isinstance(parts, Sequence) and bool(parts.items) and begins_with_batch(parts)
    return False


def begins_with_batch(shape: Value | None) -> bool:
    """Whether an axis whose size is the first of these is open while tracing: it is the batch size as a tensor."""
    match shape:
        case Tensor():
            return shape.sizes
        case Shape():
            return shape.symbolic and shape.batched
        case Sequence(items=tuple() as items) if items:
            return begins_with_batch(items[0])
        case _:
            return False


def _reshapes_open(arguments: CallArguments) -> bool:
    """A first entry of -1 stays open exactly where the batch size is."""
    shape = arguments.get(1, "shape", "newshape")
    if begins_with_batch(shape):
        return True
    if not isinstance(shape, Sequence) or not shape.items:
        return False
    return _is_batched(_first(arguments)) and _numbers(shape.items[0]) == [-1]


def _sized(position: int, *names: str) -> Rule:
    """What has to hold of a function that makes a tensor with as many axes, or so often, as a parameter says."""

    def keeps(arguments: CallArguments) -> bool:
        return begins_with_batch(arguments.get(position, *names))

    return keeps


def _tiles(arguments: CallArguments) -> bool:
    return _is_batched(_first(arguments)) or begins_with_batch(arguments.get(1, "multiples", "n"))


def _takes(position: int) -> Rule:
    """What has to hold of a function that takes slices along an axis, which indices have their axes in place of."""

    def keeps(arguments: CallArguments) -> bool:
        axis = arguments.get(position, "axis")
        from_batch = _is_batched(_first(arguments))
        by_batch = _is_batched(arguments.get(1, "indices", "ids"))
        if "batch_dims" in arguments.keywords:
            return from_batch and by_batch
        if axis is None or _numbers(axis) == [0]:
            return by_batch
        return from_batch and _spares_first(axis)

    return keeps


def _adds_last_axis(arguments: CallArguments) -> bool:
    """`tf.one_hot(indices, 4)`, where nothing else says so."""
    axis = arguments.keywords.get("axis")
    return _is_batched(arguments.get(0, "indices", "x")) and (axis is None or _numbers(axis) == [-1])


def _multiplies(arguments: CallArguments) -> bool:
    second = arguments.get(1, "b", "x2", "y")
    is_weight = isinstance(second, Tensor) and second.variable
    return _is_batched(_first(arguments)) and (is_weight or _is_batched(second))


def _keeps_first_axis(arguments: CallArguments) -> bool:
    return _is_batched(_first(arguments))


def _contracts_behind(arguments: CallArguments) -> bool:
    """`tf.tensordot` puts the axes of the first tensor that are left before those of the second."""
    axes = arguments.get(2, "axes")
    if not isinstance(axes, Sequence) or not axes.items:
        return False
    return _is_batched(_first(arguments)) and _spares_first(axes.items[0])


def _sums_products(arguments: CallArguments) -> bool:
    """`ij,bjk->bik`: the first axis of the result is that of an operand, here of the second."""
    equation = arguments.get(0, "equation", "subscripts")
    if not isinstance(equation, PythonValue) or not isinstance(equation.constant, str):
        return False
    left, arrow, right = equation.constant.partition("->")
    return any(
        _is_batched(arguments.get(position)) and keeps_first_name(f"{operand}{arrow}{right}", of_letters=True)
        for position, operand in enumerate(left.split(","), start=1)
    )


def _rules() -> Iterator[tuple[str, Rule]]:
    # With JAX there is no batch size that is None.
    yield from ((name, _has_same_shape) for name in SAME_SHAPE if not name.startswith("jax."))
    yield from ((name, _works_on_axis(1)) for name in REDUCTIONS)
    yield from ((name, _works_on_axis(position)) for name, position in ALONG_ONE_AXIS.items())
    yield from ((name, _concatenates_behind) for name in CONCATENATIONS)
    for rule, modules in _BY_RULE.items():
        yield from ((name, rule) for name in dotted(modules))


_BY_RULE: Mapping[Rule, Mapping[str, str]] = {
    _expands: {
        "keras.backend": "expand_dims",
        "keras.ops": "expand_dims",
        "tensorflow": "expand_dims",
        "tensorflow.experimental.numpy": "expand_dims",
        "tensorflow.sparse": "expand_dims",
    },
    _permutes_behind: {
        "keras.backend": "permute_dimensions",
        "keras.ops": "transpose",
        "tensorflow": "transpose",
        "tensorflow.experimental.numpy": "transpose",
        "tensorflow.sparse": "transpose",
    },
    _swaps_behind: {"keras.ops": "swapaxes", "tensorflow.experimental.numpy": "swapaxes"},
    _reshapes_open: {
        "keras.backend": "reshape",
        "keras.ops": "reshape",
        "tensorflow": "reshape",
        "tensorflow.experimental.numpy": "reshape",
        "tensorflow.manip": "reshape",
        "tensorflow.sparse": "reshape",
    },
    _multiplies: {
        "keras.ops": "matmul",
        "tensorflow": "matmul",
        "tensorflow.experimental.numpy": "matmul",
        "tensorflow.linalg": "matmul",
        "tensorflow.sparse": "matmul",
    },
    _keeps_first_axis: {
        "keras.backend": "batch_dot batch_flatten bias_add conv1d conv2d conv3d dot pool2d pool3d",
        "keras.ops": "average_pool conv depthwise_conv dot max_pool separable_conv",
        "tensorflow.image": "extract_patches",
        "tensorflow.nn": "avg_pool avg_pool1d avg_pool2d avg_pool3d bias_add conv1d conv2d conv3d depthwise_conv2d "
        "max_pool max_pool1d max_pool2d max_pool3d separable_conv2d",
    },
    _contracts_behind: {
        "keras.ops": "tensordot",
        "tensorflow": "tensordot",
        "tensorflow.experimental.numpy": "tensordot",
        "tensorflow.linalg": "tensordot",
    },
    _sized(0, "shape", "dims"): {
        "keras.backend": "ones random_normal random_uniform truncated_normal zeros",
        "keras.ops": "empty full ones zeros",
        "keras.random": "normal truncated_normal uniform",
        "tensorflow": "fill ones zeros",
        "tensorflow.random": "normal truncated_normal uniform",
    },
    _sized(1, "shape"): {"keras.ops": "broadcast_to", "tensorflow": "broadcast_to"},
    _sized(1, "repeats"): {"keras.ops": "tile"},
    _tiles: {"keras.backend": "tile", "tensorflow": "tile"},
    _takes(2): {"keras.backend": "gather", "keras.ops": "take", "tensorflow.nn": "embedding_lookup"},
    _takes(3): {"tensorflow": "gather"},
    _adds_last_axis: {"keras.backend": "one_hot", "keras.ops": "one_hot", "tensorflow": "one_hot"},
    _sums_products: {
        "keras.ops": "einsum",
        "tensorflow": "einsum",
        "tensorflow.experimental.numpy": "einsum",
        "tensorflow.linalg": "einsum",
    },
}

_SHAPES = frozenset({"keras.backend.shape", "tensorflow.shape"})

_RULES: Mapping[str, Rule] = dict(_rules())
"""What has to hold of the arguments of a function, by canonical name."""
