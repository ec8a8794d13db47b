"""The ways in which a layer is run to see whether it can be traced."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.oracles import fitting, running
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.probe import Claim

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

SYMBOLIC = "functional model, unknown batch size"
_NEED_A_MODEL_ONLY = frozenset({"build", "reload"})
"""Oracles that trace nothing but a functional model."""

_TRAINING = "training"

Stage = tuple[str, Callable[[], object]]
"""What a run is called, and the run."""


class Ways:
    """The runs of one plan that the open findings, or everything, ask for."""

    def __init__(self, trial: Trial, plan: Plan, claims: Sequence[Claim]) -> None:
        self._trial = trial
        self._plan = plan
        self._claims = claims
        self._in_models: Any = None
        """The layer that functional models are made with."""

    def stages(self) -> Iterator[Stage]:
        """Each way of running the layer, an eager one first: what stands in for a line records there.

        Where none of this oracle is open, the others may need no more than a layer that a functional model can hold.
        """
        framework, plan = self._trial.framework, self._plan
        if fitting.is_fitted(framework, plan.cls):
            yield from self._fitted()
            return
        open_claims = self._trial.undecided(self._claims)
        everything = self._trial.probe.everything
        if open_claims or not self._is_as_planned():
            yield "eager", self._eager
        yield SYMBOLIC, self._symbolic
        others = {claim.oracle for claim in self._trial.undecided(self._trial.probe.claims)}
        if not open_claims and not everything and others <= _NEED_A_MODEL_ONLY:
            return
        yield "traced function", partial(running.traced, framework, plan)
        is_compiled_later = self._trial.is_compiled_later and not open_claims and self._trial.steps is None
        for flag in self._flags():
            layers: list[Any] = []  # built in eager mode, which costs a fifth of building it in a graph
            yield "eager", partial(self._eager, layers, training=flag)
            if not (flag and is_compiled_later):
                yield f"traced function, training={flag}", partial(self._traced, layers, training=flag)
            if flag and open_claims and framework.tf is not None:  # as `fit` does whose last batch is smaller
                any_size = partial(self._traced, layers, training=flag, unknown_batch=True)
                yield f"traced for any batch size, training={flag}", any_size
        if any(not claim.confirm.at_first_trace for claim in open_claims) or everything:
            if self._trial.steps is not None:  # they record
                yield "eager", self._eager
            yield "traced again", self._symbolic_again
            yield "in a subclassed model", partial(running.in_a_model, framework, plan)
            if not is_compiled_later:
                yield _TRAINING, self._train
        if open_claims:
            yield from self._fitted()

    def left_to_compiling(self) -> Iterator[Stage]:
        """Those that are left out where compiling the layer traces the same: they tell what of that cannot be."""
        if any(self._flags()):
            layers: list[Any] = []
            yield "eager", partial(self._eager, layers, training=True)
            yield "traced function, training=True", partial(self._traced, layers, training=True)
        yield _TRAINING, self._train

    def _fitted(self) -> Iterator[Stage]:
        """What `fit` runs beside `call`, eagerly first."""
        made = fitting.fitting_of(self._trial.framework, self._plan)
        if made is None:
            return

        def run(*, eager: bool) -> None:
            if eager and self._trial.steps is not None:
                self._trial.steps.forget()
            try:
                made.run(eager=eager)
            except Exception as error:
                if not eager or self._trial.subject.line_of(error) is not None:
                    raise  # Keras itself may refuse what an eager run makes: a loss without a gradient

        yield "eager", partial(run, eager=True)
        yield fitting.FIT, partial(run, eager=False)

    def _is_as_planned(self) -> bool:
        """Whether the layer is the one that was called when the plan was found, on the same."""
        trial, plan = self._trial, self._plan
        is_same = (plan.given, plan.arguments, plan.draw) == (trial.plan.given, trial.plan.arguments, trial.plan.draw)
        return is_same and trial.steps is None and not trial.broken

    def _symbolic(self) -> None:
        if self._in_models is None:
            self._in_models = self._plan.make()
        running.symbolic(self._plan, self._in_models)

    def _symbolic_again(self) -> None:
        """The same layer: in another trace it runs into what the one before left there."""
        if self._trial.steps is not None:  # it has to be constructed after what stands in has recorded
            self._in_models = None
            self._symbolic()
        self._symbolic()

    def _flags(self) -> tuple[bool, ...]:
        """What `training` is told; a call without it has told it the default."""
        if not running.takes(self._plan.cls.call, "training") or "training" in self._plan.given.named:
            return ()
        default = inspect.signature(self._plan.cls.call).parameters["training"].default
        return (True,) if default is False else (True, False)

    def _traced(self, layers: list[Any], **more: Any) -> None:
        running.traced(self._trial.framework, self._plan, layers[0], **more)

    def _eager(self, layers: list[Any] | None = None, **more: Any) -> None:
        if self._trial.steps is not None:
            self._trial.steps.forget()
        layer = self._plan.make()
        if layers is not None:
            layers.append(layer)
        running.eager(self._plan, layer, **more)

    def _train(self) -> None:
        """A layer with nothing to train may have no gradient: it stands where none is wanted."""
        layer = self._plan.make()
        try:
            running.train(self._trial.framework, self._plan, layer)
        except Exception as error:
            if layer.trainable_variables or self._trial.subject.line_of(error) is not None:
                raise
