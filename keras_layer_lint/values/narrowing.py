"""What a condition says of the variables it names, on the path where it holds and on the one where it does not."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.environment import Environment
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.join import element_of
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.state import State
from keras_layer_lint.values.type_tests import TENSOR_TYPES, is_instance
from keras_layer_lint.values.value import (
    NONE,
    ClassObject,
    Dimension,
    ExternalName,
    Function,
    InputMasks,
    Layer,
    Nest,
    PythonValue,
    Rank,
    Shape,
    Tensor,
    Value,
)

_LISTS = frozenset({"list", "tuple"})
_ALWAYS = (Tensor, Nest, Layer, Function, Dict, Sequence)


def narrow(state: State, test: cst.BaseExpression, frame: Frame, env: Environment, truth: bool) -> Environment | None:
    """`env` where `test` is `truth`; None where that cannot be."""
    if type(test) not in _NARROWING:
        return env
    match test:
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            return narrow(state, inner, frame, env, not truth)
        case cst.BooleanOperation():
            if isinstance(test.operator, cst.And) is truth:
                first = narrow(state, test.left, frame, env, truth)
                return None if first is None else narrow(state, test.right, frame, first, truth)
            return env
        case cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(operator=operator, comparator=right)]):
            against_none = isinstance(right, cst.Name) and right.value == "None"
            if against_none and isinstance(operator, cst.Is | cst.Equal | cst.IsNot | cst.NotEqual):
                is_none = truth is isinstance(operator, cst.Is | cst.Equal)
                if isinstance(left, cst.Subscript) and not is_none:
                    env = _with_known_batch(state, left, frame, env)
                return _against_none(state, left, frame, env, is_none)
            if truth and not isinstance(operator, cst.NotEqual) and (ranked := _rank_tested(left)) is not None:
                # One of several layouts.
                return _with_known_batch(state, ranked, frame, env, has_one_axis=_is_no_more_than_one(operator, right))
            subject = _type_tested(left) or _type_tested(right)
            return _with(env, subject, UNKNOWN) if subject is not None and truth else env
        case cst.Call(func=cst.Attribute(value=shape, attr=cst.Name(value="is_fully_defined"))):
            return _with_known_batch(state, shape, frame, env) if truth else env
        case cst.Call():
            return _call(state, test, frame, env, truth)
        case cst.Name() | cst.Attribute() | cst.Subscript():
            if truth and isinstance(test, cst.Subscript):
                env = _with_known_batch(state, test, frame, env)
            value = _value(state, test, frame, env)
            if isinstance(value, PythonValue) and isinstance(value.constant, bool | None):
                return env if bool(value.constant) is truth else None
            if truth and isinstance(value, Tensor | Nest) and value.optional:
                return _with(env, test, replace(value, optional=False))
            if truth and isinstance(value, Dimension) and value.batch:
                return _with(env, test, Dimension())
            return env
        case _:
            return env


_NARROWING = frozenset(
    {cst.UnaryOperation, cst.BooleanOperation, cst.Comparison, cst.Call, cst.Name, cst.Attribute, cst.Subscript}
)


def _is_no_more_than_one(operator: cst.BaseCompOp, number: cst.BaseExpression) -> bool:
    least = {cst.Equal: "1", cst.LessThan: "2", cst.LessThanEqual: "1"}.get(type(operator))
    return isinstance(number, cst.Integer) and number.value == least


def _rank_tested(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """`x` of `len(x.shape)`, `x.shape.rank`, `x.ndim`."""
    match node:
        case cst.Call(
            func=cst.Name(value="len"), args=[cst.Arg(value=cst.Attribute(attr=cst.Name(value="shape")) as s)]
        ):
            return s
        case cst.Attribute(value=holder, attr=cst.Name(value="rank" | "ndims" | "ndim")):
            return holder
        case _:
            return None


def _type_tested(node: cst.BaseExpression) -> cst.Name | None:
    """`x` of `type(x)`, wherever that stands in one side of a comparison."""
    while isinstance(node, cst.Attribute | cst.Call):
        if isinstance(node, cst.Attribute):  # type(x).__name__
            node = node.value
            continue
        if len(node.args) != 1:
            return None
        inner = node.args[0].value
        if isinstance(node.func, cst.Name) and node.func.value == "type":
            return inner if isinstance(inner, cst.Name) else None
        node = inner  # str(type(x))
    return None


def type_names(node: cst.BaseExpression) -> frozenset[str]:
    """Last names of the classes that `isinstance` is asked about; `?` for what is not written out."""
    match node:
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            return frozenset(name for element in elements for name in type_names(element.value))
        case cst.BinaryOperation(left=left, operator=cst.BitOr(), right=right):
            return type_names(left) | type_names(right)
        case cst.Call(func=cst.Name(value="type"), args=[cst.Arg(value=cst.Name(value="None"))]):
            return frozenset({"NoneType"})
        case cst.Name(value="None"):
            return frozenset({"NoneType"})
        case cst.Name() | cst.Attribute():
            return frozenset({(syntax.dotted(node) or "?").rpartition(".")[2]})
        case _:
            return frozenset({"?"})


def _with_known_batch(
    state: State, node: cst.BaseExpression, frame: Frame, env: Environment, *, has_one_axis: bool = False
) -> Environment:
    """Where `x.shape[0]` is a number: `x`, or the name of its shape, without a batch size that is None."""
    while isinstance(node, cst.Subscript | cst.Attribute):
        node = node.value
    value = _value(state, node, frame, env) if isinstance(node, cst.Name) else None
    if isinstance(value, Tensor | Nest | Shape) and value.batched:
        value = replace(value, batched=False)
        return _with(env, node, replace(value, rank=Rank("", 1)) if has_one_axis and type(value) is Tensor else value)
    return env


def item_key(node: cst.BaseExpression) -> str | None:
    """The name in an environment of `x[0]`; None for other expressions."""
    match node:
        case cst.Subscript(
            value=cst.Name(value=name), slice=[cst.SubscriptElement(slice=cst.Index(value=cst.Integer(value=index)))]
        ):
            return f"{name}[{index}]"
        case _:
            return None


def _value(state: State, node: cst.BaseExpression, frame: Frame, env: Environment) -> Value | None:
    if isinstance(node, cst.Name):
        return env.get(node.value) or frame.lookup(node.value)
    if (key := item_key(node)) is not None:
        whole = env.get(key.partition("[")[0])
        return env.get(key) or (element_of(whole) if isinstance(whole, InputMasks) else None)
    attribute = syntax.self_attribute(node)
    if attribute is None:
        return None
    return env.get(f"self.{attribute}") or state.run.attributes.get(attribute)


def _with(env: Environment, node: cst.BaseExpression, value: Value) -> Environment:
    key = node.value if isinstance(node, cst.Name) else item_key(node) or f"self.{syntax.self_attribute(node)}"
    found = env.fork()
    found[str(key)] = value
    return found


def _against_none(
    state: State, node: cst.BaseExpression, frame: Frame, env: Environment, is_none: bool
) -> Environment | None:
    value = _value(state, node, frame, env)
    if value is None:
        if isinstance(node, cst.Name) and isinstance(
            state.evaluate(node, frame), ExternalName | ClassObject | Function
        ):
            return None if is_none else env  # an import or definition of the module
        return env
    if isinstance(value, PythonValue) and value.constant is not ...:
        return env if (value.constant is None) is is_none else None
    if isinstance(value, Dimension) and value.batch:
        return env if is_none else _with(env, node, Dimension())
    if isinstance(value, Tensor | Nest):
        if is_none:
            return _with(env, node, NONE) if value.optional else None
        return _with(env, node, replace(value, optional=False))
    if is_none and isinstance(value, _ALWAYS) and isinstance(node, cst.Name):
        return _with(env, node, NONE)
    return env


def _call(state: State, test: cst.Call, frame: Frame, env: Environment, truth: bool) -> Environment | None:
    if not test.args:
        return env
    subject = test.args[0].value
    if not (isinstance(subject, cst.Name) or syntax.self_attribute(subject)):
        return env
    name = syntax.dotted(test.func) or ""
    value = _value(state, subject, frame, env)
    if name == "isinstance" and len(test.args) == 2:
        names = type_names(test.args[1].value)
        known = None if value is None else is_instance(value, names)
        if known is not None and known is not truth:
            return None
        if names == {"NoneType"}:
            return _against_none(state, subject, frame, env, truth)
        if isinstance(value, Tensor | Nest) and "ndarray" in names:
            return _with(env, subject, UNKNOWN)  # code that provides for arrays is no code that is only traced
        if not truth or not isinstance(value, Tensor | Nest):
            return env
        if isinstance(value, Nest) and value.argument and value.batched and names <= _LISTS:
            return _with(env, subject, replace(value, of_batched=True))
        if names & TENSOR_TYPES:
            return _with(env, subject, Tensor(value.origin, batched=value.batched) if names == {"Tensor"} else UNKNOWN)
        return env if isinstance(value, Nest) else _with(env, subject, UNKNOWN)
    resolved = state.evaluate(test.func, frame)
    if isinstance(resolved, ExternalName):
        last = resolved.name.rpartition(".")[2]
        if last in ("is_tensor", "is_keras_tensor", "is_tf_type", "is_symbolic_tensor"):
            return env if truth else _with(env, subject, UNKNOWN)
        if last in ("is_nested", "isfunction", "callable", "is_sparse", "is_nested_or_composite") and truth:
            return _with(env, subject, UNKNOWN) if isinstance(value, Tensor) else env
    return env
