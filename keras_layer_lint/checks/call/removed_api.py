"""KLL147: something that Keras 3, or TensorFlow 2, no longer has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from keras_layer_lint.checks.call.misspellings import in_decorators, meant, nowhere
from keras_layer_lint.checks.call.wording import error, through, warning
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome, same_everywhere
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.methods import TRACED_KINDS
from keras_layer_lint.keras.misspelt import misspelt
from keras_layer_lint.keras.names import as_imported, canonical
from keras_layer_lint.keras.removed_api import (
    SPELLED,
    in_tensorflow_2,
    is_of_another_module,
    is_of_tensorflow_1,
    is_removed,
    is_removed_from,
    is_removed_from_optimizers,
    other_module_with,
)
from keras_layer_lint.keras.result import Result
from keras_layer_lint.keras.results import result_of
from keras_layer_lint.keras.versions import BACKEND_HAS_ITS_OWN_NAMES_ONLY
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef, KnownName
from keras_layer_lint.model.syntax import source
from keras_layer_lint.model.tensorflow_1 import why_tensorflow_1
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.attribute_events import OldAttributeRead
from keras_layer_lint.values.call_events import ApiCalled, ApiNamed, CallEvent, LayerMade, SuperCall
from keras_layer_lint.values.contents import parts_of
from keras_layer_lint.values.output_shape import missing_attributes
from keras_layer_lint.values.value import WEIGHT, Function, PythonValue, Tensor

RULE = Rule("KLL147", "removed-api", confirm=Confirmation("graph", raises_eagerly=True))
KINDS = TRACED_KINDS

_INSTEAD = {
    "_dtype": "use `self.dtype`",
    "_name": "use `self.name`",
    "_trainable_weights": "use `add_weight`, which Keras 3 tracks, and read `self.trainable_weights`",
    "_non_trainable_weights": "use `add_weight(trainable=False)`, and read `self.non_trainable_weights`",
    "add_metric": "keep a `keras.metrics.Mean` on self and call its `update_state`",
    "add_update": "assign to the weight in `call`: `self.total.assign(...)`",
    "get_dropout_mask_for_cell": "use `self.get_dropout_mask(inputs)`, while training only",
    "get_recurrent_dropout_mask_for_cell": "use `self.get_recurrent_dropout_mask(state)`, while training only",
    "in_test_phase": "write `if training:` with the `training` argument of `call`",
    "in_train_phase": "write `if training:` with the `training` argument of `call`",
    "input_shape": "keep what `build(self, input_shape)` is given",
    "learning_phase": "take `training` as an argument of `call`",
    "output_shape": "use `self.compute_output_shape(...)`",
    "int_shape": "use `x.shape`",
    "function": "use `tf.function`",
    "lr": "use `learning_rate`",
    "get_value": "use `keras.ops.convert_to_numpy`",
}

_AUTO = "keras.losses.Reduction.AUTO"
"""`tf.keras` of Keras 3 has it still; no loss takes it. Run with Keras 3.15."""
_FOR_VARIABLES = frozenset({"keras.backend.batch_set_value", "keras.backend.set_value"})
"""They ask the dtype of a variable for its name, and that of a weight is text. Run with Keras 3.15."""


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report functions, layers and inherited attributes."""
    for named in layer.analysis.events(ApiNamed):
        yield _named(layer, named)
    for node, slip in in_decorators(layer.layer) if layer.class_name is not None else ():
        message = f"{nowhere(slip)}, so the module of `{layer.layer.name}` cannot be imported: AttributeError"
        span = partial(layer.layer.ref.module.span, node)
        yield layer.diagnose(RULE, span, same_everywhere(error(message, meant(slip))), method=None)
    if Target.KERAS3 not in layer.targets:
        return
    yield _base(layer)
    yield from _in_defaults(layer)
    yield from _of_reduction(layer)
    for event in layer.analysis.events(ApiCalled):
        yield _call(layer, event, event.name)
        yield _on_weight(layer, event)
        if event.name == "keras.layers.Layer.add_loss" and isinstance(event.argument(0, "loss"), Function):
            message = "`add_loss` gets a function: Keras 3 takes tensors only, so it raises ValueError"
            yield layer.at_site(
                RULE, event.site, {Target.KERAS3: error(message, "call it in `call`, on what it needs")}
            )
    for made in layer.analysis.events(LayerMade):
        if isinstance(made.of, str):
            yield _call(layer, made, made.of)
    yield from _inherited(layer)
    yield from _of_shapes(layer)


