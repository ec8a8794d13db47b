"""The state of an abstract run: frames, the layer's attributes, events, and what the parts ask of each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Sequence as Items
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import libcst as cst

from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.values.arguments import Arguments
from keras_layer_lint.values.autograph import FunctionFacts, GivesUp
from keras_layer_lint.values.events import Event, MissingMaskUsed, MixedDtypes, Site
from keras_layer_lint.values.value import Function, InputMask, InputMasks, Nest, Origin, Tensor, Value, join

if TYPE_CHECKING:
    from keras_layer_lint.model.layer import LayerClass

PHASES = ("__init__", "build", "call", "get_config")
"""The methods that Keras calls, in the order of a layer's life."""
MAX_DEPTH = 12
"""Calls nested deeper are not followed."""
MAX_STEPS = 300_000
"""Expressions evaluated per class before calls are no longer followed: a stop for hostile code."""


@dataclass(slots=True, eq=False)
class Loop:
    """A loop being run. `origin`: why it is a loop over a tensor, None for a Python loop."""

    origin: Origin | None
    depth: int
    """How many blocks of its function enclose it."""
    is_while: bool = False


@dataclass(slots=True, eq=False)
class Frame:
    """One function being run with one set of arguments."""

    function: Function
    name: str
    env: dict[str, Value]
    autograph: frozenset[str]
    gives_up: GivesUp | None = None
    caller: Frame | None = None
    call_node: cst.CSTNode | None = None
    returns: list[tuple[Value, cst.Return | None]] = field(default_factory=list)
    conditions: list[Origin | None] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    rest: list[tuple[Items[cst.CSTNode], int]] = field(default_factory=list)
    """The blocks being run, outermost first, each with the index of the statement at hand."""
    quiet: int = 0
    """Above zero: an exception here is handled, or the code runs eagerly; nothing is reported."""
    name_scopes: int = 0
    """How many `with tf.name_scope(...)` are open in this function."""
    kwargs: str | None = None
    """Name of the `**kwargs` parameter."""
    lent: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Lists held by a variable and by an attribute too: the attribute, and `copy` or `inside` as in `LateGrowth`."""
    exits: list[list[dict[str, Value]]] = field(default_factory=list)
    """Per loop, the environments at its `break` and `continue`."""
    guards: int = 0
    """Above zero: under a test of what the layer holds, here or in a caller, or behind one that leaves."""

    @property
    def unit(self) -> CodeUnit:
        """Where its code stands."""
        return self.function.unit

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


@dataclass(slots=True, eq=False)
class Run:
    """What all frames of the analysis of one class share."""

    layer: LayerClass
    home: ModuleIndex
    """The module being linted: events are placed there."""
    attributes: dict[str, Value] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    phase: str = ""
    dynamic_attributes: bool = False
    """Attributes are set under names that could not be read."""
    steps: int = 0
    visited: set[int] = field(default_factory=set)
    """Identities of the function nodes that were run."""
    seen: set[tuple[Any, ...]] = field(default_factory=set)
    memo: dict[tuple[Any, ...], Value] = field(default_factory=dict)
    active: list[int] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)
    """Attributes that hold lists which were put into them one by one."""
    written: set[str] = field(default_factory=set)
    """Attributes bound since the method of this phase began."""
    stored_in_call: frozenset[str] = frozenset()
    """Attributes that some code of the class binds outside `__init__` and `build`: only reads of these are recorded."""

    def facts_of(self, function: Function) -> FunctionFacts:
        """What the text of a function says."""
        return _facts_of(function.node, function.unit)


@lru_cache(maxsize=2048)
def _facts_of(node: cst.FunctionDef | cst.Lambda, unit: CodeUnit) -> FunctionFacts:
    return FunctionFacts(node, unit)


class State:
    """What expressions, calls and statements need of each other. `Interpreter` puts them together."""

    run: Run

    def evaluate(self, node: cst.CSTNode, frame: Frame) -> Value:
        """The value of an expression."""
        raise NotImplementedError

    def condition(self, test: cst.BaseExpression, frame: Frame) -> Value:
        """The value of an expression whose truth is asked for by the statement around it."""
        raise NotImplementedError

    def narrowed(self, test: cst.BaseExpression, frame: Frame, truth: bool) -> dict[str, Value] | None:
        """The environment where `test` came out as `truth`; None where it cannot."""
        raise NotImplementedError

    def assign(self, target: cst.CSTNode, value: Value, frame: Frame, node: cst.CSTNode) -> None:
        """Bind a target."""
        raise NotImplementedError

    def call(self, node: cst.Call, frame: Frame) -> Value:
        """The value of a call expression."""
        raise NotImplementedError

    def apply(
        self,
        function: Function,
        arguments: Items[Value],
        keywords: Mapping[str, Value],
        frame: Frame | None,
        node: cst.CSTNode | None,
        *,
        star: Value | None = None,
        star_kwargs: Value | None = None,
    ) -> Value:
        """Run a function of the project and give what it returns."""
        raise NotImplementedError

    def block(self, body: Items[cst.CSTNode], frame: Frame) -> bool:
        """Run statements; False where control cannot get past them."""
        raise NotImplementedError

    def iterate(self, node: cst.CSTNode, value: Value, form: str, frame: Frame, fault: str | None = None) -> Value:
        """Record that Python iterates `value`; the element."""
        raise NotImplementedError

    def self_attribute(self, name: str, node: cst.CSTNode, frame: Frame) -> Value:
        """The value of `self.name`."""
        raise NotImplementedError

    def store_attribute(self, name: str, value: Value, node: cst.CSTNode, frame: Frame) -> None:
        """Bind `self.name`."""
        raise NotImplementedError

    def combined(self, left: Value, right: Value, *, is_add: bool, is_or: bool = False) -> Value:
        """The value of an arithmetic operation."""
        raise NotImplementedError

    def emit_super_call(
        self,
        method: str,
        arguments: Arguments,
        node: cst.Call,
        frame: Frame,
        *,
        skip: int = 0,
        target: ClassRef | None = None,
    ) -> None:
        """Record that a method of a base class is called on self."""
        raise NotImplementedError

    def site(self, node: cst.CSTNode, frame: Frame) -> Site | None:
        """Where to report what happens at `node`; None where that is another class's business."""
        run = self.run
        through: str | None = None
        conditional = bool(frame.conditions)
        in_loop = bool(frame.loops)
        tensor_loop = any(loop.origin for loop in frame.loops)
        place: Frame | None = frame
        at: cst.CSTNode | None = node
        if frame.quiet:
            return None
        while place is not None and place.unit.module is not run.home:
            owner = place.function.owner
            if owner is not None and owner is not run.layer.ref and run.layer.is_keras_object(owner):
                return None
            through = place.name
            at, place = place.call_node, place.caller
            if place is not None:
                conditional = conditional or bool(place.conditions)
                if place.quiet:
                    return None
        if place is None or at is None:
            return None
        return Site(
            unit=place.unit,
            node=at,
            phase=run.phase,
            function=place.name,
            autograph=frame.autograph,
            through=through,
            gives_up=frame.gives_up,
            in_tensor_loop=tensor_loop,
            in_loop=in_loop,
            conditional=conditional,
            owner=place.function.owner,
            guarded=frame.guards > 0,
            optional=self._is_optional(frame),
        )

    def _is_optional(self, frame: Frame) -> bool:
        place: Frame | None = frame
        while place is not None:
            if place.conditions:
                return True
            place = place.caller
        return False

    def emit(self, node: cst.CSTNode, frame: Frame, kind: type[Event], **data: Any) -> None:
        """Record an event, once per place and kind."""
        site = self.site(node, frame)
        if site is None:
            return
        event = kind(site, **data)
        words = tuple(value for value in data.values() if isinstance(value, str))
        key = (kind, id(node), id(site.node), self.run.phase, words)
        if key not in self.run.seen:
            self.run.seen.add(key)
            self.run.events.append(event)

    def emit_missing_mask(self, value: Value, node: cst.CSTNode, frame: Frame) -> None:
        """Record that a value is used as a tensor, where it stands for masks that need not be there."""
        whole = isinstance(value, InputMasks) and not value.optional
        if whole or (isinstance(value, InputMask) and value.optional):
            self.emit(node, frame, MissingMaskUsed, whole=whole)

    def emit_mixed_dtypes(self, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> None:
        """Record arithmetic of a tensor in the layer's compute dtype with one that is float32 in any case."""
        if not (isinstance(left, Tensor | Nest) and isinstance(right, Tensor | Nest)):
            return
        if {left.dtype, right.dtype} == {"compute", "float32"}:
            computed, fixed = (left, right) if left.dtype == "compute" else (right, left)
            weight = isinstance(computed, Tensor) and computed.variable
            self.emit(node, frame, MixedDtypes, origin=fixed.origin, with_weight=weight)

    @contextmanager
    def under(self, frame: Frame, origin: Origin | None) -> Iterator[None]:
        """Run what stands under a condition; `origin` says why that is a tensor."""
        frame.conditions.append(origin)
        try:
            yield
        finally:
            frame.conditions.pop()

    @contextmanager
    def hushed(self, frame: Frame) -> Iterator[None]:
        """Run code whose failures are handled, or which never runs in a graph."""
        frame.quiet += 1
        try:
            yield
        finally:
            frame.quiet -= 1


def merge(a: dict[str, Value], b: dict[str, Value]) -> dict[str, Value]:
    """What is known where two paths meet. A name bound on one of them only keeps its value.

    `self.x` and `x[0]` stand in an environment only while a condition says more of them than is known elsewhere.
    """
    result: dict[str, Value] = {}
    for name in {**a, **b}:
        mine, theirs = a.get(name), b.get(name)
        if mine is not None and theirs is not None:
            result[name] = join(mine, theirs)
        elif not name.startswith("self.") and "[" not in name and (value := mine or theirs) is not None:
            result[name] = value
    return result
