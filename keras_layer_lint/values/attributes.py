"""The values of attributes."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from keras_layer_lint.keras import results
from keras_layer_lint.keras.attributes import is_inherited
from keras_layer_lint.keras.removed_api import may_be_removed
from keras_layer_lint.keras.result import Result
from keras_layer_lint.model import syntax
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.attribute_events import AttributeRead, OldAttributeRead, UnknownAttributeRead
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.frames import Frame
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
        if not is_inherited(name):
            self.emit(node, frame, UnknownAttributeRead, name=name)
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


def _place(node: cst.BaseExpression) -> str | None:
    if isinstance(node, cst.Name):
        return node.value
    attribute = syntax.self_attribute(node)
    return None if attribute is None else f"self.{attribute}"
