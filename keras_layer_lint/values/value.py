"""What an expression of layer code can be while Keras traces it, and how two such values join."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, NoReturn, Protocol, TypeAlias

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.code import CodeUnit


@dataclass(frozen=True, slots=True)
class Origin:
    """Why a value is a tensor: a clause such as "it is a weight", and the place it speaks of.

    `%` in the clause stands for the call at that place, which is written out only for what is reported.
    """

    clause: str
    unit: CodeUnit | None = None
    node: cst.CSTNode | None = None
    is_number: bool = False
    """`int()` or `float()` has been called on it: only where AutoGraph converts that is the result still a tensor."""
    is_size: bool = False
    """It is the batch size as `keras.ops.shape` gives it, a tensor on TensorFlow only."""

    @property
    def text(self) -> str:
        """The clause in full: "`tf.reduce_sum(...)` returns one"."""
        return self.clause if self.node is None else self.clause.replace("%", syntax.called(self.node))


WEIGHT = "it is a weight"
"""The text of a weight's origin."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Base of all kinds of values; `Value` is any of them, and nothing else."""


class Scope(Protocol):
    """Where a nested function finds the variables of the function around it."""

    def lookup(self, name: str) -> Value | None:
        """The value of a variable, None where it is not one of this scope."""


@dataclass(frozen=True, slots=True)
class Unknown(Kind):
    """Nothing is known, so nothing may be reported."""


UNKNOWN = Unknown()

MAX_CONTAINER_DEPTH = 6
"""Containers nested deeper are not looked into: `a = (a, a)` often enough would take for ever."""
MAX_CONTAINER_ITEMS = 256
"""Of longer sequences only the join of the items is kept, as of any sequence of unknown length.

Of dicts with more keys the first ones are kept, and it is not known which others there are.
"""


def _depth(value: Value) -> int:
    return value.depth if isinstance(value, Sequence | Dict) else 0


@dataclass(frozen=True, slots=True)
class Tensor(Kind):
    """One tensor, symbolic while tracing.

    `optional`: None on some path. `variable`: a weight, by its attribute name. `batched`: the first dimension is the
    batch, because the value is an argument of `call` as it came. `like_input`: it has the axes of the first input, the
    last one apart. `dtype`: "compute" for what Keras casts to the layer's compute dtype, "float32" for what is that
    whatever the layer computes in, empty where it is not known.
    """

    origin: Origin
    optional: bool = False
    variable: bool = False
    batched: bool = False
    like_input: bool = False
    dtype: str = ""


@dataclass(frozen=True, slots=True)
class Nest(Kind):
    """One tensor or a structure of tensors; which of them is not known here.

    `of_batched`: it is a list or tuple, and the first dimension of each tensor in it is the batch.
    """

    origin: Origin
    optional: bool = False
    batched: bool = False
    like_input: bool = False
    dtype: str = ""
    of_batched: bool = False


@dataclass(frozen=True, slots=True)
class InputMask(Tensor):
    """The mask of one of several inputs. `optional`: in Keras 3, None where that input has no mask."""


@dataclass(frozen=True, slots=True)
class InputMasks(Nest):
    """The `mask` of a layer with several inputs: in Keras 3 a list with a mask or None for each of them.

    Once it is no longer `optional`, a test has shown that the code is meant for inputs without masks, too.
    """


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """A Python string that shows a tensor: `f"{x}"`, `str(x)`."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class Range(Kind):
    """`range(n)` of a tensor, which AutoGraph makes a loop over a tensor and Python refuses."""

    origin: Origin


def same_literal(constant: Any) -> Hashable:
    """What two literals have in common where no code can tell them apart: 1 is not True, and 0.0 is not -0.0."""
    return (type(constant), repr(constant) if isinstance(constant, float | complex) else constant)


@dataclass(frozen=True, slots=True)
class Derivation:
    """Arithmetic on arguments of `__init__` that gives another value when it is done again to its result."""

    parameters: frozenset[str]
    node: cst.CSTNode


@dataclass(frozen=True, slots=True, eq=False)
class PythonValue(Kind):
    """A Python value known while tracing: configuration, flags, literals, dtypes. `constant`: a literal's value."""

    constant: Any = ...
    parameter: str | None = None
    attribute: str | None = None
    derived: Derivation | None = None
    is_float: bool = False
    """It comes from a division with `/`."""

    @property
    def is_none(self) -> bool:
        """Whether it is certainly None."""
        return self.constant is None

    def _key(self) -> tuple[Hashable, ...]:
        constant = same_literal(self.constant)
        return (constant, self.parameter, self.attribute, self.derived, self.is_float)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PythonValue) and (self is other or self._key() == other._key())

    def __hash__(self) -> int:
        return hash(self._key())


