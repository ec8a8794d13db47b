"""`build` does not reach that of the base: the layer as it stands, and with `super().build(...)` put in."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.expectation import Effect

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def missing_super_build(trial: Trial, claim: Claim) -> str:
    """As it stands, and with `super().build(...)` put in."""
    plan = trial.fresh()
    cls = plan.cls
    if "build" not in vars(cls):
        raise NotRun("the class has no build of its own")
    original = vars(cls)["build"]

    takes_shape = len(inspect.signature(original).parameters) > 1

    def build(self: Any, input_shape: Any) -> None:
        super(cls, self).build(input_shape)
        original(self, *([input_shape] if takes_shape else []))

    if claim.gravity == "error":
        try:
            running.eager(plan)
        except Exception as error:
            cls.build = build
            try:
                running.eager(plan)
            except Exception as still:
                raise NotRun(f"the first call raises with super().build, too: {brief(still)}") from error
            return f"first call: {brief(error)}; fine with super().build"
        raise NotSeen("the first call raises nothing")
    if claim.says(Effect.WEIGHTS_LOST):
        kept = _keeps_weights(trial, plan)
        cls.build = build
        if not _keeps_weights(trial, plan):
            raise NotRun("loses its weights with super().build, too")
        if kept:
            raise NotSeen("keeps the weights that were set")
        return "built by hand, the first call replaced its weights; not with super().build"
    return _not_reached(trial, plan)


def _not_reached(trial: Trial, plan: Plan) -> str:
    """The layer works, and the `build` of its base was not called."""
    reached = []
    base = next(base for base in plan.cls.__mro__[1:] if "build" in vars(base))
    base_build = base.build

    @functools.wraps(base_build)  # Keras 3 looks at its signature
    def recorded(self: Any, *shapes: Any, **named: Any) -> None:
        reached.append(self)
        base_build(self, *shapes, **named)

    base.build = recorded
    try:
        running.eager(plan, layer := plan.make())
    finally:
        base.build = base_build
    if any(item is layer for item in reached):
        raise NotSeen(f"{base.__name__}.build was reached")
    if not layer.built:
        raise NotSeen("is not built once it was called")
    return f"works, and {base.__name__}.build was not reached"


def _keeps_weights(trial: Trial, plan: Plan) -> bool:
    layer = plan.make()
    args, _ = plan.symbolic(None)
    shape = getattr(args[0], "shape", None) if args else None
    if shape is None:
        raise NotRun("what the layer takes is not one tensor")
    layer.build(tuple(shape))
    marked = [weight * 0 + 7 for weight in layer.get_weights()]
    if not marked:
        raise NotRun("it has no weights once built")
    layer.set_weights(marked)
    running.eager(plan, layer)
    after = layer.get_weights()  # and those that sublayers have made since
    return all(any(trial.framework.same([weight], [other]) for other in after) for weight in marked)


HOOKS = Hooks(observe=missing_super_build)
