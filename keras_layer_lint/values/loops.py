"""What loops do: a body is run until it says nothing new of any variable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.autograph import WITHOUT_ELSE, Unconvertible, exits_of, for_fault
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.displays import constants_in
from keras_layer_lint.values.environment import Environment
from keras_layer_lint.values.events import TensorBreak, TensorIteration, TensorTest, along
from keras_layer_lint.values.frames import Exits, Frame, Loop, Path, held_in
from keras_layer_lint.values.join import element_of, is_filled, join, widen
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.state import State
from keras_layer_lint.values.value import Layer, Nest, Origin, PythonValue, Range, Tensor, Value

WIDEN_AFTER = 3
"""Iterations after which containers that still change are no longer looked into."""
MAX_ITERATIONS = 12
"""Iterations after which what still changes is unknown."""


@dataclass(slots=True, eq=False)
class _Body:
    """A loop to be run. `enter`: binds the target or narrows by the test; False where the loop ends instead."""

    node: cst.For | cst.While
    enter: Callable[[], bool]
    origin: Origin | None
    """Why it is a loop over a tensor, None for a Python loop."""
    runs: bool
    """It certainly runs once at least."""


@dataclass(slots=True, eq=False)
class _Ends:
    """The paths out of a loop."""

    done: list[Path] = field(default_factory=list)
    """Where no item is left or the test fails: `else` comes next."""
    broken: list[Path] = field(default_factory=list)


class Loops(State):
    """`for` and `while`."""

    def _while(self, node: cst.While, frame: Frame) -> bool:
        test = self.condition(node.test, frame)
        origin = test.origin if isinstance(test, Tensor) else None
        if origin is not None:
            fault = _else_fault(node.orelse)
            self.emit(node, frame, TensorTest, form="while", test=node.test, origin=origin, fault=fault)
        endless = syntax.literal(node.test) in (True, 1)
        runs = isinstance(test, PythonValue) and test.constant is True
        start = self.here(frame)
        is_first = True

        def enter() -> bool:
            nonlocal is_first
            if not is_first and not endless:
                self.condition(node.test, frame)
            is_first = False
            env = self.narrowed(node.test, frame, True)
            if env is not None:
                frame.env = env.fork()
            return env is not None

        ends = self._run(_Body(node, enter, origin, endless or runs), start, frame)
        if endless:
            self._tensor_exits(node, frame)
            ends.done.clear()
        ends.done = [path for done in ends.done if (path := self._where_it_fails(node.test, done, frame)) is not None]
        return self._leave(node, ends, frame)

    def _where_it_fails(self, test: cst.BaseExpression, path: Path, frame: Frame) -> Path | None:
        """A path to the test of a loop, where that comes out false; None where it cannot."""
        self.go_to(path, frame)
        env = self.narrowed(test, frame, False)
        return None if env is None else Path(env, path.attributes)

    def _for(self, node: cst.For, frame: Frame) -> bool:
        source = self.evaluate(node.iter, frame)
        rounds = constants_in(source)
        start = self.here(frame)
        if isinstance(source, Sequence) and source.stays_empty:
            return self._leave(node, _Ends([start]), frame)
        if rounds is not None:
            return self._leave(node, self._unrolled(node, rounds, start, frame), frame)
        origin = source.origin if isinstance(source, Tensor | Range) else None
        fault = None
        if origin is not None:
            fault = _else_fault(node.orelse) or for_fault(node, frame.env)
        element = self.iterate(node.iter, source, "for", frame, fault)
        if isinstance(element, Layer) and is_filled(source) and (held := held_in(node.iter, frame)) is not None:
            element = replace(element, each_of=held)

        def enter() -> bool:
            self.assign(node.target, element, frame, node)
            return True

        runs = origin is not None or is_filled(source)
        return self._leave(node, self._run(_Body(node, enter, origin, runs), start, frame), frame)

    def _unrolled(self, node: cst.For, rounds: tuple[Value, ...], start: Path, frame: Frame) -> _Ends:
        """A loop over literals, item by item."""
        ends = _Ends()
        path: Path | None = start
        for item in rounds:
            if path is None:
                break
            self.go_to(path, frame)
            self.assign(node.target, item, frame, node)
            path = self._once(node, ends, frame)
        if path is not None:
            ends.done.append(path)
        return ends

    def _run(self, loop: _Body, start: Path, frame: Frame) -> _Ends:
        """Run a body from `start` until the next iteration would begin with nothing new."""
        ends = _Ends()
        head: Path | None = None
        frame.loops.append(Loop(loop.origin, len(frame.rest), isinstance(loop.node, cst.While)))
        frame.skippable += not loop.runs
        returns, may_have_left = len(frame.returns), frame.may_have_left
        for iteration in range(MAX_ITERATIONS):
            self.go_to(head or start, frame)
            is_entered = loop.enter()
            known = self.here(frame)
            frame.env = known.env.fork()
            after = self._once(loop.node, ends, frame) if is_entered else None
            if after is None:
                break
            if self._says_nothing_new(known, after):
                head = head or after
                break
            before, head = head, after if head is None else self._widened(head, after, iteration >= WIDEN_AFTER, frame)
            if before is not None and not any(
                any(old != new for _, old, new in _changes(*pair)) for pair in _pairs(before, head)
            ):
                break
        else:
            assert head is not None
            self.note_limit(f"what a loop comes to after {MAX_ITERATIONS} iterations", loop.node, frame)
            head = _given_up(start, head)
        frame.skippable -= not loop.runs
        frame.loops.pop()
        frame.may_have_left = may_have_left or len(frame.returns) > returns
        if head is not None:
            ends.done.append(self._as_tensors(start, head, frame) if loop.origin is not None else head)
        if not loop.runs or not (ends.done or ends.broken):
            ends.done.append(start)
        return ends

    def _once(self, node: cst.For | cst.While, ends: _Ends, frame: Frame) -> Path | None:
        """Run a body once; what holds where it comes to its end or to `continue`."""
        frame.exits.append(Exits())
        alive = self.suite(node.body, frame)
        exits = frame.exits.pop()
        ends.broken.extend(exits.broken)
        again = [*([self.here(frame)] if alive else []), *exits.continued]
        if not again:
            return None
        self.meet(again, frame)
        return self.here(frame)

    def _leave(self, node: cst.For | cst.While, ends: _Ends, frame: Frame) -> bool:
        """Go on behind a loop; False where control does not get there."""
        alive = bool(ends.done)
        if alive:
            self.meet(ends.done, frame)
            if node.orelse is not None:
                alive = self.suite(node.orelse.body, frame)
        paths = [*([self.here(frame)] if alive else []), *ends.broken]
        if not paths:
            return False
        self.meet(paths, frame)
        return True

    def _says_nothing_new(self, known: Path, after: Path) -> bool:
        """Whether an iteration left all as it may have been before."""
        return all(
            old is new or new is None or (old is not None and join(old, new) == old)
            for before, now in _pairs(known, after)
            for _, old, new in _changes(before, now)
        )

    def _widened(self, head: Path, after: Path, is_late: bool, frame: Frame) -> Path:
        """What may hold before the next iteration: what held before this one, or what holds now."""
        self.meet([head, after], frame)
        joined = self.here(frame)
        if not is_late:
            return joined
        env, attributes = (_widen_all(before, now) for before, now in _pairs(head, joined))
        return Path(env, attributes)

    def _as_tensors(self, start: Path, head: Path, frame: Frame) -> Path:
        """What AutoGraph makes of a loop over a tensor: its variables are tensors also where it runs zero times."""
        self.meet([start, head], frame)
        joined = self.here(frame)
        env = joined.env.fork()
        for name, before, value in _changes(start.env, head.env):
            if isinstance(value, Tensor | Nest) and isinstance(before, PythonValue | Tensor | Nest):
                env[name] = value
        return Path(env, joined.attributes)

    def _tensor_exits(self, node: cst.While, frame: Frame) -> None:
        for inner in exits_of(node):
            with self.quietly(frame):
                value = self.condition(inner.test, frame)
            if isinstance(value, Tensor):
                self.emit(node.test, frame, TensorBreak, origin=value.origin)

    def iterate(
        self, node: cst.CSTNode, value: Value, form: str, frame: Frame, fault: Unconvertible | None = None
    ) -> Value:
        if isinstance(value, Range):
            if form != "for":
                self.emit(node, frame, TensorIteration, form=form, origin=value.origin, is_range=True)
            return element_of(value)
        if isinstance(value, Tensor):
            self.emit(node, frame, TensorIteration, form=form, origin=value.origin, fault=fault, **along(value))
        return element_of(value)


def _pairs(one: Path, other: Path) -> tuple[tuple[Environment, Environment], tuple[Environment, Environment]]:
    return (one.env, other.env), (one.attributes, other.attributes)


def _changes(before: Environment, now: Environment) -> list[tuple[str, Value | None, Value | None]]:
    """The names that may have another value, with the one before and the one now."""
    names = sorted(before.changed(now))
    old = [before.get(name) for name in names]
    new = [now.get(name) for name in names]
    return list(zip(names, old, new, strict=True))


def _widen_all(before: Environment, now: Environment) -> Environment:
    changes = _changes(before, now)
    result = now.fork()
    for name, old, new in changes:
        if old is not None and new is not None and old != new:
            result[name] = widen(new)
    return result


def _given_up(start: Path, head: Path) -> Path:
    """Nothing is known of what a loop changes."""
    found: list[Environment] = []
    for before, now in _pairs(start, head):
        changes = _changes(before, now)
        result = now.fork()
        for name, old, new in changes:
            if new is not None and old is not new:
                result[name] = UNKNOWN
        found.append(result)
    return Path(*found)


def _else_fault(orelse: cst.Else | None) -> Unconvertible | None:
    return None if orelse is None else Unconvertible("AutoGraph cannot convert a loop with `else`", WITHOUT_ELSE)
