"""Which arguments of `__init__` Keras's automatic config cannot hold."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.model.annotations import names_in_annotation
from keras_layer_lint.model.class_graph import ClassRef, KnownName, Project
from keras_layer_lint.serialization.signature import Parameter
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.attribute_events import ParameterUsed, StandIn

_OBJECTS = frozenset({"Callable", "Layer", "Model", "Initializer", "Regularizer", "Constraint", "ndarray"})
_PLAIN = frozenset({"int", "float", "bool", "str", "None", "Optional", "Union", "Literal", "typing"})
_SIZES = frozenset(
    "units filters kernel_size rate input_dim output_dim axis epsilon num_heads key_dim pool_size".split()
)
"""Parameters of the layers of Keras that take numbers, or tuples of them."""
_WITHOUT_VALUE = frozenset({"object", "builtins.object", "abc.ABC"})
"""Bases that make a class no number, text or container."""


def unservable(parameter: Parameter, analysis: Analysis) -> str | None:
    """Why the automatic config cannot be counted on for an argument, None where nothing says so.

    It holds str, int, float, bool, None and containers of them (measured with tf_keras 2.21 and keras 3.15); anything
    else raises NotImplementedError when the layer is saved.
    """
    if parameter.annotation is not None and (found := object_named(parameter.annotation, parameter, analysis)):
        return f"is annotated {found}"
    default = parameter.default
    if isinstance(default, cst.Lambda):
        return "is a function by default"
    if isinstance(default, cst.Attribute | cst.Call) and _names_object(default):
        return f"is `{syntax.source(default, 30)}` by default"
    for stand_in in analysis.events(StandIn, "__init__"):
        if stand_in.name == parameter.name:
            return f"may be an object like `{stand_in.made}(...)`, which stands in for it"
    uses = {event.use for event in analysis.events(ParameterUsed) if event.name == parameter.name}
    for use, phrase in _USES.items():
        if use in uses:
            return phrase
    return None


def is_certain(parameter: Parameter, reason: str, analysis: Analysis) -> bool:
    """Whether every value of the argument is such an object: an initializer may also be given by its name."""
    return parameter.required and not reason.startswith("may be") and not _may_be_plain(parameter, analysis)


def is_plain(parameter: Parameter) -> bool:
    """Whether the annotation or the default says that an argument is a number, or a text by its annotation."""
    if parameter.annotation is not None and (names := names_in_annotation(parameter.annotation)):
        return names <= _PLAIN
    default = None if parameter.default is None else syntax.literal(parameter.default)
    return isinstance(default, int | float)


def object_named(annotation: cst.BaseExpression, parameter: Parameter, analysis: Analysis) -> str | None:
    """The first kind of object that an annotation names: a known one, or a class of the project."""
    if found := sorted(names_in_annotation(annotation) & _OBJECTS):
        return found[0]
    project, owner = analysis.layer.project, parameter.owner
    for name in sorted(names_in_annotation(annotation) - _PLAIN):
        resolved = project.resolve(owner.module, name, scope=owner.entry)
        if isinstance(resolved, ClassRef) and _is_object(project, resolved):
            return name
    return None


def _is_object(project: Project, ref: ClassRef) -> bool:
    """Whether no instance of the class is a number, text or container as well, as that of an `IntEnum` is."""
    info = project.class_info(ref)
    bases = (base for base in info.mro if isinstance(base, KnownName))
    return info.kind is not None or (info.complete and all(base.name in _WITHOUT_VALUE for base in bases))


def _may_be_plain(parameter: Parameter, analysis: Analysis) -> bool:
    """Whether an annotation also allows what the automatic config holds: `Callable | int`, `Optional[Layer]`."""
    annotation = parameter.annotation
    if annotation is None:
        return False
    if names_in_annotation(annotation) & {"str", "Text"}:
        return True
    alternatives = _alternatives(annotation)
    return len(alternatives) > 1 and any(object_named(each, parameter, analysis) is None for each in alternatives)


def _alternatives(annotation: cst.BaseExpression) -> list[cst.BaseExpression]:
    match annotation:
        case cst.BinaryOperation(left=left, operator=cst.BitOr(), right=right):
            return [*_alternatives(left), *_alternatives(right)]
        case cst.Subscript(value=holder, slice=elements) if names_in_annotation(holder) & {"Union", "Optional"}:
            found = [part.slice.value for part in elements if isinstance(part.slice, cst.Index)]
            none: list[cst.BaseExpression] = [cst.Name("None")] if names_in_annotation(holder) & {"Optional"} else []
            return [inner for part in found for inner in _alternatives(part)] + none
        case _:
            return [annotation]


_USES = {
    "called": "is called",
    "elements called": "holds what is called",
    "initializers": "may be an initializer",
    "regularizers": "may be a regularizer",
    "constraints": "may be a constraint",
    "activations": "may be a function",
    "layers": "is a layer",
}


def _names_object(node: cst.Attribute | cst.Call) -> bool:
    name = syntax.dotted(node.func if isinstance(node, cst.Call) else node) or ""
    parts = name.split(".")
    sections = {"nn", "activations", "initializers", "regularizers", "constraints", "layers", "ops", "math"}
    return bool(sections & set(parts[:-1]))
