"""KLL203: `super(Other, self)` in a class that does not derive from Other."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.source.notebook import is_notebook
from keras_layer_lint.values.events import WrongSuper

RULE = Rule("KLL203", "wrong-super-class", confirm=Confirmation("build"))
KINDS = OBJECTS


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report two-argument `super` with another class."""
    name = layer.layer.name
    for event in layer.analysis.events(WrongSuper):
        if event.site.owner is not layer.layer.ref:
            continue
        if event.named == name:
            if is_notebook(layer.layer.ref.module.path):
                continue  # what its cells make, they make before the later one runs
            raised = "that is a later class of the same name, which this one does not derive from: TypeError"
        elif event.defined:
            raised = f"`{event.named}` is neither `{name}` nor one of its bases: TypeError"
        else:
            raised = f"`{event.named}` is not defined: NameError"
        outcome = Outcome(
            Severity.ERROR,
            f"`super({event.named}, self)` in `{name}`: {raised} as soon as `{event.site.function}` runs",
            "write `super()`",
        )
        yield layer.at_site(RULE, event.site, same_everywhere(outcome))
