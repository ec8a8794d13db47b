"""KLL401: one optimizer applies gradients to two different lists of variables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.versions import OPTIMIZERS_BUILD_ONCE
from keras_layer_lint.model.optimizer_lists import OtherList, other_lists
from keras_layer_lint.model.uses import names_stored
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import EVERY_VERSION, Target, Versions
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.sizes import is_size

RULE = Rule(
    "KLL401", "one-optimizer-two-lists", confirm=Confirmation("graph", at_first_trace=True, raises_eagerly=True)
)
KINDS = frozenset({ClassKind.MODEL})

_STEP = "train_step"
_HELP = "give each list an optimizer of its own, or apply the gradients of both lists in one call"


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the call with the second list."""
    found = layer.layer.definition(_STEP)
    if found is None or found[0] is not layer.layer.ref or _STEP not in layer.layer.traced:
        return
    for other in other_lists(layer.layer, found[1]):
        if _are_apart(layer, other):
            span = partial(found[0].module.span, other.node)
            yield layer.diagnose(RULE, span, _outcomes(other), method=_STEP)
            return


def _outcomes(other: OtherList) -> dict[Target, Outcome | None]:
    def raised(name: str, versions: Versions = EVERY_VERSION) -> Outcome:
        message = (
            f"`{other.optimizer}` gets the variables of `{other.first}` first, and knows none of `{other.other}`: this "
            f"call raises {name}"
        )
        return Outcome(Severity.ERROR, message, _HELP, expects(errors=(name,)), versions=versions)

    in_2, in_3 = raised("KeyError", OPTIMIZERS_BUILD_ONCE), raised("ValueError")
    return {Target.KERAS2: in_2, Target.KERAS3: in_3, Target.KERAS3_JAX: None}


def _are_apart(layer: LayerContext, other: OtherList) -> bool:
    """Whether the two attributes hold layers that have nothing in common, as far as `__init__` says."""
    one, two = (_made(layer, name) for name in (other.first, other.other))
    if one is None or two is None:
        return False
    if other.first in two.computed_from or other.other in one.computed_from:
        return False
    init = layer.layer.method("__init__")
    own = frozenset() if init is None else names_stored(init.node.body) | frozenset(init.parameters)
    shared = one.computed_from & two.computed_from & own
    return all(is_size(name, layer.analysis) or _is_number_by_default(layer, name) for name in shared)


def _is_number_by_default(layer: LayerContext, name: str) -> bool:
    """Whether an argument of `__init__` is a number or flag where it is not given: then it is never a layer."""
    init = layer.layer.method("__init__")
    return init is not None and isinstance(init.default_of(name), bool | int | float)


def _made(layer: LayerContext, name: str) -> AttributeStored | None:
    """Where `__init__` sets `self.name`; None where it does not, or does so at several places."""
    stored = [event for event in layer.analysis.events(AttributeStored, "__init__") if f"self.{event.name}" == name]
    return stored[0] if len(stored) == 1 else None
