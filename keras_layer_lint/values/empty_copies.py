"""Copies of variables that `__init__` makes before there are any."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.keras.layers import facts_of
from keras_layer_lint.model.variable_copies import VariableCopies, copies_in, is_before_build
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.call_events import LayerMade, WeightAdded
from keras_layer_lint.values.contents import layers_in
from keras_layer_lint.values.unbuilt import is_unbuilt, layers_before_build, may_have_weights
from keras_layer_lint.values.value import Layer, PythonValue

_SEQUENTIAL = "keras.Sequential"


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
    """The layers whose variables are copied; None where one of them may have some already, or none ever gets any."""
    if copies.owner == "self":
        every = layers_before_build(analysis)
        return every if every is not None and (_may_learn(analysis, every) or _build_makes_weights(analysis)) else None
    stored = [event for event in analysis.events(AttributeStored, "__init__") if f"self.{event.name}" == copies.owner]
    held = layers_in(stored[0].value) if len(stored) == 1 else []
    return held if _may_learn(analysis, held) and all(is_unbuilt(each, analysis) for each in held) else None


def _may_learn(analysis: Analysis, held: list[Layer]) -> bool:
    return any(may_have_weights(each, analysis) for each in held)


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


def _has_weights(analysis: Analysis, name: str) -> bool:
    facts = facts_of(name, tuple(analysis.layer.generations))
    return bool(facts) and all(fact.has_weights for fact in facts)
