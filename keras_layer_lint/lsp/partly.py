"""Which classes of a module an edit can touch, and what holds on of what was found in the others.

A class is linted again where its text has changed, or where it and one that is linted again name each other, be it by
way of others. Whatever changes outside of classes touches all of them.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.source.decode import split_lines

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Outline:
    """The classes of a module, each under a name of its own, and what stands outside of them."""

    classes: Mapping[str, tuple[int, int]]
    """The first line, a decorator's too, and the last."""
    lines: tuple[str, ...]

    def text(self, name: str) -> str:
        """The lines of a class."""
        first, last = self.classes[name]
        return "".join(self.lines[first - 1 : last])

    def outside(self) -> list[int]:
        """The numbers of the lines outside of classes."""
        within = {line for first, last in self.classes.values() for line in range(first, last + 1)}
        return [line for line in range(1, len(self.lines) + 1) if line not in within]


def outline_of(text: str) -> Outline | None:
    """None where the text does not parse, or has two classes of one name."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that are none
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines = tuple(split_lines(text))
    nodes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    found = {node.name: (_first(node), node.end_lineno or node.lineno) for node in nodes}
    return Outline(found, lines) if len(found) == len(nodes) else None


def _first(node: ast.ClassDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def touched(before: Outline, after: Outline) -> frozenset[str] | None:
    """The classes that an edit may touch; None for all."""
    if list(before.classes) != list(after.classes):
        return None
    if [before.lines[line - 1] for line in before.outside()] != [after.lines[line - 1] for line in after.outside()]:
        return None
    names = after.classes.keys()
    texts = {name: (before.text(name), after.text(name)) for name in names}
    named = {name: names & set(_WORD.findall("".join(both))) for name, both in texts.items()}
    found: set[str] = set()
    waiting = [name for name, (old, new) in texts.items() if old != new]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [other for other in names if other in named[name] or name in named[other]]
    return frozenset(found)


def kept(
    diagnostics: Iterable[Diagnostic], before: Outline, after: Outline, again: frozenset[str]
) -> tuple[list[Diagnostic], frozenset[str]] | None:
    """What holds on of what was found, and the classes to lint again: messages name lines, which must not have moved.

    None where that cannot be told: what was found in a class that is linted again stands elsewhere, and other classes
    may come to it, too.
    """
    of_classes = [(each, each.class_name) for each in diagnostics if each.class_name is not None]
    for each, name in of_classes:  # functions are linted again anyhow
        if name not in before.classes:
            return None
        first, last = before.classes[name]
        if name in again and not first <= each.span.line <= last:
            return None
    if len(before.lines) != len(after.lines):
        again |= {name for _, name in of_classes}
    return [each for each, name in of_classes if name not in again], again
