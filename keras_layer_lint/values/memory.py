"""The memory of calls: what a call came to, found again where nothing that its function can see is different.

A function sees its arguments and the context of the call, which are the key, and attributes of `self`, which are
recorded while it runs and compared before its result is used again. A call that changes anything is run each time, and
so is one that reads variables of a function around it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields

from keras_layer_lint.values.containers import Entry
from keras_layer_lint.values.kind import Kind
from keras_layer_lint.values.value import Derivation, Function, Value

Question = tuple[str, str]
"""A question about `self`: what is asked ("value", "is written", ...) and of which attribute."""


class Keys:
    """Numbers for values. Two values have the same number exactly where no code can tell them apart.

    Every field of every kind counts, those that equality leaves out as well. What was numbered is kept alive, so that
    an identity stands for one object only.
    """

    def __init__(self) -> None:
        self._of_structure: dict[Hashable, int] = {}
        self._of_object: dict[int, tuple[object, int]] = {}
        self._with_closure: set[int] = set()

    def of(self, value: object) -> int:
        """The number of a value, or of a dataclass, tuple or mapping of values."""
        found = self._of_object.get(id(value))
        if found is None:
            structure, has_closure = self._structure(value)
            number = self._of_structure.setdefault(structure, len(self._of_structure))
            if has_closure:
                self._with_closure.add(number)
            found = self._of_object[id(value)] = (value, number)
        return found[1]

    def has_closure(self, value: object) -> bool:
        """Whether a function that reads variables of another is the value or is in it."""
        return self.of(value) in self._with_closure

    def _structure(self, value: object) -> tuple[Hashable, bool]:
        kind = type(value)
        if kind in _ATOMS:
            return (kind, value), False
        if isinstance(value, Kind | Entry | Derivation):
            parts: Iterable[object] = [getattr(value, name) for name in _field_names(type(value))]
        elif kind is tuple or kind is list:
            parts = value  # type: ignore[assignment]
        elif isinstance(value, Mapping):  # asked late: an abstract base class makes isinstance slow
            parts = [part for item in value.items() for part in item]
        elif isinstance(value, float | complex):
            return (kind, repr(value)), False  # 0.0 is not -0.0, and nan is nan
        else:
            return (kind, value), False
        numbers = tuple(map(self.of, parts))
        closure = isinstance(value, Function) and value.closure is not None
        return (kind, numbers), closure or not self._with_closure.isdisjoint(numbers)


_ATOMS = frozenset({str, int, bool, bytes, type(None)})
_FIELDS: dict[type[object], tuple[str, ...]] = {}


def _field_names(kind: type[Kind | Entry | Derivation]) -> tuple[str, ...]:
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple(item.name for item in fields(kind) if item.init)
    return names


@dataclass(slots=True)
class Trace:
    """What one call has depended on, beyond its key, and whether it may be remembered."""

    first_frame: int
    """Number of the first frame that belongs to it: older ones are outside."""
    reads: dict[Question, object] = field(default_factory=dict)
    functions: set[int] = field(default_factory=set)
    """Identities of the function nodes that it ran."""
    height: int = 1
    """How deep calls in it were nested, itself included."""
    is_changing: bool = False
    """It stored something, or depends on what no key holds."""
    is_tied: bool = False
    """It reads or binds variables of frames outside."""


@dataclass(slots=True)
class Remembered:
    """A call, its result and what that holds for."""

    given: object
    """The function, the arguments and the context."""
    result: Value
    trace: Trace
    key: int | None = None
    """The number of what was given, made when there is a second call to compare with: most functions have one."""


class Memory:
    """What calls came to, during the run of one method. `is_on`: False makes every call run."""

    def __init__(self, *, is_on: bool = True) -> None:
        self.is_on = is_on
        self.keys = Keys()
        self.frames = 0
        """Frames made so far."""
        self._calls: dict[int, list[Remembered]] = {}
        """By the identity of the function's node."""
        self._open: list[Trace] = []

    def clear(self) -> None:
        """Forget all calls: another method begins."""
        self.keys = Keys()
        self._calls.clear()

    def note_read(self, question: Question, answer: object) -> None:
        """What calls in progress have asked of `self`."""
        if self._open:
            self._open[-1].reads.setdefault(question, answer)

    def note_change(self) -> None:
        """Calls in progress have changed something, or depend on what no key holds."""
        if self._open:
            self._open[-1].is_changing = True

    def note_outer(self, frame: int) -> None:
        """Code runs that sees the variables of a frame: calls that the frame is not part of are tied to it."""
        for trace in reversed(self._open):
            if trace.first_frame <= frame:
                break
            trace.is_tied = True

    def note_function(self, node: int) -> None:
        """A function was run."""
        if self._open:
            self._open[-1].functions.add(node)

    @contextmanager
    def tracing(self) -> Iterator[Trace]:
        """Record what a call depends on; what it calls counts for it, too."""
        trace = Trace(self.frames + 1)
        self._open.append(trace)
        try:
            yield trace
        finally:
            self._open.pop()
            if self._open:
                self._add(trace, self._open[-1])

    def _add(self, trace: Trace, around: Trace) -> None:
        for question, answer in trace.reads.items():
            around.reads.setdefault(question, answer)
        around.functions |= trace.functions
        around.height = max(around.height, trace.height + 1)
        around.is_changing = around.is_changing or trace.is_changing

    def remember(self, function: int, given: object, result: Value, trace: Trace) -> None:
        """Keep the result of a call, where that holds for the next one like it."""
        if self.is_on and not (trace.is_changing or trace.is_tied):
            self._calls.setdefault(function, []).append(Remembered(given, result, trace))

    def recall(
        self, function: int, given: object, answer: Callable[[Question], object], active: Iterable[int], depth: int
    ) -> Value | None:
        """The result of a call like this one, None where there was none.

        `function`: the identity of its node; `given`: it with its arguments and the context; `active`: the functions
        being run, which are not run again; `depth`: how many calls may still be nested.
        """
        calls = self._calls.get(function)
        if calls is None:
            return None
        key = self.keys.of(given)
        for call in calls:
            if call.key is None:
                call.key = self.keys.of(call.given)
            trace = call.trace
            if (
                call.key == key
                and trace.height <= depth
                and not self.keys.has_closure(call.result)
                and trace.functions.isdisjoint(active)
                and all(self._is_same(answer(question), value) for question, value in trace.reads.items())
            ):
                if self._open:
                    self._add(trace, self._open[-1])
                return call.result
        return None

    def _is_same(self, one: object, other: object) -> bool:
        return one is other or self.keys.of(one) == self.keys.of(other)
