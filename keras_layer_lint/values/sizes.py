"""Which arguments of `__init__` a layer uses as sizes."""

from __future__ import annotations

from keras_layer_lint.keras.layers import facts_of
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.call_events import LayerMade, WeightAdded
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.value import PythonValue, Value

_NUMBERS = frozenset("units filters rate input_dim output_dim epsilon num_heads key_dim".split())
_NUMBERS_OR_TUPLES = frozenset("kernel_size pool_size axis".split())


def is_size(parameter: str, analysis: Analysis, *, or_tuple: bool = False) -> bool:
    """Whether an argument is a number by its use: a size of a layer of Keras, or in the shape of a weight.

    `or_tuple`: a tuple of numbers will do as well.
    """
    sizes = _sizes(analysis, _NUMBERS | _NUMBERS_OR_TUPLES if or_tuple else _NUMBERS, or_tuple)
    return any(isinstance(value, PythonValue) and _is_made_of(value, parameter) for value in sizes)


def _is_made_of(value: PythonValue, parameter: str) -> bool:
    """Whether it is the argument, or comes from it by arithmetic, as `units * 2` does."""
    return value.parameter == parameter if value.derived is None else parameter in value.derived.parameters


def _sizes(analysis: Analysis, names: frozenset[str], or_tuple: bool) -> list[Value]:
    found: list[Value] = []
    for weight in analysis.events(WeightAdded):
        shape = weight.keyword("shape")
        if isinstance(shape, Sequence):
            found += shape.items or ()
        elif or_tuple and shape is not None:
            found.append(shape)
    for made in analysis.events(LayerMade):
        if not isinstance(made.of, str):
            continue
        found += [value for name, value in made.arguments.keywords.items() if name in names]
        if any(fact.parameters and fact.parameters[0] in names for fact in facts_of(made.of)):
            found += made.arguments.positional[:1]
    return found
