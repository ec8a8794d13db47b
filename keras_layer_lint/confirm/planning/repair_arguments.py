"""Other arguments, where an error or the line it comes from says which one is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_layer_lint.confirm.planning.arguments import OF_EVERY_LAYER, Candidates
from keras_layer_lint.confirm.planning.names import by_kind, kind_of
from keras_layer_lint.confirm.planning.trouble import Trouble

Arguments = dict[str, str]

_WANTED = (
    (r"has no attribute '(shape|dtype|ndim|T)'", "array"),
    (r"'(int|float|bool)' object is not (iterable|subscriptable)|object of type '(int|float|bool)' has no len", "list"),
    (
        r"'(int|float)' object has no attribute|'str' object has no attribute '(call|build|shape|compute|weights)",
        "layer",
    ),
    (r"object is not callable", "callable"),
    (r"object cannot be interpreted as an integer|must be (an )?int|expected int|integer|TypeError: int", "int"),
    (r"'(list|tuple)' and 'int'|'(int)' and '(list|tuple|str)'", "int"),
    (r"not supported between instances of '(list|tuple|str|dict)'", "int"),
    (r"instance of `?(keras\.)?\S*Layer|keras\.?layers?|`Layer`|expected a layer", "layer"),
    (r"must be (a )?str|expected str|should be a string", "str"),
    (r"must be (a )?(list|tuple|sequence)|[Ee]xpected (a )?(list|tuple)|tuple of|list of", "list"),
    (r"must be (a )?callable", "callable"),
    (r"must be (a )?float", "float"),
    (r"must be (a )?dict|mapping|has no attribute '(items|keys)'", "dict"),
)


def repaired(trouble: Trouble, arguments: Arguments, candidates: Candidates) -> Iterator[tuple[int, Arguments]]:
    """Arguments to try next, each with how unlikely it is."""
    text = trouble.text
    if trouble.stage == "construct":
        yield from _signature(text, arguments, candidates)
    blamed = list(blame(trouble, arguments, candidates))
    for far, name in enumerate(blamed[:5]):
        for more, value in enumerate(_values(name, text, arguments, candidates)):
            yield min(1 + far + more, 12), {**arguments, name: value}
    yield from _numbers(text, arguments)


def others(arguments: Arguments, candidates: Candidates) -> Iterator[tuple[int, Arguments]]:
    """The next value for each argument, where nothing says which is wrong."""
    for far, name in enumerate(arguments):
        values = candidates.of(name)
        at = values.index(arguments[name]) if arguments[name] in values else -1
        if at + 1 < len(values):
            yield 5 + far + at, {**arguments, name: values[at + 1]}


def optional(arguments: Arguments, candidates: Candidates) -> Iterator[tuple[int, Arguments]]:
    """A value for each argument that is None by default."""
    for far, (name, parameter) in enumerate(candidates.parameters.items()):
        given = name in arguments or name in OF_EVERY_LAYER or parameter.default is not None
        if not given and not re.search(r"regulari[sz]er|constraint|initiali[sz]er|activation|seed|weights", name):
            yield far, {**arguments, name: candidates.of(name)[0]}


def _signature(text: str, arguments: Arguments, candidates: Candidates) -> Iterator[tuple[int, Arguments]]:
    for names in re.findall(r"missing \d+ required (?:positional|keyword-only) arguments?: (.*)", text):
        missing = [name for name in re.findall(r"'(\w+)'", names) if name not in arguments]
        if missing:
            yield 0, {**arguments, **{name: candidates.of(name)[0] for name in missing}}
    for name in re.findall(
        r"unexpected keyword argument '?(\w+)|[Uu]nrecognized keyword arguments?[^:]*: \{?\W*(\w+)", text
    ):
        unknown = name[0] or name[1]
        if unknown in arguments:
            yield 0, {key: value for key, value in arguments.items() if key != unknown}
    found = re.search(r"multiple values for (?:keyword )?argument '(\w+)'", text)
    if found and found[1] in arguments:
        yield 0, {key: value for key, value in arguments.items() if key != found[1]}


def blame(trouble: Trouble, arguments: Arguments, candidates: Candidates) -> Iterator[str]:
    """Parameters that the text of the error names, then those on the lines it passed through."""
    known = [name for name in {**arguments, **candidates.parameters} if name not in OF_EVERY_LAYER]
    seen: set[str] = set()
    quoted = re.findall(r"[`'\"]+(?:self\.)?_?(\w+?)[`'\"=]+", trouble.text)
    said = re.findall(r"\b\w+\b", trouble.text)
    lines = [re.findall(r"\b\w+\b", line) for line in trouble.lines]
    for words in [quoted, [word for word in said if len(word) > 2], *lines]:
        for word in words:
            name = next((name for name in (word, word.lstrip("_")) if name in known), "")
            if name and name not in seen and (name in arguments or _may_be_given(name, candidates)):
                seen.add(name)
                yield name


def _may_be_given(name: str, candidates: Candidates) -> bool:
    return name in candidates.parameters


def _values(name: str, text: str, arguments: Arguments, candidates: Candidates) -> Iterator[str]:
    current = arguments.get(name)
    parameter = candidates.parameters.get(name)
    if current is None and parameter is not None and not parameter.required and parameter.default is not None:
        current = repr(parameter.default)
    values = [value for value in candidates.of(name) if value != current]
    offered = [
        repr(word)
        for word in dict.fromkeys(re.findall(r"""['"`]([\w.-]{2,40})['"`]""", text))
        if word != name and word not in candidates.parameters and repr(word) != current
    ]
    if (
        current is not None
        and kind_of(current) == "str"
        and re.search(r"one of|must be|[Ee]xpected|supported|among|in \{", text)
    ):
        yield from offered[:6]
    for pattern, kind in _WANTED:
        if re.search(pattern, text):
            yield from (value for value in values if kind_of(value) == kind)
            yield from (value for value in by_kind(kind) if value != current)
    for size in dict.fromkeys(
        re.findall(r"(?:of length|length|rank|dimensions?|exactly|list of|tuple of) (\d)\b", text)
    ):
        if 1 < int(size) < 6:
            yield "[" + ", ".join(["2"] * int(size)) + "]"
    if re.search(
        r"between|range|\[0|\(0|less than|greater than|probability|positive|non-negative|at least|interval", text
    ):
        yield from (
            value for value in ("0.5", "0.1", "1", "2", "1.0", "4", "8", "(0.1, 0.5)", "16") if value != current
        )
    if re.search(r"divisible|multiple of|divide", text):
        yield from (value for value in ("8", "4", "2", "1", "16") if value != current)
    yield from values


def _numbers(text: str, arguments: Arguments) -> Iterator[tuple[int, Arguments]]:
    """One of the sizes that the text names, for an argument that has another of them."""
    numbers = list(dict.fromkeys(re.findall(r"(?<![\w.])(\d{1,4})(?![\w.])", text[:600])))
    for name, value in arguments.items():
        if value in numbers:
            for number in [number for number in numbers if number != value and int(number) > 0][:3]:
                yield 3, {**arguments, name: number}
