"""Layers that certainly have no variables yet: nothing has built them."""

from __future__ import annotations

import ast

import libcst as cst

from keras_layer_lint.keras.layers import facts_of
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model import syntax
from keras_layer_lint.model.annotations import names_in_annotation
from keras_layer_lint.model.class_graph import ClassRef, KnownName
from keras_layer_lint.model.layer import LayerClass, layer_of
from keras_layer_lint.model.variable_copies import may_build
from keras_layer_lint.values.analysis import Analysis, analysis_of
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.call_events import LayerMade, WeightAdded
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.contents import layers_in, parts_of
from keras_layer_lint.values.sizes import is_size
from keras_layer_lint.values.value import (
    Derivation,
    ExternalName,
    Instance,
    Layer,
    NumpyValue,
    PythonValue,
    Tensor,
    Value,
)

_OTHER_SECTIONS = tuple(f"keras.{name}." for name in ("initializers", "regularizers", "constraints", "activations"))
_NO_LAYERS = frozenset({"int", "float", "bool", "str", "None"})
_AROUND = frozenset({"Optional", "Union", "List", "Tuple", "Sequence", "list", "tuple", "typing"})
"""What an annotation may put around them."""
_DEEPEST = 4
"""How far layers of the project are looked into that hold others."""


def layers_before_build(analysis: Analysis) -> list[Layer] | None:
    """The layers of a class as its `__init__` leaves it; None where one of its variables may be there already."""
    return _layers_before_build(analysis, 0)


def is_unbuilt(layer: Layer, analysis: Analysis) -> bool:
    """Whether it is made where it is held, and has no variables before it is built."""
    return _is_unbuilt(layer, analysis, 0)


def may_have_weights(layer: Layer, analysis: Analysis) -> bool:
    """Whether it may have variables that are trained, once it is built."""
    if not isinstance(layer.of, str):
        return True
    facts = facts_of(layer.of, tuple(analysis.layer.generations))
    return not facts or any(fact.has_weights for fact in facts)


def _layers_before_build(analysis: Analysis, depth: int) -> list[Layer] | None:
    if not analysis.layer.is_complete or analysis.layer.info.builtin_base is not None:
        return None
    if any(event.api == "add_weight" for event in analysis.events(WeightAdded, "__init__")):
        return None
    stored = list(analysis.events(AttributeStored, "__init__"))
    if any(_may_be_given(analysis, event) for event in stored):
        return None
    held = [each for event in stored for each in layers_in(event.value)]
    for name in {event.name for event in stored}:
        later = analysis.attributes.get(name)
        if isinstance(later, Sequence | Dict):  # which `append` fills
            if any(_is_given(analysis, part) for part in parts_of(later)):
                return None
            held += [each for each in layers_in(later) if each not in held]
    made = [event.of for event in analysis.events(LayerMade, "__init__")]
    known = all(isinstance(of, str) or _is_unbuilt_class(of, analysis.layer, depth) for of in made)
    return held if known and all(_is_unbuilt(each, analysis, depth) for each in held) else None


def _is_unbuilt(layer: Layer, analysis: Analysis, depth: int) -> bool:
    if layer.node is None:
        return False
    return isinstance(layer.of, str) or _is_unbuilt_class(layer.of, analysis.layer, depth)


def _is_unbuilt_class(ref: ClassRef, holder: LayerClass, depth: int) -> bool:
    """Whether the `__init__` of a class of the project leaves it without variables, and its layers as well."""
    if depth >= _DEEPEST or not holder.is_keras_class(ref):
        return False
    layer = layer_of(holder.project.class_info(ref), holder.code, holder.generations)
    if layer.method("call") is None or any(
        _may_build_in_init(base) for base in layer.mro if isinstance(base, ClassRef)
    ):
        return False
    return _layers_before_build(analysis_of(layer), depth + 1) is not None


def _may_build_in_init(ref: ClassRef) -> bool:
    inits = [node for node in ref.entry.node.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"]
    return any(may_build(ref.module, node) for node in inits)


def _may_be_given(analysis: Analysis, event: AttributeStored) -> bool:
    """Whether an attribute may be, or hold, a layer that the caller has built."""
    if _is_object_of_keras(analysis, event):
        return False
    return any(_is_given(analysis, part) for part in parts_of(event.value))


def _is_given(analysis: Analysis, part: Value) -> bool:
    match part:
        case Layer() | Tensor() | NumpyValue():
            return False
        case Instance(of=name) | ExternalName(name=name):
            return not name.startswith(_OTHER_SECTIONS)
        case PythonValue(derived=None):
            argument = part.parameter or part.element_of
            return argument is not None and not _is_no_layer(analysis, argument)
        case PythonValue(derived=Derivation(node=cst.BinaryOperation(operator=cst.Add() | cst.Multiply())) as derived):
            # Lists can be added and repeated, too.
            return not all(_is_no_layer(analysis, name) for name in derived.parameters)
        case _:
            return not isinstance(part, PythonValue)


def _is_no_layer(analysis: Analysis, name: str) -> bool:
    """Whether an argument is certainly none: by its default, its annotation or its use as a size."""
    init = analysis.layer.method("__init__")
    param = None if init is None else init.parameter(name)
    if param is None:
        return False
    if param.default is not None and _is_plain(param.default):
        return True
    return _is_annotated_plain(param) or is_size(name, analysis, or_tuple=True)


def _is_plain(default: cst.BaseExpression) -> bool:
    """Whether it is a literal other than None, or a list, tuple or dict of such."""
    if isinstance(default, cst.List | cst.Tuple | cst.Dict | cst.Set):
        return not any(isinstance(each, cst.Call | cst.Name | cst.Attribute) for each in syntax.walk(default))
    value = syntax.literal(default)
    return value is not ... and value is not None


def _is_annotated_plain(param: cst.Param) -> bool:
    """Whether it is annotated as a number, a text, or a list or tuple of such."""
    if param.annotation is None:
        return False
    names = names_in_annotation(param.annotation.annotation)
    return bool(names & (_NO_LAYERS - {"None"})) and names <= _NO_LAYERS | _AROUND


def _is_object_of_keras(analysis: Analysis, event: AttributeStored) -> bool:
    """Whether what is stored is made by a function or class for another object of Keras, such as an initializer."""
    match event.statement:
        case cst.Assign(value=cst.Call(func=func)) | cst.AnnAssign(value=cst.Call(func=func)):
            name = syntax.dotted(func)
        case _:
            return False
    owner = event.site.owner or analysis.layer.ref
    found = None if name is None else analysis.layer.project.resolve(owner.module, name, scope=owner.entry)
    return isinstance(found, KnownName) and canonical(found.name).startswith(_OTHER_SECTIONS)
