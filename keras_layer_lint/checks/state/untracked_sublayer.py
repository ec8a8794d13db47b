"""KLL206: a layer kept where Keras does not look for its weights."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, as_note, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.versions import FILES_OF_KERAS_3, INNER_CONTAINERS_ARE_LEFT_OUT, SETS_ARE_LEFT_OUT
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.sublayers import layer_named
from keras_layer_lint.model.variables import holds_variables
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import EVERY_VERSION, GENERATIONS, Target
from keras_layer_lint.values.attribute_events import AttributeMutated, AttributeStored, LateGrowth
from keras_layer_lint.values.events import Event
from keras_layer_lint.values.held_layers import layers_held
from keras_layer_lint.values.value import Layer

RULE = Rule("KLL206", "untracked-sublayer", confirm=Confirmation("reload"))

_PLACES = {
    "set": "a set",
    "deque": "a deque",
    "array": "a NumPy array",
    "function": "a function",
    "object": "an object that is no layer",
    "tf.Module": "a `tf.Module`",
}
_LATE = {
    "copy": "Keras 3 keeps a copy of the list in `self.{name}`: a layer added to the list afterwards is not in it",
    "inside": "Keras 3 does not see what is added to a list that is inside `self.{name}` already: silently not trained",
    "item": "Keras 3 does not see an item that is assigned in the list `self.{name}`: silently not trained",
}
_LATE_EFFECTS = {"copy": Effect.EMPTY, "inside": Effect.NOT_TRAINED, "item": Effect.NOT_TRAINED}
_LATE_HELP = "fill the list first and assign it to the attribute then"


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the assignment or change that hides a layer, once an attribute."""
    events = [
        event
        for event in layer.analysis.events(Event)
        if isinstance(event, AttributeStored | AttributeMutated) and event.site.phase != "call"
    ]
    tracked: dict[int, int] = {}
    for event in events:
        for part, depth, hider in layers_held(event.value):
            if hider is None:
                tracked[id(part.node)] = min(depth, tracked.get(id(part.node), depth))
    done: set[str] = set()
    for event in events:
        if event.name in done or event.site.owner is not layer.layer.ref:
            continue
        for part, depth, hider in layers_held(event.value):
            if part.node is None or tracked.get(id(part.node), 9) < depth or not _has_weights(layer, part):
                continue
            if hider is not None and id(part.node) not in tracked:
                done.add(event.name)
                yield layer.at_site(RULE, event.site, _hidden(event.name, part, hider))
                break
            if hider is None and depth > 1:
                done.add(event.name)
                yield layer.at_site(RULE, event.site, _nested(layer, event.name))
                break
    stored = {id(part.node) for e in events if isinstance(e, AttributeStored) for part, _, _ in layers_held(e.value)}
    for late in layer.analysis.events(LateGrowth):
        hidden = [part for part in late.layers if id(part.node) not in stored and _has_weights(layer, part)]
        if hidden and late.site.phase != "call":
            expected = expects(_LATE_EFFECTS[late.how], attribute=late.name)
            outcome = Outcome(Severity.ERROR, _LATE[late.how].format(name=late.name), _LATE_HELP, expected)
            is_new = late.how == "inside" and late.name not in done
            nested = _nested(layer, late.name)[Target.KERAS2] if is_new else None
            yield layer.at_site(RULE, late.site, {Target.KERAS2: nested, Target.KERAS3: outcome})
    yield from _class_attributes(layer)


def _has_weights(layer: LayerContext, part: Layer) -> bool:
    return holds_variables(layer.layer.project, part.of)


def _hidden(name: str, part: Layer, kind: str) -> dict[Target, Outcome | None]:
    made = part.of.entry.name if isinstance(part.of, ClassRef) else part.of.rpartition(".")[2]
    where = f"`self.{name}` holds a `{made}` in {_PLACES[kind]}, where Keras does not look"
    lost = {Target.KERAS2: "silently neither trained nor saved", Target.KERAS3: "silently neither trained nor saved"}
    lost_both = {Effect.NOT_TRAINED, Effect.NOT_SAVED}
    effects = {Target.KERAS2: lost_both, Target.KERAS3: lost_both}
    severity = dict.fromkeys(GENERATIONS, Severity.ERROR)
    versions = EVERY_VERSION
    if kind == "set":
        lost = {Target.KERAS2: "silently not trained", Target.KERAS3: "its weights are trained but silently not saved"}
        versions = SETS_ARE_LEFT_OUT
        effects = {Target.KERAS2: {Effect.NOT_TRAINED}, Target.KERAS3: {Effect.TRAINED, Effect.NOT_SAVED}}
    elif kind == "tf.Module":
        lost[Target.KERAS2] = "trained, but silently left out of `.keras` and `.weights.h5` files"
        effects[Target.KERAS2] = {Effect.TRAINED, Effect.NOT_SAVED}
        severity[Target.KERAS2] = Severity.WARNING
    return {
        target: Outcome(
            severity[target],
            f"{where}: {lost[target]}",
            "keep it in an attribute, or a list or dict of its own",
            expects(*effects[target], attribute=name),
            versions if target is Target.KERAS3 else EVERY_VERSION,
        )
        for target in GENERATIONS
    }


def _nested(layer: LayerContext, name: str) -> dict[Target, Outcome | None]:
    outcome = Outcome(
        Severity.WARNING,
        f"`self.{name}` holds layers in a container inside a container: `.keras` and `.weights.h5` files silently "
        "leave out their weights",
        "keep them in one flat list, or save to TensorFlow checkpoints or `.h5`",
        expects(Effect.NOT_SAVED, attribute=name),
    )
    in_keras_3 = replace(outcome, help="keep them in one flat list", versions=INNER_CONTAINERS_ARE_LEFT_OUT)
    in_keras_2 = replace(outcome, versions=FILES_OF_KERAS_3)
    if (use := layer.project_use) is not None and not use.saving.writes_as_keras_3:
        in_keras_2 = as_note(in_keras_2)  # its checkpoints and its own `.h5` files hold them
    return {Target.KERAS2: in_keras_2, Target.KERAS3: in_keras_3}


def _class_attributes(layer: LayerContext) -> Iterator[Diagnostic | None]:
    for name, node in layer.layer.body(layer.layer.ref).assignments.items():
        if not isinstance(node, ast.Call):
            continue
        made = layer_named(layer.layer.project, layer.layer.ref, ast.unparse(node.func))
        if made is not None and holds_variables(layer.layer.project, made):
            message = f"`{name}` is made in the body of the class, where Keras does not look: silently not trained"
            expected = expects(Effect.NOT_TRAINED, attribute=name)
            outcome = Outcome(Severity.ERROR, message, f"make it in `__init__`: `self.{name} = ...`", expected)
            yield layer.diagnose(RULE, partial(layer.unit.module.span, node), same_everywhere(outcome))
