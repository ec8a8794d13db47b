"""The evaluated arguments of a call."""

from __future__ import annotations

from dataclasses import dataclass, field

from keras_layer_lint.values.value import Dict, PythonValue, Value


@dataclass(slots=True)
class Arguments:
    """Positional and keyword values; `star`: an element of what was given with `*` and could not be spelled out."""

    positional: list[Value] = field(default_factory=list)
    keywords: dict[str, Value] = field(default_factory=dict)
    star: Value | None = None
    star_kwargs: list[Value] = field(default_factory=list)
    explicit: set[str] = field(default_factory=set)
    """Keywords that the call itself names, whatever `**kwargs` of the caller may hold."""

    def values(self) -> list[Value]:
        """All of them."""
        return [*self.positional, *self.keywords.values()]

    def get(self, position: int, keyword: str) -> Value | None:
        """One argument, however it was given."""
        if position < len(self.positional):
            return self.positional[position]
        return self.keywords.get(keyword)

    def text(self, keyword: str) -> str | None:
        """A keyword's value where it is a literal string."""
        value = self.keywords.get(keyword)
        return value.constant if isinstance(value, PythonValue) and isinstance(value.constant, str) else None

    @property
    def are_complete(self) -> bool:
        """Whether all arguments were read: no `*` or `**` of unknown content."""
        return self.star is None and all(isinstance(v, Dict) and v.complete for v in self.star_kwargs)
