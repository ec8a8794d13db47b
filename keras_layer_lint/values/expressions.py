"""From an expression to its value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.attributes import Attributes
from keras_layer_lint.values.conditions import Conditions
from keras_layer_lint.values.contents import holds_tensor, shown_tensor
from keras_layer_lint.values.displays import Displays
from keras_layer_lint.values.events import ScalarRead
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.globals import global_value
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.operators import Operators
from keras_layer_lint.values.run import MAX_STEPS, OUT_OF_STEPS
from keras_layer_lint.values.subscripts import Subscripts
from keras_layer_lint.values.value import Function, Origin, PythonValue, Text, Value


class Expressions(Attributes, Subscripts, Operators, Conditions, Displays):
    """Expression handlers, chosen by node type."""

    def evaluate(self, node: cst.CSTNode, frame: Frame) -> Value:
        self.run.steps += 1
        handler = _HANDLERS.get(type(node))
        return UNKNOWN if handler is None else handler(self, node, frame)

    def _name(self, node: cst.Name, frame: Frame) -> Value:
        match node.value:
            case "None":
                return PythonValue(constant=None)
            case "True":
                return PythonValue(constant=True)
            case "False":
                return PythonValue(constant=False)
            case name:
                value = frame.lookup(name)
                return global_value(self.run, frame.unit, name) if value is None else value

    def _literal(self, node: cst.BaseExpression, frame: Frame) -> Value:
        return PythonValue(constant=syntax.literal(node))

    def _lambda(self, node: cst.Lambda, frame: Frame) -> Value:
        return Function(frame.unit, node, closure=frame, owner=frame.function.owner, method=frame.function.method)

    def _formatted(self, node: cst.FormattedString, frame: Frame) -> Value:
        tensor: Origin | None = None
        for part in node.parts:
            if isinstance(part, cst.FormattedStringExpression):
                value = self.evaluate(part.expression, frame)
                origin = holds_tensor(value)
                tensor = tensor or origin or shown_tensor(value)
                if origin is not None and part.format_spec:
                    self.emit(part.expression, frame, ScalarRead, via="format specification", origin=origin)
        if tensor is not None:
            return Text(tensor)
        return PythonValue()

    def _walrus(self, node: cst.NamedExpr, frame: Frame) -> Value:
        value = self.evaluate(node.value, frame)
        self.assign(node.target, value, frame, node)
        return value

    def _call(self, node: cst.Call, frame: Frame) -> Value:
        if self.run.steps > MAX_STEPS:
            self.note_limit(OUT_OF_STEPS, node, frame)
            return UNKNOWN
        return self.call(node, frame)

    def _await(self, node: cst.Await, frame: Frame) -> Value:
        self.evaluate(node.expression, frame)
        return UNKNOWN


_HANDLERS: dict[type[cst.CSTNode], Callable[[Any, Any, Frame], Value]] = {
    cst.Name: Expressions._name,
    cst.Integer: Expressions._literal,
    cst.Float: Expressions._literal,
    cst.Imaginary: Expressions._literal,
    cst.SimpleString: Expressions._literal,
    cst.ConcatenatedString: Expressions._literal,
    cst.FormattedString: Expressions._formatted,
    cst.Attribute: Expressions._attribute,
    cst.Subscript: Expressions._subscript,
    cst.BinaryOperation: Expressions._binary,
    cst.UnaryOperation: Expressions._unary,
    cst.BooleanOperation: Expressions._boolean,
    cst.Comparison: Expressions._compare,
    cst.IfExp: Expressions._if_expression,
    cst.Tuple: Expressions._tuple,
    cst.List: Expressions._tuple,
    cst.Set: Expressions._set,
    cst.Dict: Expressions._dict,
    cst.ListComp: Expressions._comprehension,
    cst.SetComp: Expressions._comprehension,
    cst.GeneratorExp: Expressions._comprehension,
    cst.DictComp: Expressions._dict_comprehension,
    cst.Lambda: Expressions._lambda,
    cst.NamedExpr: Expressions._walrus,
    cst.Call: Expressions._call,
    cst.Await: Expressions._await,
}
