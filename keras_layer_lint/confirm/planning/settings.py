"""Configurations as text, `klint.Settings(width=8, model=klint.Settings(rate=0.25))`, with what the code reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from keras_layer_lint.confirm.planning.names import by_name, kind_of

OPENED = "klint.Settings("


def settings_with(paths: Iterable[str], called: Iterable[str], words: Mapping[str, Iterable[str]] | None = None) -> str:
    """Settings with these attributes, and attributes of attributes: `width`, `model.rate`; functions if called.

    `words`: what attributes are compared with.
    """
    within: dict[str, list[str]] = {}
    calls = set(called)
    for path in paths:
        first, _, rest = path.partition(".")
        within.setdefault(first, []).extend([rest] if rest else [])
    parts = []
    for name, inner in within.items():
        inner_calls = {path.removeprefix(f"{name}.") for path in calls if path.startswith(f"{name}.")}
        word = next(iter((words or {}).get(name, ())), None)
        if inner:
            value = settings_with(inner, inner_calls)
        else:
            value = sensible(name, called=name in calls) if word is None else repr(word)
        parts.append(f"{name}={value}")
    return f"{OPENED}{', '.join(parts)})"


def sensible(name: str, *, called: bool = False) -> str:
    """A value that the name speaks for; a function, or a class of layers, where it is called."""
    if not called:
        return next(iter(by_name(name)), "8")
    if re.search(r"norm|(^|_)bn($|_)", name.lower()):
        return "keras.layers.BatchNormalization"
    return next((value for value in by_name(name) if kind_of(value) == "callable"), "keras.activations.relu")


def is_called(name: str, lines: Iterable[str]) -> bool:
    """Whether lines of code call an attribute of that name."""
    return any(re.search(rf"\.{re.escape(name)}\(", line) for line in lines)