def _of_shapes(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """`input_shape.as_list()` in `build`, which gets a tuple, or a structure of tuples."""
    method = layer.layer.own_method("build") if layer.layer.is_layer else None
    if method is None or method.node.decorators:
        return
    for found in missing_attributes(method):
        message = (
            f"`{source(found.node)}`: Keras 3 hands shapes over as tuples, which have no such attribute, so `build` "
            "raises AttributeError"
        )
        outcome = error(message, "read the shape as a tuple: `input_shape[-1]`, `len(input_shape)`")
        yield layer.diagnose(RULE, partial(method.unit.span, found.node), {Target.KERAS3: outcome}, method="build")


def _call(layer: LayerContext, event: ApiCalled | LayerMade, called: str) -> Diagnostic | None:
    """A function or class by the name that the code gives it."""
    written, unit = event.function_name, event.site.code
    if written is None or "." in written or not called.startswith("keras."):
        return None  # of a dotted name the attribute is told
    found = layer.layer.project.resolve(unit.module, written, scope=unit.scope)
    if not isinstance(found, KnownName) or canonical(found.name) != called or not is_removed(found.name):
        return None
    name = as_imported(found.name)
    here = through(event.site)
    message = f"{here}`{written}`: Keras 3 has no `{name}`, so `{event.site.function}` raises AttributeError"
    return layer.at_site(RULE, event.site, {Target.KERAS3: error(message, _help(called))}, node=event.function_node)


def _on_weight(layer: LayerContext, event: ApiCalled) -> Diagnostic | None:
    """`tf.keras.backend.set_value`, which is there still, on a weight of Keras 3."""
    written, unit = event.function_name, event.site.code
    if event.name not in _FOR_VARIABLES or written is None or not event.arguments.positional:
        return None
    found = layer.layer.project.resolve(unit.module, written, scope=unit.scope)
    if not isinstance(found, KnownName) or is_removed(found.name):
        return None
    held = parts_of(event.arguments.positional[0])
    if not any(isinstance(part, Tensor) and part.variable and part.origin.clause == WEIGHT for part in held):
        return None
    name = as_imported(found.name)
    takes = f"in Keras 3 `{name}` takes variables of TensorFlow only"
    message = f"{through(event.site)}`{written}` on a weight: {takes}, so it raises AttributeError"
    return layer.at_site(RULE, event.site, {Target.KERAS3: error(message, "use the weight's own `assign`")})


def _named(layer: LayerContext, event: ApiNamed) -> Diagnostic | None:
    """`K.expand_dims`, `tf.diag`, called or not."""
    written, unit = event.written, event.site.code
    found = layer.layer.project.resolve(unit.module, written, scope=unit.scope)
    if not isinstance(found, KnownName):
        return None
    name = as_imported(found.name)
    raises, elsewhere, told = f"so `{event.site.function}` raises AttributeError", "", error
    if event.site.through is not None:
        elsewhere = f"`{event.site.through}()`, called here, has `{written}`: "
        if event.site.conditional:  # another file decides whether that line is ever reached
            raises, told = f"{raises} where that line is reached", warning
    if is_of_tensorflow_1(found.name):
        last = name.removeprefix("tf.")
        instead = as_imported(in_tensorflow_2(last) or f"tensorflow.compat.v1.{last}")
        helps = f"use `{instead}`"
        gone = told(f"{elsewhere}TensorFlow 2 has no `{name}`, {raises}", helps)
        outcomes = same_everywhere(gone)
        if why_tensorflow_1(unit.module, layer.layer.project) is not None:
            outcomes[Target.KERAS2] = None
        return layer.at_site(RULE, event.site, outcomes)
    if (slip := misspelt(found.name)) is not None:
        if slip.written != found.name:
            return None  # of a longer name the part that is wrong is told
        slipped = told(f"{elsewhere}{nowhere(slip)}, {raises}", meant(slip))
        outcomes = same_everywhere(slipped)
        if slip.is_of_a_module:
            is_old = why_tensorflow_1(unit.module, layer.layer.project) is not None
            outcomes[Target.KERAS2] = None if is_old else replace(slipped, versions=BACKEND_HAS_ITS_OWN_NAMES_ONLY)
        return layer.at_site(RULE, event.site, outcomes)
    if not is_removed(found.name):
        is_here = event.site.through is None
        return _absent(layer, event, found.name) if is_here and is_of_another_module(found.name) else None
    message = f"{elsewhere or f'`{written}`: '}Keras 3 has no `{name}`, {raises}"
    return layer.at_site(RULE, event.site, {Target.KERAS3: told(message, _help(canonical(found.name)))})


def _absent(layer: LayerContext, named: ApiNamed, full: str) -> Diagnostic | None:
    """`keras.shape`, `ops.range`, `tf.divide_no_nan`: another module has it."""
    name = as_imported(full)
    raises = f"so `{named.site.function}` raises AttributeError"
    other = SPELLED.get(canonical(full)) or other_module_with(full) or "numpy."
    instead = "" if other.startswith("numpy.") else f"use `{as_imported(other)}`"
    if name.startswith("tf.") and not name.startswith("tf.keras."):
        outcomes = same_everywhere(error(f"TensorFlow has no `{name}`, {raises}", instead))
    else:
        outcomes = {Target.KERAS3: error(f"`{named.written}`: Keras 3 has no `{name}`, {raises}", instead)}
    return layer.at_site(RULE, named.site, outcomes)


def _base(layer: LayerContext) -> Diagnostic | None:
    """A base class that is gone."""
    base = next((base for base in layer.layer.mro[1:2] if isinstance(base, KnownName)), None)
    if base is None or not is_removed(base.name):
        return None
    name = as_imported(base.name)
    message = f"Keras 3 has no `{name}`, so the module of `{layer.layer.name}` cannot be imported: AttributeError"
    outcomes: dict[Target, Outcome | None] = {Target.KERAS3: error(message, "derive from `keras.layers.Layer`")}
    return layer.at_definition(RULE, layer.unit, layer.unit.node, outcomes)


def _in_defaults(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """What the defaults of the class's own methods name: `reduction=keras.losses.Reduction.AUTO`."""
    own = [] if layer.class_name is None else [layer.layer.own_method(name) for name in layer.layer.ref.entry.methods]
    for method in filter(None, own):
        for node, written in method.names_in_defaults():
            found = layer.layer.project.resolve(method.unit.module, written)
            if not isinstance(found, KnownName) or not is_removed(found.name):
                continue
            if is_removed(found.name.rpartition(".")[0]):
                continue  # of a longer name the first part that is gone is told
            gone = as_imported(found.name)
            cannot = f"so the module of `{layer.layer.name}` cannot be imported: AttributeError"
            outcome = error(f"`{written}`: Keras 3 has no `{gone}`, {cannot}", _help(canonical(found.name)))
            yield layer.diagnose(RULE, partial(method.unit.span, node), {Target.KERAS3: outcome})


def _of_reduction(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """`reduction="auto"` of a loss, which Keras 2 takes."""
    made: list[CallEvent] = [
        event for event in layer.analysis.events(ApiCalled) if event.name.startswith("keras.losses.")
    ]
    if layer.layer.kind is ClassKind.LOSS:
        made += [event for event in layer.analysis.events(SuperCall, "__init__") if event.method == "__init__"]
    init = layer.layer.own_method("__init__")
    for event in made:
        given = event.keyword("reduction")
        default = None
        if isinstance(given, PythonValue) and given.parameter is not None and init is not None:
            default = init.parameter(given.parameter)
        is_default = default is not None and default.default is not None and _is_auto(layer, source(default.default))
        is_text = isinstance(given, PythonValue) and given.constant == "auto"
        if is_text or is_default or _is_auto(layer, event.keyword_name("reduction") or ""):
            message = f"`reduction='auto'`{' by default' if is_default else ''}: Keras 3 has no such reduction, so"
            facts = expects(errors=("ValueError",), arguments=("reduction",) if is_default else ())
            outcome = error(f"{message} `__init__` raises ValueError", "use `reduction='sum_over_batch_size'`", facts)
            yield layer.at_site(RULE, event.site, {Target.KERAS3: outcome})


def _is_auto(layer: LayerContext, written: str) -> bool:
    """Whether code is the text, or the name that TensorFlow has for it still."""
    if written in ("'auto'", '"auto"'):
        return True
    found = layer.layer.project.resolve(layer.unit.module, written) if written.endswith(".AUTO") else None
    return isinstance(found, KnownName) and canonical(found.name) == _AUTO and not is_removed(found.name)


def _inherited(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Attributes and methods of Keras's own base class."""
    kind = layer.layer.kind
    base = layer.layer.known_base if layer.layer.is_layer or kind is ClassKind.OPTIMIZER else None
    if base is None or not layer.layer.is_complete:
        return
    of = canonical(base.name)
    bound = {
        name
        for ref in layer.layer.mro
        if isinstance(ref, ClassRef)
        for names in assigned_by_method(ref.entry).values()
        for name in names
    }
    for read in layer.analysis.events(OldAttributeRead):
        owner, _, name = read.name.rpartition(".")
        if bound & {owner, name} or not _is_gone(kind, of, owner, name):
            continue
        asked = f"hasattr(self{'.' if owner else ''}{owner}, "
        if any(read.site.unit.mentions(f"{asked}{quote}{name}{quote}") for quote in "'\""):
            continue
        raised = "which raises NotImplementedError" if read.name == "add_metric" else "so this raises AttributeError"
        owners = "models" if of == "keras.Model" else "layers"
        if owner or kind is ClassKind.OPTIMIZER:
            owners = "optimizers"
        lost = f"{owners} have only a stub of it" if read.name == "add_metric" else f"{owners} do not have it"
        message = f"{through(read.site)}`self.{read.name}`: in Keras 3 {lost}, {raised}"
        yield layer.at_site(RULE, read.site, {Target.KERAS3: error(message, _help(read.name))})


def _is_gone(kind: ClassKind | None, base: str, owner: str, name: str) -> bool:
    """Whether Keras 3 has no such attribute of a class with that base, or of the optimizer of a compiled model."""
    if owner:
        return kind is ClassKind.MODEL and is_removed_from_optimizers(name)
    return is_removed_from_optimizers(name) if kind is ClassKind.OPTIMIZER else is_removed_from(base, name)


def _help(name: str) -> str:
    last = name.rpartition(".")[2]
    if last in _INSTEAD:
        return _INSTEAD[last]
    if name.startswith("keras.backend.") and result_of(f"keras.ops.{last}") is not Result.UNKNOWN:
        return f"use `keras.ops.{last}`"
    return ""
