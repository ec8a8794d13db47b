"""KLL305: `get_config` returns None."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.model.patterns import method_called
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.value import PythonValue

RULE = Rule("KLL305", "get-config-returns-none", confirm=Confirmation("reload", needs_call=False))
KINDS = OBJECTS


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report each `return` of None, and the end of a `get_config` that falls off it."""
    method = layer.serialization.own_get_config
    returned = layer.analysis.returned("get_config")
    if method is None or returned is None:
        return
    name = layer.layer.name
    for value, node in returned.returns:
        if not (isinstance(value, PythonValue) and value.is_none) or node is None:
            continue
        called = method_called(node.value)
        why = "this returns None" if called is None else f"`{called}` returns None"
        outcome = Outcome(
            Severity.ERROR,
            f"`{name}.get_config()`: {why}, so saving or loading raises TypeError",
            "update the dict in a statement of its own, then return it",
        )
        yield layer.diagnose(RULE, partial(method.unit.span, node), same_everywhere(outcome), method="get_config")
    if returned.falls_through:
        missing = Outcome(
            Severity.ERROR,
            f"`{name}.get_config()` ends without `return` on some path: it returns None, so saving or loading raises "
            "TypeError",
            "return the config on every path",
        )
        yield layer.at_definition(RULE, method.unit, method.node, same_everywhere(missing))
