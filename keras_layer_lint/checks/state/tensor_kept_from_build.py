"""KLL213: a tensor computed in `build` is kept on the layer."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.rule import Confirmation, ErrorPlace, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.value import Tensor

RULE = Rule(
    "KLL213", "tensor-kept-from-build", confirm=Confirmation("graph", errors_at=(ErrorPlace.USE, ErrorPlace.READ))
)

_MAKERS = frozenset({"add_weight", "add_variable"})


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report attributes bound to a tensor in `build`, once each; a weight is no such tensor."""
    stored = list(layer.analysis.events(AttributeStored, "build"))
    weights = {event.name for event in stored if isinstance(event.value, Tensor) and event.value.variable}
    for event in stored:
        if not isinstance(event.value, Tensor) or event.value.variable:
            continue
        if event.replaces_weight:
            continue  # what KLL214 reports
        if layer.analysis.is_replaced(event):
            continue  # what takes its place is looked at itself
        if not layer.layer.reads({event.name.lstrip("_")}, outside=("__init__", "build")):
            continue
        what = (
            f"`self.{event.name}` keeps a tensor that `build` computes: in a subclassed Model Keras 3 builds the layer "
        )
        helps = "compute it with NumPy, in `__init__` or in `call`, or keep it in a weight with `trainable=False`"
        outcomes: dict[Target, Outcome | None] = {
            Target.KERAS3: Outcome(
                Severity.WARNING,
                f"{what}inside a graph, and later calls raise InaccessibleTensorError or TypeError (out of scope)",
                helps,
                expects(errors=("InaccessibleTensorError", "TypeError")),
            ),
            Target.KERAS3_JAX: Outcome(
                Severity.WARNING,
                f"{what}while JAX traces, and later calls raise UnexpectedTracerError",
                helps,
                expects(errors=("UnexpectedTracerError",)),
            ),
        }
        if derived := sorted(
            event.sources & (weights | _MAKERS) - {event.name}, key=lambda name: (name in _MAKERS, name)
        ):
            weight = "a weight" if derived[0] in _MAKERS else f"`self.{derived[0]}`"
            outcomes[Target.KERAS2] = Outcome(
                Severity.WARNING,
                f"`self.{event.name}` keeps a tensor that `build` computes once from {weight}: it stays what "
                "that was then, so no gradient reaches the weight, and training or loading changes nothing here",
                "keep the weight, and compute it in `call`",
                expects(Effect.NOT_TRAINED, attribute="" if derived[0] in _MAKERS else derived[0]),
            )
        yield layer.at_site(RULE, event.site, outcomes)
