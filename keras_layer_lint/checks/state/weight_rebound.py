"""KLL214: an attribute that holds a weight is given a tensor instead."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.attribute_events import AttributeStored

RULE = Rule("KLL214", "weight-rebound", confirm=Confirmation("train"))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report assignments outside `call`; those in it are another rule's."""
    for event in layer.analysis.events(AttributeStored):
        if event.site.phase != "call" and event.replaces_weight:
            name = event.name
            helps = (
                f"change the weight with `self.{name}.assign(...)`, or compute what you need from it in `call`; "
                "a limit belongs in `constraint=` of `add_weight`"
            )
            lost = f"`self.{name}` held a weight and now holds a tensor"
            expected = expects(attribute=name)
            outcomes = {
                Target.KERAS2: Outcome(
                    Severity.ERROR, f"{lost}: Keras 2 drops the weight, which is no longer trained", helps, expected
                ),
                Target.KERAS3: Outcome(
                    Severity.ERROR,
                    f"{lost}: the weight is kept, but nothing uses it and it gets no gradient",
                    helps,
                    expected,
                ),
            }
            yield layer.at_site(RULE, event.site, outcomes)
