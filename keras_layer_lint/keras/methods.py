"""The methods that Keras itself calls, and the arguments that its bases take."""

from __future__ import annotations

from keras_layer_lint.keras.kinds import ClassKind

LIFE = ("__init__", "build", "call", "get_config")
"""The methods of a layer that Keras calls, in the order of its life."""
STEPS = ("train_step", "test_step", "predict_step")
"""The methods of a model that `fit`, `evaluate` and `predict` call for each batch."""
COMPILED = ("call", *STEPS)
"""The methods that Keras traces, and has XLA compile where it does so."""
SAVING = ("save_assets", "load_assets", "save_own_variables", "load_own_variables")
"""The methods that save and load what the weights of a layer do not hold."""
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

BASE_ARGUMENTS = ("name", "trainable", "dtype")
"""What `Layer.__init__` takes in both generations, and its config holds."""
MORE_BASE_ARGUMENTS = ("autocast", "dynamic", "activity_regularizer")
"""What it takes besides in one of them."""
POSITIONAL_BASE_ARGUMENTS = ("trainable", "name", "dtype", "dynamic")
"""What it takes by position in Keras 2, in order; that of Keras 3 takes nothing so."""
