"""Looks for arguments and inputs with which a layer can be constructed and called: bounded, the same each time."""

from __future__ import annotations

import inspect
import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from keras_layer_lint.confirm.planning import named_tuples, repair_arguments, repair_inputs, trouble
from keras_layer_lint.confirm.planning.arguments import Candidates, read_arguments
from keras_layer_lint.confirm.planning.at_fault import taken
from keras_layer_lint.confirm.planning.change_both import Call as Both
from keras_layer_lint.confirm.planning.failing import Attempt, Explained, Failure, failure_of, pasted
from keras_layer_lint.confirm.planning.inputs import Inputs, InputsError, parse
from keras_layer_lint.confirm.planning.ladder import spelled
from keras_layer_lint.confirm.planning.plan import Call, Plan
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.planning.repairs.draws import drawn
from keras_layer_lint.confirm.planning.repairs.together import TOGETHER
from keras_layer_lint.confirm.planning.seeds import seeds, with_training_named
from keras_layer_lint.confirm.planning.trouble import Case, Trouble
from keras_layer_lint.confirm.planning.values import RANGES, Framework
from keras_layer_lint.confirm.planning.waiting import State, Waiting
from keras_layer_lint.confirm.probe import FoundCall, Recipe
from keras_layer_lint.confirm.time_limit import DoesNotEnd, with_an_end

SECONDS, TRIES = 10.0, 100
_MOST_AGAIN = 12
_CONSTRUCTIONS = 4 * TRIES
_ENDLESS = 3
"""How many calls may have to be interrupted."""
_FARTHER = 2
"""How much sooner what brings a call farther is followed: a layer may need many such steps."""
_ENOUGH = 6
"""How often a finding explains the same error, until no other inputs are expected to mend it."""
_ENOUGH_OF_NAMES = 3
"""The same of a name that is not there."""
_MOST_IN_TRAINING = 12
"""How many calls more to look for inputs that do in training, too."""
_MOST_REPAIRS = 20
"""How many of the inputs that an error asks for are tried."""


class Known(Protocol):
    """What is known of a class before it is run."""

    @property
    def recipe(self) -> Recipe | None: ...
    @property
    def calls(self) -> tuple[FoundCall, ...]: ...


