"""What a lost config comes to in Keras 2, by how a project could load what has the class."""

from __future__ import annotations

from keras_layer_lint.checks.config.wording import lowered
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcomes
from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.model.saving import Saving
from keras_layer_lint.target import Target

_WHERE_GIVEN = "where Keras gets the class in `custom_objects`, and nothing here gives it"
_WHERE_WRITTEN = "where it is saved to a `.keras` file, and nothing here writes one"


def as_loaded_in_keras_2(layer: LayerContext, outcomes: Outcomes) -> Outcomes:
    """The same, a note under Keras 2 where nothing that the project writes is loaded with the config.

    Measured with tf_keras 2.21. A model with a loss or metric is loaded with the class of that, or without it: an
    unregistered one has to be given. A subclassed Model is loaded from a TensorFlow SavedModel without its config, and
    an `.h5` file cannot hold it at all.
    """
    found, use = outcomes.get(Target.KERAS2), layer.project_use
    if found is None or found.severity is Severity.NOTE or use is None or use.saving.writes_keras_files:
        return outcomes
    if not layer.layer.is_layer:
        where = "" if _may_be_given(layer, use.saving) else _WHERE_GIVEN
    else:
        known = layer.serialization
        is_subclassed = known.is_model and not known.is_sequential and known.is_functional is False
        where = _WHERE_WRITTEN if is_subclassed else ""
    return {**outcomes, Target.KERAS2: lowered(found, where)} if where else outcomes


def _may_be_given(layer: LayerContext, saving: Saving) -> bool:
    is_registered = any("serializable" in decorator for decorator in layer.serialization.decorators)
    return is_registered or saving.is_loaded_by_name(layer.layer.name)
