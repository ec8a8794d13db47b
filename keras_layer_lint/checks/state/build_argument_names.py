"""KLL211: `build` and the like do not take what Keras passes: too few arguments, or names that it cannot match."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.layers import facts_of
from keras_layer_lint.model import syntax
from keras_layer_lint.model.layer import Method
from keras_layer_lint.model.module_calls import calls_of_method
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Generation, Target

RULE = Rule("KLL211", "build-argument-names", confirm=Confirmation("build"))

_METHODS = ("build", "compute_output_shape")
_PASSED = {"build": ("input_shape",), "compute_mask": ("inputs", "mask")}
"""What Keras passes by position."""
_PASSED_IN = {"build": (Target.KERAS2,), "compute_mask": (Target.KERAS2, Target.KERAS3)}
"""Keras 3 passes `build` shapes by name, and none to one without arguments."""
_SIGNATURES = {"build": ("input_shape",), "compute_mask": ("inputs", "mask=None")}


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the class's own methods, against what Keras passes and the arguments of the `call` that it has."""
    yield from _too_few(layer)
    yield from _unmatched_names(layer)
    yield _unmatched_of_keras(layer)


def _too_few(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Methods that do not take what Keras passes by position."""
    for name, passed in _PASSED.items():
        method = layer.layer.own_method(name)
        if method is None or syntax.decorator_names(method.node) or method.takes_by_position(len(passed)):
            continue
        if name == "build" and _need_not_be_called(layer):
            continue
        given = " and ".join(f"`{argument}`" for argument in passed)
        outcome = Outcome(
            Severity.ERROR,
            f"`{name}` takes too few arguments: Keras passes it {given} by position, so the first call raises "
            "TypeError",
            f"write `def {name}({', '.join(('self', *_SIGNATURES[name]))})`",
            expects(errors=("TypeError",)),
        )
        yield layer.at_definition(
            RULE, method.unit, method.node, {target: outcome for target in layer.targets if target in _PASSED_IN[name]}
        )


def _unmatched_names(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Names of shapes that Keras cannot match."""
    if layer.layer.kind is not ClassKind.LAYER or layer.layer.info.builtin_base is not None:
        return
    if not layer.layer.is_complete:
        return
    for name in _METHODS:
        method = _said_here(layer, name)
        if method is None or syntax.decorator_names(method.node):
            continue
        if len(method.parameters) < 2 or (name == "build" and _is_built_by_hand(layer, method)):
            continue
        expected = expects(arguments=tuple(name for name in method.parameters if name.endswith("_shape")))
        is_own = method.owner == layer.layer.ref
        shown = ", ".join(f"`{parameter}`" for parameter in method.parameters)
        outcomes: dict[Target, Outcome | None] = {}
        if is_own and len(method.required) > 1 and name == "build":
            outcomes[Target.KERAS2] = Outcome(
                Severity.ERROR,
                f"`build` takes {shown}, and Keras 2 passes one argument, the shapes of the first argument of `call`: "
                "the first call raises TypeError",
                "take one argument, `input_shape`; it is a list of shapes where the layer gets a list of inputs",
                expected,
            )
        unmatched = _unmatched(layer, method.parameters)
        if unmatched:
            of = "" if is_own else f"of `{method.owner.entry.name}` "
            outcomes[Target.KERAS3] = Outcome(
                Severity.ERROR,
                f"`{name}` {of}takes {shown}, and Keras 3 looks for an argument of `call` for each: it finds none for "
                f"{', '.join(f'`{name}`' for name in unmatched)}, so the first call raises ValueError",
                "name each one after an argument of `call`, such as `query_shape` for `query`; or take one only",
                expected,
            )
        if is_own:
            yield layer.at_definition(RULE, method.unit, method.node, outcomes)
        else:
            yield layer.at_definition(RULE, layer.unit, layer.unit.node, outcomes)


def _unmatched_of_keras(layer: LayerContext) -> Diagnostic | None:
    """A `build` that a built-in layer has, and a `call` of the class's own whose arguments have other names."""
    base, call = layer.layer.info.builtin_base, layer.layer.own_method("call")
    facts = facts_of(base, (Generation.KERAS3,)) if base is not None else ()
    if call is None or not facts or layer.layer.method("build") is not None or not layer.layer.is_complete:
        return None
    taken = facts[0].build
    unmatched = _unmatched(layer, taken) if len(taken) > 1 and not syntax.decorator_names(call.node) else []
    if not unmatched:
        return None
    name = (base or "").rpartition(".")[2]
    outcome = Outcome(
        Severity.ERROR,
        f"`build` of `{name}` takes {', '.join(taken)}, and Keras 3 looks for an argument of `call` for each: it finds "
        f"none for {', '.join(f'`{name}`' for name in unmatched)}, so the first call raises ValueError",
        f"name the arguments as `{name}` does in Keras 3: `{unmatched[0].removesuffix('_shape')}`",
        expects(arguments=tuple(unmatched)),
    )
    return layer.at_definition(RULE, call.unit, call.node, {Target.KERAS3: outcome})


def _said_here(layer: LayerContext, name: str) -> Method | None:
    """The method of the class, or what it inherits from a base that has no `call`: of that itself nothing is said."""
    method = layer.layer.method(name)
    if method is None or method.owner == layer.layer.ref:
        return method
    return None if layer.layer.has_method(method.owner, "call") else method


def _unmatched(layer: LayerContext, names: tuple[str, ...]) -> list[str]:
    """Arguments behind `*` or `**` have no names there (keras 3.15)."""
    call = layer.layer.method("call")
    if call is None:
        return []
    return [name for name in names if not name.endswith("_shape") or name.removesuffix("_shape") not in call.parameters]


def _need_not_be_called(layer: LayerContext) -> bool:
    """Whether the first call need not lead to `build`: a functional model is built as soon as it is made."""
    may_be_functional = layer.serialization.is_model and layer.serialization.is_functional is not False
    return may_be_functional or layer.layer.method("call") is None or _is_built_without_shape(layer)


def _is_built_without_shape(layer: LayerContext) -> bool:
    """Whether the module calls some `build` without arguments: then it may be a method of the project's own."""
    return any(not call.args and not call.keywords for call in calls_of_method(layer.layer.ref.module, "build"))


def _is_built_by_hand(layer: LayerContext, method: Method) -> bool:
    """Whether the module, or that of the method, calls some `build` with several arguments: then Keras need not."""
    modules = {layer.layer.ref.module.path: layer.layer.ref.module, method.unit.path: method.unit.module}
    calls = (call for module in modules.values() for call in calls_of_method(module, "build"))
    return any(len(call.args) + len(call.keywords) > 1 for call in calls)