@dataclass(frozen=True, slots=True)
class Shape(Kind):
    """A static shape. `batched`: its first entry is the batch size, None while tracing."""

    batched: bool = False
    symbolic: bool = False
    """From `keras.ops.shape`: unknown entries are tensors instead of None."""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Dimension(Kind):
    """One entry of a static shape, or a number made from it; `batch`: it is the batch size."""

    batch: bool = False
    is_float: bool = False
    """It was divided with `/`."""


@dataclass(frozen=True, slots=True)
class NumpyValue(Kind):
    """A NumPy array or scalar. `is_array`: certainly an array."""

    is_array: bool = False


@dataclass(frozen=True, slots=True)
class Sequence(Kind):
    """A Python list or tuple. `items` are known one by one, or else `element` stands for all of them.

    `is_filled`: it certainly has items, though they are not known one by one.
    """

    items: tuple[Value, ...] | None
    element: Value
    is_list: bool = False
    is_filled: bool = False
    depth: int = field(default=0, init=False, compare=False, repr=False)
    is_cut: bool = field(default=False, init=False, compare=False, repr=False)
    """It was larger or deeper than is kept."""

    def __post_init__(self) -> None:
        parts = (self.element,) if self.items is None else self.items
        depth = 1 + max(map(_depth, parts), default=0)
        if depth > MAX_CONTAINER_DEPTH:
            object.__setattr__(self, "items", None)
            object.__setattr__(self, "element", UNKNOWN)
            object.__setattr__(self, "is_cut", True)
            depth = 1
        elif len(parts) > MAX_CONTAINER_ITEMS:
            object.__setattr__(self, "items", None)
            object.__setattr__(self, "is_filled", True)
            object.__setattr__(self, "is_cut", True)
        object.__setattr__(self, "depth", depth)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a dict: its value and where it was written."""

    value: Value
    unit: CodeUnit | None = None
    node: cst.CSTNode | None = None
    always: bool = True
    inherited: bool = False
    """Merged in from `super().get_config()`."""


@dataclass(frozen=True, slots=True)
class Dict(Kind):
    """A Python dict whose keys are strings. `complete` is False where keys may be there that could not be read.

    `base`: the configuration of a base class was merged in (`super().get_config()`).
    """

    entries: Mapping[str, Entry]
    complete: bool = True
    base: bool = False
    arguments: bool = False
    """It holds the keyword arguments that `**kwargs` of the function caught."""
    depth: int = field(default=0, init=False, compare=False, repr=False)
    is_cut: bool = field(default=False, init=False, compare=False, repr=False)
    """It was larger or deeper than is kept."""

    def __post_init__(self) -> None:
        if len(self.entries) > MAX_CONTAINER_ITEMS:
            object.__setattr__(self, "entries", dict(islice(self.entries.items(), MAX_CONTAINER_ITEMS)))
            object.__setattr__(self, "complete", False)
            object.__setattr__(self, "is_cut", True)
        depth = 1 + max((_depth(entry.value) for entry in self.entries.values()), default=0)
        if depth > MAX_CONTAINER_DEPTH:
            entries = {key: replace(entry, value=UNKNOWN) for key, entry in self.entries.items()}
            object.__setattr__(self, "entries", entries)
            object.__setattr__(self, "is_cut", True)
            depth = 1
        object.__setattr__(self, "depth", depth)


@dataclass(frozen=True, slots=True)
class Serialized(Kind):
    """What `serialize` or `get_config` makes of an object. `by`: the call as written, without arguments."""

    by: str
    of: Value


@dataclass(frozen=True, slots=True)
class Unserializable(Kind):
    """A Python object that no config can hold. `what`: "a set", "a range", ...; `held`: the layers in it."""

    what: str
    held: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalName(Kind):
    """Something outside the project by its absolute dotted name: a module, function, class or constant."""

    name: str


@dataclass(frozen=True, slots=True)
class ProjectModule(Kind):
    """A module or package of the project, by the expression that names it."""

    dotted: str


@dataclass(frozen=True, slots=True)
class Function(Kind):
    """A function of the project with what it closes over. `receiver` is bound as its first argument."""

    unit: CodeUnit
    node: cst.FunctionDef | cst.Lambda
    closure: Scope | None = None
    receiver: Value | None = None
    owner: ClassRef | None = None
    autograph: str = "inherit"
    """ "on" and "off" once wrapped by `tf.function` or `do_not_convert`, else as the caller."""
    method: str | None = None
    """The method of the layer that defines it."""

    @property
    def is_lambda(self) -> bool:
        """Whether it is a `lambda`."""
        return isinstance(self.node, cst.Lambda)


@dataclass(frozen=True, slots=True)
class ClassObject(Kind):
    """A class of the project."""

    ref: ClassRef


@dataclass(frozen=True, slots=True)
class Layer(Kind):
    """An instance of a Keras layer or Model other than self: of a project class or of a known one.

    `node`: where it is made, which tells instances apart. `returns_more`: it was made to return more than one tensor,
    or may have been.
    """

    of: ClassRef | str
    node: cst.CSTNode | None = field(default=None, compare=False)
    returns_more: bool = False


@dataclass(frozen=True, slots=True)
class Opaque(Kind):
    """A Python object that Keras does not look into as it does into lists and dicts, and the layers it holds.

    `kind`: deque, array, function, object, tf.Module.
    """

    kind: str
    held: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Instance(Kind):
    """An object of a class outside the project that is no layer, by the class's canonical name: a lookup table."""

    of: str


