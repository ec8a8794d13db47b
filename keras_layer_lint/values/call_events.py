"""Events that are calls: which function, with which arguments."""

from __future__ import annotations

from typing import ClassVar

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model import patterns, syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.containers import Dict
from keras_layer_lint.values.events import Event
from keras_layer_lint.values.value import Origin, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent(Event):
    """Base of events that are calls."""

    arguments: CallArguments

    def argument(self, position: int, *keywords: str) -> Value | None:
        """One argument, however it was given: by position, or by the first of the keywords that there is."""
        return self.arguments.get(position, *keywords)

    def keyword(self, name: str) -> Value | None:
        """An argument that is given by keyword."""
        return self.arguments.keywords.get(name)

    @property
    def _call(self) -> cst.Call | None:
        """The call itself, where it stands in the file that is linted and is no other one that leads to it."""
        node = self.site.node
        return node if isinstance(node, cst.Call) and self.site.through is None else None

    @property
    def function_node(self) -> cst.BaseExpression | None:
        """What is called, in the file that is linted."""
        return None if self._call is None else self._call.func

    @property
    def function_written(self) -> str:
        """What is called, as it stands in the file that is linted; empty where it stands elsewhere."""
        return "" if self._call is None else syntax.source(self._call.func)

    @property
    def function_name(self) -> str | None:
        """The dotted name by which the code calls it, in whatever file that stands."""
        return patterns.function_called(self.site.code_node)

    def argument_node(self, position: int) -> cst.BaseExpression | None:
        """An argument as it stands at a position in the file that is linted; None for one that `*` gives."""
        written = () if self._call is None else self._call.args
        return written[position].value if position < len(written) and not written[position].star else None

    def names_written(self) -> list[str | None]:
        """The positional arguments as dotted names, None for one that is none."""
        written = () if self._call is None else self._call.args
        return [syntax.dotted(arg.value) for arg in written if arg.keyword is None and not arg.star]

    def keyword_holds(self, name: str, part: str) -> bool:
        """Whether the text that the call gives by keyword certainly holds `part`."""
        written = () if self._call is None else self._call.args
        return any(
            arg.keyword is not None and arg.keyword.value == name and patterns.text_holds(arg.value, part)
            for arg in written
        )

    def keyword_name(self, name: str) -> str | None:
        """The dotted name that the call gives by keyword."""
        written = () if self._call is None else self._call.args
        given = (arg.value for arg in written if arg.keyword is not None and arg.keyword.value == name)
        return next((syntax.dotted(value) for value in given), None)


@dataclass(frozen=True, slots=True)
class WeightAdded(CallEvent):
    """A weight or variable is created.

    `via`: add_weight, add_variable, or the function as written; `api`: its canonical name, add_weight for both methods.
    """

    via: str
    name: str | None
    api: str
    origin: Origin
    """That of the tensor which stands for it."""
    name_scope: bool
    """A name scope stands around it, and before its name."""


@dataclass(frozen=True, slots=True)
class WeightOfBase(CallEvent):
    """A base class in another file, whose method this class calls, makes a weight: reported of that class otherwise."""

    is_of_base: ClassVar[bool] = True
    name: str


@dataclass(frozen=True, slots=True)
class SuperCall(CallEvent):
    """A method of a base class is called on self: by `super()`, or by naming the base."""

    method: str
    target: ClassRef | None = None
    """The class of the project whose method runs; None where it is Keras's own."""
    behind: str | None = None
    """The class outside the project behind which the search for the method starts: `super(keras.Model, self)`."""

    @property
    def lacks_stars(self) -> bool:
        """Whether Keras's own method gets nothing but the dict of `**kwargs`, without its stars."""
        match self.arguments.positional:
            case (Dict(arguments=True),):
                return not self.arguments.keywords and self.target is None
            case _:
                return False


@dataclass(frozen=True, slots=True)
class LayerMade(CallEvent):
    """A layer is constructed. `of`: its class, or the canonical name of a known one."""

    of: ClassRef | str

    @property
    def gets_generator(self) -> bool:
        """Whether its first argument is a generator: `Sequential(Dense(4) for _ in range(3))`."""
        return isinstance(self.argument_node(0), cst.GeneratorExp)


@dataclass(frozen=True, slots=True)
class LayerCalled(CallEvent):
    """A layer is called with these arguments."""

    layer: ClassRef | str
    attribute: str | None = None
    """The attribute of the layer under analysis that holds it, where it is called through that."""
    held_as: str | None = None
    """What certainly holds the same layer in each call: `self.norm`, `self.norms[0]`, or `self.norms`, where a loop
    over that calls each of them.
    """
    goes_over_list: bool = False
    """Whether `held_as` is a list, each layer of which is called."""

    @property
    def layer_written(self) -> str:
        """The layer as it stands in the file that is linted; where it is called elsewhere, `Class()`."""
        name = self.layer.rpartition(".")[2] if isinstance(self.layer, str) else self.layer.entry.name
        return self.function_written or f"{name}()"


@dataclass(frozen=True, slots=True)
class ApiNamed(Event):
    """`module.name` is evaluated, which some generation or version no longer has."""

    written: str
    """The name as it stands in the code."""


@dataclass(frozen=True, slots=True)
class CallRefused(CallEvent):
    """A function, a class or a layer of the project is called with what its parameters do not allow.

    `of`: what it is called in the project; `why`: the end of "it ..."; `takes`: the names of its parameters.
    """

    of: str
    why: str
    takes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiCalled(CallEvent):
    """A function outside the project is called, by its canonical name."""

    name: str

    @property
    def becomes_text(self) -> bool:
        """Whether the result goes into text: a name that has to differ from others, not from batch to batch."""
        return patterns.becomes_text(self.site.node, self.site.unit.node)

    @property
    def names_tested(self) -> frozenset[str]:
        """Names and texts in what is tested before the call: in its function, and in that which leads there."""
        site = self.site
        tests = [*patterns.conditions_before(site.code.node, site.code_node)]
        if site.through is not None:
            tests += patterns.conditions_before(site.unit.node, site.node)
        return frozenset().union(*map(syntax.names_in_text, tests))

    @property
    def written(self) -> str:
        """The call as it stands in the code, without its arguments."""
        node = self.site.node
        return syntax.called(node) if self.site.through is None else f"{self.name}(...)"
