"""Which arguments a call gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.values.containers import Dict
from keras_layer_lint.values.value import PythonValue, Value


@dataclass(frozen=True, slots=True)
class CallArguments:
    """The evaluated arguments of a call, positional and by keyword.

    What `*` and `**` give stands among them where it can be spelled out.
    """

    positional: tuple[Value, ...] = ()
    """Those whose position is known."""
    keywords: Mapping[str, Value] = field(default_factory=dict)
    star: Value | None = None
    """An element of what was given with `*` and could not be spelled out."""
    after_star: tuple[Value, ...] = ()
    """Positional values behind it, so that their position is not known."""
    star_kwargs: tuple[Value, ...] = ()
    """What was given with `**`."""
    explicit: frozenset[str] = frozenset()
    """Keywords that the call itself names, whatever `**kwargs` of the caller may hold."""
    written: frozenset[str] = frozenset()
    """Keywords that the code has put into the `**kwargs` of the caller, whatever it held: `kwargs["units"] = 4`."""

    @property
    def not_spelled_out(self) -> tuple[object, ...]:
        """What a function that is called sees of the rest."""
        return (self.star, self.after_star, self.star_kwargs)

    def values(self) -> list[Value]:
        """All of them, but for what could not be spelled out."""
        return [*self.positional, *self.after_star, *self.keywords.values()]

    def get(self, position: int, *keywords: str) -> Value | None:
        """One argument, however it was given: by position, or by the first of the keywords that there is."""
        if position < len(self.positional):
            return self.positional[position]
        return next((self.keywords[keyword] for keyword in keywords if keyword in self.keywords), None)

    def text(self, keyword: str) -> str | None:
        """A keyword's value where it is a literal string."""
        value = self.keywords.get(keyword)
        return value.constant if isinstance(value, PythonValue) and isinstance(value.constant, str) else None

    @property
    def are_complete(self) -> bool:
        """Whether all arguments were read: no `*` or `**` of unknown content, such as the caller's own `**kwargs`."""
        known = all(isinstance(v, Dict) and v.complete and not v.arguments for v in self.star_kwargs)
        return self.star is None and known

    @property
    def certain(self) -> frozenset[str]:
        """Keywords that the call gives on every path: not those that a dict may hold or not."""
        dicts = [value for value in self.star_kwargs if isinstance(value, Dict)]
        return self.explicit - {key for d in dicts for key, entry in d.entries.items() if not entry.always}

    def without_first(self) -> CallArguments:
        """All but the first positional one, such as the `self` of `Base.build(self, shape)`."""
        return replace(self, positional=self.positional[1:])

    def only_explicit(self) -> CallArguments:
        """Without the keywords that only `**kwargs` of the caller may hold."""
        return replace(self, keywords={name: self.keywords[name] for name in sorted(self.explicit)})
