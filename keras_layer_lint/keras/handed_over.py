"""What Keras hands to the methods that it calls itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.target import Target


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The arguments of one call, without `self`: some by position, as Keras names them, and some by name."""

    positional: tuple[str, ...] = ()
    by_name: tuple[str, ...] = ()

    @property
    def by_position(self) -> int:
        """How many are given by position."""
        return len(self.positional)

    def signature(self, method: str) -> str:
        """How to define a method that takes them."""
        return f"def {method}({', '.join(['self', *self.positional, *(f'{name}=None' for name in self.by_name)])})"


def _takes(*positional: str, by_name: tuple[str, ...] = ()) -> Mapping[Target, HandedOver]:
    return dict.fromkeys((Target.KERAS2, Target.KERAS3), HandedOver(positional, by_name))


def _step() -> Mapping[Target, HandedOver]:
    """A step gets a batch; on JAX, where steps have no side effects, the state before it."""
    return {**_takes("data"), Target.KERAS3_JAX: HandedOver(("state", "data"))}


HANDED_OVER: Mapping[ClassKind, Mapping[str, Mapping[Target, HandedOver]]] = {
    ClassKind.LAYER: {"call": _takes("inputs")},
    ClassKind.MODEL: {
        "call": _takes("inputs"),
        "train_step": _step(),
        "test_step": _step(),
        "predict_step": _step(),
        "compute_loss": _takes("x", "y", "y_pred", "sample_weight"),
        "compute_metrics": {
            Target.KERAS2: HandedOver(("x", "y", "y_pred", "sample_weight")),
            Target.KERAS3: HandedOver(("x", "y", "y_pred"), ("sample_weight",)),
        },
    },
    ClassKind.LOSS: {"call": _takes("y_true", "y_pred")},
    ClassKind.METRIC: {
        "update_state": _takes("y_true", "y_pred", by_name=("sample_weight",)),
        "result": _takes(),
        "reset_state": _takes(),
    },
    ClassKind.INITIALIZER: {"__call__": _takes("shape", by_name=("dtype",))},
    ClassKind.REGULARIZER: {"__call__": _takes("x")},
    ClassKind.CONSTRAINT: {"__call__": _takes("w")},
    ClassKind.SCHEDULE: {"__call__": _takes("step")},
    ClassKind.OPTIMIZER: {
        "update_step": {
            Target.KERAS2: HandedOver(("gradient", "variable")),
            Target.KERAS3: HandedOver(("gradient", "variable", "learning_rate")),
        }
    },
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
