"""How a config can hold an argument that it lacks: what the argument is, where it is kept, and where it could be."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from keras_layer_lint.expectation import Holding, Lacking
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model import syntax
from keras_layer_lint.model.annotations import names_in_annotation
from keras_layer_lint.model.attribute_sources import is_free
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.serialization.automatic_config import is_plain, object_named, unservable
from keras_layer_lint.serialization.layer_serialization import Serialization
from keras_layer_lint.serialization.signature import Parameter
from keras_layer_lint.values.attribute_events import AttributeStored, ParameterUsed, StandIn
from keras_layer_lint.values.sizes import is_size
from keras_layer_lint.values.value import PythonValue

_OBJECT_WORDS = frozenset({"activation", "initializer", "regularizer", "constraint", "dtype"})
"""The last words of arguments that take an object of Keras as well as its name."""
_LAYER_WORDS = frozenset("backbone cell decoder discriminator encoder layer model net network".split())
_FOREIGN_WORDS = frozenset("callback config fn func function obj schema tokenizer vocab vocabulary".split())
"""The last words of arguments that hold what their name says, where nothing else does."""
_OF_NUMBERS = frozenset({"d", "dim", "n", "num", "per", "size"})
"""What stands before such a word in the name of a number: `d_model`, `num_layer`."""
_OF_ANNOTATION = {
    "Layer": Holding.LAYER,
    "Model": Holding.LAYER,
    "Initializer": Holding.OBJECT,
    "Regularizer": Holding.OBJECT,
    "Constraint": Holding.OBJECT,
}
_CONTAINERS = frozenset(
    "Any Dict Iterable List Literal Mapping None Number Optional Sequence Text Tuple Union "
    "bool dict float int list str tuple typing".split()
)
"""What an annotation may name beside: all that JSON can hold, and what says nothing."""
_OF_DEFAULT = {
    "activations": Holding.OBJECT,
    "initializers": Holding.OBJECT,
    "regularizers": Holding.OBJECT,
    "constraints": Holding.OBJECT,
}
_LAYER_USES = frozenset({"called", "elements called", "layers"})


def lacking(serialization: Serialization, parameters: Iterable[Parameter]) -> tuple[Lacking, ...]:
    """Arguments that a config lacks, with what is known of each."""
    return tuple(
        Lacking(p.name, _holding(serialization, p), _kept_in(serialization, p.name), _free(serialization, p.name))
        for p in parameters
    )


def _holding(serialization: Serialization, parameter: Parameter) -> Holding:
    """What an argument is: by its annotation, its name, its default and what is done with it, in this order."""
    analysis, annotation = serialization.analysis, parameter.annotation
    if annotation is not None and is_plain(parameter):
        return Holding.PLAIN
    if parameter.name.rpartition("_")[2] in _OBJECT_WORDS or serialization.object_kind(parameter.name) is not None:
        return Holding.OBJECT
    if annotation is not None and (found := _of_annotation(serialization, parameter, annotation)) is not None:
        return found
    if parameter.default is not None and (of_default := _of_default(parameter.default)) is not None:
        return of_default
    uses = {event.use for event in analysis.events(ParameterUsed) if event.name == parameter.name}
    stands_in = any(event.name == parameter.name for event in analysis.events(StandIn, "__init__"))
    if uses & _LAYER_USES or stands_in:
        return Holding.LAYER
    if unservable(parameter, analysis) is not None:
        return Holding.OBJECT
    default = None if parameter.default is None else syntax.literal(parameter.default)
    if isinstance(default, int | float | str) or is_size(parameter.name, analysis):
        return Holding.PLAIN
    return _of_name(parameter.name)


def _of_name(name: str) -> Holding:
    first, _, word = name.rpartition("_")
    if word in _LAYER_WORDS and first not in _OF_NUMBERS:
        return Holding.LAYER
    return Holding.FOREIGN if word in _FOREIGN_WORDS else Holding.UNKNOWN


def _of_annotation(
    serialization: Serialization, parameter: Parameter, annotation: cst.BaseExpression
) -> Holding | None:
    """What an annotation that is not of plain types says; None where it leaves it open, as `List` and `Any` do."""
    project, owner = serialization.layer.project, parameter.owner
    found = object_named(annotation, parameter, serialization.analysis)
    if found in _OF_ANNOTATION:
        return _OF_ANNOTATION[found]
    resolved = None if found is None else project.resolve(owner.module, found, scope=owner.entry)
    if isinstance(resolved, ClassRef) and (kind := project.class_info(resolved).kind) is not None:
        return Holding.LAYER if kind in (ClassKind.LAYER, ClassKind.MODEL) else Holding.OBJECT
    return None if names_in_annotation(annotation) <= _CONTAINERS else Holding.FOREIGN


def _of_default(default: cst.BaseExpression) -> Holding | None:
    """What a default is that is no literal and no name of the module's own."""
    if isinstance(default, cst.Lambda | cst.Set):
        return Holding.FOREIGN
    made = default.func if isinstance(default, cst.Call) else default
    if not isinstance(made, cst.Attribute):
        return Holding.FOREIGN if isinstance(default, cst.Call) else None
    section = (syntax.dotted(made) or "").split(".")[-2:][0]
    if section == "layers" and isinstance(default, cst.Call):
        return Holding.LAYER
    return _OF_DEFAULT.get(section, Holding.FOREIGN)


def _kept_in(serialization: Serialization, name: str) -> str:
    """The attribute that holds an argument as it came, and which no other method than `__init__` sets."""
    late = {
        attribute
        for base in serialization.layer.mro
        if isinstance(base, ClassRef)
        for method, names in assigned_by_method(base.entry).items()
        if method != "__init__"
        for attribute in names
    }
    certain = {
        event.name
        for event in serialization.analysis.events(AttributeStored, "__init__")
        if not (event.site.conditional or event.site.in_loop)
    }
    found = [
        attribute
        for attribute, value in serialization.analysis.attributes.items()
        if isinstance(value, PythonValue)
        and value.parameter == name
        and value.derived is None
        and value.element_of is None
        and attribute.lstrip("_") not in late
        and attribute not in late
        and attribute in certain
    ]
    return min(found, key=lambda attribute: (attribute != name, attribute != f"_{name}", attribute), default="")


def _free(serialization: Serialization, name: str) -> str:
    """The name, or that with an underscore before it, if nothing gives the layer such an attribute."""
    return next((each for each in (name, f"_{name}") if is_free(serialization.layer, each)), "")
