"""KLL149: a function, class or layer is given an argument it does not take, or not given one that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from keras_layer_lint.checks.call.wording import error
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import FUNCTIONS, ClassKind
from keras_layer_lint.keras.layers import builtin_layer
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.signatures import Signature, last_names, signature_of, signature_of_layer
from keras_layer_lint.keras.versions import PARAMETERS_GONE
from keras_layer_lint.model.class_graph import KnownName
from keras_layer_lint.model.tensorflow_1 import is_for_tensorflow_1
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import EVERY_VERSION, GENERATIONS, Target, Versions
from keras_layer_lint.values.call_events import ApiCalled, CallRefused, LayerCalled, LayerMade, SuperCall

RULE = Rule("KLL149", "unknown-op-argument", confirm=Confirmation("graph", raises_eagerly=True))
KINDS = TRACED_KINDS | {ClassKind.FUNCTION}

_RAISED = expects(errors=("TypeError", "ValueError"))
"""TensorFlow tells by ValueError where tensors come first that no function of the name takes."""
_NO_ARGUMENT = expects(errors=("TypeError",))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report calls that no signature of the function allows."""
    for event in layer.analysis.events(ApiCalled):
        written, unit = event.function_name, event.site.code
        if event.site.through is not None and event.site.optional:
            continue  # a test of the signature may stand there, and the arguments of this call may lead elsewhere
        if written is None or event.name.rpartition(".")[2] not in last_names():
            continue
        found = layer.layer.project.resolve(unit.module, written, scope=unit.scope)
        if not isinstance(found, KnownName):
            continue
        outcomes = {target: _outcome(event, found.name, target) for target in GENERATIONS}
        if outcomes[Target.KERAS2] is not None and _is_of_old_tensorflow(layer, event, found.name):
            outcomes[Target.KERAS2] = None
        if any(outcomes.values()):
            yield layer.at_site(RULE, event.site, outcomes)
    yield from _to_base(layer)
    yield from _to_project(layer)
    yield from _to_layers_of_keras(layer)
    yield from _to_sequential(layer)


def _to_project(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """What functions, classes and layers of the project are called with."""
    is_class = layer.layer.kind not in FUNCTIONS
    if is_class and (layer.serialization.is_abstract or layer.serialization.is_derived_from):
        return  # a class that derives from it may have other methods
    for event in layer.analysis.events(CallRefused):
        through = event.site.through
        if event.site.guarded or (through is not None and event.site.optional):
            continue
        told = (
            f"`{event.of}` {event.why}" if through is None else f"`{through}()` calls `{event.of}`, which {event.why}"
        )
        outcome = error(f"{told}: TypeError", f"it takes {_listed(event.takes)}", _NO_ARGUMENT)
        yield layer.at_site(RULE, event.site, dict.fromkeys(GENERATIONS, outcome))


def _to_layers_of_keras(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """What calls of the layers of Keras leave out, such as the values of an attention."""
    for event in layer.analysis.events(LayerCalled):
        name, arguments = event.layer, event.arguments
        optional = event.site.through is not None and event.site.optional
        if not isinstance(name, str) or not arguments.are_complete or arguments.after_star or optional:
            continue
        outcomes = {}
        for target in layer.targets:
            facts = builtin_layer(name, target.generation)
            if facts is None:
                continue
            given = {*facts.call[: max(1, len(arguments.positional))], *arguments.keywords}
            missing = [each for each in facts.call_needs if each not in given]
            if missing:
                told = f"`{event.layer_written}` is called without `{missing[0]}`: TypeError or ValueError"
                outcomes[target] = error(told, f"it takes {_listed(facts.call_needs)}", _RAISED)
        if outcomes:
            yield layer.at_site(RULE, event.site, outcomes)


def _to_sequential(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """What a `Sequential` is made of: that of Keras 2 takes a generator for one layer."""
    for event in layer.analysis.events(LayerMade):
        if event.of == "keras.Sequential" and event.gets_generator:
            told = f"`{event.function_written}()` gets a generator, which Keras 2 takes for a layer: TypeError"
            outcome = error(told, "give it a list: `[... for ... in ...]`", expects(errors=("TypeError",)))
            yield layer.at_site(RULE, event.site, {Target.KERAS2: outcome})


def _is_of_old_tensorflow(layer: LayerContext, event: ApiCalled, name: str) -> bool:
    """Whether it is a function of TensorFlow 1, which takes other parameters: `keep_dims`."""
    if not name.startswith("tensorflow.") or name.startswith("tensorflow.keras."):
        return False
    return is_for_tensorflow_1(event.site.code.module, layer.layer.project)


def _to_base(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """What `super().__init__()` hands to the layer of Keras that the class derives from."""
    base = next((known.name for known in layer.layer.mro if isinstance(known, KnownName)), "")
    if not layer.layer.is_complete:
        return
    for event in layer.analysis.events(SuperCall, "__init__"):
        if event.method != "__init__" or event.target is not None:
            continue
        outcomes: dict[Target, Outcome | None] = {}
        for target in GENERATIONS:
            signature = signature_of_layer(base, target.generation)
            unknown = [] if signature is None else sorted(event.arguments.certain - set(signature.named))
            if signature is not None and unknown:
                outcomes[target] = _error(f"`{base}` has no parameter `{unknown[0]}`", signature)
        if outcomes:
            yield layer.at_site(RULE, event.site, outcomes)


def _outcome(event: ApiCalled, name: str, target: Target) -> Outcome | None:
    signature = signature_of(name, target.generation)
    fault = None if signature is None else _fault(event, signature)
    if signature is None or fault is None:
        return None
    called = f"`{event.function_name}()`"
    through = event.site.through
    told = f"{called} {fault}" if through is None else f"`{through}()` calls {called}, which {fault}"
    return replace(_error(told, signature), versions=_versions(event, name, signature, target))


def _versions(event: ApiCalled, name: str, signature: Signature, target: Target) -> Versions:
    """In which versions it is so: where all it lacks is one parameter, that older versions have."""
    unknown = _unknown(event, signature)
    gone = PARAMETERS_GONE.get(canonical(name), {}) if target is Target.KERAS3 else {}
    return gone.get(unknown[0], EVERY_VERSION) if len(unknown) == 1 else EVERY_VERSION


def _error(fault: str, signature: Signature) -> Outcome:
    return error(f"{fault}, so it raises TypeError or ValueError", f"it takes {_listed(signature.positional)}", _RAISED)


def _listed(parameters: Iterable[str]) -> str:
    return ", ".join(f"`{parameter}`" for parameter in parameters) or "no argument"


def _unknown(event: ApiCalled, signature: Signature) -> list[str]:
    return sorted(event.arguments.certain - set(signature.named))


def _fault(event: ApiCalled, signature: Signature) -> str | None:
    arguments = event.arguments
    unknown = _unknown(event, signature)
    if unknown:
        return f"has no parameter `{unknown[0]}`"
    if not arguments.are_complete or arguments.after_star:
        return None
    count = len(arguments.positional)
    if count > len(signature.positional):
        return f"takes {len(signature.positional)} arguments by position, and is given {count}"
    twice = sorted(set(signature.positional[:count]) & arguments.certain)
    if twice:
        return f"is given `{twice[0]}` twice"
    missing = signature.required - set(signature.positional[:count]) - set(arguments.keywords)
    if missing:
        first = next(parameter for parameter in (*signature.positional, *signature.named) if parameter in missing)
        return f"needs `{first}`"
    return None
