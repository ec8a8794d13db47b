"""Whether the `call` of a Model only puts a functional model together, once: what is trained is that. By text alone.

    def build_graph(self):
        x = keras.Input((4,))
        return keras.Model(x, self.call(x))

A project that takes nothing but this of the objects that it makes never has `call` run again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_layer_lint.model.mentions import BASES, HEAD, Mention, Mentions

_METHOD = re.compile(r"\n[ \t]+def[ ]+(?P<name>\w+)\([^\n]*(?P<body>(?:\n(?![ \t]+def\b)[^\n]*)*)")
_WIRES = re.compile(r"\bself\.call\(")
_INPUT = re.compile(r"\bInput\(")
_MODEL = re.compile(r"\b(?:Model|Functional)\(")
_KEPT = re.compile(r"(?:\A|\n)[ \t]*(?P<name>\w{1,80})[ ]{0,4}=[ ]{0,4}(?:\w{1,80}\.){0,4}\Z")
"""What stands before an object that is made and kept under a name."""
_LONGEST_TARGET = 400


def wiring_methods(statement: str) -> frozenset[str]:
    """The methods of a class, by its text, that make a functional model of what `call` does with inputs."""
    return frozenset(
        found["name"]
        for found in _METHOD.finditer(statement)
        if all(pattern.search(found["body"]) is not None for pattern in (_WIRES, _INPUT, _MODEL))
    )


def is_only_wired(named: Mentions, file: int, name: str) -> bool:
    """Whether a project takes nothing of the objects of a class but the functional models that they put together."""
    methods = _methods(named, file, name)
    mentions = list(named.of(file, name)) if methods else []
    return bool(mentions) and all(_takes_only(named, mention, methods) for mention in mentions)


def _methods(named: Mentions, file: int, name: str) -> frozenset[str]:
    text = named.files[file].text
    found = re.search(rf"^class[ ]+{re.escape(name)}\b", text, re.MULTILINE)
    return frozenset() if found is None else wiring_methods(named.statement(named.place(file, found.start())))


def _takes_only(named: Mentions, mention: Mention, methods: frozenset[str]) -> bool:
    """Whether an object that is made somewhere is asked for such methods only."""
    text = named.files[mention.place.file].text
    end = _closing(text, mention.end)
    if end is None or named.is_among_bases(mention.place, mention.end):
        return False
    if _asks(text, end, methods):
        return True  # as soon as it is made
    kept = _KEPT.search(text, max(0, mention.start - _LONGEST_TARGET), mention.start)
    if kept is None:
        return False
    begin = named.begin(mention.place)
    statement = named.statement(mention.place)
    head = HEAD.match(statement)
    is_within = head is not None and head["kind"] is not None and BASES.match(statement) is None
    first, last = (begin, begin + len(statement)) if is_within else (0, len(text))
    uses = list(_uses(text[first:last], kept["name"], kept.start("name") - first))
    return bool(uses) and all(_asks(text, first + use, methods) for use in uses)


def _uses(text: str, name: str, made: int) -> Iterator[int]:
    """Where a name ends, but where the object gets it; modules may have the same name."""
    for found in re.finditer(rf"(?<![\w.]){re.escape(name)}\b", text):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        if found.start() != made and "#" not in line and not line.startswith(("from ", "import ")):
            yield found.end()


def _asks(text: str, position: int, methods: frozenset[str]) -> bool:
    """Whether what ends at a position is asked for one of some methods."""
    found = re.compile(r"\.(\w+)\(").match(text, position)
    return found is not None and found[1] in methods


def _closing(text: str, position: int) -> int | None:
    """Where the brackets end that open at a position; None where none do."""
    if not text.startswith("(", position):
        return None
    depth = 0
    for at in range(position, len(text)):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0:
            return at + 1
    return None
