"""KLL213: a tensor computed in `build` is kept on the layer."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.tensorflow_1 import is_for_tensorflow_1
from keras_layer_lint.model.uses import returned_from
from keras_layer_lint.rule import Confirmation, ErrorPlace, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.call_events import WeightAdded
from keras_layer_lint.values.value import PythonValue, Tensor, Value

RULE = Rule(
    "KLL213", "tensor-kept-from-build", confirm=Confirmation("graph", errors_at=(ErrorPlace.USE, ErrorPlace.READ))
)

_MAKERS = frozenset({"add_weight", "add_variable"})


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report attributes bound to a tensor in `build`, once each; a weight is no such tensor."""
    stored = list(layer.analysis.events(AttributeStored, "build"))
    weights = {event.name for event in stored if isinstance(event.value, Tensor) and event.value.variable}
    untrained = _untrained(layer)
    makers = _MAKERS if _has_trained_local(layer) else frozenset()
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
        sources = _sources(layer, event)
        behind = sources & weights - {event.name}
        derived = sorted(name for name in behind or sources & makers if name not in untrained)
        if derived and not _is_computed_again(layer, event.name) and not _is_for_graphs(layer):
            weight = "a weight" if derived[0] in _MAKERS else f"`self.{derived[0]}`"
            outcomes[Target.KERAS2] = Outcome(
                Severity.WARNING,
                f"`self.{event.name}` keeps a tensor that `build` computes once from {weight}: it stays what "
                "that was then, so no gradient reaches the weight, and training or loading changes nothing here",
                "keep the weight, and compute it in `call`",
                expects(Effect.NOT_TRAINED, attribute="" if derived[0] in _MAKERS else derived[0]),
            )
        yield layer.at_site(RULE, event.site, outcomes)


def _sources(layer: LayerContext, event: AttributeStored) -> frozenset[str]:
    """Attributes that the value is computed from, and those that methods read which it is computed by."""
    methods = [method for name in event.sources if (method := layer.layer.method(name)) is not None]
    returned = (name for method in methods for name in returned_from(method.node))
    return event.sources | {name[5:] for name in returned if name.startswith("self.")}


def _has_trained_local(layer: LayerContext) -> bool:
    """Whether some weight that no attribute holds is made without `trainable=False`."""
    made = layer.analysis.events(WeightAdded, "build")
    return any(not _is_false(event.keyword("trainable")) and layer.analysis.kept_in(event) is None for event in made)


def _untrained(layer: LayerContext) -> set[str | None]:
    """Attributes that hold weights made with `trainable=False`."""
    made = layer.analysis.events(WeightAdded, "build")
    return {layer.analysis.kept_in(event) for event in made if _is_false(event.keyword("trainable"))}


def _is_for_graphs(layer: LayerContext) -> bool:
    """Whether the project is for TensorFlow 1, where `build` adds to the graph that `call` does: the gradient flows."""
    return is_for_tensorflow_1(layer.layer.ref.module, layer.layer.project)


def _is_false(value: Value | None) -> bool:
    return isinstance(value, PythonValue) and value.constant is False


def _is_computed_again(layer: LayerContext, attribute: str) -> bool:
    """Whether a method that others may call binds the attribute as well."""
    return any(
        attribute in names
        for base in layer.layer.mro
        if isinstance(base, ClassRef)
        for method, names in assigned_by_method(base.entry).items()
        if not method.startswith("_") and method != "build"
    )
