"""KLL207: sublayers that are not built when Keras 3 loads their weights."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from keras_layer_lint.checks.config.wording import listed
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import Method
from keras_layer_lint.model.variables import Counted, holds_variables
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.events import AttributeStored
from keras_layer_lint.values.value import layers_in

RULE = Rule("KLL207", "unbuilt-sublayer", confirm=Confirmation("reload"))

_ALL = frozenset(
    """
    layers _layers _flatten_layers submodules sublayers __dict__ call __call__ compute_output_spec _build_by_run
    build_from_config _build_sublayers
    """.split()
)
"""Attributes of a layer that lead `build` to all sublayers."""
_OUTPUT = ("compute_output_shape", "compute_output_spec")
_HELP = "build each sublayer in `build`: `self.dense.build(input_shape)`"


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the class's own `build`, or else the method that keeps Keras 3 from tracing `call`."""
    build = layer.layer.method("build")
    own = layer.layer.own_method("build")
    if not layer.layer.is_complete or layer.layer.info.builtin_base is not None or Target.KERAS3 not in layer.targets:
        return
    if layer.serialization.is_model:
        if own is None or layer.serialization.is_functional is not False or layer.serialization.is_sequential:
            return
        if len(syntax.parameters(own.node)) > 2:
            return  # a part of other models, which trace its `call`
        place: Method | None = own
    else:
        overriding = next((m for name in _OUTPUT if (m := layer.layer.method(name)) is not None), None)
        if overriding is None:
            return
        place = own or next((m for name in _OUTPUT if (m := layer.layer.own_method(name)) is not None), None)
    if place is None or any(layer.layer.method(name) for name in ("load_own_variables", "build_from_config")):
        return
    built = _mentioned(layer, build)
    if built is None:
        return
    unbuilt = _unbuilt(layer, built)
    if not unbuilt:
        return
    name = layer.layer.name
    names = listed(f"self.{attribute}" for attribute in unbuilt)
    if layer.serialization.is_model:
        message = (
            f"`{name}.build()` does not build {names}: Keras 3 calls it before it loads weights, so `load_model` "
            "leaves these layers without them, silently or with ValueError"
        )
    else:
        output = next(n for n in _OUTPUT if layer.layer.method(n) is not None)
        message = (
            f"nothing builds {names} before Keras 3 loads weights: with `{output}` overridden, a functional or "
            f"Sequential model never traces the `call` of `{name}`, and loading a saved model raises ValueError"
        )
    outcome = Outcome(Severity.ERROR, message, _HELP, expects(Effect.WEIGHTS_LOST))
    yield layer.at_definition(RULE, place.unit, place.node, {Target.KERAS3: outcome})


def _unbuilt(layer: LayerContext, built: frozenset[str]) -> list[str]:
    """The attributes with layers that hold weights, none of whose names is mentioned where layers are built."""
    holders: dict[int, list[str]] = {}
    heavy: set[int] = set()
    stored = [
        (e.name, e.value) for phase in ("__init__", "build") for e in layer.analysis.events(AttributeStored, phase)
    ]
    for name, value in [*stored, *layer.analysis.attributes.items()]:
        for part in layers_in(value):
            if part.node is not None:
                holders.setdefault(id(part.node), []).append(name)
                if holds_variables(layer.layer.project, part.of, Counted(only_in_build=True)):
                    heavy.add(id(part.node))
    return list(dict.fromkeys(names[0] for node, names in holders.items() if node in heavy and not built & set(names)))


def _mentioned(layer: LayerContext, build: Method | None) -> frozenset[str] | None:
    """Attributes that `build` and the methods it calls may build; None where that may be all of them."""
    init = layer.layer.method("__init__")
    if init is not None and any(_calls_build(node) for node in syntax.walk(init.node.body)):
        return None
    found: set[str] = set()
    waiting = [] if build is None else [build]
    seen: set[int] = set()
    while waiting:
        method = waiting.pop()
        if id(method.node) in seen:
            continue
        seen.add(id(method.node))
        for node in syntax.walk(method.node.body):
            if (
                isinstance(node, cst.Call)
                and isinstance(node.func, cst.Name)
                and node.func.value in ("self", "getattr")
            ):
                return None
            if isinstance(node, cst.Name) and node.value in ("vars", "setattr"):
                return None
            name = syntax.self_attribute(node)
            if name is not None:
                found.add(name)
                if (called := layer.layer.method(name)) is not None:
                    waiting.append(called)
        bases = (layer.layer.method_after(ref, "build") for ref in layer.layer.mro if isinstance(ref, ClassRef))
        waiting.extend(base for base in bases if base is not None)
    return None if found & _ALL else frozenset(found)


def _calls_build(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "build"
