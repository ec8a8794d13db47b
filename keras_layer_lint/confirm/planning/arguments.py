"""Arguments of a constructor: what it takes, and candidates for each parameter as Python text."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from itertools import islice
from typing import Any

from keras_layer_lint.confirm.planning.asked import Asked, Parameter
from keras_layer_lint.confirm.planning.ladder import LADDER, spelled
from keras_layer_lint.confirm.planning.own_parts import classes_with
from keras_layer_lint.confirm.planning.reading import Reading, read
from keras_layer_lint.keras.methods import BASE_ARGUMENTS, MORE_BASE_ARGUMENTS

OF_EVERY_LAYER = frozenset(BASE_ARGUMENTS + MORE_BASE_ARGUMENTS)
_MOST = 14
_MOST_PARTS = 3


def parameters(cls: Any, base: Any) -> dict[str, Parameter]:
    """What the constructor takes, in order; bases count as far as `**kwargs` reaches them."""
    found: dict[str, Parameter] = {}
    if cls.__init__ is object.__init__ and cls.__new__ is not object.__new__:  # a named tuple
        taken = _signature(cls)
        return {
            each.name: Parameter(each.name, each.default is each.empty, each.default, each.annotation) for each in taken
        }
    for number, each in enumerate(cls for cls in cls.__mro__ if "__init__" in vars(cls)):
        try:
            signature = inspect.signature(each.__init__)
        except (TypeError, ValueError):
            break
        taken = list(signature.parameters.values())[1:]
        for parameter in taken:
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            # What a base needs, the class may pass on by itself.
            required = parameter.default is parameter.empty and number == 0
            found.setdefault(
                parameter.name, Parameter(parameter.name, required, parameter.default, parameter.annotation)
            )
        words = [parameter.name for parameter in taken if parameter.kind is parameter.VAR_KEYWORD]
        if each is base or not words:
            break
        for name, default in taken_from(each.__init__, words[0]):
            # Where nothing else is taken, None stands for what has to be there.
            is_needed = default is inspect.Parameter.empty or (default is None and len(taken) == 1)
            if name not in OF_EVERY_LAYER:
                found.setdefault(name, Parameter(name, is_needed and number == 0, default, inspect.Parameter.empty))
    return found


def _signature(cls: Any) -> list[inspect.Parameter]:
    """What the class itself takes; nothing where it does not tell."""
    try:
        taken = inspect.signature(cls).parameters.values()
    except (TypeError, ValueError):
        return []
    return [each for each in taken if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)]


def taken_from(function: Any, words: str) -> Iterator[tuple[str, Any]]:
    """What a function takes out of its `**words`, with the default for it: `words.get("size", 4)`, `words["size"]`."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="get" | "pop" as method),
                args=[ast.Constant(value=str(key)), *rest],
            ) if name == words and len(rest) < 2:
                missing = None if method == "get" else inspect.Parameter.empty
                yield key, _literal(rest[0]) if rest else missing
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key)), ctx=ast.Load()):
                if name == words:
                    yield key, inspect.Parameter.empty


def _literal(node: ast.expr) -> Any:
    """The value of a default; what is no plain value is some default, too."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return ...


class Candidates:
    """Values to try for the parameters of one class."""

    def __init__(self, cls: Any, base: Any, reading: Reading, depth: int = 0) -> None:
        self.parameters = parameters(cls, base)
        self._cls = cls
        self._base = base
        self._reading = reading
        self._depth = depth
        self._known: dict[str, tuple[str, ...]] = {}

    def first(self) -> dict[str, str]:
        """The likeliest value for each parameter that has no default."""
        return {name: self.of(name)[0] for name, parameter in self.parameters.items() if parameter.required}

    def of(self, name: str) -> tuple[str, ...]:
        """Candidates for one parameter, the likeliest first."""
        if name not in self._known:
            self._known[name] = tuple(dict.fromkeys(self._with_nothing(name)))[:_MOST]
        return self._known[name]

    def within(self, cls: type) -> dict[str, str]:
        """The likeliest arguments of another class, from its signature alone."""
        return Candidates(cls, self._base, Reading(), self._depth + 1).first()

    def parts_with(self, attribute: str) -> list[str]:
        """Layers of the same module that have the attribute, as text."""
        found = classes_with(attribute, self._cls, self._base)
        return [f"{name}({spelled(self._read_within(cls))})" for name, cls in islice(found, _MOST_PARTS)]

    def _read_within(self, cls: type) -> dict[str, str]:
        """The likeliest arguments of another class, whose code is read, too."""
        return Candidates(cls, self._base, read(cls, self._base), self._depth + 1).first()

    def _with_nothing(self, name: str) -> Iterator[str]:
        """The candidates; an empty list or dict comes second where the code asks whether there is something in it."""
        ordered = self._ordered(name)
        for first in ordered:
            yield first
            if first[0] in "[{" and len(first) > 2 and "flag" in self._reading.of(name).kinds:
                yield "[]" if first[0] == "[" else "{}"
            break
        yield from ordered

    def _ordered(self, name: str) -> Iterator[str]:
        use, form = self._reading.of(name), self._reading.forms.get(name)
        asked = Asked(name, self.parameters.get(name), use, self._cls, self._base, self._depth, self, form)
        for rung in LADDER:
            yield from rung(asked)


def read_arguments(text: str, cls: Any) -> dict[str, str] | None:
    """Arguments by name from their text; None where it does not read or does not fit the constructor."""
    try:
        call = ast.parse(f"_({text}\n)", mode="eval").body
        names = [
            parameter.name
            for parameter in list(inspect.signature(cls.__init__).parameters.values())[1:]
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]
    except (SyntaxError, ValueError, TypeError):
        return None
    if not isinstance(call, ast.Call) or len(call.args) > len(names):
        return None
    if any(isinstance(value, ast.Starred) for value in call.args) or any(word.arg is None for word in call.keywords):
        return None
    given = {name: ast.unparse(value) for name, value in zip(names, call.args, strict=False)}
    return given | {str(word.arg): ast.unparse(word.value) for word in call.keywords}