@dataclass(frozen=True, slots=True)
class TensorArray(Kind):
    """A `tf.TensorArray`."""


@dataclass(frozen=True, slots=True)
class Self(Kind):
    """The layer under analysis."""


@dataclass(frozen=True, slots=True)
class SelfClass(Kind):
    """Its class: `cls` and `type(self)`."""


@dataclass(frozen=True, slots=True)
class Super(Kind):
    """`super()` as seen from a method of `owner`. `known`: it starts after this base outside the project."""

    owner: ClassRef
    known: str | None = None


@dataclass(frozen=True, slots=True)
class BoundMethod(Kind):
    """A method of a value that is not code of the project: `tensor.numpy`, `items.append`, `super().build`."""

    receiver: Value
    name: str
    place: str | None = None
    """The variable (`items`) or attribute (`self.items`) that holds the receiver, which a mutation changes."""


Value: TypeAlias = (
    Unknown
    | Tensor
    | Nest
    | Text
    | Range
    | PythonValue
    | Shape
    | Dimension
    | NumpyValue
    | Sequence
    | Dict
    | Serialized
    | Unserializable
    | ExternalName
    | ProjectModule
    | Function
    | ClassObject
    | Layer
    | Opaque
    | Instance
    | TensorArray
    | Self
    | SelfClass
    | Super
    | BoundMethod
)
"""Any value. A `match` that names all kinds ends in `assert_never`: a new kind is an error there until it is named."""


def assert_never(value: NoReturn) -> NoReturn:
    """What no kind of value comes to; `typing.assert_never` is new in Python 3.11."""
    raise AssertionError(value)


STATIC = PythonValue()
NONE = PythonValue(constant=None)
NUMPY_VALUE = NumpyValue()
BACKEND = ExternalName("keras.backend.backend()")
"""The name of the backend: one that traces layers, else nothing that is said of tracing would hold."""
TRACING_BACKENDS = frozenset({"tensorflow", "jax"})


