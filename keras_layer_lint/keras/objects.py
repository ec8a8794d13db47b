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
PLAIN = frozenset({ClassKind.LOSS, ClassKind.INITIALIZER, ClassKind.CONSTRAINT, ClassKind.REGULARIZER})
"""Kinds of classes that have hardly any attributes of their own, and none of those that a layer has."""
NO_MORE_ATTRIBUTES = frozenset(
    f"keras.{name}"
    for name in ("losses.Loss", "initializers.Initializer", "constraints.Constraint", "regularizers.Regularizer")
)
"""Classes that users derive from, whose attributes are known."""
OBJECT_ATTRIBUTES = frozenset(
    """name reduction dtype call clone from_config get_config _allow_sum_over_batch_size _get_reduction _name_scope
    _set_name_scope _warn_reuse _dtype _dtype_policy _obj_type _unpickle_model _keras_api_names _keras_api_names_v1
    _api_export_path _api_export_symbol_id""".split()
)
"""What they have of their own: `dir()` of instances, with tf_keras 2.21 and keras 3.15."""


@dataclass(frozen=True, slots=True)
class ObjectBase:
    """A base class other than layers and models in one generation."""

    config: frozenset[str] | None
    """The keys of its `get_config()`; None where that raises NotImplementedError."""
    arguments: frozenset[str]
    """What its `__init__` takes by name."""
    positions: tuple[str, ...]
    """The same, its own first and in their order, then those of its bases."""


@cache
def _bases() -> Mapping[str, Mapping[Generation, ObjectBase]]:
    return {
        name: {
            Generation(keras): ObjectBase(
                None if facts["config"] is None else frozenset(facts["config"]),
                frozenset(facts["config"] or ()) | frozenset(facts["arguments"]),
                tuple(facts["arguments"]),
            )
            for keras, facts in generations.items()
        }
        for name, generations in read_table("objects")["bases"].items()
    }


def object_bases(name: str, generations: Iterable[Generation]) -> tuple[ObjectBase, ...]:
    """The facts on a base class by canonical name, one for each generation; none for any other class."""
    known = _bases().get(name, {})
    return tuple(known[generation] for generation in in_order(generations) if generation in known)
