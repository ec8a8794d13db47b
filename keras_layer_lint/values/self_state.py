"""What the layer under analysis holds at one point of its run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from keras_layer_lint.values.environment import Environment
from keras_layer_lint.values.join import join
from keras_layer_lint.values.memory import Memory, Question
from keras_layer_lint.values.value import Value


class SelfState:
    """The attributes of `self`. Every read and every change goes through here, so that the memory of calls sees it.

    The state belongs to a path: `fork` gives what stands now, `resume` goes back to it, `meet` joins paths.
    """

    def __init__(self, memory: Memory, fallback: Callable[[str], Value | None]) -> None:
        self._memory = memory
        self._fallback = fallback
        """What `self.name` is where no method has bound it: an attribute of the class."""
        self._values = Environment()
        self._written: set[str] = set()
        self.nesting: frozenset[str] = frozenset()
        """Attributes with containers that lists were put into one by one."""

    @property
    def values(self) -> Mapping[str, Value]:
        """All attributes, for those who look at the layer once it has run."""
        return self._values

    def begin(self) -> None:
        """A method that Keras calls begins."""
        self._written.clear()

    def get(self, name: str) -> Value | None:
        """What an attribute was bound to, None where it was not."""
        value = self._values.get(name)
        self._memory.note_read(("value", name), value)
        return value

    def store(self, name: str, value: Value) -> None:
        """Bind an attribute."""
        self._memory.note_change()
        self._values[name] = value

    def note_written(self, name: str) -> None:
        """An attribute is bound, or emptied, by the method that Keras called."""
        self._memory.note_change()
        self._written.add(name)

    def is_written(self, name: str) -> bool:
        """Whether the run of the method that Keras called may have bound an attribute before."""
        found = name in self._written
        self._memory.note_read(("is written", name), found)
        return found

    def note_nesting(self, name: str) -> None:
        """A list is put into the container that an attribute holds."""
        self._memory.note_change()
        self.nesting |= {name}

    def is_nesting(self, name: str) -> bool:
        """Whether an attribute holds a container that lists were put into one by one."""
        found = name in self.nesting
        self._memory.note_read(("is nesting", name), found)
        return found

    def answer(self, question: Question) -> object:
        """The answer to a question that a call asked, as of now."""
        what, name = question
        match what:
            case "value":
                return self._values.get(name)
            case "is written":
                return name in self._written
            case "is nesting":
                return name in self.nesting
            case _:
                raise AssertionError(what)

    def fork(self) -> Environment:
        """What the attributes hold now, to come back to."""
        return self._values.fork()

    def resume(self, values: Environment) -> None:
        """Go on from what `fork` gave."""
        self._values = values.fork()

    def meet(self, paths: list[Environment]) -> None:
        """Go on from where paths meet."""
        first, *others = paths
        result = first
        for other in others:
            if other is not result:
                result = self._joined(result, other)
        self.resume(result)

    def _joined(self, one: Environment, other: Environment) -> Environment:
        changed = other.changed(one)
        first = {name: one.get(name) for name in changed}
        second = {name: other.get(name) for name in changed}
        result = other.fork()
        for name in reversed(changed):  # names that only `one` has keep their order
            mine = first[name] or self._fallback(name)
            theirs = second[name] or self._fallback(name)
            if mine is not None and theirs is not None:
                result[name] = mine if mine is theirs else join(mine, theirs)
            elif (value := mine or theirs) is not None:
                result[name] = value  # whoever reads it where it is not bound fails there
        return result
