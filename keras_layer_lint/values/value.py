"""What an expression of layer code can be while Keras traces it, and how two such values join."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import field
from typing import Any, NamedTuple, Protocol, TypeAlias

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.dimension import Dimension as Dimension
from keras_layer_lint.values.kind import Kind, Unknown


@dataclass(frozen=True, slots=True)
class Origin:
    """Why a value is a tensor: a clause such as "it is a weight", and the place it speaks of.

    `%` in the clause stands for the call at that place, which is written out only for what is reported.
    """

    clause: str
    unit: CodeUnit | None = None
    node: cst.CSTNode | None = None
    is_number: bool = False
    """`int()`, `float()` or `range()` has been called on it: a tensor still only where AutoGraph converts that."""
    is_size: bool = False
    """It is the batch size as `keras.ops.shape` gives it, a tensor on TensorFlow only."""

    @property
    def text(self) -> str:
        """The clause in full: "`tf.reduce_sum(...)` returns one"."""
        return self.clause if self.node is None else self.clause.replace("%", syntax.called(self.node))


WEIGHT = "it is a weight"
"""The text of a weight's origin."""


class Scope(Protocol):
    """Where a nested function finds the variables of the function around it."""

    def lookup(self, name: str) -> Value | None:
        """The value of a variable, None where it is not one of this scope."""


class Rank(NamedTuple):
    """A number of axes, counted from that of another value.

    `of`: the argument of `call`, or the sublayer (`self.norm`) that takes and returns one number of axes only; empty
    where `number` is the rank itself.
    """

    of: str
    number: int


@dataclass(frozen=True, slots=True)
class Tensor(Kind):
    """One tensor, symbolic while tracing.

    `optional`: None on some path. `variable`: a weight, by its attribute name. `batched`: the first dimension is the
    batch, because the value is an argument of `call` as it came. `like_input`: it has the axes of the first input, the
    last one apart. `dtype`: "compute" for what Keras casts to the layer's compute dtype, "float32" for what is that
    whatever the layer computes in, "string" for text, "step" for the integer that a schedule gets, "int64" for one that
    was computed from it, "bool" for what was computed while tracing, empty where it is not known.
    """

    origin: Origin
    optional: bool = False
    variable: bool = False
    batched: bool = False
    like_input: bool = False
    dtype: str = ""
    rank: Rank | None = None
    varies: bool = False
    """Its values, not only its shape, come of what a loop in the graph goes over."""
    sizes: bool = False
    """It is the batch size, or sizes that begin with it, as `tf.shape` gives them: an axis made so long is open."""
    of_input: bool = False
    """Its values come of an argument of `call` or of a weight, through functions that have a gradient."""
    last: int | None = None
    """How long its last axis is, where that is certain."""


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
    varies: bool = False
    """As in `Tensor`."""
    of_input: bool = False
    """As in `Tensor`."""
    argument: str = ""
    """The argument of `call` that it is, as it came."""


@dataclass(frozen=True, slots=True)
class InputMask(Tensor):
    """The mask of one of several inputs. `optional`: in Keras 3, None where that input has no mask."""


@dataclass(frozen=True, slots=True)
class InputMasks(Nest):
    """The `mask` of a layer with several inputs: in Keras 3 a list with a mask or None for each of them.

    Once it is no longer `optional`, a test has shown that the code is meant for inputs without masks, too.
    """


@dataclass(frozen=True, slots=True)
class KerasTensor(Kind):
    """What stands for a tensor in a functional model: what `keras.Input` gives, and layers called on it."""

    origin: Origin


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

    @property
    def is_number(self) -> bool:
        """Whether it is certainly a number or an array: a number is taken from it, or it is divided by one."""
        match self.node:
            case cst.BinaryOperation(operator=cst.Subtract() | cst.FloorDivide(), right=cst.Integer() | cst.Float()):
                return True
            case _:
                return False


@dataclass(frozen=True, slots=True, eq=False)
class PythonValue(Kind):
    """A Python value known while tracing: configuration, flags, literals, dtypes. `constant`: a literal's value."""

    constant: Any = ...
    parameter: str | None = None
    attribute: str | None = None
    derived: Derivation | None = None
    is_float: bool = False
    """It comes from a division with `/`."""
    element_of: str | None = None
    """The parameter that it is an element of."""

    @property
    def is_none(self) -> bool:
        """Whether it is certainly None."""
        return self.constant is None

    def _key(self) -> tuple[Hashable, ...]:
        constant = same_literal(self.constant)
        return (constant, self.parameter, self.attribute, self.derived, self.is_float, self.element_of)

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
class NumpyValue(Kind):
    """A NumPy array or scalar. `is_array`: certainly an array."""

    is_array: bool = False


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
    functions: tuple[Function, ...] = field(default=(), compare=False)
    """What a built-in layer was given to call: that of a `Lambda`, an activation."""
    last: int | None = None
    """How long the last axis of what a built-in layer returns certainly is."""
    each_of: str = field(default="", compare=False)
    """The attribute whose list a loop goes over, where it stands for each layer in that."""


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
    | KerasTensor
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

STATIC = PythonValue()
NONE = PythonValue(constant=None)
NUMPY_VALUE = NumpyValue()
BACKEND = ExternalName("keras.backend.backend()")
"""The name of the backend: one that traces layers, else nothing that is said of tracing would hold."""
TRACING_BACKENDS = frozenset({"tensorflow", "jax"})
