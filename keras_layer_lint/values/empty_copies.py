"""Copies of variables that `__init__` makes before there are any."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.keras.layers import facts_of
from keras_layer_lint.model.variable_copies import VariableCopies, copies_in, is_before_build
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.call_events import LayerMade, WeightAdded
from keras_layer_lint.values.contents import layers_in, parts_of
from keras_layer_lint.values.sizes import is_size
from keras_layer_lint.values.value import ExternalName, Instance, Layer, NumpyValue, PythonValue, Tensor, Value

_SEQUENTIAL = "keras.Sequential"
_OTHER_SECTIONS = tuple(f"keras.{name}." for name in ("initializers", "regularizers", "constraints", "activations"))


def empty_copies(analysis: Analysis) -> Iterator[tuple[VariableCopies, bool]]:
    """The copies in `__init__` of what is certainly empty; with each, whether a Sequential of Keras 2 raises there.

    Measured with tf_keras 2.21 and Keras 3.15: no layer of Keras has trainable variables before it is built. A
    `Sequential` of Keras 2 that is not built raises ValueError where it is asked for them, also by a layer around it.
    """
    if analysis.layer.method("call") is None:
        return
    found = analysis.layer.definition("__init__")
    if found is None or found[0] is not analysis.layer.ref:
        return
    for copies in copies_in_init(analysis):
        held = _layers(analysis, copies) if is_before_build(copies, found[1]) else None
        if held is not None:
            yield copies, any(each.of == _SEQUENTIAL for each in held)


def copies_in_init(analysis: Analysis) -> Iterator[VariableCopies]:
    """The copies that the class or a base of the project makes in `__init__`, of what may be empty."""
    found = analysis.layer.definition("__init__")
    if found is not None:
        yield from copies_in(found[0].module, found[1])


def _layers(analysis: Analysis, copies: VariableCopies) -> list[Layer] | None:
    """The layers whose variables are copied; None where one of them may have some already."""
    if copies.owner == "self":
        return _all_layers(analysis)
    stored = [event for event in _stored(analysis) if f"self.{event.name}" == copies.owner]
    held = layers_in(stored[0].value) if len(stored) == 1 else []
    return held if held and all(_is_unbuilt(each) for each in held) else None


def _all_layers(analysis: Analysis) -> list[Layer] | None:
    if not analysis.layer.is_complete or analysis.layer.info.builtin_base is not None:
        return None
    if any(event.api == "add_weight" for event in analysis.events(WeightAdded, "__init__")):
        return None
    if any(_may_be_given(analysis, event.value) for event in _stored(analysis)):
        return None
    held = [each for event in _stored(analysis) for each in layers_in(event.value)]
    made = [event.of for event in analysis.events(LayerMade, "__init__")]
    known = all(isinstance(of, str) for of in made) and all(_is_unbuilt(each) for each in held)
    return held if known and (held or _build_makes_weights(analysis)) else None


def _build_makes_weights(analysis: Analysis) -> bool:
    """Whether `build` makes weights that are trained, or layers that have some: they are not there before it runs."""
    if any(
        isinstance(event.of, str) and _has_weights(analysis, event.of) for event in analysis.events(LayerMade, "build")
    ):
        return True
    made = [event for event in analysis.events(WeightAdded, "build") if event.api == "add_weight"]
    return any(
        (given := event.keyword("trainable")) is None or (isinstance(given, PythonValue) and given.constant is True)
        for event in made
    )


def _may_be_given(analysis: Analysis, value: Value) -> bool:
    """Whether the value may be, or hold, a layer that the caller has built."""
    for part in parts_of(value):
        if isinstance(part, Layer | Tensor | NumpyValue) or _is_no_layer(part):
            continue
        if not isinstance(part, PythonValue):
            return True
        if part.parameter is not None and part.derived is None:
            init = analysis.layer.method("__init__")
            default = ... if init is None else init.default_of(part.parameter)
            if (default is ... or default is None) and not is_size(part.parameter, analysis, or_tuple=True):
                return True
    return False


def _is_no_layer(part: Value) -> bool:
    """Whether it is certainly another object of Keras, such as an initializer."""
    match part:
        case Instance(of=name) | ExternalName(name=name):
            return name.startswith(_OTHER_SECTIONS)
        case _:
            return False


def _has_weights(analysis: Analysis, name: str) -> bool:
    facts = facts_of(name, tuple(analysis.layer.generations))
    return bool(facts) and all(fact.has_weights for fact in facts)


def _stored(analysis: Analysis) -> list[AttributeStored]:
    return list(analysis.events(AttributeStored, "__init__"))


def _is_unbuilt(layer: Layer) -> bool:
    """Whether it is made there, of a class of Keras."""
    return isinstance(layer.of, str) and layer.node is not None
