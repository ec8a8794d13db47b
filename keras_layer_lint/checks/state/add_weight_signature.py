"""KLL208: `add_weight` with arguments that the generation does not take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.checks.outcome import Outcome
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.objects import LAYERS
from keras_layer_lint.keras.versions import METRICS_CHECK_THEIR_DTYPE
from keras_layer_lint.model.handed_on import name_gets_to_keras
from keras_layer_lint.rule import Confirmation, ErrorPlace, Rule
from keras_layer_lint.target import Target
from keras_layer_lint.values.call_events import LayerMade, SuperCall, WeightAdded
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.value import Dimension, PythonValue, Shape, Value

RULE = Rule("KLL208", "add-weight-signature", confirm=Confirmation("build", errors_at=(ErrorPlace.MADE,)))
KINDS = LAYERS | {ClassKind.METRIC}

_SHARED = {"name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint", "aggregation", "autocast"}
_KEYWORDS = {
    Target.KERAS2: _SHARED
    | {
        "use_resource", "synchronization", "partitioner", "collections", "experimental_autocast", "caching_device",
        "getter", "layout", "experimental_enable_variable_lifting",
    },
    Target.KERAS3: _SHARED | {"overwrite_with_gradient"},
}  # fmt: skip
"""Measured with tf_keras 2.21 and keras 3.15."""
_KEYWORDS_OF_METRICS = {
    Target.KERAS2: {"name", "shape", "aggregation", "synchronization", "initializer", "dtype"},
    Target.KERAS3: {"shape", "initializer", "dtype", "name"},
}
"""What `Metric.add_weight` takes, in order."""
_POSITIONAL_IN_3 = 3
_BY_KEYWORD = (
    "pass everything by keyword: `add_weight(name=..., shape=(...), initializer=...)`, which both generations take"
)
_INITIALIZER = 'pass one: `initializer="zeros"`'
_TUPLE = "pass a tuple, such as `shape=(units,)`; for a single number `shape=()`"
_STRING = 'pass a string, such as `name="kernel"`'
_WHOLE = "divide with `//`, which gives an int"
_AGGREGATION = 'pass "sum", "mean" or "only_first_replica"'
_NO_SLASH = "write `_` in place of `/`"


class _Wrong(NamedTuple):
    """What is wrong, behind the name of the function, what to write instead, and what is raised; then that on JAX."""

    what: str
    help: str
    errors: tuple[str, ...] = ("TypeError",)

    def outcome(self, subject: str) -> Outcome:
        message = f"{subject} {self.what}: {', on JAX '.join(self.errors)}"
        return Outcome(Severity.ERROR, message, self.help, expects(errors=self.errors))


_VALUE_ERROR = ("ValueError",)
_NAME_FIRST = _Wrong("takes the name first in Keras 2, here it gets the shape", _BY_KEYWORD)


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report calls of `add_weight`, and of `add_variable`, its older name."""
    for event in layer.analysis.events(WeightAdded):
        if event.api != "add_weight":
            continue
        if layer.layer.kind is ClassKind.METRIC:
            reasons = {target: _of_metric(event, target) for target in _KEYWORDS_OF_METRICS}
        else:
            reasons = {Target.KERAS2: _keras_2(event), Target.KERAS3: _keras_3(event)}
        outcomes = {
            target: None if wrong is None else wrong.outcome(f"`{event.via}`") for target, wrong in reasons.items()
        }
        yield layer.at_site(RULE, event.site, outcomes)
    made: list[LayerMade | SuperCall] = [
        *layer.analysis.events(LayerMade),
        *layer.analysis.events(SuperCall, "__init__"),
    ]
    for named in made:
        if isinstance(named, SuperCall) and _names_metric_by_position(layer, named):
            outcome = Outcome(
                Severity.ERROR,
                "a metric gets its name by position, where Keras 3 takes the dtype: ValueError",
                "pass it by keyword: `super().__init__(name=name, ...)`",
                expects(errors=_VALUE_ERROR),
                versions=METRICS_CHECK_THEIR_DTYPE,
            )
            yield layer.at_site(RULE, named.site, {Target.KERAS3: outcome})
        if named.keyword_holds("name", "/") and _is_layer(layer, named):
            outcome = Outcome(
                Severity.ERROR,
                "a layer gets a name with `/`, which Keras 3 does not take: ValueError",
                _NO_SLASH,
                expects(errors=_VALUE_ERROR),
            )
            yield layer.at_site(RULE, named.site, {Target.KERAS3: outcome})


def _is_layer(layer: LayerContext, event: LayerMade | SuperCall) -> bool:
    """Whether the name is certainly that of a layer of Keras's own, of this one, or of one that hands it to Keras."""
    if isinstance(event, LayerMade):
        return isinstance(event.of, str) or name_gets_to_keras(layer.layer, event.of)
    return event.method == "__init__" and event.target is None and layer.layer.is_layer and layer.layer.is_complete


def _names_metric_by_position(layer: LayerContext, event: SuperCall) -> bool:
    """`super().__init__(name)` of a class that derives from `Metric` itself, which takes other arguments first."""
    base = layer.layer.known_base
    is_metric = base is not None and canonical(base.name) == "keras.metrics.Metric" and layer.layer.mro[1:2] == (base,)
    if not is_metric or event.method != "__init__" or event.target is not None or not event.arguments.positional:
        return False
    first = event.arguments.positional[0]
    return isinstance(first, PythonValue) and (first.parameter == "name" and first.derived is None)


