"""KLL212: an attribute that Keras keeps for itself is assigned."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.attributes import WEIGHTS_WITHOUT_SETTER, is_read_only
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.tensorflow_1 import requires_tensorflow_1
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import GENERATIONS, Target
from keras_layer_lint.values.attribute_events import AttributeStored, SublayerAttributeStored
from keras_layer_lint.values.value import PythonValue

RULE = Rule("KLL212", "reserved-attribute", confirm=Confirmation("build"))

_RUN_BY_KERAS = frozenset({"build", "call"})
_SET_IN_OLD_KERAS = frozenset({"trainable_weights", "non_trainable_weights"})
"""Properties of a layer that have a setter in Keras up to 2.3 (read in its source), and none in TensorFlow."""
_PRIVATE = {
    "_tracker": "which tracks weights and sublayers: the next assignment raises AttributeError",
    "_lock": "which tells whether state may still be added: the first call raises RuntimeError",
    "_call_signature": "which describes `call`: the first call raises AttributeError",
}
"""What Keras 3 alone keeps under these names."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report assignments, unless the class defines the name itself."""
    if not layer.layer.is_complete:
        return
    yield from _weights_of_sublayers(layer)
    for event in layer.analysis.events(AttributeStored):
        name = event.name
        if event.site.through is not None:
            continue  # code of a base in another module, which knows what it does or is reported there
        if name in _RUN_BY_KERAS and isinstance(event.value, PythonValue) and type(event.value.constant) is bool:
            yield layer.at_site(RULE, event.site, {Target.KERAS2: _hides_method(layer, name)})
            continue
        if layer.layer.method(name) is not None or layer.layer.assigned_in_body(name) is not None:
            continue
        outcomes = {
            target: outcome for target in GENERATIONS if (outcome := _outcome(layer, event, target)) is not None
        }
        if outcomes:
            yield layer.at_site(RULE, event.site, outcomes)


def _weights_of_sublayers(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Weights of layers of Keras that Keras 3 does not let others replace."""
    for event in layer.analysis.events(SublayerAttributeStored):
        owners = WEIGHTS_WITHOUT_SETTER.get(event.name, frozenset())
        of = layer.layer.project.class_info(event.of).builtin_base if isinstance(event.of, ClassRef) else event.of
        if event.site.through is not None or event.site.guarded:
            continue
        helps = f"compute with the tensor in `call` instead, or change the weight: `.{event.name}.assign(...)`"
        if of in owners:
            kind = str(of).rpartition(".")[2]
            told = f"`{event.name}` of a `{kind}` is a property in Keras 3 that cannot be set: AttributeError"
            outcome = Outcome(Severity.ERROR, told, helps, expects(errors=("AttributeError",), attribute=event.name))
        elif event.of is None and owners and not event.site.conditional:
            kinds = ", ".join(f"`{owner.rpartition('.')[2]}`" for owner in sorted(owners))
            told = f"`{event.name}` is a property in Keras 3 that cannot be set where the layer is one of {kinds}"
            outcome = Outcome(
                Severity.WARNING,
                f"{told}: AttributeError",
                helps,
                expects(errors=("AttributeError",), attribute=event.name),
            )
        else:
            continue
        yield layer.at_site(RULE, event.site, {Target.KERAS3: outcome})


def _hides_method(layer: LayerContext, name: str) -> Outcome:
    return Outcome(
        Severity.ERROR,
        f"`self.{name}` hides the method `{name}` of `{layer.layer.name}` behind a flag, and Keras 2 calls it again "
        "when it loads a `.keras` file: TypeError",
        "set `self.built = True`" if name == "build" else "use a name of your own",
        expects(errors=("TypeError",), attribute=name),
    )


def _outcome(layer: LayerContext, event: AttributeStored, target: Target) -> Outcome | None:
    name = event.name
    is_model = layer.serialization.is_model
    helps = f"use a name of your own, such as `self.{name.strip('_')}_`"
    kind = "Model" if is_model else "Layer"
    if is_read_only(name, target.generation, is_model=is_model):
        if target is Target.KERAS2 and name in _SET_IN_OLD_KERAS and _is_of_old_keras(layer):
            return None
        return Outcome(
            Severity.ERROR, f"`self.{name}` is a property of `{kind}` that cannot be set: AttributeError", helps
        )
    if target is Target.KERAS2:
        return None
    if name == "_layers":
        lost = "`self._layers` replaces the list in which Keras 3 keeps the sublayers: silently, weights are not saved"
        return Outcome(Severity.ERROR, lost, helps)
    if name == "_lock" and isinstance(event.value, PythonValue) and event.value.constant in (True, False, None):
        return None
    if name in _PRIVATE:
        return Outcome(Severity.ERROR, f"`self.{name}` is what Keras 3 keeps there, {_PRIVATE[name]}", helps)
    if name == "name" and _may_be_none(layer, event) and not layer.analysis.is_replaced(event):
        return Outcome(
            Severity.ERROR,
            "`self.name = ...` replaces the name that Keras 3 gave the layer, here by None unless one is passed: the "
            "first call raises ValueError",
            "pass it on instead: `super().__init__(name=name, **kwargs)`",
        )
    return None


def _is_of_old_keras(layer: LayerContext) -> bool:
    """Whether it derives from a layer of a Keras that runs on TensorFlow 1, and is no part of that."""
    root = layer.layer.info.root or ""
    return root.startswith("keras.") and requires_tensorflow_1(layer.layer.ref.module, layer.layer.project)


def _may_be_none(layer: LayerContext, event: AttributeStored) -> bool:
    signature = layer.serialization.init
    if signature is None or not isinstance(event.value, PythonValue) or event.value.parameter is None:
        return False
    return any(
        p.name == event.value.parameter and p.default is not None and syntax.literal(p.default) is None
        for p in signature.parameters
    )
