"""A mask reaches `call`, and the outputs, of the same steps, have none."""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def ends_mask(trial: Trial, claim: Claim) -> str:
    """With `supports_masking` the outputs have the mask, as it stands they do not."""
    plan = trial.fresh()
    said = "no mask reached `call`"
    for given in _masked(plan):
        changed = replace(plan, given=given)
        try:
            steps, masks, warned = _call(trial, changed)
            _, supported, _ = _call(trial, changed, supports_masking=True)
        except NotRun as error:
            said = str(error)
            continue
        except Exception as error:
            said = brief(error)
            continue
        if not steps:
            said = "the outputs have other steps than the input"
        elif masks:
            raise NotSeen("the outputs have a mask")
        elif not supported:
            raise NotSeen("the outputs have no mask with supports_masking either")
        else:
            trial.show(changed)
            warning_text = ", of which Keras warns" if warned else ""
            return f"a mask reached `call`, the outputs have none{warning_text}; with supports_masking they have it"
    raise NotRun(said)


def _masked(plan: Plan) -> list[Any]:
    """The inputs with a mask, of their own shape and as a sequence."""
    own = plan.given.map(lambda tensor: replace(tensor, kind="masked") if "float" in tensor.dtype else tensor)
    sequence = plan.given.map(
        lambda tensor: replace(tensor, kind="masked", shape=(2, 4, 8)) if "float" in tensor.dtype else tensor
    )
    return [own, sequence] if own != sequence else [own]


def _call(trial: Trial, plan: Plan, **attributes: Any) -> tuple[bool, list[Any], bool]:
    """Whether the outputs have the steps of the input; their masks; whether Keras warns that one was lost."""
    layer = plan.make()
    for name, value in attributes.items():
        setattr(layer, name, value)
    received: list[Any] = []

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code is plan.cls.call.__code__:
            received.append(frame.f_locals.get("mask"))

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sys.setprofile(profile)
        try:
            outputs = trial.framework.tree.flatten(running.eager(plan, layer))
        finally:
            sys.setprofile(None)
    if all(mask is None for mask in received):
        raise NotRun("no mask reached `call`")
    args, _ = running.inputs_of(plan)
    first = trial.framework.tree.flatten(args)[0]
    masks = [mask for output in outputs if (mask := getattr(output, "_keras_mask", None)) is not None]
    warned = any("destroy the mask" in str(warning.message) for warning in caught)
    return all(tuple(output.shape[:2]) == tuple(first.shape[:2]) for output in outputs), masks, warned


HOOKS = Hooks(observe=ends_mask)
