"""Statements that part the path through a function, and what holds where the parts meet."""

from __future__ import annotations

from contextlib import nullcontext

import libcst as cst

from keras_layer_lint.keras.scopes import NAME_SCOPES, RUN_EAGERLY
from keras_layer_lint.model import syntax
from keras_layer_lint.values.attribute_events import StateDecides
from keras_layer_lint.values.autograph import if_fault
from keras_layer_lint.values.eager_tests import eager_branch
from keras_layer_lint.values.effects import Effects
from keras_layer_lint.values.events import TensorTest, TraceDecides
from keras_layer_lint.values.frames import Frame, Path
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.state import State
from keras_layer_lint.values.state_tests import runs_once, tests_state
from keras_layer_lint.values.traced_differently import differs
from keras_layer_lint.values.value import Instance, PythonValue, Tensor

_CAUGHT = frozenset(
    {
        "Exception",
        "BaseException",
        "AttributeError",
        "TypeError",
        "ValueError",
        "NotImplementedError",
        "OperatorNotAllowedInGraphError",
    }
)


class Branches(State):
    """`if`, `with`, `try` and `match`."""

    def _if(self, node: cst.If, frame: Frame, form: str = "if") -> bool:
        test = self.condition(node.test, frame)
        origin = test.origin if isinstance(test, Tensor) else None
        if origin is not None:
            loop = frame.loops[-1] if frame.loops else None
            in_python_loop = loop is not None and loop.origin is None and not loop.is_while
            fault = if_fault(node, frame.rest, frame.env, in_python_loop)
            self.emit(node, frame, TensorTest, form=form, test=node.test, origin=origin, fault=fault)
        start = self.here(frame)
        guards = {truth: runs_once(self.run, node.test, frame, truth) for truth in (True, False)}
        eager = eager_branch(self.run, frame.unit, node.test, frame.function.node)
        if eager is not None and differs(node, frame):
            self.emit(node, frame, TraceDecides, test=node.test, eager=eager)
        effects = Effects(self.run, node, frame) if tests_state(self.run, node.test, frame) else None
        ends: list[Path] = []
        known = test.constant if isinstance(test, PythonValue) and isinstance(test.constant, bool) else None
        for truth in (True, False):
            env = self.narrowed(node.test, frame, truth) if known is None or known is truth else None
            if env is None:
                continue
            frame.env = env.fork()
            frame.quiet += truth is eager
            frame.guards += guards[truth]
            with self.under_condition(frame):
                alive = self._branch(node, truth, frame)
            frame.guards -= guards[truth]
            frame.quiet -= truth is eager
            if effects is not None and effects.show(start, self.here(frame), frame):
                for name in effects.tested:
                    self.emit(node, frame, StateDecides, name=name)
            if alive:
                ends.append(self.here(frame))
            else:
                # What follows runs only where the layer did not hold it yet, or only eagerly.
                frame.guards += guards[not truth]
                frame.quiet += eager is (not truth)
            self.go_to(start, frame)
        if not ends:
            return False
        self.meet(ends, frame)
        return True

    def _branch(self, node: cst.If, truth: bool, frame: Frame) -> bool:
        if truth:
            return self.suite(node.body, frame)
        if isinstance(node.orelse, cst.If):
            return self._if(node.orelse, frame, "elif")
        return node.orelse is None or self.suite(node.orelse.body, frame)

    def _with(self, node: cst.With, frame: Frame) -> bool:
        quiet = scoped = suppresses = False
        for item in node.items:
            value = self.evaluate(item.item, frame)
            if item.asname is not None:
                self.assign(item.asname.name, value if isinstance(value, Tensor) else UNKNOWN, frame, node)
            entered = value.of if isinstance(value, Instance) else ""
            suppresses = suppresses or entered == "contextlib.suppress"
            quiet = quiet or suppresses or entered in RUN_EAGERLY
            scoped = scoped or entered in NAME_SCOPES
        start = self.here(frame)
        frame.env = start.env.fork()
        frame.name_scopes += scoped
        frame.skippable += suppresses
        with self.quietly(frame) if quiet else nullcontext():
            alive = self.suite(node.body, frame)
        frame.skippable -= suppresses
        frame.name_scopes -= scoped
        if suppresses:
            self.meet([start, self.here(frame)] if alive else [start], frame)
        return alive or suppresses

    def _try(self, node: cst.Try | cst.TryStar, frame: Frame) -> bool:
        start = self.here(frame)
        frame.env = start.env.fork()
        caught = any(_catches(handler.type) for handler in node.handlers)
        frame.quiet += caught
        frame.skippable += bool(node.handlers)
        alive = self.suite(node.body, frame)
        frame.skippable -= bool(node.handlers)
        frame.quiet -= caught
        after = self.here(frame)
        if alive and node.orelse is not None:
            alive = self.suite(node.orelse.body, frame)
        ends = [self.here(frame)] if alive else []
        for handler in node.handlers:
            self.meet([start, after], frame)
            if handler.name is not None:
                self.assign(handler.name.name, UNKNOWN, frame, handler)
            frame.guards += 1
            with self.under_condition(frame):
                if self.suite(handler.body, frame):
                    ends.append(self.here(frame))
            frame.guards -= 1
        self.meet(ends or [start], frame)
        if node.finalbody is not None and not self.suite(node.finalbody.body, frame):
            return False
        return bool(ends)

    def _match(self, node: cst.Match, frame: Frame) -> bool:
        subject = self.evaluate(node.subject, frame)
        compares = any(not _is_catch_all(case.pattern) for case in node.cases)
        if isinstance(subject, Tensor) and compares:
            self.emit(node, frame, TensorTest, form="match", test=node.subject, origin=subject.origin)
        start = self.here(frame)
        ends: list[Path] = []
        for case in node.cases:
            self.go_to(start, frame)
            for child in syntax.walk(case.pattern):
                if isinstance(child, cst.MatchAs) and child.name is not None:
                    frame.bind(child.name.value, UNKNOWN)
            if case.guard is not None:
                self.condition(case.guard, frame)
            with self.under_condition(frame):
                if self.suite(case.body, frame):
                    ends.append(self.here(frame))
        if not any(_is_catch_all(case.pattern) and case.guard is None for case in node.cases):
            ends.append(start)
        if not ends:
            return False
        self.meet(ends, frame)
        return True


def _catches(kind: cst.BaseExpression | None) -> bool:
    if kind is None:
        return True
    kinds = [e.value for e in kind.elements] if isinstance(kind, cst.Tuple) else [kind]
    return any((syntax.dotted(k) or "").rpartition(".")[2] in _CAUGHT for k in kinds)


def _is_catch_all(pattern: cst.MatchPattern) -> bool:
    return isinstance(pattern, cst.MatchAs) and pattern.pattern is None
