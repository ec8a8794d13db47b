"""What is said of a class for which no plan works: the error that says most of it, not that of an odd attempt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from keras_layer_lint.confirm.planning.plan import Plan
from keras_layer_lint.confirm.planning.trouble import Trouble
from keras_layer_lint.confirm.probe import Recipe, recipe_line
from keras_layer_lint.confirm.time_limit import DoesNotEnd

Explained = Callable[[BaseException], bool]
"""Whether something is known of the layer that makes it raise this error, whatever it is given."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A plan that failed, and how."""

    plan: Plan
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Failure:
    """No plan worked."""

    reason: str
    recipe: str
    """What to put into the configuration, to be completed."""
    attempts: tuple[Attempt, ...] = ()
    """The one that the reason tells of, then those that got farthest."""


def failure_of(
    cls: Any, attempts: Sequence[Attempt], constructions: int, recipe: Recipe | None, explained: Explained
) -> Failure:
    """Sum up attempts that failed."""
    if not attempts:
        return Failure("nothing could be tried", pasted(cls, "", ""))
    calling = [attempt for attempt in attempts if attempt.trouble.stage == "call"]
    best = _telling(calling or attempts, explained)
    verb = "called" if calling else "constructed"
    said = f"{best.trouble.summary}{_where(cls, best.trouble)}{_made_up(best, recipe)}"
    reason = f"could not be {verb} in {constructions} attempts: {said}"
    rest = calling + [attempt for attempt in attempts if attempt.trouble.stage == "construct"]
    ordered = sorted(rest, key=lambda attempt: attempt is not best)
    return Failure(reason, pasted(cls, best.plan.arguments, best.plan.inputs), tuple(ordered))


def pasted(cls: Any, arguments: str, inputs: str) -> str:
    """A recipe for the class."""
    return recipe_line(f"{cls.__module__}.{cls.__qualname__}", arguments, inputs)


def _telling(attempts: Sequence[Attempt], explained: Explained) -> Attempt:
    """The attempt whose error says most of the layer; of several, the one met most often, then the first."""
    met = Counter(attempt.trouble.signature for attempt in attempts)

    def is_passed(trouble: Trouble) -> bool:
        """Whether another attempt got past the line: then it does not fail whatever is given."""
        return any(attempt.trouble.is_past(trouble.trail) for attempt in attempts)

    def rank(attempt: Attempt) -> tuple[int, int]:
        trouble = attempt.trouble
        if explained(trouble.error) and not is_passed(trouble):
            of_layer = 0
        elif is_of_given(attempt):
            of_layer = 4
        elif trouble.at is None:
            of_layer = 3
        else:
            is_in_a_loop = isinstance(trouble.error, DoesNotEnd)  # no line of it is farther than another
            of_layer = 2 if is_passed(trouble) and not is_in_a_loop else 1
        return of_layer, -met[trouble.signature]

    return min(attempts, key=rank)


def is_of_given(attempt: Attempt) -> bool:
    """Whether the error is that of a thing that was given, where another would have done.

    Arguments that the constructor does not take; a list where a tensor was meant; a stand-in of klint's.
    """
    trouble = attempt.trouble
    if trouble.at is None and isinstance(trouble.error, TypeError):
        return True
    owners = [getattr(error, "obj", None) for error in _with_causes(trouble.error) if isinstance(error, AttributeError)]
    return any(isinstance(owner, (list, tuple, dict)) or _is_of_klint(owner) for owner in owners)


def _is_of_klint(value: object) -> bool:
    return type(value).__module__.partition(".")[0] == __name__.partition(".")[0]


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those it was raised for: Keras makes errors anew, with more text."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _where(cls: Any, trouble: Trouble) -> str:
    """The line, where it stands in the module of the class."""
    if trouble.at is None:
        return ""
    file, line = trouble.at
    module = _file_of(cls)
    return f", line {line}" if file == module else ""


def _file_of(cls: Any) -> str | None:
    functions = [value for value in vars(cls).values() if hasattr(value, "__code__")]
    return functions[0].__code__.co_filename if functions else None


def _made_up(attempt: Attempt, recipe: Recipe | None) -> str:
    """That klint's own idea is at fault, and which."""
    if not is_of_given(attempt):
        return ""
    plan, given = attempt.plan, recipe or Recipe()
    if attempt.trouble.stage == "call":
        return "" if given.inputs else f" (klint made up the inputs {plan.inputs})"
    is_told = given.arguments or plan.source.startswith("call in")
    return "" if is_told or not plan.arguments else f" (klint made up the arguments {plan.arguments})"