def _of_metric(event: WeightAdded, target: Target) -> _Wrong | None:
    """What is wrong with a call of `Metric.add_weight`, which takes less than that of a layer."""
    keywords, positional = event.arguments.keywords, event.arguments.positional
    generation = target.value
    if unknown := sorted(keywords.keys() - _KEYWORDS_OF_METRICS[target]):
        return _Wrong(f"of a metric does not take `{unknown[0]}` in Keras {generation}", f"leave `{unknown[0]}` out")
    first = positional[0] if positional else None
    if target is Target.KERAS2:
        return _NAME_FIRST if isinstance(first, Sequence | Shape) else None
    if isinstance(first, PythonValue) and isinstance(first.constant, str):
        raised = "TypeError" if "shape" in keywords else "ValueError"
        return _Wrong("gets its name by position, where Keras 3 takes the shape", _BY_KEYWORD, (raised,))
    shape = keywords.get("shape", first)
    if _is_none(shape):
        return _Wrong("of a metric gets `None` as shape, which is none in Keras 3", _TUPLE, _VALUE_ERROR)
    if _is_number(shape):
        return _Wrong("of a metric gets a number as shape", _TUPLE, _VALUE_ERROR)
    has_initializer = "initializer" in keywords or len(positional) > 1
    if event.arguments.are_complete and (not has_initializer or _is_none(event.argument(1, "initializer"))):
        return _Wrong("of a metric needs an `initializer` in Keras 3", _INITIALIZER, ("ValueError", "TypeError"))
    return None


def _is_none(value: Value | None) -> bool:
    return isinstance(value, PythonValue) and value.is_none


def _keras_2(event: WeightAdded) -> _Wrong | None:
    keywords, positional = event.arguments.keywords, event.arguments.positional
    if unknown := sorted(keywords.keys() - _KEYWORDS[Target.KERAS2]):
        return _Wrong(f"does not take `{unknown[0]}` in Keras 2", f"leave `{unknown[0]}` out")
    if positional and isinstance(positional[0], Sequence | Shape):
        return _NAME_FIRST
    shape = event.argument(1, "shape")
    plain = event.arguments.are_complete and "initializer" not in keywords and len(positional) < 4
    if _is_number(shape) and plain:
        return _Wrong("gets a number as shape, which the default initializer cannot use", _TUPLE)
    if _has_float(shape):
        return _Wrong(f"gets {_FLOAT}", _WHOLE)
    if _is_number(keywords.get("name")):
        return _Wrong("gets a name that is no string", _STRING)
    return None


def _keras_3(event: WeightAdded) -> _Wrong | None:
    keywords, positional = event.arguments.keywords, event.arguments.positional
    if unknown := sorted(keywords.keys() - _KEYWORDS[Target.KERAS3]):
        return _Wrong(f"does not take `{unknown[0]}` in Keras 3", f"leave `{unknown[0]}` out")
    first = positional[0] if positional else None
    if isinstance(first, PythonValue) and isinstance(first.constant, str):
        return _Wrong("gets its name by position, where Keras 3 takes the shape", _BY_KEYWORD, _VALUE_ERROR)
    if first is not None and "shape" in keywords:
        if isinstance(first, Sequence | Shape):
            return _Wrong("gets both `shape` and, by position, what Keras 3 takes for it", _BY_KEYWORD, _VALUE_ERROR)
        return _Wrong("gets its name by position, where Keras 3 takes the shape", _BY_KEYWORD, _VALUE_ERROR)
    if len(positional) > 1 and isinstance(positional[1], Sequence | Shape):
        return _Wrong(
            "gets its name and shape by position, where Keras 3 takes shape and initializer", _BY_KEYWORD, _VALUE_ERROR
        )
    if len(positional) > _POSITIONAL_IN_3 and event.via == "add_weight":
        return _Wrong(f"takes {_POSITIONAL_IN_3} positional arguments in Keras 3, not {len(positional)}", _BY_KEYWORD)
    if (
        event.via == "add_variable"
        and event.arguments.are_complete
        and "initializer" not in keywords
        and len(positional) < 2
    ):
        return _Wrong("needs an `initializer` in Keras 3", _INITIALIZER)
    shape = keywords.get("shape", first)
    if _is_number(shape):
        return _Wrong("gets a number as shape", _TUPLE, _VALUE_ERROR)
    if _has_float(shape):
        return _Wrong(f"gets {_FLOAT}", _WHOLE, _VALUE_ERROR)
    if (event.name is not None and "/" in event.name) or event.keyword_holds("name", "/"):
        return _Wrong(f"gets {_named(event)}, and Keras 3 takes no `/` in it", _NO_SLASH, _VALUE_ERROR)
    if _is_number(keywords.get("name")):
        return _Wrong("gets a name that is no string", _STRING, _VALUE_ERROR)
    if ".VariableAggregation." in (event.keyword_name("aggregation") or ""):
        return _Wrong('takes an aggregation by its name in Keras 3, such as "mean"', _AGGREGATION, _VALUE_ERROR)
    return None


def _named(event: WeightAdded) -> str:
    return "a name with `/`" if event.name is None else f"the name {event.name!r}"


_FLOAT = "a dimension that is a float, the result of `/`"


def _is_number(value: Value | None) -> bool:
    if isinstance(value, Dimension):
        return value.is_number
    if not isinstance(value, PythonValue):
        return False
    is_calculated = value.derived is not None and value.derived.is_number
    return is_calculated or (isinstance(value.constant, int | float) and value.constant is not True)


def _has_float(shape: Value | None) -> bool:
    """Whether an entry is certainly a float; `/` gives one even where the division leaves no rest."""
    if not isinstance(shape, Sequence) or shape.items is None:
        return False
    return any(
        isinstance(item, PythonValue | Dimension)
        and (item.is_float or (isinstance(item, PythonValue) and isinstance(item.constant, float)))
        for item in shape.items
    )
