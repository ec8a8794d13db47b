"""Which checks there are, and how one is run."""

from __future__ import annotations

import inspect
import random
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.oracles import objects, running
from keras_layer_lint.confirm.oracles.trial import Failed, NotRun, NotSeen, Trial
from keras_layer_lint.confirm.planning.plan import Plan
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.testing import dtype_checks, layer_checks, object_checks, shape_checks
from keras_layer_lint.testing.common import Check, NotForThis
from keras_layer_lint.testing.expected import as_expected
from keras_layer_lint.testing.given import GivenSubject, framework_of, plan_of
from keras_layer_lint.testing.recipe import Recipe
from keras_layer_lint.testing.reloading import reloaded
from keras_layer_lint.testing.report import CheckFailure, CheckReport, CheckResult, Outcome
from keras_layer_lint.testing.static import finding_at

LAYER_CHECKS: dict[str, Check] = {
    "graph": layer_checks.traced,
    "unknown_batch": layer_checks.any_batch,
    "shape": shape_checks.of_shape,
    "determinism": layer_checks.repeatable,
    "purity": layer_checks.pure,
    "build": layer_checks.tracked,
    "reload": reloaded,
    "train": layer_checks.trained,
    "mask": layer_checks.masked,
    "mixed_precision": dtype_checks.in_mixed_precision,
    "dtype_policy": dtype_checks.of_policy,
    "two_ranks_of_batch": shape_checks.two_ranks,
    "xla": layer_checks.compiled_with_xla,
}
"""The checks of layers and models by name, in the order in which they are run."""
CALL, EXPECTED = "call", "expected"
NAMES = (CALL, *LAYER_CHECKS, EXPECTED)
ONLY_ASKED = frozenset({"two_ranks_of_batch"})
"""Checks that many a sound layer fails: it says by an `input_spec` that its rank is fixed."""


def chosen(checks: Sequence[str] | None) -> list[str]:
    """The names of checks, in order. Raises ValueError for one that there is not."""
    wanted = [name for name in NAMES if name not in ONLY_ASKED] if checks is None else checks
    for name in wanted:
        if name not in NAMES:
            near = get_close_matches(name, NAMES, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(NAMES)}"
            raise ValueError(f"no check is called {name!r}{hint}")
    return [name for name in NAMES if name in wanted]


@dataclass
class Subject:
    """One layer under test: how it is made, and what it is called on."""

    factory: Callable[[], Any]
    inputs: Any = None
    call: Mapping[str, Any] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.made = self.factory()
        self.cls = type(self.made)
        self.framework: Framework = framework_of(self.cls)
        self.is_object = bool(objects.place_of(self.framework, self.cls))
        factory = _cell_in_rnn(self.factory, self.framework) if self._is_cell() else self.factory
        plan_cls = self.framework.keras.layers.RNN if self._is_cell() else self.cls
        self.plan: Plan = plan_of(self.framework, factory, plan_cls, self.inputs, self.call)
        self.subject = GivenSubject(self.framework, self.cls)

    def _is_cell(self) -> bool:
        """An RNN cell is called by the layer `RNN`, on a sequence."""
        layers = self.framework.keras.layers
        if not (hasattr(self.made, "state_size") and isinstance(self.made, layers.Layer)):
            return False
        required = [
            each
            for each in inspect.signature(self.made.call).parameters.values()
            if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD
        ]
        return len(required) > 1  # the inputs of a step, and the states

    def takes(self, name: str) -> bool:
        """Whether a check is for objects of this kind at all."""
        return not self.is_object or name in object_checks.CHECKS

    def run(self, name: str) -> CheckResult:
        """Run one check, in a folder of its own."""
        started = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="klint-") as folder, _as_before(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            trial = Trial(
                self.framework, self.subject, self.subject.probe, self.plan, lambda _: None, folder=Path(folder)
            )
            outcome, failures, reason = self._outcome(name, trial)
        return CheckResult(name, outcome, failures, reason, time.perf_counter() - started)

    def _outcome(self, name: str, trial: Trial) -> tuple[Outcome, tuple[CheckFailure, ...], str]:
        try:
            found = list(self._fails(name, trial))
        except (NotForThis, NotRun, NotSeen) as error:
            return "skipped", (), str(error)
        except Exception as error:
            found = [Failed(name, f"it could not be run: {brief(error)}", error)]
        failures = tuple(self._failure(name, failed) for failed in found)
        return ("failed" if failures else "passed"), failures, ""

    def _fails(self, name: str, trial: Trial) -> Iterator[Failed]:
        if self.is_object:
            if not self.takes(name):
                raise NotForThis(f"{name} is for layers and models")
            return object_checks.CHECKS[name](trial)
        if name == CALL:
            return self._called()
        if name == EXPECTED:
            if not self.expected:
                raise NotForThis("nothing is expected")
            return as_expected(trial, self.expected)
        return LAYER_CHECKS[name](trial)

    def _called(self) -> Iterator[Failed]:
        try:
            for more in running.ways(self.plan):
                running.eager(self.plan, **more)
        except Exception as error:
            yield Failed(CALL, f"called eagerly: {brief(error)}", error)

    def _failure(self, name: str, failed: Failed) -> CheckFailure:
        line = failed.line if failed.error is None else self.subject.line_of(failed.error)
        path = self.subject.path
        return CheckFailure(name, failed.evidence, path, line, finding_at(path, self.cls, name, line))


def _cell_in_rnn(factory: Callable[[], Any], framework: Framework) -> Callable[[], Any]:
    return lambda: framework.keras.layers.RNN(factory(), return_sequences=True)


def subject_of(
    layer: Callable[[], Any] | Recipe, inputs: Any, call: Mapping[str, Any] | None, expected: Mapping[str, Any]
) -> Subject:
    """The subject for what a test gives. Raises TypeError where that is no layer and makes none."""
    if isinstance(layer, Recipe):
        return Subject(layer, layer.inputs if inputs is None else inputs, {**layer.call, **(call or {})}, expected)
    if isinstance(layer, type) or not callable(layer) or hasattr(layer, "get_config"):
        raise TypeError("the layer is given as a function that makes it, `lambda: Gate(4)`, or as a Recipe")
    return Subject(layer, inputs, call or {}, expected)


def run(subject: Subject, names: Sequence[str]) -> CheckReport:
    """Run these checks. A layer that cannot be called is called only."""
    is_all = list(names) == chosen(None)
    results: list[CheckResult] = []
    if not subject.is_object:
        called = subject.run(CALL)
        if called.failures or CALL in names:
            results.append(called)
    for name in names:
        if name == CALL or (name == EXPECTED and not subject.expected) or (is_all and not subject.takes(name)):
            continue
        if results and results[0].check == CALL and results[0].failures:
            results.append(CheckResult(name, "skipped", reason="the layer cannot be called"))
        else:
            results.append(subject.run(name))
    keras, backend = subject.framework.versions
    return CheckReport(subject.cls.__name__, keras, backend, tuple(results), subject.plan.inputs)


@contextmanager
def _as_before() -> Iterator[None]:
    """Python and NumPy draw the same random numbers afterwards as if nothing had been run."""
    from importlib import import_module

    numpy = import_module("numpy")
    state, numpy_state = random.getstate(), numpy.random.get_state()
    try:
        yield
    finally:
        random.setstate(state)
        numpy.random.set_state(numpy_state)
