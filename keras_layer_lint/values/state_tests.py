"""What a condition asks of what the layer holds by now, rather than of how it was configured."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.run import Run
from keras_layer_lint.values.value import Layer, PythonValue, Self


def tests_state(run: Run, test: cst.BaseExpression, frame: Frame) -> bool:
    """Whether a condition asks what the layer or a cache holds by now, not only how it was configured.

    That matters in what Keras traces.
    """
    return _tests(run, test, frame, frozenset())


def runs_once(run: Run, test: cst.BaseExpression, frame: Frame, truth: bool) -> bool:
    """Whether code may run once only that runs where a condition is `truth`: it asks for what is not there yet.

    What runs where `self.dense` is there runs each time, unless more than `__init__` and `build` binds it.
    """
    held = {
        name
        for name in _held(run, test, frame, truth)
        if name not in run.stored_in_call and run.attributes.get(name) is not None
    }
    return _tests(run, test, frame, frozenset(held))


def _tests(run: Run, test: cst.BaseExpression, frame: Frame, held: frozenset[str]) -> bool:
    if not run.is_traced:
        return False
    for child in syntax.walk(test):
        if type(child) is cst.Attribute:
            name = _own_attribute(child, frame)
            if name is not None and name not in held and _may_change(run, name):
                return True
        elif type(child) is cst.Name:
            if child.value in ("hasattr", "getattr"):
                return True
        elif type(child) is cst.In or type(child) is cst.NotIn:
            return True
    return False


def _may_change(run: Run, name: str) -> bool:
    """Whether an attribute may hold something else in the next call."""
    value = run.attributes.get(name)
    if not isinstance(value, PythonValue) or name in run.stored_by_build:
        return True
    # What the call has kept of its own arguments it keeps anew each time.
    return name in run.stored_in_call and not (value.parameter is not None and run.attributes.is_written(name))


def _held(run: Run, test: cst.BaseExpression, frame: Frame, truth: bool) -> set[str]:
    """The attributes that certainly hold something where a condition is `truth`."""
    match test:
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            return _held(run, inner, frame, not truth)
        case cst.BooleanOperation(left=left, operator=operator, right=right):
            if isinstance(operator, cst.And) is truth:
                return _held(run, left, frame, truth) | _held(run, right, frame, truth)
            return set()
        case cst.Comparison(
            left=cst.Attribute() as left, comparisons=[cst.ComparisonTarget(cst.Is() | cst.IsNot() as operator, right)]
        ) if isinstance(right, cst.Name) and right.value == "None":
            name = _own_attribute(left, frame)
            return {name} if name is not None and truth is isinstance(operator, cst.IsNot) else set()
        case cst.Attribute():
            name = _own_attribute(test, frame)
            return {name} if truth and name is not None and isinstance(run.attributes.get(name), Layer) else set()
        case _:
            return set()


def _own_attribute(node: cst.Attribute, frame: Frame) -> str | None:
    """The name of an attribute of the layer, which a function may be given under another name than `self`."""
    if (name := syntax.self_attribute(node)) is not None:
        return name
    owner = node.value
    return node.attr.value if isinstance(owner, cst.Name) and isinstance(frame.lookup(owner.value), Self) else None
