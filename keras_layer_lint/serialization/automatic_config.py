"""Which arguments of `__init__` Keras's automatic config cannot hold."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.serialization.signature import Parameter
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.attribute_events import ParameterUsed

_OBJECTS = frozenset({"Callable", "Layer", "Model", "Initializer", "Regularizer", "Constraint", "ndarray"})


def unservable(parameter: Parameter, analysis: Analysis) -> str | None:
    """Why the automatic config cannot be counted on for an argument, None where nothing says so.

    It holds str, int, float, bool, None and containers of them (measured with tf_keras 2.21 and keras 3.15); anything
    else raises NotImplementedError when the layer is saved.
    """
    if parameter.annotation is not None:
        names = {
            child.value if isinstance(child, cst.Name) else child.attr.value
            for child in syntax.walk(parameter.annotation)
            if isinstance(child, cst.Name | cst.Attribute)
        }
        if found := sorted(names & _OBJECTS):
            return f"is annotated {found[0]}"
    default = parameter.default
    if isinstance(default, cst.Lambda):
        return "is a function by default"
    if isinstance(default, cst.Attribute | cst.Call) and _names_object(default):
        return f"is `{syntax.source(default, 30)}` by default"
    uses = {event.use for event in analysis.events(ParameterUsed) if event.name == parameter.name}
    for use, phrase in _USES.items():
        if use in uses:
            return phrase
    return None


def is_certain(parameter: Parameter, reason: str) -> bool:
    """Whether every value of the argument is such an object: an initializer may also be given by its name."""
    named = parameter.annotation is not None and any(
        isinstance(child, cst.Name) and child.value in ("str", "Text") for child in syntax.walk(parameter.annotation)
    )
    return parameter.required and not reason.startswith("may be") and not named


_USES = {
    "called": "is called",
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
