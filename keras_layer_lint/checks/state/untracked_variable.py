"""KLL205: state in a `tf.Variable`, which Keras 3 does not see."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.methods import SAVING
from keras_layer_lint.model import uses
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.call_events import ApiCalled, WeightAdded
from keras_layer_lint.values.empty_copies import empty_copies
from keras_layer_lint.values.value import PythonValue, Tensor

RULE = Rule("KLL205", "untracked-variable", confirm=Confirmation("reload"))

_MAKERS = frozenset({"tensorflow.Variable", "tensorflow.get_variable", "tensorflow.get_local_variable"})


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report TensorFlow variables that an attribute holds; those made in `call` are another rule's."""
    if any(layer.layer.method(name) is not None for name in SAVING):
        return  # the layer saves what it holds itself
    empty = {copies.name for copies, _ in empty_copies(layer.analysis)}
    for event in layer.analysis.events(WeightAdded):
        if event.api not in _MAKERS or event.site.phase == "call":
            continue
        name = layer.analysis.kept_in(event)
        if name is None or name in empty:
            continue
        trainable = event.keyword("trainable")
        is_frozen = isinstance(trainable, PythonValue) and trainable.constant is False
        outcome = Outcome(
            Severity.WARNING if is_frozen else Severity.ERROR,
            f"`self.{name}` holds a `{event.via}`, which Keras 3 does not track: it is silently "
            + ("not saved" if is_frozen else "neither trained nor saved")
            + " in `.keras` and `.weights.h5` files",
            f"make it with `self.add_weight(..., trainable={not is_frozen})`, or `keras.Variable`",
            expects(*([] if is_frozen else [Effect.NOT_TRAINED]), Effect.NOT_SAVED, attribute=name),
        )
        yield layer.at_site(RULE, event.site, {Target.KERAS3: outcome})
    if layer.backend == "jax":
        yield from _arrays(layer)


def _arrays(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Arrays of random numbers that `call` uses; others may be constants."""
    drawn = {
        id(call.site.node): call.written
        for call in layer.analysis.events(ApiCalled)
        if call.name.startswith(("jax.random.", "keras.random."))
    }
    call = layer.layer.method("call")
    used = uses.names_read(call.node.body) if call is not None else frozenset()
    for stored in layer.analysis.events(AttributeStored):
        if stored.site.phase not in ("__init__", "build") or f"self.{stored.name}" not in used:
            continue
        if isinstance(stored.value, Tensor) and (made := drawn.get(id(stored.value.origin.node))) is not None:
            outcome = Outcome(
                Severity.WARNING,
                f"`self.{stored.name}` holds an array of random numbers from `{made}`, which Keras 3 does not track: "
                "it is silently neither trained nor saved",
                "make it with `self.add_weight(...)`, which takes an `initializer`",
                expects(Effect.NOT_TRAINED, Effect.NOT_SAVED, attribute=stored.name),
            )
            yield layer.at_site(RULE, stored.site, {Target.KERAS3_JAX: outcome})
