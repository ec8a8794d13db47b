"""How two values join, and what iterating one yields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from keras_layer_lint.errors import assert_never
from keras_layer_lint.values.containers import Dict, Entry, Sequence
from keras_layer_lint.values.kind import UNKNOWN, Unknown
from keras_layer_lint.values.value import (
    NUMPY_VALUE,
    STATIC,
    BoundMethod,
    ClassObject,
    Dimension,
    ExternalName,
    Function,
    InputMask,
    InputMasks,
    Instance,
    KerasTensor,
    Layer,
    Nest,
    NumpyValue,
    Opaque,
    ProjectModule,
    PythonValue,
    Range,
    Self,
    SelfClass,
    Serialized,
    Shape,
    Super,
    Tensor,
    TensorArray,
    Text,
    Unserializable,
    Value,
    same_literal,
)


def element_of(value: Value) -> Value:
    """What iterating `value` yields."""
    match value:
        case InputMasks():
            return InputMask(value.origin, optional=not value.optional)
        case Tensor():
            return replace(
                value,
                optional=False,
                batched=False,
                variable=False,
                like_input=False,
                rank=None,
                sizes=False,
                last=None,
            )
        case Nest():
            batched = value.of_batched
            return replace(value, optional=False, batched=batched, like_input=False, of_batched=False, argument="")
        case Sequence():
            return value.element if value.items is None else join_all(value.items)
        case KerasTensor():
            return value
        case Shape():
            return UNKNOWN if value.symbolic else Dimension()
        case PythonValue(parameter=str() as parameter):
            return PythonValue(element_of=parameter)
        case PythonValue() | Text():
            return STATIC
        case NumpyValue():
            return NUMPY_VALUE
        case Range():
            return Tensor(value.origin)
        case Unknown() | Dict() | Dimension() | Serialized() | Unserializable() | Opaque() | Instance() | TensorArray():
            return UNKNOWN
        case ExternalName() | ProjectModule() | Function() | ClassObject() | Layer() | BoundMethod():
            return UNKNOWN
        case Self() | SelfClass() | Super():
            return UNKNOWN
        case _:
            return assert_never(value)


def is_filled(value: Value) -> bool:
    """Whether an iterable certainly has items."""
    match value:
        case Sequence():
            return value.is_filled or bool(value.items)
        case Nest() | InputMasks():
            return True  # Keras calls no layer with an empty structure
        case PythonValue(constant=str() as text):
            return bool(text)
        case _:
            return False


def join_all(values: Iterable[Value]) -> Value:
    """The join of all of them; nothing joins to unknown."""
    result: Value | None = None
    for value in values:
        result = value if result is None else join(result, value)
    return UNKNOWN if result is None else result


def join(a: Value, b: Value) -> Value:
    """What is known of a value that is `a` on one path and `b` on another.

    It is the join of a lattice whose top is `UNKNOWN`: commutative, associative and idempotent. Places in the code
    that a value carries to explain itself (origins, where a layer is made, where a key is written) are no part of the
    lattice: one of them is kept.
    """
    if a is b or a == b:
        return a
    if isinstance(a, PythonValue) and a.is_none and not isinstance(b, PythonValue):
        return _or_none(b)
    if isinstance(b, PythonValue) and b.is_none and not isinstance(a, PythonValue):
        return _or_none(a)
    match a:
        case Tensor() | Nest():
            return _join_tensors(a, b) if isinstance(b, Tensor | Nest) else UNKNOWN
        case PythonValue() | Dimension() | NumpyValue():
            return _join_host_values(a, b) if isinstance(b, PythonValue | Dimension | NumpyValue) else UNKNOWN
        case KerasTensor():
            return a if isinstance(b, KerasTensor) else UNKNOWN
        case Text():
            return a if isinstance(b, Text) else UNKNOWN
        case Range():
            return a if isinstance(b, Range) else UNKNOWN
        case Shape():
            return _join_shapes(a, b) if isinstance(b, Shape) else UNKNOWN
        case Sequence():
            return _join_sequences(a, b) if isinstance(b, Sequence) else UNKNOWN
        case Dict():
            return _join_dicts(a, b) if isinstance(b, Dict) else UNKNOWN
        case Layer():
            return _join_layers(a, b) if isinstance(b, Layer) else UNKNOWN
        case Serialized():
            same = isinstance(b, Serialized) and a.by == b.by
            return replace(a, of=join(a.of, b.of)) if isinstance(b, Serialized) and same else UNKNOWN
        case BoundMethod():
            if not isinstance(b, BoundMethod) or a.name != b.name:
                return UNKNOWN
            return BoundMethod(join(a.receiver, b.receiver), a.name, a.place if a.place == b.place else None)
        case Unknown() | Unserializable() | ExternalName() | ProjectModule() | Function() | ClassObject() | Opaque():
            return UNKNOWN
        case Instance() | TensorArray() | Self() | SelfClass() | Super():
            return UNKNOWN
        case _:
            return assert_never(a)


def widen(value: Value) -> Value:
    """What is kept of a value that a loop changes in each iteration: no more than what can change a few times."""
    match value:
        case Sequence():
            return Sequence(None, UNKNOWN, value.is_list, is_filled(value))
        case Dict():
            return Dict({}, complete=False, base=value.base, arguments=value.arguments)
        case Serialized() | BoundMethod():
            return UNKNOWN
        case _:
            return value  # flags and names, each of which is lost for good


def _or_none(value: Value) -> Value:
    """The join with None."""
    match value:
        case Tensor() | Nest():
            return replace(value, optional=True)
        case Layer() | Function() | Dict() | Serialized() | Unserializable():
            return value  # code that may find None there asks first
        case Dimension():
            return Dimension(is_float=False)
        case NumpyValue():
            return NUMPY_VALUE
        case _:
            return UNKNOWN


def _join_tensors(a: Tensor | Nest, b: Tensor | Nest) -> Tensor | Nest:
    optional = a.optional or b.optional
    batched = a.batched and b.batched
    like_input = a.like_input and b.like_input
    dtype = a.dtype if a.dtype == b.dtype else ""
    varies = a.varies and b.varies
    of_input = a.of_input and b.of_input
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        kind = InputMask if isinstance(a, InputMask) and isinstance(b, InputMask) else Tensor
        rank = a.rank if a.rank == b.rank else None
        variable, sizes = a.variable and b.variable, a.sizes and b.sizes
        last = a.last if a.last == b.last else None
        return kind(a.origin, optional, variable, batched, like_input, dtype, rank, varies, sizes, of_input, last)
    of_batched = isinstance(a, Nest) and a.of_batched and isinstance(b, Nest) and b.of_batched
    argument = a.argument if isinstance(a, Nest) and isinstance(b, Nest) and a.argument == b.argument else ""
    masks = isinstance(a, InputMasks) and isinstance(b, InputMasks)
    return (InputMasks if masks else Nest)(
        a.origin, optional, batched, like_input, dtype, of_batched, varies, of_input, argument
    )


def _join_host_values(
    a: PythonValue | Dimension | NumpyValue, b: PythonValue | Dimension | NumpyValue
) -> PythonValue | Dimension | NumpyValue | Unknown:
    if isinstance(a, NumpyValue) or isinstance(b, NumpyValue):
        if isinstance(a, Dimension) or isinstance(b, Dimension):
            return UNKNOWN
        both = isinstance(a, NumpyValue) and a.is_array and isinstance(b, NumpyValue) and b.is_array
        return NumpyValue(is_array=both)
    is_float = a.is_float and b.is_float
    if isinstance(a, PythonValue) and isinstance(b, PythonValue):
        return PythonValue(
            constant=a.constant if same_literal(a.constant) == same_literal(b.constant) else ...,
            parameter=a.parameter if a.parameter == b.parameter else None,
            attribute=a.attribute if a.attribute == b.attribute else None,
            derived=a.derived if a.derived == b.derived else None,
            is_float=is_float,
        )
    if not isinstance(a, Dimension) or not isinstance(b, Dimension):
        return Dimension(is_float=is_float)
    return Dimension(a.batch and b.batch, is_float, a.is_number and b.is_number)


def _join_shapes(a: Shape, b: Shape) -> Shape:
    batched = a.batched and b.batched and a.symbolic == b.symbolic
    return Shape(batched, a.symbolic or b.symbolic, a.origin or b.origin)


def _join_layers(a: Layer, b: Layer) -> Layer:
    of = a.of if a.of == b.of else "keras.layers.Layer"
    last = a.last if a.last == b.last else None
    return Layer(of, a.node if a.of == b.of else None, returns_more=a.returns_more or b.returns_more, last=last)


def _join_sequences(a: Sequence, b: Sequence) -> Sequence:
    is_list = a.is_list and b.is_list
    batch = a.holds_batch_size and b.holds_batch_size
    if a.items is not None and b.items is not None and len(a.items) == len(b.items):
        items = tuple(map(join, a.items, b.items))
        return Sequence(items, join_all(items), is_list, a.is_filled and b.is_filled, batch)
    parts = [part for part in (_content(a), _content(b)) if part is not None]
    return Sequence(None, join_all(parts), is_list, is_filled(a) and is_filled(b), batch)


def _content(value: Sequence) -> Value | None:
    """The join of what the sequence holds; None where it is certainly empty."""
    if value.items == ():
        return None
    return element_of(value)


def _join_dicts(a: Dict, b: Dict) -> Dict:
    entries: dict[str, Entry] = {}
    for key in [*a.entries, *(key for key in b.entries if key not in a.entries)]:
        one, other = a.entries.get(key), b.entries.get(key)
        if one is not None and other is not None:
            entries[key] = replace(
                one,
                value=join(one.value, other.value),
                always=one.always and other.always,
                inherited=one.inherited and other.inherited,
            )
        elif (entry := one or other) is not None:
            entries[key] = replace(entry, always=False)
    numbered = a.numbered or b.numbered
    return Dict(entries, a.complete and b.complete, a.base or b.base, a.arguments or b.arguments, numbered)
