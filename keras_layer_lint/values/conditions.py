"""The values of conditions, and what holds behind them."""

from __future__ import annotations

from contextlib import nullcontext

import libcst as cst

from keras_layer_lint.keras.kinds import kind_of_known
from keras_layer_lint.keras.methods import COMPILED
from keras_layer_lint.model import syntax
from keras_layer_lint.values.attribute_events import StandIn
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.eager_tests import eager_branch
from keras_layer_lint.values.environment import Environment
from keras_layer_lint.values.events import BatchSizeUsed, TensorTest, TensorTruth, TraceDecides
from keras_layer_lint.values.frames import Frame, Path
from keras_layer_lint.values.join import join, join_all
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.narrowing import narrow
from keras_layer_lint.values.provenance import BOOLEAN
from keras_layer_lint.values.state import State
from keras_layer_lint.values.state_tests import runs_once
from keras_layer_lint.values.traced_differently import are_two_numbers
from keras_layer_lint.values.value import (
    BACKEND,
    STATIC,
    TRACING_BACKENDS,
    ClassObject,
    Dimension,
    ExternalName,
    Nest,
    PythonValue,
    Shape,
    Tensor,
    Value,
)

_CONDITIONS = frozenset({cst.UnaryOperation, cst.BooleanOperation, cst.Comparison, cst.NamedExpr})


