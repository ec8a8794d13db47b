"""KLL217: an attribute is read that nothing sets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.objects import LAYERS, PLAIN
from keras_layer_lint.model.attribute_sources import (
    is_set_in,
    may_be_supplied,
    may_have,
    stands_where_class_raises,
)
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.unset_by_default import reads_of_what_is_unset
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import GENERATIONS
from keras_layer_lint.values.attribute_events import UnknownAttributeRead

RULE = Rule("KLL217", "attribute-never-set", confirm=Confirmation("graph", raises_eagerly=True))
KINDS = LAYERS | PLAIN

_SEVERAL = 2
"""So many methods that are not there are left to others; one is misspelt."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report reads in methods that Keras calls, where neither the class nor one that derives from it sets the name."""
    known = layer.serialization
    if known.is_abstract or known.is_supplied_elsewhere:
        return
    if layer.layer.kind in LAYERS:
        yield from _unset_by_default(layer)
    events = [event for event in layer.analysis.events(UnknownAttributeRead) if _is_in_doubt(layer, event)]
    if not events:
        return
    derived = _derived(layer)
    if known.is_for_users_to_derive_from if derived else known.is_derived_from:
        return
    use, name = layer.project_use, layer.layer.name
    events = [
        event
        for event in events
        if not _is_supplied(layer, derived, event.name) and (use is None or not use.sets_from_outside(event.name, name))
    ]
    if _is_template(layer, events):
        return
    kind = "Layer" if layer.layer.kind is None else layer.layer.kind.value.capitalize()
    for event in events:
        of = event.site.through
        is_read = f"is read in `{event.site.function}`" if of is None else f"is read in `{of}()`, called here"
        message = (
            f"`self.{event.name}` {is_read}, and nothing sets it: neither `{layer.layer.name}` nor `{kind}` has it, "
            "so this line raises AttributeError"
        )
        expected = expects(errors=("AttributeError",), attribute=event.name)
        outcome = Outcome(Severity.ERROR, message, f"set `self.{event.name}` in `__init__`", expected)
        yield layer.at_site(RULE, event.site, dict.fromkeys(GENERATIONS, outcome))


def _unset_by_default(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report attributes that are not set where an argument is what it is by default."""
    for read in reads_of_what_is_unset(layer.layer):
        default = f"{read.argument}={read.default}"
        message = (
            f"`self.{read.name}` is read in `call`, and nothing sets it with `{default}`, the default: this line "
            "raises AttributeError then"
        )
        helps = f"set `self.{read.name}` in each case, or let `{read.argument}` have no default"
        expected = expects(errors=("AttributeError",), attribute=read.name)
        outcome = Outcome(Severity.WARNING, message, helps, expected)
        span = partial(layer.layer.ref.module.span, read.node)
        yield layer.diagnose(RULE, span, dict.fromkeys(GENERATIONS, outcome), method="call")


def _is_in_doubt(layer: LayerContext, event: UnknownAttributeRead) -> bool:
    if event.site.phase == "get_config":
        return False  # KLL310 speaks of what a config reads
    if event.site.guarded or may_have(layer.layer, event.name):
        return False
    code = event.site.code.module
    if is_set_in(code, event.name) and not any(
        isinstance(base, ClassRef) and base.module is code for base in layer.layer.mro
    ):
        return False  # by code that may be given such objects, or others that are alike
    if event.site.through is not None:
        return True
    return not stands_where_class_raises(layer.layer.ref, event.site.unit.span(event.site.node).line)


def _derived(layer: LayerContext) -> list[ClassRef | None]:
    """The classes of the project that derive from the class; None for one that is not known."""
    ref, use, project = layer.layer.ref, layer.project_use, layer.layer.project
    found: list[ClassRef | None] = list(project.subclasses_in_module(ref))
    for path, name in () if use is None else use.makers.derived_from(ref.module.path, layer.layer.name):
        module = project.module_at(path)
        entry = module.classes.get(name)
        found.append(None if entry is None else ClassRef(module, entry))
    return found


def _is_supplied(layer: LayerContext, derived: list[ClassRef | None], name: str) -> bool:
    """Whether a class that derives from it brings the attribute."""
    return any(ref is None or may_be_supplied(layer.layer.project, ref, name) for ref in derived)


def _is_template(layer: LayerContext, events: list[UnknownAttributeRead]) -> bool:
    """Whether the class waits for classes that supply what it lacks.

    It calls several methods that it lacks, and nobody ever makes one.
    """
    path, name, use = layer.layer.ref.module.path, layer.layer.name, layer.project_use
    called = {event.name for event in events if f"self.{event.name}(" in event.site.unit.text}
    if len(called) < _SEVERAL:
        return False
    is_made = re.search(rf"\b{name}\(", layer.layer.ref.module.text.replace(f"class {name}(", "")) is not None
    return not is_made and (use is None or not use.makers.is_used(path, name))
