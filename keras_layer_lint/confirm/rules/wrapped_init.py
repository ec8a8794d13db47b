"""A decorated `__init__`: Keras raises before it is run, and does not where `__init__` has `self` for a parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.hooks import Hooks
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import brief

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def _cannot_be_made(trial: Trial, claim: Claim) -> str:
    """Making it raises, and not once a function with `self` stands around what the decorator made."""
    plan = trial.fresh()
    error = _made(plan)
    if error is None:
        raise NotSeen("made without an error")
    if type(error).__name__ not in claim.expects.errors:
        raise NotRun(brief(error))
    with _plain(plan.cls):
        other = _made(plan)
    if other is not None:
        raise NotRun(brief(other))
    return brief(error)


def _made(plan: Plan) -> Exception | None:
    try:
        plan.make()
    except Exception as error:
        return error
    return None


@contextmanager
def _plain(cls: type) -> Iterator[None]:
    original: Callable[..., None] = vars(cls)["__init__"]

    def init(self: Any, *arguments: Any, **keywords: Any) -> None:
        original(self, *arguments, **keywords)

    cls.__init__ = init  # type: ignore[misc]
    try:
        yield
    finally:
        cls.__init__ = original  # type: ignore[misc]


HOOKS = Hooks(observe=_cannot_be_made)
