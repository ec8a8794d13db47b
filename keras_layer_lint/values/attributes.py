"""The values of attributes."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from keras_layer_lint.keras import inherited, results
from keras_layer_lint.keras.attributes import EMPTY_LISTS, KNOWN_WHILE_TRACING, LISTS_OF_WEIGHTS
from keras_layer_lint.keras.foreign_attributes import FOREIGN, NOT_OF_KERAS_TENSORS, NOT_OF_TUPLES
from keras_layer_lint.keras.misspelt import misspelt
from keras_layer_lint.keras.removed_api import is_removed_from_optimizers, may_be_gone, may_be_removed
from keras_layer_lint.keras.result import Result
from keras_layer_lint.model import syntax
from keras_layer_lint.model.attribute_sources import may_inherit
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.attribute_events import AttributeRead, OldAttributeRead, UnknownAttributeRead
from keras_layer_lint.values.call_events import ApiNamed
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.events import ForeignAttributeRead, KerasTensorAttributeRead
from keras_layer_lint.values.frames import Frame, layer_attribute
from keras_layer_lint.values.globals import class_attribute, global_value, known
from keras_layer_lint.values.kind import UNKNOWN, Unknown
from keras_layer_lint.values.state import State
from keras_layer_lint.values.value import (
    NUMPY_VALUE,
    STATIC,
    WEIGHT,
    BoundMethod,
    ClassObject,
    ExternalName,
    Function,
    KerasTensor,
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
    Value,
)

_TENSOR_PROPERTIES = frozenset({"T", "flat_values", "imag", "indices", "mT", "real", "values"})


class Attributes(State):
    """`self.name`, and attributes of any other value."""

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
            return run.on_a_path.get(name, value) if run.phase == "get_config" and _is_mixed(value) else value
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
        base = run.layer.info.builtin_base
        if base is not None and (value := _inherited(base, name, node, frame)) is not None:
            return value
        if may_be_removed(name):
            self.emit(node, frame, OldAttributeRead, name=name)
        if name in KNOWN_WHILE_TRACING:
            return PythonValue(attribute=name)
        if name in LISTS_OF_WEIGHTS:
            return Sequence(None, Tensor(Origin(WEIGHT, frame.unit, node), variable=True), is_list=True)
        if name in EMPTY_LISTS:
            return Sequence((), UNKNOWN, is_list=True, stays_empty=True)
        if name == "__class__":
            return SelfClass()
        if not may_inherit(name, run.layer.kind):
            self.emit(node, frame, UnknownAttributeRead, name=name)
        return BoundMethod(Self(), name)

    def attribute_of(self, receiver: Value, name: str, node: cst.Attribute, frame: Frame) -> Value:
        """The value of `receiver.name`, self apart."""
        match receiver:
            case ExternalName():
                is_nowhere = may_be_gone(receiver.name, name) or misspelt(f"{receiver.name}.{name}") is not None
                if is_nowhere and (written := syntax.dotted(node)) is not None:
                    self.emit(node, frame, ApiNamed, written=written)
                return known(f"{receiver.name}.{name}")
            case ProjectModule():
                return global_value(self.run, frame.unit, f"{receiver.dotted}.{name}")
            case Tensor():
                return self._of_tensor(receiver, name, node, frame)
            case Nest():
                return self._of_nest(receiver, name, node, frame)
            case Shape() if name in ("rank", "ndims"):
                return STATIC
            case ClassObject():
                return self._of_class(receiver, name)
            case SelfClass():
                if name in ("__name__", "__qualname__", "__module__"):
                    return STATIC
                return self.self_attribute(name, node, frame)
            case KerasTensor(origin):
                if name in NOT_OF_KERAS_TENSORS:
                    self.emit(node, frame, KerasTensorAttributeRead, name=name, origin=origin)
                return BoundMethod(receiver, name)
            case BoundMethod(receiver=KerasTensor(origin), name="shape") if name in NOT_OF_TUPLES:
                self.emit(node, frame, KerasTensorAttributeRead, name=f"shape.{name}", origin=origin)
                return UNKNOWN
            case Layer():
                if name in KNOWN_WHILE_TRACING:
                    return STATIC
                return BoundMethod(receiver, name)
            case PythonValue():
                return BoundMethod(replace(receiver, attribute=None, derived=None, is_float=False), name)
            case NumpyValue():
                return NUMPY_VALUE if name in ("T", "real", "imag") else BoundMethod(receiver, name)
            case BoundMethod(receiver=Self(), name="optimizer") if is_removed_from_optimizers(name):
                self.emit(node, frame, OldAttributeRead, name=f"optimizer.{name}")
                return UNKNOWN
            case Unknown() if name == "shape":
                return UNKNOWN
            case _:
                return BoundMethod(receiver, name, _place(node.value, frame))

    def _of_tensor(self, receiver: Tensor, name: str, node: cst.Attribute, frame: Frame) -> Value:
        self.emit_missing_mask(receiver, node, frame)
        if name == "graph":
            return BoundMethod(receiver, name)
        self._emit_foreign(receiver, name, node, frame)
        result = results.tensor_method(name)
        if result is Result.SHAPE and name == "shape":
            return Shape(batched=receiver.batched)
        if result is Result.STATIC:
            return STATIC
        if result is Result.TENSOR and name in _TENSOR_PROPERTIES:
            return replace(receiver, batched=False, like_input=False, rank=None, last=None)
        return BoundMethod(receiver, name)

    def _emit_foreign(self, receiver: Tensor | Nest, name: str, node: cst.Attribute, frame: Frame) -> None:
        """Say what neither a tensor has, nor a list, tuple or dict of tensors."""
        if name in FOREIGN and not receiver.origin.is_number:
            is_variable = isinstance(receiver, Tensor) and receiver.variable
            self.emit(node, frame, ForeignAttributeRead, name=name, origin=receiver.origin, is_variable=is_variable)

    def _of_nest(self, receiver: Nest, name: str, node: cst.Attribute, frame: Frame) -> Value:
        self._emit_foreign(receiver, name, node, frame)
        if name in ("shape", "dtype", "ndim"):
            self.emit_missing_mask(receiver, node, frame)
            self.note_one_tensor(receiver, frame)
        if name == "shape":
            return Shape(batched=receiver.batched)
        return STATIC if name in ("dtype", "ndim", "name") else BoundMethod(receiver, name)

    def _of_class(self, receiver: ClassObject, name: str) -> Value:
        layer = self.run.layer
        if (assigned := layer.body(receiver.ref).assignments.get(name)) is not None:
            return class_attribute(assigned)
        if (method := layer.method_of(receiver.ref, name)) is None:
            return BoundMethod(receiver, name)
        function = Function(method.unit, method.node, owner=method.owner, method=name)
        is_class_method = "classmethod" in syntax.decorator_names(method.node)
        return replace(function, receiver=receiver) if is_class_method else function


def _inherited(base: str, name: str, node: cst.CSTNode, frame: Frame) -> Value | None:
    """What a built layer of Keras holds for the classes that derive from it."""
    if (may_be_none := inherited.WEIGHTS.get(base, {}).get(name)) is not None:
        return Tensor(Origin(WEIGHT, frame.unit, node), optional=may_be_none, variable=True)
    of = inherited.LAYERS.get(base, {}).get(name)
    return None if of is None else Layer(of)


def _place(node: cst.BaseExpression, frame: Frame) -> str | None:
    if isinstance(node, cst.Name):
        return node.value
    attribute = layer_attribute(node, frame)
    return None if attribute is None else f"self.{attribute}"


def _is_mixed(value: Value) -> bool:
    """Whether a value may be of several kinds."""
    return value in (UNKNOWN, NUMPY_VALUE) or (isinstance(value, Dict) and not value.complete)
