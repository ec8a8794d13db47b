"""Other arguments of a constructor, of which repairs are made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from keras_layer_lint.confirm.planning.arguments import Candidates
from keras_layer_lint.confirm.planning.attributes import tells_nothing
from keras_layer_lint.confirm.planning.names import by_kind, by_name, kind_of
from keras_layer_lint.confirm.planning.settings import OPENED, is_called, sensible, settings_with
from keras_layer_lint.confirm.planning.trouble import Trouble

Arguments = dict[str, str]
_MOST_WORDS = 6
_MORE = re.compile(r"(args|params|options|config|settings|dict)$")


@dataclass(frozen=True, slots=True)
class Construction:
    """A constructor call that failed."""

    trouble: Trouble
    arguments: Arguments
    candidates: Candidates


@dataclass(frozen=True, slots=True)
class Blamed:
    """One argument that is to have another value."""

    name: str
    current: str | None
    """Its value; that of its default where it is not given; None where that says nothing."""
    text: str
    """Of the error."""
    candidates: Candidates

    def others(self) -> list[str]:
        """Its candidates but the current one."""
        return [value for value in self.candidates.of(self.name) if value != self.current]


def add_missing(case: Construction, names: str) -> Iterator[Arguments]:
    """Arguments that the constructor must have."""
    missing = [name for name in re.findall(r"'(\w+)'", names) if name not in case.arguments]
    if missing:
        yield {**case.arguments, **{name: case.candidates.of(name)[0] for name in missing}}


def drop(case: Construction, name: str) -> Iterator[Arguments]:
    """Without an argument that the constructor, or a base of its, does not take."""
    if name in case.arguments:
        yield {key: value for key, value in case.arguments.items() if key != name}


def shape_of_rank(case: Construction, wanted: str, received: str) -> Iterator[Arguments]:
    """With more axes where an argument is the shape that a network in the constructor was given: without the batch."""
    rank = int(wanted) - 1
    given = str(tuple(int(size) for size in re.findall(r"\d+", received))).replace(" ", "")
    for name, value in case.arguments.items():
        if value.replace(" ", "") == given:
            for shape in ((32, 32, 3), (8,) * rank):
                if len(shape) == rank:
                    yield {**case.arguments, name: str(shape)}


def with_attribute(case: Construction, name: str) -> Iterator[Arguments]:
    """A configuration that has one more attribute: code that is handed it reads more of it."""
    value = sensible(name, called=is_called(name, case.trouble.lines))
    for key, made in case.arguments.items():
        if made.startswith(OPENED) and made.endswith(")") and f"{name}=" not in made:
            inner = made[len(OPENED) : -1]
            yield {**case.arguments, key: f"{OPENED}{inner + ', ' if inner else ''}{name}={value})"}


def as_own_part(case: Construction, name: str) -> Iterator[Arguments]:
    """A layer of the same module, in the place of what a line reads an attribute of that such a layer has."""
    for key in _read_from(case, name):
        for part in case.candidates.parts_with(name):
            yield {**case.arguments, key: part}


def as_settings(case: Construction, name: str) -> Iterator[Arguments]:
    """A configuration in the place of a dict, or of what a line reads the attribute of."""
    if not tells_nothing(name):
        return
    blamed = _read_from(case, name)
    for key in blamed or [key for key, made in case.arguments.items() if made.startswith("{")]:
        yield {**case.arguments, key: settings_with([name], [name] if is_called(name, case.trouble.lines) else [])}


def _read_from(case: Construction, attribute: str) -> list[str]:
    """The arguments that a line which failed reads the attribute of."""
    read = re.compile(rf"\b(\w{{1,80}})\.{attribute}\b")
    owners = {owner.lstrip("_") for line in case.trouble.lines for owner in read.findall(line)}
    return [key for key in dict.fromkeys([*case.arguments, *case.candidates.parameters]) if key in owners]


def as_mapping(case: Construction) -> Iterator[Arguments]:
    """Dicts for the arguments whose names say that they hold further arguments."""
    known = [name for name in case.candidates.parameters if _MORE.search(name)]
    wanting = [name for name in known if not case.arguments.get(name, "").startswith(("{", OPENED))]
    if wanting:
        yield {**case.arguments, **dict.fromkeys(wanting, "{}")}


def equal(case: Construction, one: str, other: str) -> Iterator[Arguments]:
    """Two arguments of the same value: that of the one, or of the other, where a default counts as one."""
    for name, source in ((one, other), (other, one)):
        known = case.candidates.parameters
        if name in known and source in known:
            value = case.arguments.get(source, repr(known[source].default))
            if not known[source].required or source in case.arguments:
                yield {**case.arguments, name: value}


def large_enough(case: Construction) -> Iterator[Arguments]:
    """A size of which a part is left where the line divides it by a number: `heads = width // 64`."""
    for line in case.trouble.lines:
        for name, divisor in re.findall(r"\b(?:self\._?)?(\w{1,80}) ?// ?(\d{1,3})\b", line):
            if name in case.candidates.parameters and case.arguments.get(name, "0").isdecimal():
                yield {**case.arguments, name: str(2 * int(divisor))}


def only_one(case: Construction, found: str, wanted: str) -> Iterator[Arguments]:
    """One in the place of as many as there are times more, or fewer, numbers than were expected: of heads."""
    small, large = sorted((int(found), int(wanted)))
    times = large // small if small and large % small == 0 else 0
    for name, value in case.arguments.items() if times > 1 else ():
        if value == str(times):
            yield {**case.arguments, name: "1"}


def with_keyword(case: Construction, name: str) -> Iterator[Arguments]:
    """One more argument, where it is read from those that a constructor takes by any name."""
    takes = re.compile(rf"\bkwargs(\[|\.pop\()['\"]{name}['\"]")
    if name not in case.arguments and any(takes.search(line) for line in case.trouble.lines):
        yield {**case.arguments, name: "'given'" if name == "name" else sensible(name)}


def with_item(case: Construction, name: str) -> Iterator[Arguments]:
    """A dict that holds one more key."""
    value = next(iter(by_name(name)), "8")
    for key, made in case.arguments.items():
        if made.startswith("{") and made.endswith("}") and f"{name!r}:" not in made:
            inner = made[1:-1]
            yield {**case.arguments, key: f"{{{inner + ', ' if inner else ''}{name!r}: {value}}}"}


def words_offered(case: Blamed) -> Iterator[str]:
    """Words that the text quotes, in the place of a word or of nothing."""
    if case.current is not None and kind_of(case.current) != "str":
        return
    quoted = re.findall(r"""(?<!class )['"`]([\w.-]{2,40})['"`]""", case.text)
    words = [word for word in dict.fromkeys(quoted) if word != case.name and word not in case.candidates.parameters]
    yield from [repr(word) for word in words if repr(word) != case.current][:_MOST_WORDS]


def of_kind(kind: str) -> Callable[[Blamed], Iterator[str]]:
    """Candidates of one kind, then the usual values of that kind."""

    def repair(case: Blamed) -> Iterator[str]:
        yield from (value for value in case.others() if kind_of(value) == kind)
        yield from (value for value in by_kind(kind) if value != case.current)

    return repair


def so_many(case: Blamed, size: str) -> Iterator[str]:
    """A list of so many numbers."""
    if 1 < int(size) < 6:
        yield "[" + ", ".join(["2"] * int(size)) + "]"


def in_usual_ranges(case: Blamed) -> Iterator[str]:
    """Numbers of which one lies in the range that is asked for."""
    yield from _but(case, "0.5", "0.1", "1", "2", "1.0", "4", "8", "(0.1, 0.5)", "16")


def usual_multiples(case: Blamed) -> Iterator[str]:
    """Powers of two."""
    yield from _but(case, "8", "4", "2", "1", "16")


def _but(case: Blamed, *values: str) -> Iterator[str]:
    yield from (value for value in values if value != case.current)
