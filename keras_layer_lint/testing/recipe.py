"""How a layer is made and called in a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Recipe:
    """A layer class with the arguments of its constructor, and what it is called on."""

    cls: Any
    """The class: a layer, a model, an RNN cell, a loss, a metric, an initializer, a regularizer, a constraint, a
    schedule or an optimizer."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """The arguments of the constructor, by name."""
    inputs: Any = None
    """The first argument of the call: an array with the batch first, a list or dict of such, or a text like
    `float32[2,8]`, from which values are drawn. None for what is no layer."""
    call: Mapping[str, Any] = field(default_factory=dict)
    """More arguments of the call, by name: arrays and plain values."""

    def __call__(self) -> Any:
        """Make the layer."""
        return self.cls(**self.arguments)
