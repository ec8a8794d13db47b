"""KLL410: a loop of the project's own trains a model that it calls without `training=True`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from keras_layer_lint.checks.call.wording import warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcomes, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.model.layer import Method
from keras_layer_lint.model.training_loops import ForwardPass, is_named_in_loops, passes_of
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.values.idle_layers import idle_layer

RULE = Rule("KLL410", "loop-without-training", confirm=Confirmation("train"))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the calls in the module of the class; at its `call` where the loops are in other files."""
    model = layer.layer
    call = model.method("call")
    if call is None or not model.is_complete or model.definition("__call__") is not None:
        return
    idle = idle_layer(model, layer.analysis) if is_named_in_loops(model) else None
    if idle is None:
        return
    passes = [(module, each) for module, each in passes_of(model) if _says_nothing(each, call)]
    if not passes:
        return
    own = [each for module, each in passes if module is model.ref.module]
    for each in own:
        yield layer.diagnose(
            RULE,
            partial(model.ref.module.span, each.node),
            _told(f"{_where(each)} calls the model", idle, call),
            method=None,
        )
    if not own and call.owner is model.ref:
        module, first = passes[0]
        what = f"{_where(first)} in `{module.path.name}` calls `{model.name}`"
        yield layer.at_definition(RULE, call.unit, call.node, _told(what, idle, call))


def _says_nothing(forward: ForwardPass, call: Method) -> bool:
    """Whether what it passes by position comes before `training`."""
    given, names = len(forward.node.args), call.parameters
    return "training" not in names or given <= names.index("training")


def _where(forward: ForwardPass) -> str:
    return f"the training in `{forward.function}`" if forward.function else "the training loop"


def _told(what: str, idle: str, call: Method) -> Outcomes:
    name = idle.rpartition(".")[2]
    takes = "" if "training" in call.parameters else "let `call` take `training=None` and "
    message = f"{what} without `training=True`: its `{name}` stays in inference mode, silently"
    return same_everywhere(warning(message, f"{takes}pass `training=True`"))
