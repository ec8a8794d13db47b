"""KLL302: the config leaves out an argument of `__init__`."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.config.wording import listed
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, as_note, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic, Note, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.serialization.holding import lacking
from keras_layer_lint.serialization.left_out import is_told_of_base, left_out, left_out_by_derived, place_of
from keras_layer_lint.serialization.refused_keys import refused_by_all
from keras_layer_lint.serialization.signature import Parameter

RULE = Rule("KLL302", "incomplete-get-config", confirm=Confirmation("reload", needs_call=False))
KINDS = OBJECTS


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report at the class's own `get_config`, or at its `__init__` where the config is inherited."""
    serialization = layer.serialization
    missing = [p for p in left_out(serialization, layer.targets) if not _is_told_elsewhere(layer, p)]
    losers: tuple[str, ...] = ()
    if serialization.is_unfinished:
        missing, losers = left_out_by_derived(serialization, layer.targets, _derived(layer, layer.layer.ref))
    if not missing:
        return
    place = serialization.own_get_config or serialization.own_init
    name = layer.layer.name
    verb = "leaves out" if serialization.own_get_config is not None else "is inherited and leaves out"
    message = f"`{name}.get_config()` {verb} {listed(p.name for p in missing)}: {_consequence(layer, missing)}"
    if losers:
        message += f", in {len(losers)} classes that derive from it"
    severity = Severity.ERROR if any(p.required for p in missing) else Severity.WARNING
    keys = ", ".join(f"`{p.name!r}: self.{p.name}`" for p in missing[:3])
    help_text = f"return {keys}{' ...' if len(missing) > 3 else ''} as well"
    effects = [Effect.ERROR_NAMES_ARGUMENT] if severity is Severity.ERROR else []
    names = tuple(p.name for p in missing)
    lacks = lacking(serialization, missing)
    expected = expects(Effect.MISSING_KEY, *effects, arguments=names, lacking=lacks, in_classes=losers)
    outcome = Outcome(severity, message, help_text, expected)
    if layer.use is not None and all(map(_is_seed, missing)):
        outcome = as_note(outcome)  # what is drawn after a reload is drawn anew either way

    unit, node = (layer.unit, layer.unit.node) if place is None else (place.unit, place.node)

    def notes() -> tuple[Note, ...]:
        return tuple(
            Note(p.unit.span(p.node), "this argument is not saved") for p in missing if p.unit.path == unit.path
        )

    yield layer.diagnose(
        RULE,
        lambda: unit.slice.header_span(node),
        same_everywhere(outcome),
        method=None if place is None else place.node.name.value,
        notes=notes,
    )


def _is_told_elsewhere(layer: LayerContext, parameter: Parameter) -> bool:
    """Whether the argument is one of a base in the project, at which it is told for all that derive from it."""
    use, base = layer.project_use, place_of(layer.serialization, parameter)
    if base.module is not layer.layer.ref.module and (use is None or not use.holds(base.module.path)):
        return False
    return is_told_of_base(layer.serialization, parameter, layer.targets, lambda: _derived(layer, base))


def _is_seed(parameter: Parameter) -> bool:
    return not parameter.required and parameter.name.rpartition("_")[2] == "seed"


def _derived(layer: LayerContext, base: ClassRef) -> list[ClassRef]:
    """The classes that derive from a class of the project, those of its module first."""
    project, use = layer.layer.project, layer.project_use
    found = list(project.subclasses_in_module(base))
    for path, name in () if use is None else use.makers.derived_from(base.module.path, base.entry.name):
        entry = project.module_at(path).classes.get(name) if path != base.module.path else None
        if entry is not None:
            found.append(ClassRef(project.module_at(path), entry))
    return [ref for ref in found if base in project.class_info(ref).mro]


def _consequence(layer: LayerContext, missing: list[Parameter]) -> str:
    required = [p.name for p in missing if p.required]
    if required:
        return f"loading raises TypeError for {listed(required)}"
    refused = refused_by_all(layer.serialization, layer.targets)
    if refused:
        return f"the default after a reload, once loading no longer raises for {listed(refused)}"
    return "a reload silently brings the default"
