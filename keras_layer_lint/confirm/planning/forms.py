"""What a value is made of, `a pair of lists of dicts with the key "size"`, and a value made so, as Python text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from keras_layer_lint.confirm.planning.names import by_kind
from keras_layer_lint.confirm.planning.settings import OPENED, sensible
from keras_layer_lint.confirm.planning.usual import COLUMNS

DEEPEST = 4
MOST_PARTS = 6
_SMALL = "4"
"""A number that is an index as well as a size: nothing tells which."""
COLUMN_NAMES = tuple(f"feat_{number}" for number in range(1, COLUMNS + 1))
WORD = frozenset({"feat", "feature", "name", "key", "col", "column", "field"})
"""Keys, or last parts of them, under which names stand."""


@dataclass(slots=True)
class Form:
    """What is done with one value: its keys, attributes and elements that the code takes."""

    keys: dict[str, Form] = field(default_factory=dict)
    attributes: dict[str, Form] = field(default_factory=dict)
    parts: dict[int, Form] = field(default_factory=dict)
    """By number: of what is unpacked."""
    element: Form | None = None
    """Of what a loop runs over."""
    held: Form | None = None
    """Of a dict that is gone through: what stands under its keys."""
    name: str = ""
    """Of what it is unpacked to."""
    taken_as: str = ""
    """It holds some of the values under a key of this name."""
    array: str = ""
    """A kind of array: `matrix`, `table`."""
    given_as: str = ""
    """The argument of a layer of Keras that it is given as: `units`."""
    classes: dict[type, None] = field(default_factory=dict)
    """Of the project, that it is tested for."""

    @property
    def is_nested(self) -> bool:
        """Whether it is made of what is made of something itself, and not of attributes alone."""
        if self.held is not None:
            return True
        return any(each.is_made_of_something for each in self.inner()) and self._is_taken_apart()

    def _is_taken_apart(self) -> bool:
        is_here = bool(self.keys or self.parts or self.element or self.held)
        return is_here or any(each._is_taken_apart() for each in self.attributes.values())

    @property
    def is_made_of_something(self) -> bool:
        within = self.keys or self.attributes or self.parts or self.element or self.held
        return bool(within or self.taken_as or self.array)

    def inner(self) -> Iterator[Form]:
        """What it is made of."""
        yield from (*self.keys.values(), *self.attributes.values(), *self.parts.values())
        yield from (each for each in (self.element, self.held) if each is not None)

    def is_unpacked_within(self) -> bool:
        """Whether elements are unpacked that are unpacked themselves: `(nodes, edges), mask = inputs`."""
        return any(len(each.parts) > 1 for each in self.parts.values()) and len(self.parts) > 1

    def has_mappings(self) -> bool:
        """Whether it is a dict that is gone through, or holds one."""
        return self.held is not None or any(each.has_mappings() for each in self.inner())

    def under_keys(self) -> Form:
        """What stands under the keys of the dict that it is."""
        self.held = self.held or Form()
        return self.held

    def one(self) -> Form:
        """One of its elements."""
        self.element = self.element or Form()
        return self.element

    def merge(self, other: Form, depth: int = 0) -> None:
        """Count what is done with another value, which is this one, in."""
        if other is self or depth > DEEPEST:
            return
        for mine, its in ((self.keys, other.keys), (self.attributes, other.attributes), (self.parts, other.parts)):
            for name, form in its.items():
                mine.setdefault(name, Form()).merge(form, depth + 1)  # type: ignore[arg-type]
        if other.element is not None:
            self.one().merge(other.element, depth + 1)
        if other.held is not None:
            self.under_keys().merge(other.held, depth + 1)
        self.taken_as = self.taken_as or other.taken_as
        self.array = self.array or other.array
        self.given_as = self.given_as or other.given_as
        self.classes |= other.classes


def spelled(form: Form, name: str, number: int = 1, depth: int = 0) -> str:
    """A value of the form as Python text; the name says what a value is that has no form."""
    if depth > DEEPEST:
        return sensible(name)
    if form.keys:
        return (
            "{"
            + ", ".join(f"{key!r}: {spelled(each, key, number, depth + 1)}" for key, each in form.keys.items())
            + "}"
        )
    if form.attributes:
        inner = (f"{key}={spelled(each, key, number, depth + 1)}" for key, each in form.attributes.items())
        return f"{OPENED}{', '.join(inner)})"
    if len(form.parts) > 1:
        count = min(max(form.parts) + 1, MOST_PARTS)
        # Nothing is said of some: `dense, sparse = columns`, of which only one is looked into.
        known = next((each for each in form.parts.values() if each.is_made_of_something), Form())
        given = [form.parts.get(at, Form()) for at in range(count)]
        inner_forms = [each if each.is_made_of_something else known for each in given]
        parts = [spelled(each, name, at + 1, depth + 1) for at, each in enumerate(inner_forms)]
        return f"[{', '.join(parts)}]"
    if form.held is not None:
        held = spelled(form.held, "", depth=depth + 1) if form.held.is_made_of_something else _SMALL
        return "{" + ", ".join(f"'{key}': {held}" for key in COLUMN_NAMES) + "}"
    if form.array and depth:
        return by_kind(form.array)[0]
    if form.taken_as:
        return f"['{form.taken_as}_1', '{form.taken_as}_2']"
    element = form.element or form.parts.get(0)
    if element is not None:
        numbers = range(1, COLUMNS + 1) if element.is_made_of_something and not element.array else (1, 2)
        return f"[{', '.join(spelled(element, _singular(name), at, depth + 1) for at in numbers)}]"
    if form.given_as and depth:
        return sensible(form.given_as)
    if name.rpartition("_")[2] in WORD and depth:
        return f"'{name}_{number}'"
    return sensible(name) if name else _SMALL


def _singular(name: str) -> str:
    return name.removesuffix("s")
