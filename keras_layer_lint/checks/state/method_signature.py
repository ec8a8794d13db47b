"""KLL222: a method that cannot be called with what Keras hands to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.handed_over import CELL, HANDED_OVER, OF_COMPILED_METRICS, HandedOver
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.objects import LAYERS
from keras_layer_lint.model.accepted import refused, takes_nothing
from keras_layer_lint.model.calls_by_name import calls_of
from keras_layer_lint.model.handed_on import call_gets_what_is_given
from keras_layer_lint.model.layer import Method
from keras_layer_lint.model.project_use import updates_metrics
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target

RULE = Rule("KLL222", "method-signature", confirm=Confirmation("train", needs_call=False))
KINDS = frozenset(HANDED_OVER)

_OF_ANOTHER = re.compile(r"^(?:import|from) (?:tensorflow|torch)\b", re.MULTILINE)
"""Where a module has the steps of another backend: what a project has for JAX stands elsewhere."""
_RAISES = expects(errors=("TypeError",))
_STEPS = ("train_step", "test_step", "predict_step")
_ALWAYS_CALLED = frozenset({"__call__", "call", "get_initial_state"})
"""Methods that Keras calls, whoever else does."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report the methods that the class defines itself."""
    kind = layer.layer.kind
    if kind is None:
        return
    for name, handed in HANDED_OVER.get(kind, {}).items():
        yield _diagnostic(layer, name, handed)
    if kind is ClassKind.LAYER and _is_cell(layer):
        yield _diagnostic(layer, "get_initial_state", CELL)


def _diagnostic(layer: LayerContext, name: str, handed: Mapping[Target, HandedOver]) -> Diagnostic | None:
    method = layer.layer.own_method(name)
    if method is None or method.node.decorators:
        return None
    outcomes: dict[Target, Outcome | None] = {
        target: _outcome(layer, method, arguments) for target, arguments in handed.items()
    }
    if name in _STEPS and _is_for_jax(method):
        outcomes = {Target.KERAS3_JAX: outcomes[Target.KERAS3_JAX]}
    elif name in _STEPS and _OF_ANOTHER.search(layer.layer.ref.module.text):
        outcomes = {**outcomes, Target.KERAS3_JAX: None}
    if not any(outcomes.values()) or not _is_called(layer, method):
        return None
    return layer.at_definition(RULE, method.unit, method.node, outcomes)


def _outcome(layer: LayerContext, method: Method, handed: HandedOver) -> Outcome | None:
    why = refused(method, handed.by_position, handed.by_name)
    if why is None:
        return None
    name = method.node.name.value
    message = f"Keras calls `{layer.layer.name}.{name}` with {_written(handed)}, and it {why}: TypeError"
    return Outcome(Severity.ERROR, message, f"write `{handed.signature(name)}`", _RAISES)


def _written(handed: HandedOver) -> str:
    parts = []
    if handed.by_position:
        parts.append(f"{handed.by_position} argument{'s' * (handed.by_position > 1)}")
    parts.extend(f"`{name}=`" for name in handed.by_name)
    return " and ".join(parts) or "no argument"


def _is_called(layer: LayerContext, method: Method) -> bool:
    """Whether it is Keras that calls the method: what a project calls by name may be meant for nobody else."""
    name = method.node.name.value
    kind = layer.layer.kind
    if name == "call" and kind in LAYERS and (method.self_name == "self" or not takes_nothing(method)):
        return False  # what callers give to a layer is theirs; without `self` it cannot even take its inputs
    if kind is ClassKind.LOSS and not call_gets_what_is_given(layer.layer, 2):
        return False
    has_own_loop = any(layer.layer.definition(loop) is not None for loop in ("fit", "__call__"))
    if kind is ClassKind.MODEL and name != "call" and has_own_loop:
        return False
    if name == "update_state":
        return method.parameters[:2] == OF_COMPILED_METRICS and not _is_updated_by_hand(layer)
    if name in _ALWAYS_CALLED:
        return name != "__call__" or not _is_called_by_names(layer, method)
    # `super().train_step(data)` is called by what Keras calls; what the method cannot take is given to another class.
    return not any(
        given is None or refused(method, given.by_position, given.by_name) is None
        for text in _texts(layer)
        for given in calls_of(name, text)
    )


def _is_updated_by_hand(layer: LayerContext) -> bool:
    """Whether metrics are updated by hand where this one may be among them.

    Of a library that is code which names the class or its module, or stands in it: others give it to `compile`.
    """
    use, module = layer.project_use, layer.layer.ref.module
    if use is None or not use.is_library:
        return updates_metrics(module.text) if use is None else bool(use.texts_that_update_metrics)
    names = re.compile(rf"\b(?:{re.escape(layer.layer.name)}|{re.escape(module.path.stem)})\b")
    return updates_metrics(module.text) or any(names.search(text) for text in use.texts_that_update_metrics)


def _is_called_by_names(layer: LayerContext, method: Method) -> bool:
    """Whether the project calls an object with all that its `__call__` needs, by name: then it is not for Keras."""
    if len(method.required) < 2:
        return False
    names = "".join(rf"(?=[^()]{{0,300}}\b{re.escape(name)}[ ]?=[^=])" for name in method.required)
    called = re.compile(rf"[\w\])]\({names}")
    return any(method.required[0] in text and called.search(text) is not None for text in _texts(layer))


def _texts(layer: LayerContext) -> Iterable[str]:
    """The code of the project, as far as it is known."""
    return [layer.layer.ref.module.text] if layer.project_use is None else layer.project_use.texts()


def _is_for_jax(method: Method) -> bool:
    """Whether a step takes the state before the batch: it is written for JAX, whatever the project runs on."""
    return len(method.required) == 2 and "state" in method.parameters[0]


def _is_cell(layer: LayerContext) -> bool:
    """Whether objects of the class are cells: layers with a `state_size` whose `call` gets the states."""
    call = layer.layer.method("call")
    if call is None or call.parameters[1:2] not in (("states",), ("state",)):
        return False
    known = layer.layer.known_base
    return known is not None and known.name.endswith(".Layer") and layer.unit.mentions("state_size")
