"""How layers are run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keras_layer_lint.confirm.probe import Recipe
from keras_layer_lint.confirm.shard import Shard


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How to run layers."""

    everything: bool = False
    """Also layers without findings, and for failures that no rule saw."""
    device: str = "auto"
    timeout: float = 60.0
    """Seconds of processor time that a layer gets; by the clock it gets more."""
    jobs: int = 0
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    shard: Shard | None = None
    """Only this part of the classes."""
    scheduler: str = ""
    """Address of a Dask cluster that runs them, `dask://host:port`; empty for this machine."""
    cache: Path | None = None
    """Where verdicts are kept from run to run; None for nowhere."""


def recipes_of(value: Mapping[str, Mapping[str, Any]]) -> dict[str, Recipe]:
    """The recipes of a configuration file."""
    return {name: Recipe(**entry) for name, entry in value.items()}
