"""Functions being run, and the paths through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.target import EVERY_VERSION, Target, Versions
from keras_layer_lint.values.autograph import GivesUp
from keras_layer_lint.values.blocks import Block
from keras_layer_lint.values.environment import Environment
from keras_layer_lint.values.join import join
from keras_layer_lint.values.value import Function, Origin, Self, Value


@dataclass(slots=True, eq=False)
class Loop:
    """A loop being run. `origin`: why it is a loop over a tensor, None for a Python loop."""

    origin: Origin | None
    depth: int
    """How many blocks of its function enclose it."""
    is_while: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The call in the linted file that leads to code of another file."""

    unit: CodeUnit
    node: cst.CSTNode
    function: str
    """Name of the function that holds the call."""
    owner: ClassRef | None
    through: str
    """Name of the function that is called there."""


@dataclass(frozen=True, slots=True)
class Context:
    """What code takes from the calls that lead to it, arguments and `self` apart: a part of the key of its call."""

    autograph: frozenset[Target] = frozenset()
    """The generations in which AutoGraph converts the caller."""
    left_alone: Versions = EVERY_VERSION
    """The versions of Keras 2 in which it leaves it as it is, where that generation is none of them."""
    quiet: bool = False
    """What is raised is handled, or the code runs eagerly: nothing is reported."""
    guarded: bool = False
    optional: bool = False
    """A call that leads here is only possible: it stands under a condition."""
    name_scope: bool = False
    place: Place | None = None
    """None for code of the linted file, which is a place of its own."""
    is_foreign: bool = False
    """The code stands in another file."""
    conditional: bool = False
    """For such code: a call on the way from `place` stands under a condition."""
    silent: bool = False
    """Such code is reported where its own class is linted."""


@dataclass(slots=True, eq=False)
class Frame:
    """One function being run with one set of arguments."""

    function: Function
    name: str
    env: Environment
    context: Context
    number: int
    """In the order in which frames were made."""
    autograph: frozenset[Target] = field(init=False)
    """The generations in which AutoGraph converts it."""
    left_alone: Versions = field(init=False)
    """As in `Context`."""
    gives_up: GivesUp | None = None
    caller: Frame | None = None
    returns: list[tuple[Value, cst.Return | None]] = field(default_factory=list)
    ends: list[Environment] = field(default_factory=list)
    """What `self` holds at each `return`."""
    conditions: int = 0
    """Above zero: the statement at hand is only possible, for it stands under a condition of this function."""
    may_have_left: bool = False
    """A `return`, `break` or `continue` under a condition stands before the statement at hand."""
    skippable: int = 0
    """Above zero: in a loop or comprehension that may run zero times."""
    loops: list[Loop] = field(default_factory=list)
    rest: list[Block] = field(default_factory=list)
    """The blocks being run, outermost first."""
    quiet: int = 0
    """Above zero: an exception here is handled, or the code runs eagerly; nothing is reported."""
    name_scopes: int = 0
    """How many `with tf.name_scope(...)` are open in this function."""
    kwargs: str | None = None
    """Name of the `**kwargs` parameter."""
    aliases: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Lists held by a variable and by an attribute too: the attribute, and `copy` or `inside` as in `LateGrowth`."""
    exits: list[Exits] = field(default_factory=list)
    """Per loop around the statement at hand."""
    guards: int = 0
    """Above zero: under a test of what the layer holds, or behind one that leaves."""
    outer: dict[str, Frame] = field(default_factory=dict)
    """The `nonlocal` names, each with the frame that it is a variable of."""

    def __post_init__(self) -> None:
        self.autograph = self.context.autograph
        self.left_alone = self.context.left_alone

    def leave_alone(self, versions: Versions = EVERY_VERSION) -> None:
        """AutoGraph converts it in no generation; in Keras 2 in none of these versions."""
        self.autograph, self.left_alone = frozenset(), versions

    @property
    def unit(self) -> CodeUnit:
        """Where its code stands."""
        return self.function.unit

    @property
    def is_certain(self) -> bool:
        """Whether the statement at hand runs whenever the function does."""
        return not self.conditions and not self.may_have_left and not self.skippable

    def callers(self) -> Iterator[Frame]:
        """The frame, then those that called it, innermost first."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.caller

    def lookup(self, name: str) -> Value | None:
        """A variable of this function or of those that enclose it."""
        if (value := self.env.get(name)) is not None:
            return value
        closure = self.function.closure
        return None if closure is None else closure.lookup(name)

    def bind(self, name: str, value: Value) -> None:
        """Give a variable a value: one of this function, or of the one around it that `nonlocal` names."""
        home = self.outer.get(name)
        if home is None:
            self.env[name] = value
            return
        self.env.pop(name, None)  # what a condition said of it
        old = home.env.get(name)
        is_certain = True
        for frame in self.callers():
            if frame is home:
                break
            is_certain = is_certain and frame.is_certain
        home.env[name] = value if old is None or is_certain else join(old, value)

    def declare_nonlocal(self, name: str) -> None:
        """Bind a name in the innermost function around this one that has it, from now on."""
        scope = self.function.closure
        while isinstance(scope, Frame):
            if name in scope.outer:
                scope = scope.outer[name]
            if name in scope.env:
                self.outer[name] = scope
                return
            scope = scope.function.closure


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """What holds at one point of one path through a function."""

    env: Environment
    attributes: Environment


@dataclass(slots=True, eq=False)
class Exits:
    """What holds where `break` and `continue` leave an iteration of a loop."""

    broken: list[Path] = field(default_factory=list)
    continued: list[Path] = field(default_factory=list)


def function_name(function: Function) -> str:
    """The name of a function as it is defined."""
    return function.node.name.value if isinstance(function.node, cst.FunctionDef) else "lambda"


def merge(a: Environment, b: Environment, frame: Frame) -> Environment:
    """What is known where two paths meet.

    A variable bound on one of them only keeps its value: to read it elsewhere fails. One of a function around stands
    in the environment only where a condition says more of it.
    `self.x` and `x[0]` stand in an environment only while a condition says more of them than is known elsewhere.
    """
    changed = b.changed(a)
    first = {name: a.get(name) for name in changed}
    second = {name: b.get(name) for name in changed}
    result = b.fork()
    for name in reversed(changed):  # names that only `a` has keep their order
        mine, theirs = first[name], second[name]
        if mine is None or theirs is None:
            if name.startswith("self.") or "[" in name:
                result.pop(name)
                continue
            closure = frame.function.closure
            around = None if closure is None else closure.lookup(name)
            mine, theirs = mine or around, theirs or around
        if mine is not None and theirs is not None:
            result[name] = mine if mine is theirs else join(mine, theirs)
        elif (value := mine or theirs) is not None:
            result[name] = value
    return result


def layer_attribute(node: cst.CSTNode, frame: Frame) -> str | None:
    """`name` of `self.name`, and of `layer.name` where a function calls the layer so; else None."""
    if not isinstance(node, cst.Attribute) or not isinstance(node.value, cst.Name):
        return None
    holder = node.value.value
    return node.attr.value if holder == "self" or isinstance(frame.lookup(holder), Self) else None


def held_in(node: cst.CSTNode, frame: Frame) -> str | None:
    """`self.name` or `self.names[0]`, whatever the function calls the layer; else None."""
    match node:
        case cst.Subscript(value=holder, slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
            attribute, number = layer_attribute(holder, frame), syntax.literal(index)
            return f"self.{attribute}[{number}]" if attribute is not None and type(number) is int else None
        case _:
            attribute = layer_attribute(node, frame)
            return None if attribute is None else f"self.{attribute}"
