"""KLL205: state in a `tf.Variable`, which Keras 3 does not see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Effect, expects
from keras_layer_lint.keras.methods import SAVING
from keras_layer_lint.model import patterns, uses
from keras_layer_lint.model.assigned_variables import is_constant
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.rule import Confirmation, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.call_events import ApiCalled, WeightAdded
from keras_layer_lint.values.empty_copies import empty_copies
from keras_layer_lint.values.value import NumpyValue, PythonValue, Tensor

RULE = Rule("KLL205", "untracked-variable", confirm=Confirmation("reload"))

_ADD_WEIGHT = "make it with `self.add_weight(...)`, which takes an `initializer`"
_SEEDS = re.compile(r"\bset_(?:random_)?seed\s*\(|\brandom\.seed\s*\(")
_DRAWS = {
    "tensorflow.random.normal": (0, "shape"),
    "tensorflow.random.uniform": (0, "shape"),
    "tensorflow.random.truncated_normal": (0, "shape"),
    "keras.random.normal": (0, "shape"),
    "keras.random.uniform": (0, "shape"),
    "keras.random.truncated_normal": (0, "shape"),
    "numpy.random.normal": (2, "size"),
    "numpy.random.uniform": (2, "size"),
    "numpy.random.standard_normal": (0, "size"),
    "numpy.random.random": (0, "size"),
    "numpy.random.rand": (0, ""),
    "numpy.random.randn": (0, ""),
    "numpy.random.permutation": (0, "x"),
}
"""Functions that draw arrays, and which argument says of what size: without one NumPy draws a number."""
_SEED = 4
"""The position of `seed` in those of TensorFlow and Keras."""
_AS_THEY_ARE = frozenset("array asarray astype cast constant convert_to_tensor float float32 reshape sqrt".split())
"""What else may be called to make an array of random numbers: it leaves them what they are, or scales them."""
_MAKERS = frozenset({"tensorflow.Variable", "tensorflow.get_variable", "tensorflow.get_local_variable"})


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report TensorFlow variables that an attribute holds; those made in `call` are another rule's."""
    if any(layer.layer.method(name) is not None for name in SAVING):
        return  # the layer saves what it holds itself
    empty = {copies.name for copies, _ in empty_copies(layer.analysis)}
    for event in layer.analysis.events(WeightAdded):
        if event.api not in _MAKERS or event.site.phase == "call":
            continue
        name = layer.analysis.kept_in(event)
        if name is None or name in empty:
            continue
        trainable = event.keyword("trainable")
        is_frozen = isinstance(trainable, PythonValue) and trainable.constant is False
        if is_frozen and is_constant(name, event.site.unit.text, _texts(layer)):
            continue  # which is made again from the arguments
        is_left = not is_frozen and not _trains_itself(name, event.site.unit.module.text)
        outcome = Outcome(
            Severity.ERROR if is_left else Severity.WARNING,
            f"`self.{name}` holds a `{event.via}`, which Keras 3 does not track: it is silently "
            + ("neither trained nor saved" if is_left else "not saved")
            + " in `.keras` and `.weights.h5` files",
            f"make it with `self.add_weight(..., trainable={not is_frozen})`, or `keras.Variable`",
            expects(*([Effect.NOT_TRAINED] if is_left else []), Effect.NOT_SAVED, attribute=name),
        )
        yield layer.at_site(RULE, event.site, {Target.KERAS3: outcome})
    yield from _arrays(layer)


def _trains_itself(name: str, text: str) -> bool:
    """Whether code asks for the gradient of an attribute by its name, and so trains it itself."""
    return re.search(rf"\.(?:gradient|minimize)\([^\n]{{0,300}}\bself\.{name}\b", text) is not None


def _texts(layer: LayerContext) -> Iterable[str]:
    return [layer.layer.ref.module.text] if layer.project_use is None else layer.project_use.texts()


def _arrays(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Arrays of random numbers that `call` uses; others may be constants."""
    call = layer.layer.method("call")
    used = uses.names_read(call.node.body) if call is not None else frozenset()
    if not used:
        return
    drawn = {id(event.site.node): event for event in layer.analysis.events(ApiCalled) if ".random." in event.name}
    for stored in layer.analysis.events(AttributeStored) if drawn else ():
        if stored.site.phase not in ("__init__", "build") or f"self.{stored.name}" not in used:
            continue
        made = _draws(stored, drawn)
        if made is None:
            continue
        yield layer.at_site(RULE, stored.site, _outcomes(layer, stored, made))


def _outcomes(layer: LayerContext, stored: AttributeStored, made: ApiCalled) -> dict[Target, Outcome | None]:
    name = stored.name
    expected = expects(Effect.NOT_TRAINED, Effect.NOT_SAVED, attribute=name)
    outcomes: dict[Target, Outcome | None] = {Target.KERAS3_JAX: None}
    if made.name.startswith(("jax.random.", "keras.random.")) and isinstance(stored.value, Tensor):
        message = (
            f"`self.{name}` holds an array of random numbers from `{made.written}`, which Keras 3 does not track: "
            "it is silently neither trained nor saved"
        )
        outcomes[Target.KERAS3_JAX] = Outcome(Severity.WARNING, message, _ADD_WEIGHT, expected)
    if _differs_each_time(made) and not _is_kept_elsewhere(layer, name):
        message = (
            f"`self.{name}` holds random numbers from `{made.written}`, and is no weight: it is silently neither "
            "trained nor saved, and a layer that is loaded draws others"
        )
        lost = Outcome(Severity.WARNING, message, _ADD_WEIGHT, expected)
        if not made.name.startswith("keras.random."):  # which Keras 2 does not have
            outcomes[Target.KERAS2] = lost
        if stored.site.phase != "build" or isinstance(stored.value, NumpyValue):  # KLL213 speaks of tensors
            outcomes[Target.KERAS3] = lost
    return outcomes


def _draws(stored: AttributeStored, drawn: Mapping[int, ApiCalled]) -> ApiCalled | None:
    """The call that draws what an attribute is given; None where that is no array of its own."""
    if isinstance(stored.value, Tensor):
        if stored.value.variable:
            return None
        made = drawn.get(id(stored.value.origin.node))
        if made is not None:
            return made
    elif not isinstance(stored.value, NumpyValue):
        return None
    calls = patterns.calls_in_value(stored.statement)
    made = next((drawn[id(node)] for node in calls if id(node) in drawn), None)
    others = {patterns.last_name_called(node) for node in calls if id(node) not in drawn}
    return made if others <= _AS_THEY_ARE else None


def _differs_each_time(made: ApiCalled) -> bool:
    """Whether a call certainly draws an array from the distribution, and others when it is run again."""
    if made.name not in _DRAWS or not made.arguments.are_complete:
        return False
    place, name = _DRAWS[made.name]
    seed = None if made.name.startswith("numpy.") else made.argument(_SEED, "seed")
    is_seeded = seed is not None and not (isinstance(seed, PythonValue) and seed.is_none)
    return not is_seeded and made.argument(place, name) is not None


def _is_kept_elsewhere(layer: LayerContext, attribute: str) -> bool:
    """Whether the config holds it, another method may set it, or the module sets the seed for all that it draws."""
    config = layer.layer.method("get_config")
    if config is not None and f"self.{attribute}" in uses.names_read(config.node.body):
        return True
    if _SEEDS.search(layer.layer.ref.module.text) is not None:
        return True
    return any(
        attribute in names and method not in ("__init__", "build")
        for base in layer.layer.mro
        if isinstance(base, ClassRef)
        for method, names in assigned_by_method(base.entry).items()
    )
