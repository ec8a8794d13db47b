"""KLL202: `build` neither calls `super().build(...)` nor sets `self.built`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.layers import facts_of
from keras_layer_lint.model import syntax
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.targets import needs_keras_3
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import GENERATIONS, Target
from keras_layer_lint.values.events import AttributeStored, SuperCall, WeightAdded
from keras_layer_lint.values.value import Dict, Layer, Sequence, Unknown, layers_in

RULE = Rule("KLL202", "missing-super-build", confirm=Confirmation("build"))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the `build` of a layer class; Models build themselves otherwise."""
    method = layer.layer.own_method("build")
    returned = layer.analysis.returned("build")
    if method is None or returned is None or layer.layer.kind is not ClassKind.LAYER or not layer.layer.is_complete:
        return
    if not returned.falls_through and not returned.returns:
        return  # abstract: it only raises
    if layer.serialization.is_abstract:
        return  # a subclass may set it
    analysis = layer.analysis
    if any(event.method == "build" for event in analysis.events(SuperCall, "build")):
        return
    if any(event.name == "built" for event in analysis.events(AttributeStored, "build")):
        return
    parameters = [param.name.value for param in syntax.parameters(method.node)]
    shape = parameters[1] if len(parameters) > 1 else "input_shape"
    helps = f"end `build` with `super().build({shape})`"
    base = layer.layer.info.builtin_base
    name = layer.layer.name
    again = f"`{name}.build()` leaves `built` False: after a direct `layer.build(...)` the first call builds again"
    loses = _makes_weights(layer)
    outcomes: dict[Target, Outcome | None] = {
        Target.KERAS2: Outcome(
            Severity.WARNING if loses else Severity.NOTE,
            f"{again} and silently replaces the weights that were set or loaded" if loses else again,
            helps,
        ),
        Target.KERAS3: Outcome(
            Severity.NOTE,
            f"`{name}.build()` does not call `super().build()`: Keras 3 sets `built` by itself, Keras 2 builds such a "
            "layer again after a direct `layer.build(...)`",
            helps,
        ),
    }
    if needs_keras_3(layer.layer.ref.module):
        del outcomes[Target.KERAS3]  # it never meets Keras 2
    for target in GENERATIONS:
        skipped = _skipped_base(layer)
        if skipped is None and base is not None and _needs_base_build(layer, base, target):
            skipped = base.rpartition(".")[2]
        if skipped is not None:
            made = f"`{skipped}.build()`, which makes what its `call` needs"
            message = f"`{name}.build()` never calls {made}: the first call raises"
            outcomes[target] = Outcome(Severity.ERROR, message, helps)
    yield layer.at_definition(RULE, method.unit, method.node, outcomes)


def _makes_weights(layer: LayerContext) -> bool:
    """Whether something that `build` makes holds weights, as far as can be seen."""
    if any(layer.analysis.events(WeightAdded, "build")):
        return True
    for event in layer.analysis.events(AttributeStored, "build"):
        if isinstance(event.value, Layer | Sequence | Dict | Unknown) and not _is_partial(event.site.node):
            return True
    method = layer.layer.own_method("build")
    if method is None:
        return False
    helpers = {syntax.self_attribute(node.func) for node in syntax.walk(method.node.body) if isinstance(node, cst.Call)}
    called = [helper for name in helpers - {None} if (helper := layer.layer.method(str(name))) is not None]
    if _sublayers_build_once(layer):
        return False
    for node in (method.node, *(helper.node for helper in called)):
        names = {child.attr.value for child in syntax.walk(node.body) if isinstance(child, cst.Attribute)}
        if "build" in names and "built" not in names:
            return True  # without a test that keeps a built layer as it is
    return False


def _sublayers_build_once(layer: LayerContext) -> bool:
    """Whether the `build` of each layer that it keeps begins with a test of `self.built`."""
    held = [part for value in layer.analysis.attributes.values() for part in layers_in(value)]
    builds = [layer.layer.method_of(part.of, "build") for part in held if isinstance(part.of, ClassRef)]
    return (
        bool(held)
        and len(builds) == len(held)
        and all(method is not None and _tests_built(method.node) for method in builds)
    )


def _tests_built(build: cst.FunctionDef) -> bool:
    return any(
        isinstance(node, cst.If) and "self.built" in syntax.names_read(node.test) for node in syntax.walk(build.body)
    )


def _is_partial(node: cst.CSTNode) -> bool:
    match node:
        case cst.Assign(value=cst.Call(func=function)):
            return (syntax.dotted(function) or "").rpartition(".")[2] == "partial"
        case _:
            return False


def _skipped_base(layer: LayerContext) -> str | None:
    """The base of the project whose `build` alone sets an attribute that `call` reads."""
    cls = layer.layer
    skipped = cls.method_after(cls.ref, "build")
    if skipped is None:
        return None
    made = assigned_by_method(skipped.owner.entry).get("build", frozenset())
    for base in cls.mro:
        if isinstance(base, ClassRef):
            for name, assigned in assigned_by_method(base.entry).items():
                if (base, name) != (skipped.owner, "build"):
                    made -= assigned
    running = [cls.method("call")]
    running += [
        cls.method_of(event.target, "call")
        for event in layer.analysis.events(SuperCall, "call")
        if event.method == "call" and event.target is not None
    ]
    read = {
        syntax.self_attribute(node)
        for method in running
        if method is not None
        for node in syntax.walk(method.node.body)
        if isinstance(node, cst.Attribute)
    }
    needed = {name for name in made & read if cls.assigned_in_body(name) is None and cls.method(name) is None}
    return skipped.owner.entry.name if needed else None


def _needs_base_build(layer: LayerContext, base: str, target: Target) -> bool:
    """Whether a built-in layer's own `call` still runs, and nothing but its own `build` makes what that reads."""
    if not any(fact.defines_build for fact in facts_of(base, (target.generation,))):
        return False
    if layer.layer.method("call") is None:
        return not any(layer.analysis.events(WeightAdded, "build"))
    return any(event.method == "call" for event in layer.analysis.events(SuperCall, "call"))
