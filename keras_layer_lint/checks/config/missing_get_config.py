"""KLL301: no `get_config`, and Keras's automatic one does not serve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from keras_layer_lint.checks.config.facts import with_lacking
from keras_layer_lint.checks.config.loading import as_loaded_in_keras_2
from keras_layer_lint.checks.config.wording import HELD_BY_ITSELF, as_kept, listed, lowered
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, as_note
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, Expectation, ValueKind, expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.layers import BASES, LAYER, config_keys, facts_of
from keras_layer_lint.keras.methods import BASE_ARGUMENTS
from keras_layer_lint.keras.objects import OBJECTS, object_bases
from keras_layer_lint.model.automatic_config import old_keras
from keras_layer_lint.model.makers import MadeBy
from keras_layer_lint.model.optimizer_lists import trains_each
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.serialization.automatic_config import (
    is_certain,
    unservable,
)
from keras_layer_lint.serialization.construction import BASE_KEYS
from keras_layer_lint.serialization.layer_serialization import Serialization
from keras_layer_lint.serialization.signature import Parameter, Signature
from keras_layer_lint.target import Target

RULE = Rule("KLL301", "missing-get-config", confirm=Confirmation("reload", needs_call=False))
KINDS = OBJECTS


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report classes with an `__init__` of their own whose arguments nothing saves, where models are saved."""
    serialization = layer.serialization
    signature = serialization.init
    if (
        signature is None
        or serialization.get_config is not None
        or serialization.is_supplied_elsewhere
        or serialization.cannot_be_made
        or (serialization.own_init is None and not serialization.completes_bases)
    ):
        return
    if not layer.layer.is_layer:
        found = _of_object(layer, serialization, signature)
        if found and layer.made_by is not MadeBy.REBUILT:
            found = with_lacking(found, serialization, serialization.parameters, _keys_of_object(layer, serialization))
            shown = as_loaded_in_keras_2(layer, as_kept(found, layer.kept))
            yield layer.at_definition(RULE, layer.unit, layer.unit.node, shown)
        return
    if layer.layer.info.builtin_base is None and serialization.known_base_name not in BASES:
        return  # a base of another package, whose own `get_config` is not known
    if serialization.is_unfinished:
        return
    outcomes = {target: _outcome(layer, serialization, signature, target) for target in layer.targets}
    if Target.KERAS2 in outcomes:
        outcomes[Target.KERAS2] = _before_automatic_config(layer, serialization, signature, outcomes[Target.KERAS2])
    if not any(outcomes.values()) or layer.made_by is MadeBy.REBUILT:
        return
    fails = any(outcome is not None and outcome.severity > Severity.NOTE for outcome in outcomes.values())
    if fails and layer.layer.kind is ClassKind.LAYER and layer.made_by is MadeBy.CLASSES:
        outcomes = {target: lowered(outcome, HELD_BY_ITSELF) for target, outcome in outcomes.items()}
    if fails and _only_trains(layer, serialization):
        whole = "where the model itself is saved and not what it trains"
        outcomes = {target: lowered(outcome, whole) for target, outcome in outcomes.items()}
    keys = _keys_of_base(layer, serialization)
    outcomes = with_lacking(outcomes, serialization, _not_held_by_base(layer, serialization), keys)
    shown = as_loaded_in_keras_2(layer, as_kept(outcomes, layer.kept))
    yield layer.at_definition(RULE, layer.unit, layer.unit.node, shown)


def _keys_of_object(layer: LayerContext, serialization: Serialization) -> frozenset[str]:
    """What the config of a loss, metric or the like holds by its base; nothing where that raises."""
    generations = tuple(target.generation for target in layer.targets)
    configs = [fact.config for fact in object_bases(serialization.known_base_name, generations)]
    return frozenset() if None in configs else frozenset().union(*(config or () for config in configs))


def _keys_of_base(layer: LayerContext, serialization: Serialization) -> frozenset[str] | None:
    """What the config of a layer's or model's base holds; None for Sequential, which saves its layers."""
    if serialization.is_sequential:
        return None
    base = layer.layer.info.builtin_base
    held = [] if base is None else [config_keys(base, (target.generation,)) for target in layer.targets]
    return BASE_KEYS.union(*(keys or () for keys in held))


def _not_held_by_base(layer: LayerContext, serialization: Serialization) -> list[Parameter]:
    """The arguments that the config of the base does not hold in each generation."""
    own = [p for p in serialization.parameters if p.name not in serialization.builtin_parameters]
    base = layer.layer.info.builtin_base
    if base is None:
        return own
    held = [config_keys(base, (target.generation,)) or frozenset() for target in layer.targets]
    return [p for p in own if not all(p.name in keys for keys in held)]


