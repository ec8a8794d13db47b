"""What the bases of losses, metrics and other objects take and save. The measured part is `objects.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.tables import read_table
from keras_layer_lint.target import Generation, in_order

LAYERS = frozenset({ClassKind.LAYER, ClassKind.MODEL})
OBJECTS = LAYERS | {
    ClassKind.LOSS,
    ClassKind.METRIC,
    ClassKind.INITIALIZER,
    ClassKind.REGULARIZER,
    ClassKind.CONSTRAINT,
    ClassKind.SCHEDULE,
    ClassKind.OPTIMIZER,
}
"""Every kind of class that Keras saves by its config."""


@dataclass(frozen=True, slots=True)
class ObjectBase:
    """A base class other than layers and models in one generation."""

    config: frozenset[str] | None
    """The keys of its `get_config()`; None where that raises NotImplementedError."""
    arguments: frozenset[str]
    """What its `__init__` takes by name."""


@cache
def _bases() -> Mapping[str, Mapping[Generation, ObjectBase]]:
    return {
        name: {
            Generation(keras): ObjectBase(
                None if facts["config"] is None else frozenset(facts["config"]),
                frozenset(facts["config"] or ()) | frozenset(facts["arguments"]),
            )
            for keras, facts in generations.items()
        }
        for name, generations in read_table("objects")["bases"].items()
    }


def object_bases(name: str, generations: Iterable[Generation]) -> tuple[ObjectBase, ...]:
    """The facts on a base class by canonical name, one for each generation; none for any other class."""
    known = _bases().get(name, {})
    return tuple(known[generation] for generation in in_order(generations) if generation in known)