def origin_of(value: Value) -> Origin | None:
    """Why `value` is a tensor, or None where it is not known to be one."""
    return value.origin if isinstance(value, Tensor) else None


def holds_tensor(value: Value) -> Origin | None:
    """Why `value` is a tensor or a Python container that holds one."""
    if isinstance(value, Tensor):
        return value.origin
    if isinstance(value, Sequence):
        if value.items is None:
            return holds_tensor(value.element)
        return next((found for item in value.items if (found := holds_tensor(item))), None)
    return None


def shown_tensor(value: Value) -> Origin | None:
    """As `holds_tensor`, and also where the value is a structure of tensors or a text that shows one."""
    if isinstance(value, Text | Nest):
        return value.origin
    if isinstance(value, Sequence) and value.items is not None:
        return next((found for item in value.items if (found := shown_tensor(item))), None)
    return holds_tensor(value)


def parts_of(value: Value) -> Iterator[Value]:
    """`value` itself, or what it holds where it is a list, tuple or dict, at any depth; each container once."""
    seen: set[int] = set()
    stack = [value]
    while stack:
        current = stack.pop()
        if not isinstance(current, Sequence | Dict):
            yield current
        elif id(current) not in seen:
            seen.add(id(current))
            stack.extend(reversed(items_of(current)))


def items_of(value: Sequence | Dict) -> list[Value]:
    """What a container holds, one by one where that is known."""
    if isinstance(value, Dict):
        return [entry.value for entry in value.entries.values()]
    return [value.element] if value.items is None else list(value.items)


def layers_in(value: Value) -> list[Layer]:
    """The layers that are `value` or stand in its lists and dicts."""
    return [part for part in parts_of(value) if isinstance(part, Layer)]


def element_of(value: Value) -> Value:
    """What iterating `value` yields."""
    match value:
        case InputMasks():
            return InputMask(value.origin, optional=not value.optional)
        case Tensor():
            return replace(value, optional=False, batched=False, variable=False, like_input=False)
        case Nest():
            batched = value.of_batched
            return replace(value, optional=False, batched=batched, like_input=False, of_batched=False)
        case Sequence():
            return value.element if value.items is None else join_all(value.items)
        case Shape():
            return UNKNOWN if value.symbolic else Dimension()
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
            assert_never(value)


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
            assert_never(a)


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
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        kind = InputMask if isinstance(a, InputMask) and isinstance(b, InputMask) else Tensor
        return kind(a.origin, optional, a.variable and b.variable, batched, like_input, dtype)
    of_batched = isinstance(a, Nest) and a.of_batched and isinstance(b, Nest) and b.of_batched
    masks = isinstance(a, InputMasks) and isinstance(b, InputMasks)
    return (InputMasks if masks else Nest)(a.origin, optional, batched, like_input, dtype, of_batched)


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
    batch = isinstance(a, Dimension) and isinstance(b, Dimension) and a.batch and b.batch
    return Dimension(batch=batch, is_float=is_float)


def _join_shapes(a: Shape, b: Shape) -> Shape:
    batched = a.batched and b.batched and a.symbolic == b.symbolic
    return Shape(batched, a.symbolic or b.symbolic, a.origin or b.origin)


def _join_layers(a: Layer, b: Layer) -> Layer:
    of = a.of if a.of == b.of else "keras.layers.Layer"
    return Layer(of, a.node if a.of == b.of else None, returns_more=a.returns_more or b.returns_more)


def _join_sequences(a: Sequence, b: Sequence) -> Sequence:
    is_list = a.is_list and b.is_list
    if a.items is not None and b.items is not None and len(a.items) == len(b.items):
        items = tuple(map(join, a.items, b.items))
        return Sequence(items, join_all(items), is_list, a.is_filled and b.is_filled)
    parts = [part for part in (_content(a), _content(b)) if part is not None]
    return Sequence(None, join_all(parts), is_list, is_filled(a) and is_filled(b))


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
    return Dict(entries, a.complete and b.complete, a.base or b.base, a.arguments or b.arguments)
