"""KLL301: no `get_config`, and Keras's automatic one does not serve."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.config.wording import listed
from keras_layer_lint.checks.context import LayerContext, Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.rule import Rule
from keras_layer_lint.values.config import Configuration, Parameter, Signature
from keras_layer_lint.values.parameters import unservable

RULE = Rule("KLL301", "missing-get-config")


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report classes with an `__init__` of their own whose arguments nothing saves."""
    configuration = layer.configuration
    signature = configuration.init
    if (
        signature is None
        or configuration.own_init is None
        or configuration.get_config is not None
        or configuration.is_supplied_elsewhere
    ):
        return
    outcomes = {keras: _outcome(layer, configuration, signature, keras) for keras in layer.keras}
    yield layer.at_definition(RULE, layer.unit, layer.unit.node, outcomes)


def _outcome(layer: LayerContext, configuration: Configuration, signature: Signature, keras: str) -> Outcome | None:
    name = layer.layer.name
    own = [p for p in configuration.parameters if p.name not in configuration.builtin_parameters]
    helps = "define `get_config` that returns `{**super().get_config(), ...}` with " + (
        listed(p.name for p in own) if own else "every argument of `__init__`"
    )
    if layer.layer.info.builtin_base is not None:
        return _of_builtin(layer.layer.info.builtin_base, name, own, helps)
    if configuration.is_model:
        return _of_model(layer, name, own, keras, helps)
    positional = [p for p in own if p.positional_only]
    if positional:
        raised = "saving raises NotImplementedError" if keras == "3" else "loading raises TypeError"
        message = (
            f"`{name}` has no `get_config` and takes {listed(p.name for p in positional)} by position only: {raised}"
        )
        return Outcome(Severity.ERROR, message, helps)
    if signature.star_arg is not None:
        if keras == "3":
            message = (
                f"`{name}` has no `get_config` and takes `*{signature.star_arg}`: saving raises NotImplementedError"
            )
            return Outcome(Severity.ERROR, message, helps)
        message = f"`{name}` has no `get_config`: what `*{signature.star_arg}` takes is silently lost on reload"
        return Outcome(Severity.WARNING, message, helps)
    hard = {p.name: reason for p in own if (reason := unservable(p, layer.analysis)) is not None}
    if hard:
        required = any(p.required for p in own if p.name in hard)
        reasons = "; ".join(f"`{p}` {reason}" for p, reason in hard.items())
        message = (
            f"`{name}` has no `get_config`, and the automatic one takes only numbers, strings and flags ({reasons}): "
            f"saving raises NotImplementedError{'' if required else ' once one is given'}"
        )
        return Outcome(Severity.ERROR if required else Severity.WARNING, message, helps)
    kwargs = signature.star_kwarg
    if kwargs not in (None, "kwargs") and own:
        lost = "name" if keras == "3" else "name, trainable and dtype"
        message = (
            f"`{name}` has no `get_config`, and the automatic one looks for `**kwargs`: as the catch-all is called "
            f"`**{kwargs}`, {lost} silently get lost on reload"
        )
        return Outcome(Severity.WARNING, message, helps)
    if not own:
        return None
    message = (
        f"`{name}` has no `get_config`: the automatic one saves {listed(p.name for p in own)} only while every value is a "
        "number, a string, a flag or None"
    )
    return Outcome(Severity.NOTE, message, helps)


def _of_builtin(base: str, name: str, own: list[Parameter], helps: str) -> Outcome | None:
    if not own:
        return None
    inherited = f"`{name}` has no `get_config`, and that of `{base.rpartition('.')[2]}` leaves out"
    required = [p.name for p in own if p.required]
    if required:
        return Outcome(Severity.ERROR, f"{inherited} {listed(required)}: loading raises TypeError", helps)
    return Outcome(
        Severity.WARNING, f"{inherited} {listed(p.name for p in own)}: silently the default after reload", helps
    )


def _of_model(layer: LayerContext, name: str, own: list[Parameter], keras: str, helps: str) -> Outcome | None:
    if not own:
        return None
    if keras == "3":
        required = [p.name for p in own if p.required]
        if required:
            message = (
                f"Model `{name}` has no `get_config`, and Keras 3 does not see its arguments: saving raises "
                f"NotImplementedError for {listed(required)}"
            )
            return Outcome(Severity.ERROR, message, helps)
        message = (
            f"Model `{name}` has no `get_config`, and Keras 3 does not see its arguments: {listed(p.name for p in own)} "
            "silently come back as the default"
        )
        return Outcome(Severity.WARNING, message, helps)
    hard = {p.name: reason for p in own if (reason := unservable(p, layer.analysis)) is not None}
    if hard:
        reasons = "; ".join(f"`{p}` {reason}" for p, reason in hard.items())
        message = f"Model `{name}` has no `get_config`, and the automatic one cannot hold its arguments ({reasons}): loading raises TypeError"
        return Outcome(Severity.WARNING, message, helps)
    message = f"Model `{name}` has no `get_config`: the automatic one saves {listed(p.name for p in own)} only while every value is plain"
    return Outcome(Severity.NOTE, message, helps)
