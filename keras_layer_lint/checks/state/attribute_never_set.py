"""KLL217: an attribute is read that nothing sets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.model.attribute_sources import may_have, stands_where_class_raises
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import GENERATIONS
from keras_layer_lint.values.attribute_events import UnknownAttributeRead

RULE = Rule("KLL217", "attribute-never-set", confirm=Confirmation("graph", raises_eagerly=True))

_SEVERAL = 2
"""So many methods that are not there are left to others; one is misspelt."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report reads in methods that Keras calls, of classes that are there to be used and not to be derived from."""
    known = layer.serialization
    if not layer.layer.is_layer or known.is_left_to_subclasses or known.is_supplied_elsewhere:
        return
    kind = "Model" if known.is_model else "Layer"
    events = [event for event in layer.analysis.events(UnknownAttributeRead) if _is_in_doubt(layer, event)]
    if events and _is_template(layer, events):
        return
    for event in events:
        message = (
            f"`self.{event.name}` is read in `{event.site.function}`, and nothing sets it: neither "
            f"`{layer.layer.name}` nor `{kind}` has it, so this line raises AttributeError"
        )
        expected = expects(errors=("AttributeError",), attribute=event.name)
        outcome = Outcome(Severity.ERROR, message, f"set `self.{event.name}` in `__init__`", expected)
        yield layer.at_site(RULE, event.site, dict.fromkeys(GENERATIONS, outcome))


def _is_in_doubt(layer: LayerContext, event: UnknownAttributeRead) -> bool:
    if event.site.phase == "get_config":
        return False  # KLL310 speaks of what a config reads
    if event.site.through is not None or event.site.guarded or may_have(layer.layer, event.name):
        return False
    return not stands_where_class_raises(layer.layer.ref, event.site.unit.span(event.site.node).line)


def _is_template(layer: LayerContext, events: list[UnknownAttributeRead]) -> bool:
    """Whether the class waits for classes that supply what it lacks.

    Some class of another file derives from it; or it calls several methods that it lacks, and nobody ever makes one.
    """
    path, name, use = layer.layer.ref.module.path, layer.layer.name, layer.project_use
    if use is not None and use.makers.is_derived_from(path, name):
        return True
    called = {event.name for event in events if f"self.{event.name}(" in event.site.unit.text}
    if len(called) < _SEVERAL:
        return False
    is_made = re.search(rf"\b{name}\(", layer.layer.ref.module.text.replace(f"class {name}(", "")) is not None
    return not is_made and (use is None or not use.makers.is_used(path, name))
