"""What Keras hands to the methods that it calls itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.target import Target


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The arguments of one call, without `self`: so many by position, and some by name."""

    by_position: int = 0
    by_name: tuple[str, ...] = ()


def _both(handed: HandedOver) -> Mapping[Target, HandedOver]:
    return {Target.KERAS2: handed, Target.KERAS3: handed}


def _step() -> Mapping[Target, HandedOver]:
    """A step gets a batch; on JAX, where steps have no side effects, the state before it."""
    return {**_both(HandedOver(1)), Target.KERAS3_JAX: HandedOver(2)}


_ONE = {"__call__": _both(HandedOver(1))}
HANDED_OVER: Mapping[ClassKind, Mapping[str, Mapping[Target, HandedOver]]] = {
    ClassKind.LAYER: {"call": _both(HandedOver(1))},
    ClassKind.MODEL: {
        "call": _both(HandedOver(1)),
        "train_step": _step(),
        "test_step": _step(),
        "predict_step": _step(),
        "compute_loss": _both(HandedOver(4)),
        "compute_metrics": {Target.KERAS2: HandedOver(4), Target.KERAS3: HandedOver(3, ("sample_weight",))},
    },
    ClassKind.LOSS: {"call": _both(HandedOver(2))},
    ClassKind.METRIC: {
        "update_state": _both(HandedOver(2, ("sample_weight",))),
        "result": _both(HandedOver()),
        "reset_state": _both(HandedOver()),
    },
    ClassKind.INITIALIZER: {"__call__": _both(HandedOver(1, ("dtype",)))},
    ClassKind.REGULARIZER: _ONE,
    ClassKind.CONSTRAINT: _ONE,
    ClassKind.SCHEDULE: _ONE,
    ClassKind.OPTIMIZER: {"update_step": {Target.KERAS2: HandedOver(2), Target.KERAS3: HandedOver(3)}},
}
"""By kind of class and name of method, what Keras calls it with.

Run with tf_keras 2.21 and Keras 3.15: a method that takes one argument less or needs one more raises TypeError in
`fit`, `evaluate` or `predict`, or when the layer is called. What `build` and `compute_mask` get is told by KLL211."""
CELL = {
    Target.KERAS2: HandedOver(by_name=("inputs", "batch_size", "dtype")),
    Target.KERAS3: HandedOver(by_name=("batch_size",)),
}
"""What an RNN calls `get_initial_state` of its cell with."""
OF_COMPILED_METRICS = ("y_true", "y_pred")
"""How `update_state` calls its first parameters where the metric is given to `compile`: others are called by hand."""
