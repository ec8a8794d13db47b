"""KLL208: name what `add_weight` gets by position, and leave out what Keras 3 has no use for."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import appended, pointed_at
from keras_layer_lint.fixes.place import Place

_ORDER_IN_2 = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")
_SAME_FOR_METRICS = 2
"""How many of these `Metric.add_weight` of Keras 2 takes in the same order."""
_INIT_IN_2 = ("name", "dtype")
"""What `Metric.__init__` of Keras 2 takes in order; that of Keras 3 takes it the other way round."""
_INIT = m.Attribute(value=m.Call(func=m.Name("super")), attr=m.Name("__init__"))
_ORDER_IN_3 = ("shape", "initializer", "dtype")
_WITHOUT_USE = frozenset({"use_resource", "synchronization", "caching_device", "getter", "collections"})
"""What Keras 2 takes and Keras 3 does not: it says how a variable is placed or made, and nothing of its values."""
_RENAMED = {"experimental_autocast": "autocast"}
_CALL = m.Call(func=m.Attribute(value=m.Name("self"), attr=m.Name("add_weight")))
_TEXT = m.SimpleString() | m.FormattedString() | m.ConcatenatedString()
_AGGREGATION = m.Attribute(value=m.Name("VariableAggregation") | m.Attribute(attr=m.Name("VariableAggregation")))
_NONE = m.Name("None")
_ENCLOSED = [m.LeftParen()]
_NUMBER = (
    m.Integer()
    | m.BinaryOperation(operator=m.Subtract() | m.FloorDivide(), right=m.Integer())
    | m.Subscript()
    | m.Name(lpar=_ENCLOSED)
    | m.Attribute(lpar=_ENCLOSED)
)
"""Parentheses around a name say nothing, but for what was meant."""
_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def fix(place: Place) -> Fix | None:
    """Safe: the call raises in the generation that the diagnostic speaks of, and means the same in the other."""
    call = pointed_at(place)
    if isinstance(call, cst.Call) and m.matches(call.func, _INIT):
        named = _named(call.args, _INIT_IN_2) if not any(each.star == "*" for each in call.args) else []
        new = call.with_changes(args=named)
        return Fix("safe", "pass all by keyword", (place.replaced(call, new),)) if named else None
    if not isinstance(call, cst.Call) or not m.matches(call, _CALL) or any(each.star for each in call.args):
        return None
    if place.diagnostic.keras == ("3",):
        arguments = _named(_without(call.args), _ORDER_IN_2 if _begins_with_name(call.args) else _ORDER_IN_3)
    elif place.diagnostic.keras == ("2",):
        arguments = _named(call.args, _ORDER_IN_3)
    else:
        return None
    if not arguments:
        return None
    new = call.with_changes(args=[*arguments[:-1], arguments[-1].with_changes(comma=call.args[-1].comma)])
    if not new.deep_equals(call):
        return Fix("safe", "pass all by keyword", (place.replaced(call, new),))
    if (number := _number(call)) is not None:
        one = cst.Tuple([cst.Element(number.with_changes(lpar=[], rpar=[]), comma=cst.Comma())])
        if number.lpar:  # these stay where they are
            one = one.with_changes(lpar=[], rpar=[])
        return Fix("safe", "make it a tuple", (place.replaced(number, one),))
    is_of_metric = place.diagnostic.keras == ("3",) and place.method("update_state") is not None
    return _completed(place, call) if is_of_metric else None


def _number(call: cst.Call) -> cst.BaseExpression | None:
    """A shape that is one number: Keras 2 takes it for the length of the only axis."""
    for each in call.args:
        if m.matches(each.keyword or cst.Name("_"), m.Name("shape")) and m.matches(each.value, _NUMBER):
            return each.value
    return None


def _completed(place: Place, call: cst.Call) -> Fix | None:
    """What a metric of Keras 2 does by itself, written down: a scalar for no shape, the initializer of the dtype."""
    given = {each.keyword.value: each.value for each in call.args if each.keyword is not None}
    if "aggregation" in given:
        kept = [each for each in call.args if each.keyword is None or each.keyword.value != "aggregation"]
        new = call.with_changes(args=[*kept[:-1], kept[-1].with_changes(comma=call.args[-1].comma)])
        return Fix("unsafe", "leave replicas to Keras", (place.replaced(call, new),))
    if m.matches(given.get("shape", cst.Name("_")), _NONE):
        return Fix("safe", "make it a scalar", (place.replaced(given["shape"], cst.Tuple([])),))
    initializer = given.get("initializer")
    kind = _default_initializer(given.get("dtype"))
    if kind is None or (initializer is not None and not m.matches(initializer, _NONE)):
        return None
    text = cst.SimpleString(f'"{kind}"')
    if initializer is not None:
        edit = place.replaced(initializer, text)
    else:
        edit = place.replaced(call, appended(call, [cst.Arg(text, keyword=cst.Name("initializer"), equal=_EQUAL)]))
    return Fix("safe", "name the initializer that Keras 2 takes", (edit,))


def _default_initializer(dtype: cst.BaseExpression | None) -> str | None:
    """The initializer of Keras 2 for a dtype; None where that cannot be read off."""
    name = "float32"
    if isinstance(dtype, cst.SimpleString):
        name = str(dtype.evaluated_value)
    elif isinstance(dtype, cst.Attribute):
        name = dtype.attr.value
    elif dtype is not None and not m.matches(dtype, _NONE):
        return None
    if name.startswith(("int", "uint", "bool")):
        return "zeros"
    return "glorot_uniform" if name.startswith(("float", "bfloat")) else None


def _begins_with_name(arguments: Sequence[cst.Arg]) -> bool:
    """Whether the first argument is a name by position, as in Keras 2: a text, or beside a shape."""
    if not arguments or arguments[0].keyword is not None:
        return False
    return m.matches(arguments[0].value, _TEXT) or any(
        m.matches(each.keyword, m.Name("shape")) for each in arguments[1:] if each.keyword
    )


def _without(arguments: Sequence[cst.Arg]) -> list[cst.Arg]:
    """Without what Keras 3 has no use for, and with its own names."""
    found = []
    for each in arguments:
        keyword = "" if each.keyword is None else each.keyword.value
        if keyword == "aggregation" and isinstance(each.value, cst.Attribute) and m.matches(each.value, _AGGREGATION):
            found.append(each.with_changes(value=cst.SimpleString(f'"{each.value.attr.value.lower()}"')))
        elif keyword in _RENAMED:
            found.append(each.with_changes(keyword=cst.Name(_RENAMED[keyword])))
        elif keyword not in _WITHOUT_USE or m.findall(each.value, m.Call() | m.NamedExpr()):
            found.append(each)
    return found


def _named(arguments: Sequence[cst.Arg], order: tuple[str, ...]) -> list[cst.Arg]:
    """Arguments with the names that positions stand for; none where one has no certain name, or two are the same."""
    positional = sum(each.keyword is None and not each.star for each in arguments)
    if positional > (_SAME_FOR_METRICS if order is _ORDER_IN_2 else len(order)):
        return []
    found = [
        each.with_changes(keyword=cst.Name(order[number]), equal=_EQUAL)
        if each.keyword is None and not each.star
        else each
        for number, each in enumerate(arguments)
    ]
    names = [each.keyword.value for each in found if each.keyword is not None]
    return found if len(set(names)) == len(names) else []
