"""KLL306: `__init__` cannot take, or does not pass on, `name`, `trainable` and `dtype`."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.config.wording import HELD_BY_ITSELF, as_kept, listed, lowered
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, Outcomes, as_note
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.makers import MadeBy
from keras_layer_lint.model.saving import Kept
from keras_layer_lint.model.uses import names_read
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.serialization.construction import BASE_KEYS
from keras_layer_lint.serialization.signature import Signature
from keras_layer_lint.target import Target

RULE = Rule("KLL306", "init-drops-base-kwargs", confirm=Confirmation("reload", needs_call=False))

_HELP = "take `**kwargs` and pass them on: `super().__init__(**kwargs)`"


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the class's own `__init__`."""
    serialization = layer.serialization
    method = serialization.own_init
    signature = serialization.init
    if method is None or signature is None or not layer.layer.is_complete:
        return
    if not serialization.super_init_calls(layer.layer.ref):
        return  # what KLL204 reports
    refused = sorted(BASE_KEYS - signature.names - serialization.taken.keys())
    if signature.star_kwarg is not None or not refused:
        outcomes: Outcomes = {target: _not_forwarded(layer, signature, target) for target in layer.targets}
    else:
        outcomes = _cannot_take(layer, signature, refused)
    yield layer.at_definition(RULE, method.unit, method.node, outcomes)


def _cannot_take(layer: LayerContext, signature: Signature, refused: list[str]) -> Outcomes:
    outcomes = {target: _refused(layer, refused, target) for target in layer.targets}
    if any(outcomes.values()):
        if layer.made_by is MadeBy.REBUILT:
            return {}  # nobody asks for its config
        if layer.made_by is MadeBy.CLASSES and layer.layer.kind is ClassKind.LAYER:
            outcomes = {target: lowered(outcome, HELD_BY_ITSELF) for target, outcome in outcomes.items()}
        if layer.kept is not Kept.WEIGHTS:
            return as_kept(outcomes, layer.kept)
    return dict.fromkeys(layer.targets, _unused(layer, signature))


def _refused(layer: LayerContext, refused: list[str], target: Target) -> Outcome | None:
    serialization = layer.serialization
    name = layer.layer.name
    if serialization.from_config is not None or serialization.is_supplied_elsewhere:
        return None
    if serialization.get_config is None:
        raises = _automatic_config_is_refused(layer, refused, target)
    else:
        config = serialization.config
        if config is None:
            return None
        # `Model.get_config()` of Keras 2 is empty in a subclass that overrides it.
        is_empty = serialization.is_model and target is Target.KERAS2
        raises = any(not (is_empty and entry.inherited) for key, entry in config.entries.items() if key in refused)
    if not raises:
        return None  # they cannot be set, which who calls it is told at once
    return Outcome(
        Severity.ERROR,
        f"`{name}.__init__()` does not take {listed(refused)}, which the config holds: loading raises TypeError",
        _HELP,
        expects(Effect.UNKNOWN_KEY, Effect.ERROR_NAMES_ARGUMENT, arguments=tuple(refused)),
    )


def _automatic_config_is_refused(layer: LayerContext, refused: list[str], target: Target) -> bool:
    """Whether the config that Keras makes by itself holds what `__init__` does not take."""
    serialization = layer.serialization
    if serialization.cannot_be_saved:
        return False  # saving raises, and nothing is ever loaded
    if serialization.is_sequential:
        return target is Target.KERAS3 or "name" in refused
    if target is Target.KERAS2:
        # That of Keras 2 holds only what was passed.
        return layer.layer.info.builtin_base is not None
    # That of Keras 3 holds trainable and dtype, but of a Model with required arguments none is made.
    if serialization.is_model and serialization.is_functional is False:
        return not any(p.required for p in serialization.parameters)
    return True


def _not_forwarded(layer: LayerContext, signature: Signature, target: Target) -> Outcome | None:
    """Where `**kwargs` or the arguments by name never reach a base's `__init__`."""
    serialization = layer.serialization
    calls = serialization.super_init_calls(layer.layer.ref)
    if serialization.is_model and all(event.lacks_stars for event in calls):
        return _without_stars(layer) if target is Target.KERAS2 else None
    if not calls or any(event.arguments.positional or event.arguments.star is not None for event in calls):
        return None
    swallowed = {name for name in serialization.swallowed(signature) if not serialization.writes_own(name)}
    if any(event.arguments.star_kwargs for event in calls):
        return _swallowed(layer, swallowed)
    passed = {name for event in calls for name in event.arguments.keywords}
    used = names_read(signature.method.node.body) | serialization.taken.keys()
    lost = sorted((BASE_KEYS - passed - used) | swallowed)
    caught = [key for key in lost if key not in signature.names]
    if signature.star_kwarg is None:
        lost = [key for key in lost if key in signature.names]
    elif caught and serialization.uses_kwargs_elsewhere(signature):
        message = (
            f"`{layer.layer.name}.__init__()` uses its `**{signature.star_kwarg}` for something else and passes none "
            f"to `super().__init__()`: {listed(caught)} of the layer cannot be set"
        )
        helps = "take what the layer itself needs by name and pass it on"
        return Outcome(Severity.NOTE, message, helps, expects(arguments=tuple(caught)), is_elsewhere=True)
    if not lost:
        return None
    ignored = _ignored(layer, lost)
    # A model takes more than it needs from whoever reads settings from a file; nobody names it by them.
    return as_note(ignored) if serialization.is_model and caught == lost else ignored


def _unused(layer: LayerContext, signature: Signature) -> Outcome | None:
    """Where `__init__` names an argument of the base and does nothing at all with it."""
    calls = layer.serialization.super_init_calls(layer.layer.ref)
    if any(event.arguments.positional or event.arguments.star is not None for event in calls):
        return None
    passed = {name for event in calls for name in event.arguments.keywords}
    used = names_read(signature.method.node.body) | layer.serialization.taken.keys()
    lost = sorted(BASE_KEYS & signature.names - passed - used)
    if not lost or (lost == ["name"] and layer.made_by is not MadeBy.ANYONE):
        return None
    return _ignored(layer, lost)


def _ignored(layer: LayerContext, names: list[str]) -> Outcome:
    message = (
        f"`{layer.layer.name}.__init__()` takes {listed(names)} and passes nothing of it to `super().__init__()`: "
        "silently ignored"
    )
    return Outcome(Severity.WARNING, message, _HELP, expects(arguments=tuple(names)))


def _without_stars(layer: LayerContext) -> Outcome:
    lost = sorted(BASE_KEYS)
    message = (
        f"`{layer.layer.name}.__init__()` gives `super().__init__()` the dict of its `**kwargs` without the stars: "
        f"{listed(lost)} are silently ignored"
    )
    return Outcome(Severity.WARNING, message, "write `super().__init__(**kwargs)`", expects(arguments=tuple(lost)))


def _swallowed(layer: LayerContext, names: set[str]) -> Outcome | None:
    if not names or (names == {"name"} and layer.made_by is not MadeBy.ANYONE):
        return None
    message = (
        f"`{layer.layer.name}.__init__()` takes {listed(sorted(names))} and does not pass it to `super().__init__()`: "
        "the layer never gets it, and a reload does not bring it back"
    )
    helps = f"pass it on: `super().__init__({', '.join(f'{name}={name}' for name in sorted(names))}, **kwargs)`"
    return Outcome(Severity.WARNING, message, helps, expects(arguments=tuple(sorted(names))))
