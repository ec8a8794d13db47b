"""KLL146: `call(..., training=True)`."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.call.data_layer import is_data_layer
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.callers import kept_by_callers
from keras_layer_lint.model.makers import MadeBy
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.training_use import uses_training

RULE = Rule("KLL146", "training-default-true", confirm=Confirmation("train"))

_HELP = "write `training=None`, or `training=False`"


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the class's own `call`, where it uses the argument."""
    method = layer.layer.own_method("call")
    if method is None or method.default_of("training") is not True or is_data_layer(layer):
        return
    if not uses_training(layer.layer, layer.analysis, method):
        return
    what = f"`{layer.layer.name}.call` has `training=True` as its default"
    direct = f"{what}: whoever calls it without saying runs it in training mode, not in inference mode"
    note = Outcome(Severity.NOTE, direct, _HELP, is_elsewhere=True)
    silent = Outcome(
        Severity.WARNING,
        f"{what}: in a subclassed Model whose own `call` takes no `training`, Keras 3 leaves it in training mode in "
        "`evaluate` and `predict`",
        _HELP,
    )
    is_model = layer.layer.kind is ClassKind.MODEL
    outcomes = {Target.KERAS2: note, Target.KERAS3: note if is_model or _is_always_told(layer) else silent}
    yield layer.diagnose(
        RULE, lambda: method.unit.span(method.parameter("training") or method.node), outcomes, method="call"
    )


def _is_always_told(layer: LayerContext) -> bool:
    """Whether only other classes make the layer, all in its own module, and each says `training` when it calls it."""
    use = layer.project_use
    if use is None or "training" not in kept_by_callers(layer.layer.ref).named:
        return False
    path, name = layer.layer.ref.module.path, layer.layer.name
    if use.makers.is_only_made_within(path, name):
        return True
    return layer.made_by is not MadeBy.ANYONE and not use.makers.is_used_elsewhere(path, name)
