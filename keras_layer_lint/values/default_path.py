"""Whether code runs where nobody sets a flag: where all arguments are what they are by default."""

from __future__ import annotations

from typing import Any

import libcst as cst

from keras_layer_lint.model import patterns, syntax, uses
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.events import Site
from keras_layer_lint.values.value import PythonValue

_GIVEN = frozenset({"mask", "training"})
"""Arguments of `call` that Keras gives: what they are by default says nothing."""


def is_off_by_default(analysis: Analysis, site: Site) -> bool:
    """Whether a flag keeps the code from being run unless somebody sets it: an argument of `__init__` or of `call`.

    A condition that stands elsewhere, in what calls the code, is not looked at.
    """
    code = site.code.node
    defaults = _defaults(code) if isinstance(code, cst.FunctionDef) and code.name.value == site.phase else {}
    return any(
        outcome is not None and (truth := _truth(test, analysis, defaults)) is not None and truth is not outcome
        for test, outcome in patterns.outcomes_before(code, site.code_node)
    )


def _defaults(method: cst.FunctionDef) -> dict[str, Any]:
    """The defaults of the arguments that callers may give, and the method leaves as they are."""
    others = _GIVEN | uses.names_stored(method.body)
    return {
        param.name.value: syntax.literal(param.default)
        for param in syntax.parameters(method)
        if param.default is not None and param.name.value not in others
    }


def _truth(test: cst.BaseExpression, analysis: Analysis, defaults: dict[str, Any]) -> bool | None:
    """What a test comes to with the defaults; None where they do not tell."""
    match test:
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            truth = _truth(inner, analysis, defaults)
            return None if truth is None else not truth
        case cst.BooleanOperation(left=left, operator=operator, right=right):
            both = [_truth(part, analysis, defaults) for part in (left, right)]
            decides = not isinstance(operator, cst.And)
            return decides if decides in both else None if None in both else not decides
        case cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(operator=operator, comparator=other)]):
            one, two = (_default(part, analysis, defaults) for part in (left, other))
            if one is ... or two is ...:
                return None
            match operator:
                case cst.Is() | cst.Equal():
                    return bool(one == two)
                case cst.IsNot() | cst.NotEqual():
                    return bool(one != two)
                case _:
                    return None
        case _:
            value = _default(test, analysis, defaults)
            return None if value is ... else bool(value)


def _default(node: cst.BaseExpression, analysis: Analysis, defaults: dict[str, Any]) -> Any:
    """What an attribute of self or an argument is by default, or a literal; `...` where that is not known."""
    if isinstance(node, cst.Name):
        return defaults.get(node.value, syntax.literal(node))
    attribute = syntax.self_attribute(node)
    if attribute is None:
        return syntax.literal(node)
    value = analysis.attributes.get(attribute)
    if not isinstance(value, PythonValue) or value.derived is not None:
        return ...
    if value.parameter is None:
        return value.constant
    init = analysis.layer.method("__init__")
    return ... if init is None else init.default_of(value.parameter)
