"""A parameter that is to have a value, and what is known of it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any, Protocol

from keras_layer_lint.confirm.planning.forms import Form
from keras_layer_lint.confirm.planning.uses import Use


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a constructor."""

    name: str
    required: bool
    default: Any
    annotation: Any


class Others(Protocol):
    """Candidates for the parameters of a class."""

    def of(self, name: str) -> tuple[str, ...]: ...
    def within(self, cls: type) -> dict[str, str]: ...
    @property
    def parameters(self) -> dict[str, Parameter]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A parameter that is to have a value, and what is known of it."""

    name: str
    parameter: Parameter | None
    use: Use
    cls: Any
    base: Any
    depth: int
    """How many constructors stand around this one."""
    others: Others
    form: Form | None = None
    """What the code takes it to be made of."""

    @property
    def annotation(self) -> Any:
        """What annotates it; None where nothing does."""
        known = self.parameter.annotation if self.parameter else None
        return None if known is inspect.Parameter.empty else known

    @property
    def annotated(self) -> str:
        """The annotation as text."""
        annotation = self.annotation
        if annotation is None or isinstance(annotation, str):
            return annotation or ""
        return annotation.__name__ if isinstance(annotation, type) else str(annotation)

    @property
    def default(self) -> Any:
        """Its default; None where it has none."""
        known = self.parameter.default if self.parameter else None
        return None if known is inspect.Parameter.empty else known
