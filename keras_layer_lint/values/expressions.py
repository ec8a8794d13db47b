"""From an expression to its value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import libcst as cst

from keras_layer_lint.keras import results
from keras_layer_lint.keras.removed_api import may_be_removed
from keras_layer_lint.keras.result import Result
from keras_layer_lint.model import syntax
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.attribute_events import AttributeRead, OldAttributeRead, ParameterTaken
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.containers import Dict, Entry, Sequence
from keras_layer_lint.values.contents import holds_tensor, layers_in, merged, shown_tensor
from keras_layer_lint.values.environment import Environment
from keras_layer_lint.values.events import BatchSizeUsed, ScalarRead, TensorTest, TensorTruth
from keras_layer_lint.values.globals import class_attribute, global_value, known
from keras_layer_lint.values.join import element_of, is_filled, join, join_all
from keras_layer_lint.values.kind import UNKNOWN, Unknown
from keras_layer_lint.values.narrowing import item_key, narrow, tests_state
from keras_layer_lint.values.state import MAX_STEPS, OUT_OF_STEPS, Frame, Path, State
from keras_layer_lint.values.value import (
    BACKEND,
    NUMPY_VALUE,
    STATIC,
    TRACING_BACKENDS,
    WEIGHT,
    BoundMethod,
    ClassObject,
    Derivation,
    Dimension,
    ExternalName,
    Function,
    InputMasks,
    Layer,
    Nest,
    NumpyValue,
    Origin,
    ProjectModule,
    PythonValue,
    Self,
    SelfClass,
    Shape,
    Tensor,
    TensorArray,
    Text,
    Unserializable,
    Value,
)

_STATIC_LAYER_ATTRIBUTES = frozenset(
    {
        "name",
        "dtype",
        "compute_dtype",
        "variable_dtype",
        "dtype_policy",
        "trainable",
        "built",
        "stateful",
        "supports_masking",
    }
)
_LAYER_WEIGHT_LISTS = frozenset(
    {"weights", "trainable_weights", "non_trainable_weights", "variables", "trainable_variables"}
)


class Expressions(State):
    """Expression handlers, chosen by node type."""

    def evaluate(self, node: cst.CSTNode, frame: Frame) -> Value:
        self.run.steps += 1
        handler = _HANDLERS.get(type(node))
        return UNKNOWN if handler is None else handler(self, node, frame)

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

    def _attribute(self, node: cst.Attribute, frame: Frame) -> Value:
        name = node.attr.value
        receiver = self.evaluate(node.value, frame)
        if isinstance(receiver, Self):
            if name in self.run.stored_in_call:
                self.emit(node, frame, AttributeRead, name=name, after_write=self.run.attributes.is_written(name))
            narrowed = frame.lookup(f"self.{name}")
            return self.self_attribute(name, node, frame) if narrowed is None else narrowed
        return self.attribute_of(receiver, name, node, frame)

    def self_attribute(self, name: str, node: cst.CSTNode, frame: Frame) -> Value:
        """The value of `self.name`."""
        run = self.run
        if (value := run.attributes.get(name)) is not None:
            return value
        if (method := run.layer.method(name)) is not None:
            names = syntax.decorator_names(method.node)
            function = Function(method.unit, method.node, receiver=Self(), owner=method.owner, method=name)
            if any(n in ("property", "cached_property", "functools.cached_property") for n in names):
                return self.apply(replace(function, autograph="off"), CallArguments(), frame, node)
            if "staticmethod" in names:
                return replace(function, receiver=None)
            if "classmethod" in names:
                return replace(function, receiver=SelfClass())
            return function
        if (assigned := run.layer.assigned_in_body(name)) is not None:
            return class_attribute(assigned)
        if may_be_removed(name):
            self.emit(node, frame, OldAttributeRead, name=name)
        if name in _STATIC_LAYER_ATTRIBUTES:
            return PythonValue(attribute=name)
        if name in _LAYER_WEIGHT_LISTS:
            return Sequence(None, Tensor(Origin(WEIGHT, frame.unit, node), variable=True), is_list=True)
        if name == "__class__":
            return SelfClass()
        return BoundMethod(Self(), name)

    def attribute_of(self, receiver: Value, name: str, node: cst.Attribute, frame: Frame) -> Value:
        """The value of `receiver.name`, self apart."""
        match receiver:
            case ExternalName():
                return self._known_attribute(receiver, name, frame)
            case ProjectModule():
                return global_value(self.run, frame.unit, f"{receiver.dotted}.{name}")
            case Tensor():
                self.emit_missing_mask(receiver, node, frame)
                if name == "graph":
                    return BoundMethod(receiver, name)
                result = results.tensor_method(name)
                if result is Result.SHAPE and name == "shape":
                    return Shape(batched=receiver.batched)
                if result is Result.STATIC:
                    return STATIC
                if result is Result.TENSOR and name in ("T", "values", "flat_values", "indices", "mT", "real", "imag"):
                    return replace(receiver, batched=False, like_input=False)
                return BoundMethod(receiver, name)
            case Nest():
                if name in ("shape", "dtype", "ndim"):
                    self.emit_missing_mask(receiver, node, frame)
                if name == "shape":
                    return Shape(batched=receiver.batched)
                if name in ("dtype", "ndim", "name"):
                    return STATIC
                return BoundMethod(receiver, name)
            case Shape() if name in ("rank", "ndims"):
                return STATIC
            case ClassObject(ref):
                if (assigned := self.run.layer.body(ref).assignments.get(name)) is not None:
                    return class_attribute(assigned)
                if (method := self.run.layer.method_of(ref, name)) is not None:
                    function = Function(method.unit, method.node, owner=method.owner, method=name)
                    is_class_method = "classmethod" in syntax.decorator_names(method.node)
                    return replace(function, receiver=receiver) if is_class_method else function
                return BoundMethod(receiver, name)
            case SelfClass():
                if name in ("__name__", "__qualname__", "__module__"):
                    return STATIC
                return self.self_attribute(name, node, frame)
            case Layer():
                if name in _STATIC_LAYER_ATTRIBUTES:
                    return STATIC
                return BoundMethod(receiver, name)
            case PythonValue():
                return BoundMethod(PythonValue(constant=receiver.constant, parameter=receiver.parameter), name)
            case NumpyValue():
                return NUMPY_VALUE if name in ("T", "real", "imag") else BoundMethod(receiver, name)
            case Unknown() if name == "shape":
                return UNKNOWN
            case _:
                return BoundMethod(receiver, name, _place(node.value))

    def _known_attribute(self, receiver: ExternalName, name: str, frame: Frame) -> Value:
        return known(f"{receiver.name}.{name}")

    def _subscript(self, node: cst.Subscript, frame: Frame) -> Value:
        base = self.evaluate(node.value, frame)
        indices = [self._index(element.slice, frame) for element in node.slice]
        index = indices[0] if len(indices) == 1 else Sequence(tuple(indices), join_all(indices))
        is_slice = isinstance(node.slice[0].slice, cst.Slice)
        match base:
            case InputMasks() if not is_slice and len(node.slice) == 1:
                known = frame.env.get(item_key(node) or "")
                return element_of(base) if known is None else known
            case Tensor():
                self.emit_missing_mask(base, node, frame)
                batched = base.batched and _takes_all_rows(node)
                return replace(base, optional=False, batched=batched, variable=False, like_input=False)
            case Nest():
                if len(node.slice) > 1 or isinstance(index, Tensor):
                    return Tensor(base.origin, batched=base.batched and _takes_all_rows(node))
                return replace(base, optional=False) if is_slice and base.of_batched else element_of(base)
            case Sequence():
                if isinstance(index, Tensor):
                    self.emit(node, frame, TensorTruth, form="index", origin=index.origin)
                    return UNKNOWN
                if is_slice:
                    return (
                        Sequence(None, element_of(base), base.is_list) if base.items else replace(base, is_filled=False)
                    )
                if base.items is not None and isinstance(index, PythonValue) and type(index.constant) is int:
                    try:
                        return base.items[index.constant]
                    except IndexError:
                        return UNKNOWN
                return element_of(base)
            case Shape():
                return self._shape_entry(base, node, index, is_slice)
            case Dict():
                if isinstance(index, PythonValue) and isinstance(index.constant, str):
                    if base.arguments:
                        data = {"name": index.constant, "required": True, "removed": False}
                        self.emit(node, frame, ParameterTaken, **data)
                    entry = base.entries.get(index.constant)
                    return UNKNOWN if entry is None else entry.value
                return UNKNOWN
            case NumpyValue():
                return NUMPY_VALUE
            case PythonValue(constant=str()):
                return STATIC
            case PythonValue():
                return STATIC
            case Dimension():
                return STATIC
            case ExternalName(name="os.environ"):
                self.emit(node, frame, ApiCalled, name="os.environ.__getitem__", arguments=CallArguments((index,)))
                return STATIC
            case _:
                return UNKNOWN

    def _shape_entry(self, base: Shape, node: cst.Subscript, index: Value, is_slice: bool) -> Value:
        if is_slice:
            piece = node.slice[0].slice
            starts_at_batch = isinstance(piece, cst.Slice) and (
                piece.lower is None or (isinstance(piece.lower, cst.Integer) and piece.lower.value == "0")
            )
            return replace(base, batched=base.batched and starts_at_batch)
        position = index.constant if isinstance(index, PythonValue) else ...
        if position == 0 and base.batched:
            if base.symbolic and base.origin is not None:
                return Tensor(base.origin)
            return Dimension(batch=True)
        return UNKNOWN if base.symbolic and not base.batched else Dimension()

    def _index(self, node: cst.BaseSlice, frame: Frame) -> Value:
        if isinstance(node, cst.Index):
            return self.evaluate(node.value, frame)
        if isinstance(node, cst.Slice):
            for part in (node.lower, node.upper, node.step):
                if part is not None:
                    self.evaluate(part, frame)
        return STATIC

    def _binary(self, node: cst.BinaryOperation, frame: Frame) -> Value:
        left, right = self.evaluate(node.left, frame), self.evaluate(node.right, frame)
        for value in (left, right):
            self.emit_missing_mask(value, node, frame)
        self.emit_mixed_dtypes(left, right, node, frame)
        if any(isinstance(value, Dimension) and value.batch for value in (left, right)):
            self.emit(node, frame, BatchSizeUsed, how="arithmetic")
            left, right = (Dimension() if isinstance(value, Dimension) else value for value in (left, right))
        if isinstance(node.operator, cst.Modulo) and isinstance(left, PythonValue) and isinstance(left.constant, str):
            self._percent_format(node, left.constant, right, frame)
            return STATIC
        result = self.combined(
            left, right, is_add=isinstance(node.operator, cst.Add), is_or=isinstance(node.operator, cst.BitOr)
        )
        if isinstance(result, PythonValue):
            result = derived(left, node.operator, right, node)
        if isinstance(node.operator, cst.Divide) and isinstance(result, PythonValue | Dimension):
            return replace(result, is_float=True)
        return result

    def combined(self, left: Value, right: Value, *, is_add: bool, is_or: bool = False) -> Value:
        """The value of an arithmetic operation."""
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Tensor):
                if isinstance(other, TensorArray):
                    return UNKNOWN
                plain = isinstance(other, PythonValue | NumpyValue | Dimension | Tensor)
                like_input = one.like_input or (isinstance(other, Tensor | Nest) and other.like_input)
                dtype = combined_dtype(one, other)
                if one.origin.is_size and isinstance(other, Tensor):
                    return Tensor(other.origin, batched=other.batched, like_input=like_input, dtype=dtype)
                both = isinstance(other, Tensor | Nest) and other.batched
                batched = (both or plain) if one.batched else (both and one.variable)
                return Tensor(one.origin, batched=batched, like_input=like_input, dtype=dtype)
        if is_add and isinstance(left, Sequence) and isinstance(right, Sequence):
            if left.items is not None and right.items is not None:
                items = (*left.items, *right.items)
                return Sequence(items, join_all(items), left.is_list)
            parts = [element_of(part) for part in (left, right) if part.items != ()]
            return Sequence(None, join_all(parts), left.is_list)
        if is_add and isinstance(left, Shape) and isinstance(right, Shape | Sequence):
            return left
        if is_or and isinstance(left, Dict) and isinstance(right, Dict):
            return merged(left, right)
        if isinstance(left, Nest) or isinstance(right, Nest):
            nest = left if isinstance(left, Nest) else right
            other = right if nest is left else left
            assert isinstance(nest, Nest)
            if is_add and not (isinstance(other, PythonValue) and isinstance(other.constant, int | float)):
                return replace(nest, optional=False)
            dtype = combined_dtype(nest, other)
            return Tensor(nest.origin, batched=nest.batched, like_input=nest.like_input, dtype=dtype)
        if isinstance(left, NumpyValue) or isinstance(right, NumpyValue):
            pair = (left, right)
            return (
                NUMPY_VALUE
                if all(isinstance(v, NumpyValue | PythonValue | Dimension | Sequence) for v in pair)
                else UNKNOWN
            )
        if isinstance(left, PythonValue | Dimension) and isinstance(right, PythonValue | Dimension):
            is_float = left.is_float or right.is_float
            if isinstance(left, PythonValue) and isinstance(right, PythonValue):
                return PythonValue(is_float=True) if is_float else STATIC
            dimension = left if isinstance(left, Dimension) else right
            assert isinstance(dimension, Dimension)
            return replace(dimension, is_float=is_float) if is_float else dimension
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Sequence) and isinstance(other, PythonValue | Dimension):
                return Sequence(None, element_of(one), one.is_list) if one.items != () else one
        return UNKNOWN

    def _percent_format(self, node: cst.BinaryOperation, text: str, right: Value, frame: Frame) -> None:
        origin = holds_tensor(right)
        if (origin is not None and any(f"%{c}" in text for c in "dfgeiFEGxX")) or (origin and "%." in text):
            self.emit(node, frame, ScalarRead, via="%-format", origin=origin)

    def _unary(self, node: cst.UnaryOperation, frame: Frame) -> Value:
        value = self.evaluate(node.expression, frame)
        if isinstance(node.operator, cst.Not):
            if isinstance(value, Tensor):
                self.emit(node, frame, TensorTruth, form="not", origin=value.origin)
            if isinstance(value, PythonValue) and isinstance(value.constant, bool):
                return PythonValue(constant=not value.constant)
            return STATIC
        if isinstance(value, PythonValue):
            constant = syntax.literal(node)
            negated = isinstance(node.operator, cst.Minus) and value.parameter is not None and value.derived is None
            derivation = Derivation(frozenset({value.parameter or ""}), node) if negated else None
            return PythonValue(constant=constant, derived=derivation)
        if isinstance(value, Nest):
            return Tensor(value.origin, batched=value.batched)
        return value if isinstance(value, Tensor | NumpyValue | Dimension) else UNKNOWN

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
        is_guard = tests_state(self.run, node.left)
        frame.guards += is_guard
        with self.under_condition(frame):
            right = self.evaluate(node.right, frame)
        frame.guards -= is_guard
        self.meet([start, self.branch_end(start, env, frame)], frame)
        if isinstance(left, PythonValue) and left.constant is not ... and not isinstance(left.constant, list):
            return right if bool(left.constant) is is_and else left
        if not is_and and isinstance(left, Dimension):
            return UNKNOWN
        return join(left, right)

    def _compare(self, node: cst.Comparison, frame: Frame) -> Value:
        return self._comparison(node, frame, as_condition=False)

    def _comparison(self, node: cst.Comparison, frame: Frame, *, as_condition: bool) -> Value:
        left = self.evaluate(node.left, frame)
        results: list[Value] = []
        for target in node.comparisons:
            right = self.evaluate(target.comparator, frame)
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
        for value in pair:
            if isinstance(value, Tensor):
                return Tensor(value.origin)
        for value, other in (pair, pair[::-1]):
            if isinstance(value, Nest):
                if isinstance(other, PythonValue) and isinstance(other.constant, str):
                    return UNKNOWN
                if isinstance(operator, cst.Equal | cst.NotEqual) and not isinstance(other, PythonValue):
                    return UNKNOWN
                return Tensor(value.origin)
        if all(isinstance(v, PythonValue) and v.constant is not ... for v in pair):
            return self._constant_comparison(left, operator, right)
        return STATIC if all(isinstance(v, PythonValue | Dimension | Shape | Sequence) for v in pair) else UNKNOWN

    def _constant_comparison(self, left: Value, operator: cst.BaseCompOp, right: Value) -> Value:
        assert isinstance(left, PythonValue)
        assert isinstance(right, PythonValue)
        if isinstance(operator, cst.Equal | cst.NotEqual):
            return PythonValue(constant=(left.constant == right.constant) is isinstance(operator, cst.Equal))
        return STATIC

    def _if_expression(self, node: cst.IfExp, frame: Frame) -> Value:
        test = self.condition(node.test, frame)
        origin = test.origin if isinstance(test, Tensor) else None
        if origin is not None:
            self.emit(node, frame, TensorTest, form="conditional expression", test=node.test, origin=origin)
        start = self.here(frame)
        is_guard = tests_state(self.run, node.test)
        frame.guards += is_guard
        values: list[Value] = []
        ends: list[Path] = []
        for branch, truth in ((node.body, True), (node.orelse, False)):
            env = self.narrowed(node.test, frame, truth)
            if env is not None and not _contradicts(test, truth):
                frame.env = env.fork()
                with self.under_condition(frame):
                    values.append(self.evaluate(branch, frame))
                ends.append(self.branch_end(start, env, frame))
                self.go_to(start, frame)
        frame.guards -= is_guard
        self.meet(ends or [start], frame)
        return join_all(values)

    def _tuple(self, node: cst.Tuple | cst.List, frame: Frame) -> Value:
        items: list[Value] = []
        exact = True
        for element in node.elements:
            value = self.evaluate(element.value, frame)
            if isinstance(element, cst.StarredElement):
                self.iterate(element.value, value, "star", frame)
                if isinstance(value, Sequence) and value.items is not None:
                    items.extend(value.items)
                else:
                    exact = False
                    items.append(value if isinstance(value, Shape) and not items else element_of(value))
            else:
                items.append(value)
        if not exact and (first := shape_of(items)) is not None:
            return first
        result = Sequence(tuple(items) if exact else None, join_all(items), isinstance(node, cst.List))
        self.note_cut(result, node, frame)
        return result

    def _set(self, node: cst.Set, frame: Frame) -> Value:
        values = [self.evaluate(element.value, frame) for element in node.elements]
        return Unserializable("a set", tuple(layer for value in values for layer in layers_in(value)))

    def _dict(self, node: cst.Dict, frame: Frame) -> Value:
        known = Dict({})  # what `**` brings
        entries: dict[str, Entry] = {}
        for element in node.elements:
            value = self.evaluate(element.value, frame)
            if isinstance(element, cst.StarredDictElement):
                known = replace(known, entries=entries)
                known = merged(known, value) if isinstance(value, Dict) else replace(known, complete=False)
                entries = dict(known.entries)
                continue
            assert isinstance(element, cst.DictElement)
            key = self.evaluate(element.key, frame)
            if isinstance(key, PythonValue) and isinstance(key.constant, str):
                entries[key.constant] = Entry(value, frame.unit, element.key)
            else:
                known = replace(known, complete=False)
        result = replace(known, entries=entries)
        self.note_cut(result, node, frame)
        return result

    def _comprehension(self, node: cst.BaseSimpleComp, frame: Frame) -> Value:
        start = self.here(frame)
        frame.env = start.env.fork()
        frame.skippable += 1
        filled = self._generators(node.for_in, frame)
        element = self.evaluate(node.elt, frame)
        frame.skippable -= 1
        self.meet([start, Path(start.env, self.run.attributes.fork())], frame)
        if isinstance(element, Dimension) and element.batch:  # an entry of a shape, the first one among them
            return Shape(batched=True)
        if isinstance(node, cst.SetComp) and (held := layers_in(element)):
            return Unserializable("a set", tuple(held))
        return Sequence(None, element, isinstance(node, cst.ListComp), filled)

    def _dict_comprehension(self, node: cst.DictComp, frame: Frame) -> Value:
        start = self.here(frame)
        source = self.evaluate(node.for_in.iter, frame)
        rounds = constants_in(source)
        result = Dict({}, complete=rounds is not None)
        frame.skippable += 1
        for item in [None] if rounds is None else rounds:
            frame.env = start.env.fork()
            self._generators(node.for_in, frame, item)
            key = self.evaluate(node.key, frame)
            value = self.evaluate(node.value, frame)
            if isinstance(key, PythonValue) and isinstance(key.constant, str):
                entry = Entry(value, frame.unit, node.key, always=not node.for_in.ifs)
                result = replace(result, entries={**result.entries, key.constant: entry})
            else:
                result = replace(result, complete=False)
        frame.skippable -= 1
        self.meet([start, Path(start.env, self.run.attributes.fork())], frame)
        return result

    def _generators(self, clause: cst.CompFor, frame: Frame, item: Value | None = None) -> bool:
        """Bind the targets of a comprehension; whether it certainly makes an item."""
        source: Value | None = None
        element = item
        if element is None:
            source = self.evaluate(clause.iter, frame)
            element = self.iterate(clause.iter, source, "comprehension", frame)
            if isinstance(source, Shape) and source.batched and not source.symbolic and not clause.ifs:
                element = Dimension(batch=clause.inner_for_in is None)
        self.assign(clause.target, element, frame, clause)
        for test in clause.ifs:
            value = self.condition(test.test, frame)
            if isinstance(value, Tensor):
                self.emit(test, frame, TensorTest, form="comprehension", test=test.test, origin=value.origin)
            if (env := self.narrowed(test.test, frame, True)) is not None:
                frame.env = env
        inner = clause.inner_for_in is None or self._generators(clause.inner_for_in, frame)
        return inner and not clause.ifs and source is not None and is_filled(source)

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


_CONDITIONS = frozenset({cst.UnaryOperation, cst.BooleanOperation, cst.Comparison, cst.NamedExpr})


def derived(left: Value, operator: cst.CSTNode, right: Value, node: cst.CSTNode) -> PythonValue:
    """The value of arithmetic on Python values, which remembers the arguments of `__init__` it was made from."""
    pair = (left, right)
    if not all(isinstance(value, PythonValue) and value.derived is None for value in pair):
        return STATIC
    parameters = {value.parameter for value in pair if isinstance(value, PythonValue) and value.parameter is not None}
    neutral = _NEUTRAL.get(type(operator), ...)
    if not parameters or neutral is ...:
        return STATIC
    places = pair if isinstance(operator, _COMMUTATIVE) else (right,)
    if any(isinstance(value, PythonValue) and value.constant == neutral for value in places):
        return STATIC
    return PythonValue(derived=Derivation(frozenset(parameters), node))


_NEUTRAL: dict[type, int] = {
    cst.Add: 0,
    cst.AddAssign: 0,
    cst.Subtract: 0,
    cst.SubtractAssign: 0,
    cst.Multiply: 1,
    cst.MultiplyAssign: 1,
    cst.Divide: 1,
    cst.DivideAssign: 1,
    cst.FloorDivide: 1,
    cst.FloorDivideAssign: 1,
    cst.Power: 1,
    cst.PowerAssign: 1,
}
"""The operand that changes nothing, for operations that do more each time they are repeated."""
_COMMUTATIVE = (cst.Add, cst.AddAssign, cst.Multiply, cst.MultiplyAssign)
"""Those of them where it may also be the left one: `1 / x` is not `x`."""


def combined_dtype(one: Tensor | Nest, other: Value) -> str:
    """The dtype of arithmetic: Python numbers and arrays take that of the tensor."""
    if isinstance(other, Tensor | Nest):
        return one.dtype if one.dtype == other.dtype else ""
    return one.dtype if isinstance(other, PythonValue | NumpyValue | Dimension) else ""


def shape_of(items: list[Value]) -> Shape | None:
    """The shape that `[x.shape[0], *rest]` and `[*x.shape, 1]` spell out, of unknown rank; None for what is none."""
    match items:
        case [Shape() as shape, *_]:
            return shape
        case [Dimension(batch=True), *_]:
            return Shape(batched=True)
        case _:
            return None


def _takes_all_rows(node: cst.Subscript) -> bool:
    """Whether a subscript leaves the first axis of a tensor as it is: `x[:, 0]`, `x[..., 0]`."""
    match node.slice[0].slice:
        case cst.Slice(lower=None, upper=None, step=None):
            return True
        case cst.Index(value=cst.Ellipsis()):
            return True
        case _:
            return False


def constants_in(value: Value) -> tuple[Value, ...] | None:
    """The items of a short literal sequence of strings, which a loop over it is run with one by one."""
    if isinstance(value, Sequence) and value.items is not None and 0 < len(value.items) <= 64:
        items = value.items
        if all(isinstance(item, PythonValue) and isinstance(item.constant, str) for item in items):
            return items
        if all(
            isinstance(item, Sequence) and item.items and constants_in(Sequence(item.items[:1], item.element))
            for item in items
        ):
            return items
    return None


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


def _place(node: cst.BaseExpression) -> str | None:
    if isinstance(node, cst.Name):
        return node.value
    attribute = syntax.self_attribute(node)
    return None if attribute is None else f"self.{attribute}"


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
