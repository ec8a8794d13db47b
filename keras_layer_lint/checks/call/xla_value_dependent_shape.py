"""KLL154: a size that depends on values: XLA wants a constant in a loop of the graph, JAX everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.wording import error, on_tensor, through
from keras_layer_lint.checks.call.xla import SWITCH_OFF, WHEN_COMPILED, compiled_severity, is_of_another_use
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.jax_sizes import MASK_RAISES, raised_for_size, size_depends_on
from keras_layer_lint.keras.methods import COMPILED
from keras_layer_lint.keras.xla import constants_in_loops
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.contents import parts_of
from keras_layer_lint.values.events import MaskIndexed
from keras_layer_lint.values.value import Nest, Tensor, Value

RULE = Rule("KLL154", "xla-value-dependent-shape", confirm=Confirmation("xla"))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report arguments that decide on a shape and come of what a loop goes over."""
    for event in layer.analysis.events(ApiCalled):
        if event.site.phase not in COMPILED:
            continue
        for position, keyword in constants_in_loops(event.name):
            if _varies(event.argument(position, keyword)):
                yield _report(layer, event, keyword)
                break
        yield _on_jax(layer, event)
    for indexed in layer.analysis.events(MaskIndexed):
        if indexed.site.phase in COMPILED and not indexed.site.guarded:
            yield _with_mask(layer, indexed)


def _with_mask(layer: LayerContext, event: MaskIndexed) -> Diagnostic | None:
    raised = error(
        on_tensor(event.site, f"`{event.written}` picks by a mask", event.origin)
        + f"; JAX traces with sizes that it knows, so it raises {MASK_RAISES}",
        "keep the size: `ops.where(mask, x, 0.0)`",
        expects(errors=(MASK_RAISES,)),
    )
    return layer.at_site(RULE, event.site, {Target.KERAS3: None, Target.KERAS3_JAX: raised}, origin=event.origin)


def _on_jax(layer: LayerContext, event: ApiCalled) -> Diagnostic | None:
    """JAX traces all that it runs, with sizes that it knows."""
    given = event.arguments
    if event.site.guarded or not given.are_complete:
        return None
    position = size_depends_on(event.name, given.keywords, len(given.values()))
    decides = None if position is None else event.argument(position, "repeats")
    if not isinstance(decides, Tensor) or decides.origin.is_size:
        return None  # sizes are numbers on JAX
    raises = raised_for_size(event.name)
    raised = error(
        f"{through(event.site)}`{event.written}` returns as much as it finds: JAX traces with sizes that it knows, so "
        f"it raises {raises}",
        "compute a mask of a fixed size instead; functions of `jax.numpy` take the size as an argument",
        expects(errors=(raises,)),
    )
    return layer.at_site(RULE, event.site, {Target.KERAS3: None, Target.KERAS3_JAX: raised})


def _varies(value: Value | None) -> bool:
    return value is not None and any(isinstance(part, Tensor | Nest) and part.varies for part in parts_of(value))


def _report(layer: LayerContext, event: ApiCalled, keyword: str) -> Diagnostic | None:
    outcomes: dict[Target, Outcome | None] = {Target.KERAS3_JAX: None}
    for target in layer.targets:
        if (severity := compiled_severity(layer, target)) is not None:
            raises = "where that runs, the layer raises" if event.site.optional else "the layer raises"
            message = (
                f"{through(event.site)}`{event.written}` in a loop of the graph: `{keyword}` depends on values, and "
                f"XLA wants a constant there, so {raises} InvalidArgumentError "
                f"{WHEN_COMPILED[target]}"
            )
            help_ = f"compute a mask of a fixed size instead; or {SWITCH_OFF[target]}"
            outcomes[target] = Outcome(
                severity,
                message,
                help_,
                expects(errors=("InvalidArgumentError",)),
                is_elsewhere=is_of_another_use(layer, severity),
            )
    return layer.at_site(RULE, event.site, outcomes)
