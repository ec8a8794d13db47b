"""KLL201: a weight is made in `__init__`."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.call_events import WeightAdded

RULE = Rule("KLL201", "weight-in-init", confirm=Confirmation("build", needs_call=False), is_default=False)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report weights added while `__init__` runs."""
    made_in_build = {id(event.site.node) for event in layer.analysis.events(WeightAdded, "build")}
    for event in layer.analysis.events(WeightAdded, "__init__"):
        if id(event.site.node) in made_in_build:
            continue  # `__init__` calls `build` itself
        place = "`__init__`" if event.site.function == "__init__" else f"`{event.site.function}`, called by `__init__`"
        outcome = Outcome(
            Severity.NOTE,
            f"`{event.via}` in {place}: the weight is allocated before any input shape is known",
            "make it in `build(self, input_shape)`, which Keras calls once, when the shape is known",
        )
        yield layer.at_site(RULE, event.site, same_everywhere(outcome))