class Conditions(State):
    """Comparisons, `and`, `or` and conditional expressions."""

    def condition(self, test: cst.BaseExpression, frame: Frame) -> Value:
        """As `evaluate`, but `and`, `or`, `not` and chained comparisons leave a tensor to the statement around them."""
        if type(test) not in _CONDITIONS:
            return self.evaluate(test, frame)
        if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
            value = self.condition(test.expression, frame)
            if isinstance(value, PythonValue) and isinstance(value.constant, bool):
                return PythonValue(constant=not value.constant)
            return value if isinstance(value, Tensor) else STATIC
        if isinstance(test, cst.BooleanOperation):
            return self._boolean_condition(test, frame)
        if isinstance(test, cst.Comparison) and len(test.comparisons) > 1:
            return self._comparison(test, frame, as_condition=True)
        if isinstance(test, cst.NamedExpr):
            value = self.condition(test.value, frame)
            self.assign(test.target, value, frame, test)
            return value
        return self.evaluate(test, frame)

    def _boolean_condition(self, test: cst.BooleanOperation, frame: Frame) -> Value:
        left = self.condition(test.left, frame)
        is_and = isinstance(test.operator, cst.And)
        env = self.narrowed(test.left, frame, is_and)
        right: Value = PythonValue(constant=is_and)
        if env is not None and not _contradicts(left, is_and):
            start = self.here(frame)
            frame.env = env.fork()
            with self.under_condition(frame):
                right = self.condition(test.right, frame)
            self.meet([start, self.branch_end(start, env, frame)], frame)
        decided = _decided(left, right, is_and)
        if decided is not None:
            return decided
        if isinstance(left, Tensor):
            return left
        return right if isinstance(right, Tensor) else STATIC

    def narrowed(self, test: cst.BaseExpression, frame: Frame, truth: bool) -> Environment | None:
        return narrow(self, test, frame, frame.env, truth)

    def _boolean(self, node: cst.BooleanOperation, frame: Frame) -> Value:
        left = self.evaluate(node.left, frame)
        is_and = isinstance(node.operator, cst.And)
        if isinstance(left, Tensor):
            form = "and" if is_and else "or"
            self.emit(node, frame, TensorTruth, form=form, origin=left.origin)
        env = self.narrowed(node.left, frame, is_and)
        if env is None:
            return left
        start = self.here(frame)
        frame.env = env.fork()
        is_guard = runs_once(self.run, node.left, frame, is_and)
        frame.guards += is_guard
        with self.under_condition(frame):
            right = self.evaluate(node.right, frame)
        frame.guards -= is_guard
        self.meet([start, self.branch_end(start, env, frame)], frame)
        if isinstance(left, PythonValue) and left.constant is not ... and not isinstance(left.constant, list):
            return right if bool(left.constant) is is_and else left
        if not is_and and isinstance(left, Dimension):
            return UNKNOWN
        if not is_and and self.run.phase == "__init__":
            self.run.alternatives[id(node)] = (left, right)
            self._note_stand_in(left, node.right, frame)
        return join(left, right)

    def _compare(self, node: cst.Comparison, frame: Frame) -> Value:
        return self._comparison(node, frame, as_condition=False)

    def _comparison(self, node: cst.Comparison, frame: Frame, *, as_condition: bool) -> Value:
        left = self.evaluate(node.left, frame)
        key = node.left
        results: list[Value] = []
        for target in node.comparisons:
            right = self.evaluate(target.comparator, frame)
            if isinstance(target.operator, cst.In | cst.NotIn):
                self.note_item_read(target.comparator, right, key, frame)
            key = target.comparator
            results.append(self._one_comparison(node, left, target.operator, right, frame))
            left = right
        tensor = next((value for value in results if isinstance(value, Tensor)), None)
        if tensor is None:
            return results[0] if len(results) == 1 else STATIC
        if len(results) > 1 and not as_condition and any(isinstance(value, Tensor) for value in results[:-1]):
            self.emit(node, frame, TensorTruth, form="comparison", origin=tensor.origin)
        return tensor

    def _one_comparison(
        self, node: cst.Comparison, left: Value, operator: cst.BaseCompOp, right: Value, frame: Frame
    ) -> Value:
        pair = (left, right)
        if isinstance(operator, cst.Is | cst.IsNot):
            if (
                isinstance(left, PythonValue)
                and isinstance(right, PythonValue)
                and ... not in (left.constant, right.constant)
            ):
                same = left.constant is right.constant
                return PythonValue(constant=same is isinstance(operator, cst.Is))
            if any(isinstance(v, PythonValue) and v.is_none for v in pair) and any(
                isinstance(v, ExternalName) for v in pair
            ):
                return PythonValue(constant=isinstance(operator, cst.IsNot))
            return STATIC
        if left is BACKEND and (is_one := _holds_backend(right)) is not None:
            return PythonValue(constant=is_one is isinstance(operator, cst.Equal | cst.In))
        if isinstance(operator, cst.In | cst.NotIn):
            for value, other in (pair, pair[::-1]):
                if isinstance(value, Tensor) and (value is right or isinstance(other, Sequence)):
                    self.emit(node, frame, TensorTruth, form="in", origin=value.origin)
                    break
            return STATIC
        if any(isinstance(v, PythonValue) and v.is_none for v in pair):
            return STATIC
        if any(isinstance(value, Dimension) and value.batch for value in pair):
            if not isinstance(operator, cst.Equal | cst.NotEqual):
                self.emit(node, frame, BatchSizeUsed, how="order")
            elif any(isinstance(value, PythonValue) for value in pair):
                self.emit(node, frame, BatchSizeUsed, how="==" if isinstance(operator, cst.Equal) else "!=")
        dtype = BOOLEAN if self.run.phase in COMPILED else ""
        for value in pair:
            if isinstance(value, Tensor):
                return Tensor(value.origin, dtype=dtype)
        for value, other in (pair, pair[::-1]):
            if isinstance(value, Nest):
                if isinstance(other, PythonValue) and isinstance(other.constant, str):
                    return UNKNOWN
                if isinstance(operator, cst.Equal | cst.NotEqual) and not isinstance(other, PythonValue):
                    return UNKNOWN
                return Tensor(value.origin, dtype=dtype)
        if all(isinstance(v, PythonValue) and v.constant is not ... for v in pair):
            return self._constant_comparison(left, operator, right)
        return STATIC if all(isinstance(v, PythonValue | Dimension | Shape | Sequence) for v in pair) else UNKNOWN

    def _constant_comparison(self, left: Value, operator: cst.BaseCompOp, right: Value) -> Value:
        assert isinstance(left, PythonValue)
        assert isinstance(right, PythonValue)
        if isinstance(operator, cst.Equal | cst.NotEqual):
            return PythonValue(constant=(left.constant == right.constant) is isinstance(operator, cst.Equal))
        return STATIC

    def _note_stand_in(self, given: Value, instead: cst.BaseExpression, frame: Frame) -> None:
        """Record that an object is made where an argument of `__init__` does not give one."""
        if not isinstance(given, PythonValue) or given.parameter is None or not isinstance(instead, cst.Call):
            return
        made = self.evaluate(instead.func, frame)
        is_known = isinstance(made, ExternalName) and kind_of_known(made.name) is not None
        if is_known or (isinstance(made, ClassObject) and self.run.layer.is_keras_object(made.ref)):
            self.emit(instead, frame, StandIn, name=given.parameter, made=syntax.source(instead.func))

    def _if_expression(self, node: cst.IfExp, frame: Frame) -> Value:
        test = self.condition(node.test, frame)
        origin = test.origin if isinstance(test, Tensor) else None
        if origin is not None:
            self.emit(node, frame, TensorTest, form="conditional expression", test=node.test, origin=origin)
        start = self.here(frame)
        eager = eager_branch(self.run, frame.unit, node.test, frame.function.node)
        if eager is not None and are_two_numbers(node):
            self.emit(node, frame, TraceDecides, test=node.test, eager=eager)
        values: list[Value] = []
        ends: list[Path] = []
        for branch, truth in ((node.body, True), (node.orelse, False)):
            env = self.narrowed(node.test, frame, truth)
            if env is not None and not _contradicts(test, truth):
                frame.env = env.fork()
                frame.guards += (is_guard := runs_once(self.run, node.test, frame, truth))
                with self.under_condition(frame), self.quietly(frame) if truth is eager else nullcontext():
                    values.append(self.evaluate(branch, frame))
                frame.guards -= is_guard
                ends.append(self.branch_end(start, env, frame))
                self.go_to(start, frame)
        self.meet(ends or [start], frame)
        if self.run.phase == "__init__":
            self.run.alternatives[id(node)] = tuple(values)
            if len(values) == 2:
                self._note_stand_in(values[0], node.orelse, frame)
                self._note_stand_in(values[1], node.body, frame)
        return join_all(values)


def _decided(left: Value, right: Value, is_and: bool) -> Value | None:
    """`and` of a False, `or` of a True, whatever the other side is; else both sides where both are known."""
    constants = [
        v.constant if isinstance(v, PythonValue) and isinstance(v.constant, bool) else None for v in (left, right)
    ]
    if (not is_and) in constants:
        return PythonValue(constant=not is_and)
    return PythonValue(constant=is_and) if constants == [is_and, is_and] else None


def _holds_backend(value: Value) -> bool | None:
    """Whether the backend is among these names; None where it may be, or where one of them is not known."""
    values = value.items if isinstance(value, Sequence) else (value,)
    names = {item.constant for item in values or () if isinstance(item, PythonValue) and isinstance(item.constant, str)}
    if not values or len(names) != len(values):
        return None
    return True if names >= TRACING_BACKENDS else None if names & TRACING_BACKENDS else False


def _contradicts(test: Value, truth: bool) -> bool:
    return isinstance(test, PythonValue) and isinstance(test.constant, bool) and test.constant is not truth