@dataclass(slots=True)
class Search:
    """One search for a plan of one class."""

    cls: Any
    known: Known
    framework: Framework
    seconds: float = SECONDS
    tries: int = TRIES
    clock: Callable[[], float] = time.process_time
    """Time spent working: a busy machine finds the same plans."""
    explained: Explained = lambda error: False
    attempts: list[Attempt] = field(default_factory=list)
    calls: int = 0
    constructions: int = 0
    _waiting: Waiting = field(default_factory=Waiting)
    _met: Counter[object] = field(default_factory=Counter)
    _interrupted: int = 0
    _explained: Counter[object] = field(default_factory=Counter)
    _broken: set[str] = field(default_factory=set)
    _until: int = 0
    _own_classes: frozenset[str] = frozenset()
    """The names of the classes of its module."""
    _but_for_training: Plan | None = None
    """The first that works, where only training fails with what klint made up."""

    def __post_init__(self) -> None:
        module = vars(sys.modules.get(self.cls.__module__, object))
        layers = (each for each in module.values() if isinstance(each, type) and each.__module__ == self.cls.__module__)
        self._own_classes = frozenset({self.cls.__name__, *(each.__name__ for each in layers)})

    def run(self) -> Plan | Failure:
        """The first plan that works."""
        base = self.framework.keras.layers.Layer
        reading = read(self.cls, base)
        candidates = Candidates(self.cls, base, reading)
        deadline = self.clock() + self.seconds
        recipe = self.known.recipe
        if recipe is not None and (recipe.arguments or recipe.inputs or recipe.call):
            try:
                self._start_from_recipe(recipe, candidates)
            except (InputsError, ValueError) as error:
                return Failure(f"the recipe does not read: {error}", pasted(self.cls, recipe.arguments, recipe.inputs))
        else:
            self._start(candidates)
        while self.clock() < deadline and (following := self._waiting.pop()) is not None:
            cost, state = following
            key = spelled(state.arguments)
            if key in self._broken:
                continue
            if self.calls >= self.tries or self.constructions >= _CONSTRUCTIONS:
                break
            if self._but_for_training is not None and self.calls >= self._until:
                break
            plan = Plan(self.cls, self.framework, key, state.inputs or Inputs(), state.source, state.draw)
            self.constructions += 1
            try:
                with with_an_end():
                    layer = plan.make()
            except (Exception, SystemExit) as error:
                self._broken.add(key)
                self._construction_failed(cost, state, plan, trouble.of("construct", error, reading.files), candidates)
                if self._is_hopeless(self.attempts[-1]):
                    break
                continue
            if state.inputs is None and not callable(layer):
                return plan  # an optimizer: made, it is all there is to plan
            if state.inputs is None:
                for number, inputs in enumerate(seeds(layer, reading)):
                    self._waiting.push_seed(cost + number, replace(state, inputs=inputs))
                continue
            self.calls += 1
            given: Call | None = None
            try:
                with with_an_end():
                    given = plan.call_inputs()
                    plan.call(layer, given=given)
                    self._call_in_training(plan, layer, state, given)
            except (Exception, SystemExit) as error:
                at_fault = frozenset() if given is None else taken(error, plan.given.made_as(given), reading.files)
                case = Case(trouble.of("call", error, reading.files), plan.given, layer, at_fault)
                self._call_failed(cost, state, plan, case, candidates)
                if self._is_hopeless(self.attempts[-1]):
                    break
                continue
            return plan
        return self._but_for_training or failure_of(self.cls, self.attempts, self.constructions, recipe, self.explained)

    def _call_in_training(self, plan: Plan, layer: Any, state: State, given: Call) -> None:
        """Inputs that klint made up are to do in training, too: an image may be flipped then, and nothing before."""
        method = getattr(layer, "call", None)
        if not state.fixed and method is not None and "training" not in plan.given.named and _takes_training(method):
            try:
                plan.call(layer, given=given, training=True)
            except Exception as error:
                if self.explained(error):
                    return
                if self._but_for_training is None:
                    self._but_for_training, self._until = plan, self.calls + _MOST_IN_TRAINING
                raise

    def _start(self, candidates: Candidates) -> None:
        for number, call in enumerate(self.known.calls):
            arguments = read_arguments(call.arguments, self.cls)
            if arguments is not None:
                source = f"{'seen in' if call.is_made_up else 'call in'} {call.place}"
                self._waiting.push(number, State(arguments, _readable(call.inputs, self.cls), source))
        first = candidates.first()
        self._waiting.push(len(self.known.calls), State(first, None, "synthesis" if first else "defaults"))

    def _start_from_recipe(self, recipe: Recipe, candidates: Candidates) -> None:
        arguments = read_arguments(recipe.arguments, self.cls)
        if arguments is None:
            raise ValueError(f"`{recipe.arguments}` does not read as arguments of `{self.cls.__name__}`")
        if not recipe.arguments:
            arguments = candidates.first()
        inputs = parse(recipe.inputs, named_tuples.known(self.cls)) if recipe.inputs else None
        if recipe.call:
            more = parse(recipe.call)
            given = inputs or Inputs()
            inputs = Inputs((*given.positional, *more.positional), given.named | more.named)
        inputs = inputs and with_training_named(inputs, self.cls)
        self._waiting.push(0, State(arguments, inputs, "recipe", fixed=bool(recipe.inputs)))

    def _construction_failed(
        self, cost: int, state: State, plan: Plan, trouble: Trouble, candidates: Candidates
    ) -> None:
        self.attempts.append(Attempt(plan, trouble))
        if state.source == "recipe":
            return
        again = self._again(trouble)
        for more, arguments in itertools.chain(
            repair_arguments.repaired(trouble, state.arguments, candidates),
            repair_arguments.others(state.arguments, candidates),
            ((more + 4, given) for more, given in repair_arguments.optional(state.arguments, candidates))
            if "None" in trouble.text
            else (),
        ):
            changed = replace(state, arguments=arguments, source="repair")
            self._waiting.push(cost + (more and 1 + more) + again, changed)  # what the error names costs nothing

    def _call_failed(self, cost: int, state: State, plan: Plan, case: Case, candidates: Candidates) -> None:
        trouble = case.trouble
        self.attempts.append(Attempt(plan, trouble))
        if trouble.is_past(state.trail):
            cost -= _FARTHER
            self._waiting.learn(state)
        again = self._again(trouble)
        cost -= not again  # lines do not tell which round of a loop it is; an error not met before does
        state = replace(state, trail=trouble.trail, before=state.inputs)
        if (more := drawn(trouble)) is not None and state.draw + 1 < len(RANGES):
            self._waiting.push(cost + more + again, replace(state, draw=state.draw + 1), draws=True)
        if state.fixed or state.inputs is None:
            return
        for far, inputs in itertools.islice(repair_inputs.repaired(case), _MOST_REPAIRS):
            changed = replace(state, inputs=inputs, source=_repaired(state))
            self._waiting.push(cost + 1 + far + again, changed)
        if state.source == "recipe":
            return
        for _, (arguments, inputs) in TOGETHER.offers(trouble.said, Both(trouble, state.arguments, state.inputs)):
            self._waiting.push(cost + 1 + again, replace(state, arguments=arguments, inputs=inputs, source="repair"))
        for more, arguments in repair_arguments.repaired(trouble, state.arguments, candidates):
            changed = replace(state, arguments=arguments, source="repair")
            self._waiting.push(cost + (more and 2 + more) + again, changed)
        for more, arguments in repair_arguments.optional(state.arguments, candidates):
            self._waiting.push(cost + 6 + more + again, replace(state, arguments=arguments, source="repair"))

    def _again(self, trouble: Trouble) -> int:
        """How often this error was met before: what leads to new errors comes first."""
        met = self._met[trouble.signature]
        self._met[trouble.signature] += 1
        return min(met, _MOST_AGAIN)

    def _is_hopeless(self, attempt: Attempt) -> bool:
        """Whether no input is at fault, again and again, and inputs of other kinds made no difference.

        A finding explains the error, or it is one of names. Code that does not end is not run many times.
        """
        if isinstance(attempt.trouble.error, DoesNotEnd):
            self._interrupted += 1
            return self._interrupted >= _ENDLESS
        lacks_a_name = attempt.trouble.lacks_a_name(self._own_classes)
        if not (lacks_a_name or self.explained(attempt.trouble.error)):
            return False
        if attempt.trouble.gives_an_item_a_number:
            return True
        signature = attempt.trouble.signature
        self._explained[signature] += 1
        if self._explained[signature] < (_ENOUGH_OF_NAMES if lacks_a_name else _ENOUGH):
            return False
        if attempt.trouble.stage == "construct":
            return True
        tried = [tensor for tried in self.attempts for tensor in tried.plan.given.tensors()]
        return len({tensor.rank for tensor in tried}) > 1 and len({tensor.dtype for tensor in tried}) > 1


def _takes_training(method: Any) -> bool:
    try:
        return "training" in inspect.signature(method).parameters
    except (TypeError, ValueError):
        return False


def _readable(text: str, cls: Any) -> Inputs | None:
    try:
        return with_training_named(parse(text), cls) if text else None
    except InputsError:
        return None


def _repaired(state: State) -> str:
    return state.source if state.source.startswith(("recipe", "call in", "seen in")) else "repair"


def first_working(
    cls: Any,
    probe: Known,
    framework: Framework,
    *,
    seconds: float = SECONDS,
    tries: int = TRIES,
    explained: Explained = lambda error: False,
) -> Plan | Failure:
    """Construct the class and call it eagerly, with arguments and inputs found by trying.

    An error that is `explained` is one that no other input is expected to mend.
    """
    return Search(cls, probe, framework, seconds, tries, explained=explained).run()
