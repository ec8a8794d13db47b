"""KLL311: `get_config` serializes an argument that was never made into an object."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.model import syntax
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.value import PythonValue

RULE = Rule("KLL311", "serialize-raises", confirm=Confirmation("reload", needs_call=False))
KINDS = OBJECTS

_SERIALIZE = "keras.activations.serialize"
"""It refuses all but functions; `serialize` of other sections, and of objects, leaves texts and None as they are."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report calls that certainly run, with an argument whose default is a text or None."""
    defaults = {
        parameter.name: syntax.literal(parameter.default)
        for parameter in layer.serialization.parameters
        if parameter.default is not None
    }
    for event in layer.analysis.events(ApiCalled, "get_config"):
        value = event.argument(0, "activation")
        if event.name != _SERIALIZE or event.site.conditional or event.site.guarded:
            continue
        if not isinstance(value, PythonValue) or value.parameter is None or value.derived is not None:
            continue
        default = defaults.get(value.parameter, ...)
        if default is not None and not isinstance(default, str):
            continue
        raised = "TypeError, with a text ValueError" if default is None else "ValueError, with None TypeError"
        message = (
            f"`activations.serialize` takes a function, and `{value.parameter}` is {default!r} unless a function is "
            f"passed: `{layer.layer.name}.get_config()` raises {raised}"
        )
        advice = (
            f"keep `keras.activations.get({value.parameter})` in `__init__`, or return what `{value.parameter}` was"
        )
        expected = expects(errors=("TypeError", "ValueError"), arguments=(value.parameter,))
        yield layer.at_site(RULE, event.site, same_everywhere(Outcome(Severity.ERROR, message, advice, expected)))
