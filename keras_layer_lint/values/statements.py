"""What statements do to the values of variables, attributes and loops."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Items
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.attribute_events import AttributeMutated, AttributeStored, LateGrowth
from keras_layer_lint.values.autograph import if_fault
from keras_layer_lint.values.blocks import Block
from keras_layer_lint.values.containers import Dict, Entry, Sequence
from keras_layer_lint.values.contents import layers_in
from keras_layer_lint.values.events import DroppedWrite, ItemAssigned, NumpyCall, TensorTest, TensorTruth
from keras_layer_lint.values.frames import Frame, Path
from keras_layer_lint.values.globals import imported
from keras_layer_lint.values.join import element_of, join
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.loops import Loops
from keras_layer_lint.values.mutations import Mutations
from keras_layer_lint.values.narrowing import tests_state, type_names
from keras_layer_lint.values.operators import derived
from keras_layer_lint.values.state import State
from keras_layer_lint.values.value import (
    NONE,
    Dimension,
    Function,
    NumpyValue,
    PythonValue,
    Self,
    Shape,
    Tensor,
    TensorArray,
    Value,
)

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


class Statements(Loops, Mutations):
    """Statement handlers, chosen by node type."""

    def block(self, body: Items[cst.CSTNode], frame: Frame) -> bool:
        block = Block(body)
        frame.rest.append(block)
        try:
            for index, statement in enumerate(body):
                block.index = index
                if not self.statement(statement, frame):
                    return False
            return True
        finally:
            frame.rest.pop()

    def statement(self, node: cst.CSTNode, frame: Frame) -> bool:
        """Run one statement; False where control does not get past it."""
        if type(node) is cst.SimpleStatementLine:
            return all(self.statement(part, frame) for part in node.body)
        handler = _HANDLERS.get(type(node))
        return True if handler is None else handler(self, node, frame)

    def suite(self, body: cst.BaseSuite, frame: Frame) -> bool:
        """Run an indented block."""
        return self.block(syntax.statements(body), frame)

    def _expression(self, node: cst.Expr, frame: Frame) -> bool:
        value = self.evaluate(node.value, frame)
        if isinstance(value, TensorArray) and isinstance(node.value, cst.Call):
            function = node.value.func
            if isinstance(function, cst.Attribute) and function.attr.value == "write":
                self.emit(node.value, frame, DroppedWrite, name=syntax.source(function.value))
        return True

    def _assign(self, node: cst.Assign, frame: Frame) -> bool:
        value = self.evaluate(node.value, frame)
        for target in node.targets:
            self.assign(target.target, value, frame, node)
        return True

    def _annotated(self, node: cst.AnnAssign, frame: Frame) -> bool:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value, frame), frame, node)
        return True

    def _augmented(self, node: cst.AugAssign, frame: Frame) -> bool:
        old, new = self.evaluate(node.target, frame), self.evaluate(node.value, frame)
        self.emit_missing_mask(new, node, frame)
        self.emit_mixed_dtypes(old, new, node, frame)
        is_add = isinstance(node.operator, cst.AddAssign)
        if isinstance(old, Dict) and isinstance(new, Dict) and isinstance(node.operator, cst.BitOrAssign):
            value: Value = self.combined(old, new, is_add=False, is_or=True)
        else:
            value = self.combined(old, new, is_add=is_add)
            if isinstance(value, PythonValue):
                value = derived(old, node.operator, new, node)
        if is_add and isinstance(old, Sequence) and old.is_list:
            self.grown(_place(node.target), "+=", node, frame)
            if (attribute := syntax.self_attribute(node.target)) is not None:
                after = self.run.attributes.is_written(attribute)
                data = {"name": attribute, "value": value, "grown": True, "after_write": after}
                self.emit(node, frame, AttributeMutated, **data)
        self.assign(node.target, value, frame, node)
        return True

    def assign(self, target: cst.CSTNode, value: Value, frame: Frame, node: cst.CSTNode) -> None:
        if isinstance(target, cst.Name):
            frame.bind(target.value, value)
            if frame.aliases:
                frame.aliases.pop(target.value, None)
            if type(node) is cst.Assign and isinstance(node.value, cst.BinaryOperation):
                self._rebuilt_list(target.value, node.value, value, node, frame)
            return
        match target:
            case cst.Tuple() | cst.List():
                self._unpack(target, value, frame, node)
            case cst.StarredElement():
                self.assign(target.value, value, frame, node)
            case cst.Attribute():
                holder = self.evaluate(target.value, frame)
                if isinstance(holder, Self):
                    self.store_attribute(target.attr.value, value, node, frame)
                    if (
                        isinstance(node, cst.Assign)
                        and isinstance(node.value, cst.Name)
                        and isinstance(value, Sequence)
                    ):
                        frame.aliases[node.value.value] = (target.attr.value, "copy")
            case cst.Subscript():
                self._store_item(target, value, frame, node)
            case _:
                pass

    def _rebuilt_list(
        self, name: str, operation: cst.BinaryOperation, value: Value, node: cst.CSTNode, frame: Frame
    ) -> None:
        """`outputs = outputs + [row]`."""
        same = isinstance(operation.left, cst.Name) and operation.left.value == name
        if same and isinstance(value, Sequence) and isinstance(operation.operator, cst.Add):
            self.grown(name, "+", node, frame)

    def _unpack(self, target: cst.Tuple | cst.List, value: Value, frame: Frame, node: cst.CSTNode) -> None:
        elements = target.elements
        if isinstance(value, Tensor):
            self.iterate(node, value, "unpacking", frame)
        starred = any(isinstance(element, cst.StarredElement) for element in elements)
        if (
            isinstance(value, Sequence)
            and value.items is not None
            and len(value.items) == len(elements)
            and not starred
        ):
            values: Items[Value] = value.items
        elif isinstance(value, Shape):
            first: Value = Dimension(batch=value.batched)
            if value.symbolic and value.batched and value.origin is not None:
                first = Tensor(value.origin)
            rest: Value = UNKNOWN if value.symbolic and not value.batched else Dimension()
            values = [first, *(rest for _ in elements[1:])]
        else:
            values = [element_of(value)] * len(elements)
        for element, item in zip(elements, values, strict=True):
            if isinstance(element, cst.StarredElement):
                self.assign(element.value, Sequence(None, item, is_list=True), frame, node)
            else:
                self.assign(element.value, item, frame, node)

    def store_attribute(self, name: str, value: Value, node: cst.CSTNode, frame: Frame) -> None:
        run = self.run
        for caller in frame.callers():
            caller.env.pop(f"self.{name}", None)  # what a condition said of it
        method = run.layer.method(name)
        if method is not None and "property" in syntax.decorator_names(method.node):
            value = UNKNOWN  # what its setter makes of it
        old = run.attributes.get(name)
        run.attributes.note_written(name)
        self.emit(node, frame, AttributeStored, name=name, value=value, old=old)
        if isinstance(value, PythonValue) and value.attribute is None and value.parameter is not None:
            value = replace(value, constant=...)
        elif isinstance(value, PythonValue) and run.phase == "__init__":
            value = replace(value, constant=..., attribute=name)
        if old is not None and run.phase not in ("__init__", "call"):
            value = join(old, value)
        run.attributes.store(name, value)

    def _store_item(self, target: cst.Subscript, value: Value, frame: Frame, node: cst.CSTNode) -> None:
        holder = self.evaluate(target.value, frame)
        place = _place(target.value)
        if isinstance(holder, Tensor):
            how = syntax.source(node.operator) if isinstance(node, cst.AugAssign) else "="
            self.emit(target, frame, ItemAssigned, how=how, text=syntax.source(target), origin=holder.origin)
        for element in target.slice:
            key = self._key(element.slice, frame)
            if isinstance(holder, Dict) and place is not None:
                if place.startswith("self.") and isinstance(value, Sequence):
                    self.run.attributes.note_nesting(place[5:])
                if key is None:
                    changed = replace(holder, complete=False)
                else:
                    entry = Entry(value, frame.unit, target)
                    changed = replace(holder, entries={**holder.entries, key: entry})
                self.rebind(place, changed, target, frame)
            elif isinstance(holder, Shape) and place is not None:
                # Entries that are None give way to tensors.
                self.rebind(place, replace(holder, batched=False), target, frame)
            elif isinstance(holder, NumpyValue) and isinstance(value, Tensor):
                self.emit(target, frame, NumpyCall, function=f"{syntax.source(target)} = ...", origin=value.origin)
            elif isinstance(holder, Sequence) and place is not None:
                if place.startswith("self.") and (layers := tuple(layers_in(value))):
                    self.emit(target, frame, LateGrowth, name=place[5:], how="item", layers=layers)
                changed_items = Sequence(None, join(element_of(holder), value), holder.is_list)
                self.rebind(place, changed_items, target, frame)

    def _key(self, node: cst.BaseSlice, frame: Frame) -> str | None:
        if not isinstance(node, cst.Index):
            return None
        key = self.evaluate(node.value, frame)
        return key.constant if isinstance(key, PythonValue) and isinstance(key.constant, str) else None

    def _return(self, node: cst.Return, frame: Frame) -> bool:
        value = NONE if node.value is None else self.evaluate(node.value, frame)
        frame.returns.append((value, node))
        frame.ends.append(self.run.attributes.fork())
        frame.may_have_left = True
        return False

    def _raise(self, node: cst.Raise, frame: Frame) -> bool:
        if node.exc is not None:
            with self.quietly(frame):
                self.evaluate(node.exc, frame)
        return False

    def _assert(self, node: cst.Assert, frame: Frame) -> bool:
        value = self.condition(node.test, frame)
        if isinstance(value, Tensor):
            self.emit(node, frame, TensorTruth, form="assert", origin=value.origin)
        env = self.narrowed(node.test, frame, True)
        if env is not None:
            frame.env = env.fork()
        return True

    def _leave_loop(self, node: cst.CSTNode, frame: Frame) -> bool:
        if frame.exits:
            exits = frame.exits[-1]
            (exits.broken if isinstance(node, cst.Break) else exits.continued).append(self.here(frame))
        frame.may_have_left = True
        return False

    def _import(self, node: cst.Import, frame: Frame) -> bool:
        for alias in node.names:
            full = syntax.dotted(alias.name) or ""
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                frame.bind(alias.asname.name.value, imported(self.run, frame.unit, full))
            else:
                head = full.partition(".")[0]
                frame.bind(head, imported(self.run, frame.unit, head))
        return True

    def _import_from(self, node: cst.ImportFrom, frame: Frame) -> bool:
        if isinstance(node.names, cst.ImportStar):
            return True
        module = syntax.dotted(node.module) if node.module is not None else ""
        for alias in node.names:
            name = syntax.dotted(alias.name) or ""
            bound = alias.asname.name if alias.asname is not None else alias.name
            if isinstance(bound, cst.Name):
                prefix = "." * len(node.relative)
                frame.bind(bound.value, imported(self.run, frame.unit, f"{prefix}{module or ''}", name))
        return True

    def _function(self, node: cst.FunctionDef, frame: Frame) -> bool:
        autograph = decorated_autograph(self, node, frame)
        function = Function(frame.unit, node, closure=frame, owner=frame.function.owner, autograph=autograph)
        frame.bind(node.name.value, function)
        return True

    def _class(self, node: cst.ClassDef, frame: Frame) -> bool:
        frame.bind(node.name.value, UNKNOWN)
        return True

    def _delete(self, node: cst.Del, frame: Frame) -> bool:
        targets = [e.value for e in node.target.elements] if isinstance(node.target, cst.Tuple) else [node.target]
        for target in targets:
            if not isinstance(target, cst.Subscript):
                continue
            holder = self.evaluate(target.value, frame)
            place = _place(target.value)
            if isinstance(holder, Tensor):
                text = syntax.source(target)
                self.emit(target, frame, ItemAssigned, how="del", text=text, origin=holder.origin)
            if isinstance(holder, Dict) and place is not None:
                key = self._key(target.slice[0].slice, frame)
                entries = {k: e for k, e in holder.entries.items() if k != key}
                self.rebind(
                    place, replace(holder, entries=entries, complete=holder.complete and key is not None), node, frame
                )
        return True

    def _if(self, node: cst.If, frame: Frame, form: str = "if") -> bool:
        test = self.condition(node.test, frame)
        origin = test.origin if isinstance(test, Tensor) else None
        if origin is not None:
            loop = frame.loops[-1] if frame.loops else None
            in_python_loop = loop is not None and loop.origin is None and not loop.is_while
            fault = if_fault(node, frame.rest, frame.env, in_python_loop)
            self.emit(node, frame, TensorTest, form=form, test=node.test, origin=origin, fault=fault)
        start = self.here(frame)
        is_guard = tests_state(self.run, node.test)
        ends: list[Path] = []
        known = test.constant if isinstance(test, PythonValue) and isinstance(test.constant, bool) else None
        for truth in (True, False):
            env = self.narrowed(node.test, frame, truth) if known is None or known is truth else None
            if env is None:
                continue
            frame.env = env.fork()
            # Where an array is seen, nothing is being traced.
            on_array = truth and _tests_array(node.test)
            frame.quiet += on_array
            frame.guards += is_guard
            with self.under_condition(frame):
                alive = self._branch(node, truth, frame)
            frame.guards -= is_guard
            frame.quiet -= on_array
            if alive:
                ends.append(self.here(frame))
            elif is_guard:
                frame.guards += 1  # what follows runs only where the layer did not hold it yet
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
            called = syntax.dotted(item.item.func) if isinstance(item.item, cst.Call) else None
            last = (called or "").rpartition(".")[2]
            # What is made in `tf.init_scope()` is made eagerly.
            quiet = quiet or last in ("suppress", "init_scope")
            suppresses = suppresses or last == "suppress"
            scoped = scoped or last in ("name_scope", "variable_scope")
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

    def _nonlocal(self, node: cst.Nonlocal, frame: Frame) -> bool:
        for item in node.names:
            frame.declare_nonlocal(item.name.value)
        return True


def decorated_autograph(state: State, node: cst.FunctionDef, frame: Frame) -> str:
    """How the decorators of a function set AutoGraph: on, off or inherit."""
    for decorator in node.decorators:
        expression = decorator.decorator
        call = expression if isinstance(expression, cst.Call) else None
        with state.quietly(frame):
            value = state.evaluate(expression if call is None else call.func, frame)
        name = getattr(value, "name", "")
        if name == "tensorflow.function":
            off = call is not None and any(
                arg.keyword is not None and arg.keyword.value == "autograph" and syntax.literal(arg.value) is False
                for arg in call.args
            )
            return "off" if off else "on"
        if name.endswith("do_not_convert"):
            return "off"
    return "inherit"


def _tests_array(test: cst.BaseExpression) -> bool:
    """Whether the condition is `isinstance(x, np.ndarray)`."""
    match test:
        case cst.Call(func=cst.Name(value="isinstance"), args=[_, cst.Arg(value=kind)]):
            return type_names(kind) == {"ndarray"}
        case _:
            return False


def _catches(kind: cst.BaseExpression | None) -> bool:
    if kind is None:
        return True
    kinds = [e.value for e in kind.elements] if isinstance(kind, cst.Tuple) else [kind]
    return any((syntax.dotted(k) or "").rpartition(".")[2] in _CAUGHT for k in kinds)


def _is_catch_all(pattern: cst.MatchPattern) -> bool:
    return isinstance(pattern, cst.MatchAs) and pattern.pattern is None


def _place(node: cst.BaseExpression) -> str | None:
    return node.value if isinstance(node, cst.Name) else syntax.dotted(node)


_HANDLERS: dict[type[cst.CSTNode], Callable[[Any, Any, Frame], bool]] = {
    cst.Expr: Statements._expression,
    cst.Assign: Statements._assign,
    cst.AnnAssign: Statements._annotated,
    cst.AugAssign: Statements._augmented,
    cst.Return: Statements._return,
    cst.Raise: Statements._raise,
    cst.Assert: Statements._assert,
    cst.Break: Statements._leave_loop,
    cst.Continue: Statements._leave_loop,
    cst.Import: Statements._import,
    cst.ImportFrom: Statements._import_from,
    cst.FunctionDef: Statements._function,
    cst.ClassDef: Statements._class,
    cst.Del: Statements._delete,
    cst.If: Statements._if,
    cst.While: Statements._while,
    cst.For: Statements._for,
    cst.With: Statements._with,
    cst.Try: Statements._try,
    cst.TryStar: Statements._try,
    cst.Match: Statements._match,
    cst.Nonlocal: Statements._nonlocal,
}
