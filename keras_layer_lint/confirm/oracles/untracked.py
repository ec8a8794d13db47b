"""The variables under an attribute are not trained, or not saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.saving import error_of_weights, save_and_load
from keras_layer_lint.confirm.oracles.tracking import held
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.expectation import Effect

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

EFFECTS = frozenset({Effect.NOT_TRAINED, Effect.TRAINED, Effect.NOT_SAVED, Effect.EMPTY})
"""What may become of the variables under an attribute."""


class _Array:
    """An array that an attribute holds, in the form of a variable."""

    def __init__(self, framework: Framework, layer: Any, name: str) -> None:
        self._framework, self._layer, self.name = framework, layer, name

    @property
    def shape(self) -> Any:
        return tuple(getattr(self._layer, self.name).shape)

    def assign(self, value: Any) -> None:
        setattr(self._layer, self.name, self._framework.tensor(value))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self._framework.np.asarray(getattr(self._layer, self.name), dtype)


def _held(framework: Framework, layer: Any, attribute: str) -> list[Any]:
    """The variables under an attribute; or the array that it is."""
    value = getattr(layer, attribute, None)
    variables = held(framework, value)
    is_array = not variables and (framework.is_tensor(value) or isinstance(value, framework.np.ndarray))
    return [_Array(framework, layer, attribute)] if is_array else variables


def untracked(trial: Trial, claim: Claim) -> str:
    """What the finding says of the attribute: not trained, not saved, or gone."""
    framework = trial.framework
    np = framework.np
    plan = trial.fresh(repaired=True)
    layer = plan.make()
    model = running.model_to_save(framework, plan, layer)
    if model is None:
        raise NotRun("what it takes or returns cannot be the inputs or outputs of a model to save")
    attribute = claim.expects.attribute
    variables = _held(framework, layer, attribute)
    if claim.says(Effect.EMPTY):
        if variables:
            raise NotSeen(f"{attribute} holds {len(variables)} variables")
        return f"{attribute} holds nothing"
    if not variables:
        raise NotRun(f"{attribute} holds no variable")
    names = ", ".join(str(getattr(variable, "name", "?")) for variable in variables[:4])
    trainable = {id(variable) for variable in model.trainable_variables}
    lost = [variable for variable in variables if id(variable) not in trainable]
    seen = []
    if claim.says(Effect.NOT_TRAINED):
        if not lost:
            raise NotSeen(f"all {len(variables)} variables of {attribute} are trained")
        seen.append(f"{len(lost)} of {len(variables)} variables of {attribute} ({names}) are not trained")
    elif claim.says(Effect.TRAINED) and lost:
        raise NotSeen(f"{len(lost)} of {len(variables)} variables of {attribute} are not trained")
    if claim.says(Effect.NOT_SAVED):
        for number, variable in enumerate(variables):
            variable.assign(np.full(variable.shape, number + 2))
        how, loaded = _loaded(trial, plan, model)
        loaded(running.model_inputs(framework, plan))
        again = [np.asarray(variable) for variable in _held(framework, loaded.layers[-1], attribute)]
        if all(any(framework.same([np.asarray(variable)], [other]) for other in again) for variable in variables):
            raise NotSeen(f"all {len(variables)} variables of {attribute} were saved")
        kept = [float(value.ravel()[0]) for value in again if value.size and value.dtype.kind in "fiu"]
        begun = f": a value of {np.asarray(variables[0]).ravel()[0]:g} came back as {kept[0]:g}" if kept else ""
        seen.append(f"{how}, {attribute} is another{begun}")
    return "; ".join(seen)


def _loaded(trial: Trial, plan: Plan, model: Any) -> tuple[str, Any]:
    """The model as it comes back, and how: its weights in a fresh one where the class cannot be loaded for a reason."""
    phase, error, loaded = save_and_load(trial, model)
    if error is None:
        return "saved and loaded", loaded
    fresh = running.model_to_save(trial.framework, plan)
    if error_of_weights(trial, model, fresh) is not None:
        raise NotRun(f"{phase}: {brief(error)}") from error
    return "with the weights loaded into a fresh one", fresh
