"""A class before and after its fixes, run beside each other: what it gives, its weights, and what was saved before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.judging import loaded
from keras_layer_lint.confirm.messages import CannotRun, Compared, PlanChosen, Send
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.outputs import difference, numbers, plain_parts
from keras_layer_lint.confirm.planning import Failure, Plan, first_working
from keras_layer_lint.confirm.planning.values import seed
from keras_layer_lint.confirm.probe import Comparison, FixedSource, Probe
from keras_layer_lint.confirm.subject import Subject, Unloadable, brief

OUTPUTS, WEIGHTS, SAVED_FILE = "outputs", "weights", "saved file"
"""What is compared."""
_STATE_OF_SEED = "seed_generator_state"
"""What Keras 3 keeps of a `SeedGenerator` says which numbers come next: it is no weight of the layer."""
_ROUNDING = 1e-5
"""Of the largest number there is: what another order of operations may come to."""


def compare(framework: Framework, probe: Probe, send: Send) -> None:
    """Run the class of a probe before and after its fixes, on the same values and with the same weights."""
    assert probe.fixed is not None
    found = loaded(framework, probe, send)
    if found is None:
        return
    subject, cls = found
    plan = first_working(cls, probe, framework)
    if isinstance(plan, Failure):
        send(CannotRun(reason=plan.reason, help=plan.recipe))
        return
    send(PlanChosen(arguments=plan.arguments, inputs=plan.inputs, source=plan.source))
    same, differences = [], []
    pair = _Pair(framework, subject, plan, probe.fixed)
    for what, how in pair.differences():
        if how:
            differences.append(how)
        else:
            same.append(what)
    comparison = Comparison(same=tuple(same), differences=tuple(differences), remarks=tuple(pair.remarks))
    send(Compared(comparison=comparison))


@dataclass(frozen=True, slots=True)
class _Weight:
    name: str
    shape: tuple[int, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class _Ran:
    """What a layer gave, each way that it is called in, and the weights it had before and has then."""

    outputs: tuple[Any, ...]
    """Arrays; None for what is no number, and the text of an error."""
    before: tuple[_Weight, ...]
    after: tuple[_Weight, ...]


@dataclass(frozen=True, slots=True)
class _Saved:
    path: Path
    inputs: list[Any]
    outputs: Any
    """What it gave when it was loaded; None where that is drawn at random, or not what was saved."""
    came_back: bool
    """Whether it was loaded as what was saved, as far as that can be told."""
    lacks_weights: bool
    """Whether it did not, for weights that are not in it."""


class _Pair:
    """One class before and after: the subject is turned to the fixed source between the two."""

    def __init__(self, framework: Framework, subject: Subject, plan: Plan, fixed: FixedSource) -> None:
        self._framework = framework
        self._subject = subject
        self._plan = plan
        self._fixed = fixed
        self.remarks: list[str] = []
        """What does not speak against the fixes, and is to be known."""

    def differences(self) -> Iterator[tuple[str, str]]:
        """What is compared, and how it differs; empty where it does not."""
        first = self._run(self._plan, None)
        again = self._run(self._plan, first.before, draw=self._plan.draw + 1)
        random = [_differ(one, two, 0.0) for one, two in zip(first.outputs, again.outputs, strict=True)]
        saved = self._save(random[0])
        self._subject.turn_to(self._fixed.text)
        try:
            plan = replace(self._plan, cls=self._subject.load())
            now = self._run(plan, first.before)
        except Unloadable as error:
            yield OUTPUTS, str(error)
            return
        except Exception as error:
            yield OUTPUTS, f"it ran before, and raises now: {brief(error)}"
            return
        yield WEIGHTS, self._weights(first, now)
        yield OUTPUTS, self._outputs(first, now, random)
        if saved is None:
            return
        trouble = self._load(saved)
        if trouble and saved.lacks_weights:
            self.remarks.append(f"{trouble}; it lacked weights, and gave something else before, too")
        elif trouble or saved.came_back:
            yield SAVED_FILE, trouble

    def _run(self, plan: Plan, values: tuple[_Weight, ...] | None, draw: int | None = None) -> _Ran:
        """Build a layer by a call, give it weights, and call it in each way, with random numbers of its own."""
        self._framework.keras.backend.clear_session()  # names count from the beginning again
        seed(self._framework, plan.draw)  # weights that Keras does not see begin with the same values
        layer = plan.make()
        running.eager(plan, layer)
        own = _weights_of(layer)
        if values is not None and [_shape(each) for each in own] == [each.shape for each in values]:
            for variable, weight in zip(own, values, strict=True):
                variable.assign(weight.value)
        before = self._noted(own)
        seed(self._framework, plan.draw if draw is None else draw)
        outputs = tuple(self._called(plan, layer, way) for way in running.ways(plan))
        return _Ran(outputs, before, self._noted(_weights_of(layer)))

    def _called(self, plan: Plan, layer: Any, way: dict[str, Any]) -> Any:
        try:
            return numbers(self._framework, plain_parts(self._framework, running.eager(plan, layer, **way)))
        except Exception as error:
            return brief(error)

    def _noted(self, weights: list[Any]) -> tuple[_Weight, ...]:
        found = []
        for variable in weights:
            name = str(getattr(variable, "path", None) or variable.name)
            found.append(_Weight(name, _shape(variable), self._framework.np.array(variable)))
        return tuple(found)

    def _weights(self, first: _Ran, now: _Ran) -> str:
        before, after = (
            [(each.name, each.shape) for each in ran.before if not each.name.endswith(_STATE_OF_SEED)]
            for ran in (first, now)
        )
        if before == after or (
            self._fixed.tracks_more and all(after.count(each) >= before.count(each) for each in before)
        ):
            return ""
        return f"its weights are {_listed(after)}, and were {_listed(before)}"

    def _outputs(self, first: _Ran, now: _Ran, random: Sequence[bool]) -> str:
        """`random`: which ways to call the layer give other numbers with another seed: of these kinds are compared."""
        if any(each is None for each in first.outputs):
            return "what it returns cannot be compared"
        rounding = 0.0 if self._fixed.is_exact else _ROUNDING
        for one, two, is_random in zip(first.outputs, now.outputs, random, strict=False):
            if isinstance(one, str):
                continue  # it raised: nothing to keep
            if isinstance(two, str):
                return f"it ran before, and raises now: {two}"
            if _kinds(one) != _kinds(two):
                return f"it returns {_kinds(two)}, and returned {_kinds(one)}"
            if not is_random and (other := difference(two, one, rounding)):
                return f"it returns {other}"
        makes_more = len(first.after) != len(first.before)  # in each call, which no fix has to keep
        if any(random) or self._fixed.tracks_more or makes_more:
            return ""
        before, after = (
            [each.value for each in ran.after if not each.name.endswith(_STATE_OF_SEED)] for ran in (first, now)
        )
        return "its weights after a call are others" if difference(after, before, _ROUNDING) else ""

    def _save(self, is_random: bool) -> _Saved | None:
        """A model with the class, saved before its fixes; None where it did not load then, either."""
        try:
            self._framework.keras.backend.clear_session()
            model = running.model_of(self._framework, self._plan)
            if model is None:
                return None
            path = Path("before_fixes.keras").absolute()
            self._framework.save(model, path)
            inputs = running.model_inputs(self._framework, self._plan)
            loaded = self._model(path)
            outputs = numbers(self._framework, loaded(inputs))
            came_back = is_random or not _differ(numbers(self._framework, model(inputs)), outputs, _ROUNDING)
            before, after = ([each.value for each in self._noted(_weights_of(each))] for each in (model, loaded))
            is_lost = self._fixed.tracks_more or _differ(before, after, _ROUNDING)
            return _Saved(
                path, inputs, outputs if came_back and not is_random else None, came_back, not came_back and is_lost
            )
        except Exception:
            return None

    def _load(self, saved: _Saved) -> str:
        try:
            outputs = numbers(self._framework, self._model(saved.path)(saved.inputs))
        except Exception as error:
            return f"what was saved before does not load now: {brief(error)}"
        if saved.outputs is None or not _differ(saved.outputs, outputs, _ROUNDING):
            return ""
        return "what was saved before computes something else"

    def _model(self, path: Path) -> Any:
        custom = self._subject.custom_objects()
        return self._framework.keras.models.load_model(path, custom_objects=custom, compile=False)


def _weights_of(layer: Any) -> list[Any]:
    return list(getattr(layer, "weights", None) or getattr(layer, "variables", None) or [])


def _shape(variable: Any) -> tuple[int, ...]:
    return tuple(int(size) for size in variable.shape)


def _differ(one: Any, two: Any, rounding: float) -> bool:
    """Whether two outputs are others: one may be the text of an error, or nothing that can be compared."""
    if isinstance(one, list) and isinstance(two, list):
        return _kinds(one) != _kinds(two) or bool(difference(one, two, rounding))
    return type(one) is not type(two)


def _listed(weights: list[tuple[str, tuple[int, ...]]]) -> str:
    return ", ".join(f"{name} {shape}" for name, shape in weights) or "none"


def _kinds(outputs: Any) -> str:
    return "nothing" if outputs is None else ", ".join(f"{each.dtype}{list(each.shape)}" for each in outputs)
