"""What the bases of losses, metrics and other objects take and save; measured with tf_keras 2.21 and keras 3.15."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from keras_layer_lint.keras.kinds import ClassKind

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


def _base(config: str | None, arguments: str = "") -> ObjectBase:
    keys = None if config is None else frozenset(config.split())
    return ObjectBase(keys, (keys or frozenset()) | frozenset(arguments.split()))


_OPTIMIZER = "clipnorm clipvalue ema_momentum ema_overwrite_frequency global_clipnorm name use_ema weight_decay "
_BASES = {
    "keras.losses.Loss": {"2": _base("name reduction"), "3": _base("name reduction", "dtype")},
    "keras.metrics.Metric": {"2": _base("name dtype"), "3": _base("name dtype")},
    "keras.initializers.Initializer": {"2": _base(""), "3": _base("")},
    "keras.constraints.Constraint": {"2": _base(""), "3": _base("")},
    "keras.regularizers.Regularizer": {"2": _base(None), "3": _base(None)},
    "keras.optimizers.schedules.LearningRateSchedule": {"2": _base(None), "3": _base(None)},
    "keras.optimizers.Optimizer": {
        "2": _base(f"{_OPTIMIZER} is_legacy_optimizer jit_compile"),
        "3": _base(f"{_OPTIMIZER} gradient_accumulation_steps learning_rate loss_scale_factor"),
    },
}


def object_bases(name: str, generations: Iterable[str]) -> tuple[ObjectBase, ...]:
    """The facts on a base class by canonical name, one for each generation; none for any other class."""
    known = _BASES.get(name, {})
    return tuple(known[keras] for keras in sorted(generations) if keras in known)
