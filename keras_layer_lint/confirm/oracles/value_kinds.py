"""Claims about a kind of value: they are decided with a value of that kind only, whatever else works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.arguments import given_values, rearranged
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.expectation import ValueKind

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_EXAMPLES = {
    ValueKind.ANY: (),
    ValueKind.OBJECT: ("keras.activations.relu", "keras.layers.Dense(8)", "keras.initializers.Ones()"),
    ValueKind.ARRAY: ("np.ones((2, 3), 'float32')", "np.ones(8, 'float32')", "[[0.5, 1.0], [1.5, 2.0]]"),
}
_PLAIN = (str, int, float, bool, type(None))


def plans_of_kind(trial: Trial, claim: Claim, name: str) -> Iterator[Plan]:
    """The plan with arguments of the kind in the place of one, as far as the layer works with them."""
    for text in _EXAMPLES[claim.expects.values]:
        plan = rearranged(trial.plan, **{name: text})
        try:
            layer = plan.make()
            if not trial.broken:
                running.eager(plan, layer)
        except Exception:
            continue
        yield plan


def is_decisive(trial: Trial, claim: Claim, plan: Plan, layer: Any) -> bool:
    """Whether an argument that a claim names is of the kind that it speaks of: in the config, else as it was given."""
    if claim.expects.values is ValueKind.ANY or not claim.expects.arguments:
        return True
    try:
        config = layer.get_config()
    except Exception:
        config = {}
    given = given_values(plan)
    return any(
        _is_of(claim.expects.values, source[name], trial.framework.np)
        for name in claim.expects.arguments
        for source in ((config,) if name in config else (given,))
        if name in source
    )


def of_another_kind(claim: Claim) -> str:
    """Why a claim is not decided."""
    names = ", ".join(claim.expects.arguments)
    return f"what klint gave for {names} is no {claim.expects.values.value}, which the finding speaks of"


def _is_of(kind: ValueKind, value: Any, np: Any) -> bool:
    return isinstance(value, np.ndarray) if kind is ValueKind.ARRAY else not _is_plain(value)


def _is_plain(value: Any) -> bool:
    """Whether a value is a number, a text, a flag, or a container of such."""
    if isinstance(value, Mapping):
        return all(_is_plain(each) for each in value.values())
    if isinstance(value, (list, tuple)):
        return all(_is_plain(each) for each in value)
    return isinstance(value, _PLAIN)
