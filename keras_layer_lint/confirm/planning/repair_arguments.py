"""Other arguments, where an error or the line it comes from says which one is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_layer_lint.confirm.planning.arguments import OF_EVERY_LAYER, Candidates
from keras_layer_lint.confirm.planning.change_arguments import Arguments, Blamed, Construction
from keras_layer_lint.confirm.planning.change_both import of_size
from keras_layer_lint.confirm.planning.repairs.arguments import READ, SIGNATURE, VALUES
from keras_layer_lint.confirm.planning.trouble import Trouble

_MOST_BLAMED = 5
_MOST_COST = 12
_SIDE_ISSUE = re.compile(r"regulari[sz]er|constraint|initiali[sz]er|activation|seed|weights")


def repaired(trouble: Trouble, arguments: Arguments, candidates: Candidates) -> Iterator[tuple[int, Arguments]]:
    """Arguments to try next, each with how unlikely it is."""
    case = Construction(trouble, arguments, candidates)
    yield from ((0, changed) for _, changed in READ.offers(trouble.said, case))
    if trouble.stage == "construct":
        yield from ((0, changed) for _, changed in SIGNATURE.offers(trouble.said, case))
    blamed = list(blame(trouble, arguments, candidates))
    for far, name in enumerate(blamed[:_MOST_BLAMED]):
        for more, value in enumerate(values(name, trouble, arguments, candidates)):
            yield min(1 + far + more, _MOST_COST), {**arguments, name: value}
    yield from _numbers(trouble.text, arguments)


def others(arguments: Arguments, candidates: Candidates) -> Iterator[tuple[int, Arguments]]:
    """The next value for each argument, where nothing says which is wrong."""
    for far, name in enumerate(arguments):
        known = candidates.of(name)
        at = known.index(arguments[name]) if arguments[name] in known else -1
        if at + 1 < len(known):
            yield 5 + far + at, {**arguments, name: known[at + 1]}


def optional(arguments: Arguments, candidates: Candidates) -> Iterator[tuple[int, Arguments]]:
    """A value for each argument that is None by default."""
    for far, (name, parameter) in enumerate(candidates.parameters.items()):
        given = name in arguments or name in OF_EVERY_LAYER or parameter.default is not None
        if not given and not _SIDE_ISSUE.search(name):
            yield far, {**arguments, name: candidates.of(name)[0]}


def blame(trouble: Trouble, arguments: Arguments, candidates: Candidates) -> Iterator[str]:
    """Parameters that the text of the error names, then those on the lines it passed through."""
    known = {**arguments, **candidates.parameters}.keys() - OF_EVERY_LAYER
    seen: set[str] = set()
    quoted = re.findall(r"[`'\"](?:self\.)?_?(\w{1,80})[`'\"=]", trouble.text)
    said = re.findall(r"\b\w+\b", trouble.text)
    lines = [re.findall(r"\b\w+\b", line) for line in trouble.lines]
    for words in [quoted, [word for word in said if len(word) > 2], *lines]:
        for word in words:
            name = next((name for name in (word, word.lstrip("_")) if name in known), "")
            if name and name not in seen:
                seen.add(name)
                yield name


def values(name: str, trouble: Trouble, arguments: Arguments, candidates: Candidates) -> Iterator[str]:
    """Other values for one argument: those that the text speaks for, then all its candidates."""
    current = arguments.get(name)
    parameter = candidates.parameters.get(name)
    if current is None and parameter is not None and not parameter.required and parameter.default is not None:
        current = repr(parameter.default)
    case = Blamed(name, current, trouble.text, candidates)
    yield from (value for _, value in VALUES.offers(trouble.said, case))
    yield from case.others()


def _numbers(text: str, arguments: Arguments) -> Iterator[tuple[int, Arguments]]:
    """One of the sizes that the text names, for an argument that has another of them."""
    numbers = list(dict.fromkeys(re.findall(r"(?<![\w.])(\d{1,4})(?![\w.])", text[:600])))
    for name, value in arguments.items():
        for old in [number for number in numbers if of_size(value, int(number), 0)]:
            for number in [number for number in numbers if number != old and int(number) > 0][:3]:
                yield 3, {**arguments, name: of_size(value, int(old), int(number))}
