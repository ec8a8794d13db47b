"""KLL209: two weights of a layer have the same name, or none; or two sublayers have the same name."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import through
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, as_note
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.model.attributes import names_weights
from keras_layer_lint.model.variables import Counted, holds_variables
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.serialization.signature import default_of
from keras_layer_lint.target import Target
from keras_layer_lint.values.attribute_events import AttributeMutated, AttributeStored
from keras_layer_lint.values.call_events import LayerMade, WeightAdded, WeightOfBase
from keras_layer_lint.values.contents import layers_in
from keras_layer_lint.values.empty_copies import copies_in_init
from keras_layer_lint.values.events import Site
from keras_layer_lint.values.value import PythonValue

RULE = Rule("KLL209", "add-weight-name", confirm=Confirmation("reload"))

_MAKERS = frozenset({"add_weight", "tensorflow.Variable"})
_UNNAMED = "Variable"
"""What Keras 2 calls a weight without a name."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the second weight of a name, and one made in a loop."""
    if layer.use is not None and not layer.use.saving.saves_by_name:
        return
    first: dict[str, Site] = {}
    empty = {copies.name for copies in copies_in_init(layer.analysis)}
    for event in layer.analysis.events(WeightAdded) if Target.KERAS2 in layer.targets else ():
        name = _name(event)
        if event.site.phase not in ("__init__", "build") or name is None or event.site.optional or event.name_scope:
            continue
        if event.api == "tensorflow.Variable":
            kept = layer.analysis.kept_in(event)
            if kept is None or kept in empty:
                continue  # such as one that only gives another its first value, or one of none
        seen = first.setdefault(name, event.site)
        if seen is event.site and not event.site.in_loop:
            continue
        line = seen.unit.span(seen.node).line
        if not event.site.in_loop and line == event.site.unit.span(event.site.node).line:
            continue
        called = "without a name" if name == _UNNAMED else f"named {name!r}"
        where = "is made in a loop" if event.site.in_loop else f"follows another one ({seen.unit.told_line(line)})"
        outcome = Outcome(
            Severity.WARNING,
            f"`{event.via}`: a weight {called} {where}, and a `.h5` file cannot hold two of a name: saving raises "
            "ValueError",
            'give each weight of the layer a name of its own: `name="kernel"`',
        )
        yield layer.at_site(RULE, event.site, {Target.KERAS2: _in_use(layer, outcome)})
    yield from _made_by_base(layer, first)
    yield from _sublayers(layer)


def _made_by_base(layer: LayerContext, own: dict[str, Site]) -> Iterator[Diagnostic | None]:
    """Report a weight that the class makes, and a base in another file makes again under the same name."""
    for event in layer.analysis.events(WeightOfBase) if Target.KERAS2 in layer.targets else ():
        site = event.site
        made = own.get(event.name)
        if made is None or made.phase != site.phase or site.optional or site.conditional:
            continue
        outcome = Outcome(
            Severity.WARNING,
            f"{through(site)}a weight named {event.name!r}, as the class has itself "
            f"({made.unit.told_line(made.unit.span(made.node).line)}), and a `.h5` file cannot hold two of a name: "
            "saving raises ValueError",
            "leave the weight to the base, or give it a name of its own",
        )
        yield layer.at_site(RULE, site, {Target.KERAS2: _in_use(layer, outcome)})


def _sublayers(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the second sublayer with weights of a name: one that is given, or the default of the class."""
    values = [event.value for event in layer.analysis.events(AttributeStored)]
    values += [event.value for event in layer.analysis.events(AttributeMutated)]
    # What is given to another layer is left out: its weights have that one's name before their own.
    held = {id(part.node) for value in values for part in layers_in(value)}
    if Target.KERAS2 not in layer.targets:
        return
    first: dict[tuple[str, str], Site] = {}
    for event in layer.analysis.events(LayerMade):
        site = event.site
        if site.phase not in ("__init__", "build") or site.optional or site.through is not None:
            continue
        if id(site.node) not in held or (name := _name_of_layer(layer, event)) is None:
            continue
        if not isinstance(event.of, str) and not names_weights(event.of.entry):
            continue  # Keras numbers what has no name
        if not holds_variables(layer.layer.project, event.of, Counted()):
            continue
        seen = first.setdefault((site.phase, name), site)
        if seen is site and not site.in_loop:
            continue
        # Positions cost as much as the parse: they are asked for only where something may be reported.
        line = seen.unit.span(seen.node).line
        if not site.in_loop and line == site.unit.span(site.node).line:
            continue
        where = "is made in a loop" if site.in_loop else f"follows another one ({seen.unit.told_line(line)})"
        outcome = Outcome(
            Severity.WARNING,
            f"a sublayer named {name!r} {where}: their weights have the same names, and a `.h5` file cannot hold two "
            "of a name: saving raises ValueError",
            "give each sublayer a name of its own",
        )
        yield layer.at_site(RULE, site, {Target.KERAS2: _in_use(layer, outcome)})


def _in_use(layer: LayerContext, outcome: Outcome) -> Outcome:
    """Where nothing of a project names a `.h5` file, nobody there meets the error."""
    use = layer.project_use
    return outcome if use is None or use.saving.writes_h5 else as_note(outcome)


def _name_of_layer(layer: LayerContext, event: LayerMade) -> str | None:
    """The name that a sublayer gets, None where Keras makes one, or it is not known."""
    if event.arguments.star_kwargs or event.arguments.star is not None:
        return None
    given = event.keyword("name")
    if given is not None:
        return given.constant if isinstance(given, PythonValue) and isinstance(given.constant, str) else None
    if isinstance(event.of, str) or (init := layer.layer.method_of(event.of, "__init__")) is None:
        return None
    position, default = default_of(init, "name")
    is_given = position is not None and position < len(event.arguments.positional)
    return None if is_given else default


def _name(event: WeightAdded) -> str | None:
    """The name that the weight gets, None where it is not known."""
    if event.api not in _MAKERS:
        return None
    if event.name is not None:
        return event.name
    given = event.keyword("name")
    if event.api == "tensorflow.Variable":
        is_unnamed = given is None and len(event.arguments.positional) < 5
    else:
        given = event.argument(0, "name")
        is_unnamed = given is None or (isinstance(given, PythonValue) and given.is_none)
    return _UNNAMED if is_unnamed and event.arguments.are_complete else None