def _before_automatic_config(
    layer: LayerContext, serialization: Serialization, signature: Signature, found: Outcome | None
) -> Outcome | None:
    """The same where the project has a Keras that makes no config by itself, whatever the arguments are."""
    if serialization.known_base_name not in (LAYER, "keras.Model") or serialization.is_functional is not False:
        return found
    old = old_keras(layer.layer.ref.module, layer.layer.project)
    if old is None:
        return found
    refused = [p for p in serialization.parameters if p.name in signature.names - signature.keyword_only]
    if not refused:
        return None
    raised = "`get_config` raises NotImplementedError"
    if old.of_tensorflow_1:
        raised = "saving raises NotImplementedError, or loading TypeError before TensorFlow 1.14,"
    message = (
        f"`{layer.layer.name}` has no `get_config`, and Keras up to 2.6 makes none by itself ({old.why}): {raised} "
        f"because of {listed(p.name for p in refused)}"
    )
    facts = expects(arguments=tuple(p.name for p in refused))
    use = layer.project_use
    if found is None and old.of_tensorflow_1 and use is not None and use.is_library:
        return None  # nobody ever saved a model with it, and nobody will
    # Whoever saves a model with it sees the error at once: a newer Keras would have spared it.
    helps = _help(list(serialization.parameters))
    found = found or Outcome(Severity.NOTE, message, helps, facts, is_elsewhere=True)
    if use is not None and use.is_library:
        found = as_note(found)  # nobody could save models with its layers, and so nobody does
    return replace(found, message=message)


def _only_trains(layer: LayerContext, serialization: Serialization) -> bool:
    """Whether a Model trains others, as a GAN does: what is kept are these, or their weights.

    It has no `call`, or trains each model that it requires by that model's own weights. Or the project saves the models
    that it was given, and nothing else.
    """
    if (
        serialization.known_base_name != "keras.Model"
        or serialization.is_functional is not False
        or layer.layer.method("train_step") is None
    ):
        return False
    given = frozenset(parameter.name for parameter in serialization.parameters)
    use = layer.project_use
    return (
        layer.layer.method("call") is None
        or trains_each(layer.layer, [parameter.name for parameter in serialization.parameters if parameter.required])
        or (use is not None and use.saving.saves_only(given))
    )


def _outcome(layer: LayerContext, serialization: Serialization, signature: Signature, target: Target) -> Outcome | None:
    name = layer.layer.name
    own = [p for p in serialization.parameters if p.name not in serialization.builtin_parameters]
    helps = _help(own)
    base = layer.layer.info.builtin_base
    if base is not None and not _has_automatic_config(base, target):
        held = config_keys(base, (target.generation,)) or frozenset()
        return _of_builtin(base, name, [p for p in own if p.name not in held], helps)
    if serialization.is_model:
        return _of_model(layer, name, own, target, helps)
    positional = [p for p in own if p.positional_only]
    if positional:
        raised = "saving raises NotImplementedError" if target is Target.KERAS3 else "loading raises TypeError"
        message = (
            f"`{name}` has no `get_config` and takes {listed(p.name for p in positional)} by position only: {raised}"
        )
        return Outcome(Severity.ERROR, message, helps)
    if signature.star_arg is not None and not _passes_on_positions(layer):
        if target is Target.KERAS3:
            message = (
                f"`{name}` has no `get_config` and takes `*{signature.star_arg}`: saving raises NotImplementedError"
            )
            return Outcome(Severity.ERROR, message, helps)
        message = f"`{name}` has no `get_config`: what `*{signature.star_arg}` takes is silently lost on reload"
        return Outcome(Severity.WARNING, message, helps, _lost([]))
    hard = {p.name: reason for p in own if (reason := unservable(p, layer.analysis)) is not None}
    if hard:
        required = any(is_certain(p, hard[p.name], layer.analysis) for p in own if p.name in hard)
        reasons = "; ".join(f"`{p}` {reason}" for p, reason in hard.items())
        message = (
            f"`{name}` has no `get_config`, and the automatic one takes only numbers, strings and flags ({reasons}): "
            f"saving raises NotImplementedError{'' if required else ' once one is given'}"
        )
        return Outcome(Severity.ERROR if required else Severity.WARNING, message, helps, _lost(hard, ValueKind.OBJECT))
    kwargs = signature.star_kwarg
    if kwargs not in (None, "kwargs") and own:
        lost = ["name"] if target is Target.KERAS3 else list(BASE_ARGUMENTS)
        message = (
            f"`{name}` has no `get_config`, and the automatic one looks for `**kwargs`: as the catch-all is called "
            f"`**{kwargs}`, a reload silently loses {listed(lost)}"
        )
        return Outcome(Severity.WARNING, message, helps, _lost(lost))
    return None  # nothing says that any argument is more than the automatic config holds


def _help(own: list[Parameter]) -> str:
    names = listed(p.name for p in own) if own else "every argument of `__init__`"
    return f"define `get_config` that returns `{{**super().get_config(), ...}}` with {names}"


def _has_automatic_config(base: str, target: Target) -> bool:
    """Whether a built-in layer leaves `get_config` to `Layer`."""
    return all(
        fact.config is not None and BASE_KEYS.issuperset(fact.config) for fact in facts_of(base, (target.generation,))
    )


