"""Events of the layer's attributes, and of the arguments of `__init__`."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model import patterns, syntax, uses
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.values.events import Event
from keras_layer_lint.values.value import Layer, NumpyValue, Tensor, Value


@dataclass(frozen=True, slots=True)
class AttributeStored(Event):
    """`self.name = value`. `old`: what it held before, as far as known."""

    name: str
    value: Value
    old: Value | None = None
    code: cst.FunctionDef | cst.Lambda | None = None
    """The function that holds the statement."""
    statement: cst.CSTNode | None = None
    """What stores it, also where that is in another file than the one being linted."""

    @property
    def receiver(self) -> str:
        """The name that the function has for the layer: `layer` of `layer.name = value`."""
        match self.statement:
            case cst.Assign(targets=targets):
                held: tuple[cst.CSTNode, ...] = tuple(target.target for target in targets)
            case cst.AugAssign(target=target) | cst.AnnAssign(target=target):
                held = (target,)
            case _:
                return "self"
        for part in (part for target in held for part in syntax.walk(target)):
            if isinstance(part, cst.Attribute) and part.attr.value == self.name and isinstance(part.value, cst.Name):
                return part.value.value
        return "self"

    @property
    def operator(self) -> str | None:
        """`+=` and the like; None for a plain assignment."""
        node = self.statement
        return syntax.source(node.operator) if isinstance(node, cst.AugAssign) else None

    @property
    def depends_on_itself(self) -> bool:
        """Whether the value is computed from what the attribute held."""
        return isinstance(self.statement, cst.AugAssign) or f"self.{self.name}" in self._read()

    @property
    def counts_on(self) -> bool:
        """As `depends_on_itself`, also by way of local variables."""
        return isinstance(self.statement, cst.AugAssign) or f"self.{self.name}" in self._read(self.code)

    @property
    def computed_from(self) -> frozenset[str]:
        """Variables, and `self.x`, whose values the value is computed from."""
        return self._read(self.code)

    @property
    def sources(self) -> frozenset[str]:
        """Attributes of self whose values the value is computed from."""
        return frozenset(name[5:] for name in self.computed_from if name.startswith("self."))

    def _read(self, code: cst.FunctionDef | cst.Lambda | None = None) -> frozenset[str]:
        match self.statement:
            case cst.Assign(value=value) | cst.Call(args=[_, _, cst.Arg(value=value)]):  # `setattr(self, name, value)`
                return uses.computed_from(value, code, self.receiver)
            case _:
                return frozenset()

    @property
    def may_keep_object(self) -> bool:
        """`self.w = self.w.assign(...)`, `self.t = tf.cast(self.t, dtype)`: the same object as before, or it may be."""
        match self.statement:
            case cst.Assign(value=cst.Call(func=cst.Attribute(value=holder, attr=cst.Name(value=name)), args=args)):
                if name.startswith("assign"):
                    return syntax.self_attribute(holder, self.receiver) == self.name
                first = syntax.self_attribute(args[0].value, self.receiver) if args else None
                return name in ("cast", "convert_to_tensor") and first == self.name
            case _:
                return False

    @property
    def is_partial_function(self) -> bool:
        """Whether `functools.partial` makes the value."""
        node = self.statement
        called = patterns.function_called(node.value) if isinstance(node, cst.Assign) else None
        return (called or "").rpartition(".")[2] == "partial"

    @property
    def replaces_weight(self) -> bool:
        """Whether a tensor takes the place of a weight for certain: not where each has a branch of its own."""
        if not isinstance(self.old, Tensor) or not self.old.variable:
            return False
        if not isinstance(self.value, NumpyValue) and not (isinstance(self.value, Tensor) and not self.value.variable):
            return False
        node = self.statement
        value = node.value if isinstance(node, cst.Assign | cst.AugAssign) else None
        return not self.site.conditional or (value is not None and f"self.{self.name}" in uses.names_read(value))


@dataclass(frozen=True, slots=True)
class SublayerAttributeStored(Event):
    """`self.dense.name = value`. `of`: the class of the layer; None for the one that a `Wrapper` wraps."""

    name: str
    of: ClassRef | str | None


@dataclass(frozen=True, slots=True)
class ParameterTaken(Event):
    """An argument is read out of `**kwargs` by name: `kwargs.pop("units")`, `kwargs["units"]`."""

    name: str
    required: bool
    removed: bool


@dataclass(frozen=True, slots=True)
class StandIn(Event):
    """`loss or MeanSquaredError()` in `__init__`: an object such as Keras knows is made in place of an argument.

    `name`: the argument. `made`: the class of the object as written.
    """

    name: str
    made: str


@dataclass(frozen=True, slots=True)
class ParameterUsed(Event):
    """An argument of `__init__` is used as an object.

    `use`: called, elements called, or the Keras module whose `get` takes it.
    """

    name: str
    use: str


@dataclass(frozen=True, slots=True)
class AttributeRead(Event):
    """`self.name` is read. `after_write`: the same run of the method has bound it before."""

    name: str
    after_write: bool


@dataclass(frozen=True, slots=True)
class OldAttributeRead(Event):
    """`self.name` is read that only Keras's own base class can supply, and in Keras 3 may not."""

    name: str


@dataclass(frozen=True, slots=True)
class UnknownAttributeRead(Event):
    """`self.name` is read, and nothing that has run so far has set it, nor does a class define it."""

    name: str


@dataclass(frozen=True, slots=True)
class AttributeMutated(Event):
    """A container on self is changed in place. `value`: what it is from then on; `grown`: by append or such, or `+=`.

    `after_write`: the same run of the method has bound it before.
    """

    name: str
    value: Value
    grown: bool = False
    after_write: bool = False


@dataclass(frozen=True, slots=True)
class ItemRead(Event):
    """An item of a container on self is read or asked for: `self.cache["k"]`, `"k" in self.cache`.

    `key` as written, empty where all items are. `after_write`: the same run of the method has stored it before.
    """

    name: str
    key: str
    after_write: bool


@dataclass(frozen=True, slots=True)
class ItemStored(Event):
    """`self.cache["k"] = value`, `self.cache.update(k=value)`; `text`: the item as written."""

    name: str
    key: str
    text: str
    value: Value
    counts_on: bool = False
    """The value is computed from what the item, or the NumPy array, held: by `+=` or such."""


@dataclass(frozen=True, slots=True)
class StateDecides(Event):
    """What a test of `self.name` decides goes into the graph: it is returned, read later, or assigned to a weight."""

    name: str


@dataclass(frozen=True, slots=True)
class WeightAssigned(Event):
    """A variable is given a value: `self.w.assign(...)`."""


@dataclass(frozen=True, slots=True)
class LateGrowth(Event):
    """A layer is put into a list that an attribute was given before.

    `how`: copy, by the variable that the list came from; inside, into a list in the list; item, by assigning an item.
    """

    name: str
    how: str
    layers: tuple[Layer, ...]
