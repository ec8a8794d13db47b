"""What statements do to the values of variables, attributes and loops."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Items
from typing import Any

import libcst as cst

from keras_layer_lint.keras.higher_order import HIGHER_ORDER, Passes
from keras_layer_lint.model import syntax
from keras_layer_lint.values.assignments import Assignments
from keras_layer_lint.values.blocks import Block
from keras_layer_lint.values.branches import Branches
from keras_layer_lint.values.events import DroppedWrite, TensorTruth
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.globals import imported
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.loops import Loops
from keras_layer_lint.values.state import State
from keras_layer_lint.values.value import NONE, ExternalName, Function, Tensor, TensorArray


class Statements(Assignments, Branches, Loops):
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
            for part in node.body:  # noqa: SIM110 (hot)
                if not self.statement(part, frame):
                    return False
            return True
        handler = _HANDLERS.get(type(node))
        return True if handler is None else handler(self, node, frame)

    def suite(self, body: cst.BaseSuite, frame: Frame) -> bool:
        """Run an indented block."""
        return self.block(syntax.statements(body), frame)

    def _expression(self, node: cst.Expr, frame: Frame) -> bool:
        if type(node.value) is cst.SimpleString:
            return True  # a docstring
        value = self.evaluate(node.value, frame)
        if isinstance(value, TensorArray) and isinstance(node.value, cst.Call):
            function = node.value.func
            if isinstance(function, cst.Attribute) and function.attr.value == "write":
                self.emit(node.value, frame, DroppedWrite, name=syntax.source(function.value))
        return True

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
        api = HIGHER_ORDER.get(value.name) if isinstance(value, ExternalName) else None
        if api is not None and api.passes is Passes.AUTOGRAPH:
            off = call is not None and any(
                arg.keyword is not None and arg.keyword.value == "autograph" and syntax.literal(arg.value) is False
                for arg in call.args
            )
            return "off" if off else "on"
        if api is not None and api.passes is Passes.NO_AUTOGRAPH:
            return "off"
    return "inherit"


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
