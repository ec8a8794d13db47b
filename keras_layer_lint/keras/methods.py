"""The methods that Keras itself calls, and the arguments that its bases take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.versions import AUTOGRAPH_LEAVES_KERAS_ALONE
from keras_layer_lint.target import EVERY_VERSION, Versions

LIFE = ("__init__", "build", "call", "get_config")
"""The methods of a layer that Keras calls, in the order of its life."""
STEPS = ("train_step", "test_step", "predict_step")
"""The methods of a model that `fit`, `evaluate` and `predict` call for each batch."""
COMPILED = ("call", *STEPS)
"""The methods that Keras traces, and has XLA compile where it does so."""
SAVING = ("save_assets", "load_assets", "save_own_variables", "load_own_variables")
"""The methods that save and load what the weights of a layer do not hold."""
LEARNING = ("adapt", "fit", "learn", "calibrate")
"""Methods by which users let a layer learn from data before training; `adapt` is that of Keras's own layers."""
DEFINED_BY_KERAS = (*LIFE, "from_config")
"""What every layer and model of Keras defines, so that a class of the project behind it does not come into play."""
OCCASIONAL = frozenset(
    """
    compute_loss compute_mask compute_metrics compute_output_shape compute_output_spec get_initial_state reset_state
    reset_states result update_state
    """.split()
) | set(STEPS)
"""Methods that Keras calls in some lives of a layer, those of `LIFE` apart."""
AFTER_BUILD = frozenset({*STEPS, "compute_mask", "compute_metrics", "save_own_variables", "save_assets"}) | {
    "on_train_begin"
}
"""Methods that Keras calls on a layer that is built."""
NEEDS_OWN_INIT = frozenset({"keras.Model", "keras.layers.Layer", "keras.losses.Loss"})
"""Classes that no object can do without the `__init__` of: its first use raises, or the first assignment of a layer.

Measured with Keras 2.21 and 3.15; in Keras 2 a metric can.
"""
OWN_LOOPS = ("train_step", "fit", "__call__")
"""Methods of a Model that, where it defines them itself, may pass `training=True` on their own."""
WORKING = ("update_state", "call", "__call__")
"""The method that does the work: of a metric, of a layer or loss, of any other object."""
REQUIRED = {
    ClassKind.LOSS: "call",
    ClassKind.METRIC: "result",
    ClassKind.INITIALIZER: "__call__",
    ClassKind.REGULARIZER: "__call__",
    ClassKind.CONSTRAINT: "__call__",
    ClassKind.SCHEDULE: "__call__",
}
"""What such a class has to define before it can be used."""


class Given(Enum):
    """What Keras hands to a parameter of a method that it traces."""

    BATCH = "batch"
    """A tensor whose first dimension is the batch."""
    TENSOR = "tensor"
    """A tensor without a batch, such as a gradient."""
    STEP = "step"
    """The number of steps so far, an integer: in Keras 3 a variable of Keras, whose operators may give floats."""
    VARIABLE = "variable"
    """A weight, or its values."""
    DATA = "data"
    """What a batch of the data set is: a tensor, or a structure of tensors."""


@dataclass(frozen=True, slots=True)
class TracedMethod:
    """A method that Keras traces in `fit`, `evaluate` or `predict`."""

    given: tuple[Given, ...] = ()
    """What its parameters get that have no default, by position behind `self`."""
    left_alone: Versions | None = AUTOGRAPH_LEAVES_KERAS_ALONE
    """The versions of Keras 2 in which AutoGraph leaves it as it is; None: it converts it in all.

    In Keras 3 it converts none.
    """
    is_step: bool = False
    """Whether it is one of the steps of a Model, which Keras calls with a batch and nothing else."""
    names: tuple[str, ...] = ()
    """How its first parameters are called, where Keras passes them by name."""


FUNCTION = ""
"""Stands in `TRACED` for the name of a function, which is its own only method."""
_STEP = TracedMethod((Given.DATA,), is_step=True)
OWN_CALL = TracedMethod((Given.DATA,), left_alone=None)
"""A `__call__` that a layer has in place of Keras's, where another layer calls it."""
TRACED: Mapping[ClassKind, Mapping[str, TracedMethod]] = {
    ClassKind.LAYER: {"call": TracedMethod(left_alone=None)},
    ClassKind.MODEL: {
        "call": TracedMethod(left_alone=None),
        **dict.fromkeys(STEPS, _STEP),
        "compute_loss": TracedMethod((Given.DATA, Given.BATCH, Given.BATCH), names=("x", "y", "y_pred")),
    },
    ClassKind.LOSS: {"call": TracedMethod((Given.BATCH, Given.BATCH), left_alone=None)},
    ClassKind.METRIC: {
        "update_state": TracedMethod((Given.BATCH, Given.BATCH), left_alone=None),
        "result": TracedMethod(left_alone=None),
    },
    ClassKind.REGULARIZER: {"__call__": TracedMethod((Given.VARIABLE,), left_alone=EVERY_VERSION)},
    ClassKind.CONSTRAINT: {"__call__": TracedMethod((Given.VARIABLE,))},
    ClassKind.SCHEDULE: {"__call__": TracedMethod((Given.STEP,))},
    ClassKind.OPTIMIZER: {"update_step": TracedMethod((Given.TENSOR, Given.VARIABLE))},
    ClassKind.LOSS_FUNCTION: {FUNCTION: TracedMethod((Given.BATCH, Given.BATCH), left_alone=None)},
    ClassKind.LAMBDA_FUNCTION: {FUNCTION: TracedMethod((Given.DATA,), left_alone=EVERY_VERSION)},
    ClassKind.ACTIVATION: {FUNCTION: TracedMethod((Given.BATCH,), left_alone=EVERY_VERSION)},
}
"""What Keras traces of each kind of class, in the order in which it calls them. What `call` of a layer gets is told by
its own code.

Run with tf_keras 2.21 and Keras 3.15: `fit` with an `if`, a `for`, `float`, `len`, `bool`, NumPy and `.numpy()` on a
tensor in each of them."""
TRACED_KINDS = frozenset(TRACED)
CALLS_STEP: Mapping[ClassKind | None, tuple[str, ...]] = {
    ClassKind.OPTIMIZER: ("_backend_update_step", "_distributed_tf_update_step", "_internal_apply_gradients", "apply")
}
"""Methods of Keras that call the traced ones of a kind: a class that overrides one hands over what it likes."""

BASE_ARGUMENTS = ("name", "trainable", "dtype")
"""What `Layer.__init__` takes in both generations, and its config holds."""
MORE_BASE_ARGUMENTS = ("autocast", "dynamic", "activity_regularizer")
"""What it takes besides in one of them."""
POSITIONAL_BASE_ARGUMENTS = ("trainable", "name", "dtype", "dynamic")
"""What it takes by position in Keras 2, in order; that of Keras 3 takes nothing so."""