def _passes_on_positions(layer: LayerContext) -> bool:
    """Whether `*args` goes to the base's `__init__`, where it means what the base makes of it."""
    return any(event.arguments.star is not None for event in layer.serialization.super_init_calls(layer.layer.ref))


def _of_builtin(base: str, name: str, own: list[Parameter], helps: str) -> Outcome | None:
    if not own:
        return None
    inherited = f"`{name}` has no `get_config`, and that of `{base.rpartition('.')[2]}` leaves out"
    required = [p.name for p in own if p.required]
    if required:
        return Outcome(Severity.ERROR, f"{inherited} {listed(required)}: loading raises TypeError", helps)
    names = [p.name for p in own]
    return Outcome(
        Severity.WARNING, f"{inherited} {listed(names)}: a reload silently brings the default", helps, _lost(names)
    )


def _lost(names: Iterable[str], values: ValueKind = ValueKind.ANY) -> Expectation:
    """A reload loses the arguments, unless saving has refused them."""
    return expects(Effect.REFUSED_BY_CONFIG, arguments=tuple(names), values=values)


def _of_object(layer: LayerContext, serialization: Serialization, signature: Signature) -> dict[Target, Outcome | None]:
    """Losses, metrics and the like, for which Keras makes no config by itself."""
    if serialization.is_abstract:
        return {}
    name, base = layer.layer.name, serialization.known_base_name
    own = list(serialization.parameters)
    helps = f"define `get_config` that returns {listed(p.name for p in own) if own else 'a dict'}"
    outcomes: dict[Target, Outcome | None] = {}
    for target in layer.targets:
        for fact in object_bases(base, (target.generation,)):
            if fact.config is None:
                message = f"`{name}` has no `get_config`: saving raises NotImplementedError"
                outcomes[target] = Outcome(Severity.ERROR, message, helps)
                continue
            inherited = f"`{name}` has no `get_config`, and that of `{base.rpartition('.')[2]}`"
            required = [p.name for p in own if p.required]
            refused = sorted(fact.config - signature.names) if signature.star_kwarg is None else []
            lost = [p.name for p in own if serialization.is_lost(p)]
            if required:
                message = f"{inherited} leaves out {listed(required)}: loading raises TypeError"
                outcomes[target] = Outcome(Severity.ERROR, message, helps)
            elif refused:
                message = (
                    f"{inherited} holds {listed(refused)}, which `__init__` does not take: loading raises TypeError"
                )
                outcomes[target] = Outcome(Severity.ERROR, message, helps)
            elif lost:
                message = f"{inherited} leaves out {listed(lost)}: a reload silently brings the default"
                outcomes[target] = Outcome(Severity.WARNING, message, helps, _lost(lost))
    return outcomes


def _of_sequential(name: str, own: list[Parameter], helps: str) -> Outcome:
    required = [p.name for p in own if p.required]
    saved = f"Sequential `{name}` has no `get_config`, and its config holds its layers, not"
    if required:
        return Outcome(Severity.ERROR, f"{saved} {listed(required)}: loading raises TypeError", helps)
    names = [p.name for p in own]
    return Outcome(Severity.WARNING, f"{saved} {listed(names)}: a reload brings the default", helps, _lost(names))


def _of_model(layer: LayerContext, name: str, own: list[Parameter], target: Target, helps: str) -> Outcome | None:
    serialization = layer.serialization
    if not own:
        return None
    if serialization.is_sequential:
        return _of_sequential(name, own, helps)
    if target is Target.KERAS3:
        required = [p.name for p in own if p.required]
        if required:
            raised = "saving raises NotImplementedError"
            if serialization.is_functional is None:
                raised = "saving or loading raises"
            elif serialization.is_functional:
                raised = "loading raises TypeError"
            message = (
                f"Model `{name}` has no `get_config`, and Keras 3 does not see its arguments: {raised} for "
                f"{listed(required)}"
            )
            return Outcome(Severity.ERROR, message, helps)
        message = (
            f"Model `{name}` has no `get_config`, and Keras 3 does not see its arguments: after a reload "
            f"{listed(p.name for p in own)} silently {'has' if len(own) == 1 else 'have'} the default"
        )
        return Outcome(Severity.WARNING, message, helps, _lost(p.name for p in own))
    hard = {p.name: reason for p in own if (reason := unservable(p, layer.analysis)) is not None}
    if hard:
        reasons = "; ".join(f"`{p}` {reason}" for p, reason in hard.items())
        raised = "loading raises TypeError"
        if not any(p.required for p in own):
            raised = "after a reload every argument silently has its default, once one is given"
        elif not any(is_certain(p, hard[p.name], layer.analysis) for p in own if p.name in hard):
            raised += " once one is given"
        message = (
            f"Model `{name}` has no `get_config`, and the automatic one cannot hold its arguments ({reasons}): {raised}"
        )
        return Outcome(Severity.WARNING, message, helps, _lost(hard, ValueKind.OBJECT))
    return None
