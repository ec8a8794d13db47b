"""KLL208: name what `add_weight` gets by position, and leave out what Keras 3 has no use for."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import pointed_at
from keras_layer_lint.fixes.place import Place

_ORDER_IN_2 = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")
_SAME_FOR_METRICS = 2
"""How many of these `Metric.add_weight` of Keras 2 takes in the same order."""
_ORDER_IN_3 = ("shape", "initializer", "dtype")
_WITHOUT_USE = frozenset({"use_resource", "synchronization", "caching_device", "getter", "collections"})
"""What Keras 2 takes and Keras 3 does not: it says how a variable is placed or made, and nothing of its values."""
_RENAMED = {"experimental_autocast": "autocast"}
_CALL = m.Call(func=m.Attribute(value=m.Name("self"), attr=m.Name("add_weight")))
_TEXT = m.SimpleString() | m.FormattedString() | m.ConcatenatedString()
_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def fix(place: Place) -> Fix | None:
    """Safe: the call raises in the generation that the diagnostic speaks of, and means the same in the other."""
    call = pointed_at(place)
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
    if new.deep_equals(call):
        return None
    return Fix("safe", "pass all by keyword", (place.replaced(call, new),))


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
        if keyword in _RENAMED:
            found.append(each.with_changes(keyword=cst.Name(_RENAMED[keyword])))
        elif keyword not in _WITHOUT_USE or m.findall(each.value, m.Call() | m.NamedExpr()):
            found.append(each)
    return found


def _named(arguments: Sequence[cst.Arg], order: tuple[str, ...]) -> list[cst.Arg]:
    """Arguments with the names that positions stand for; none where one has no certain name, or two are the same."""
    positional = sum(each.keyword is None for each in arguments)
    if positional > (_SAME_FOR_METRICS if order is _ORDER_IN_2 else len(order)):
        return []
    found = [
        each.with_changes(keyword=cst.Name(order[number]), equal=_EQUAL) if each.keyword is None else each
        for number, each in enumerate(arguments)
    ]
    names = [each.keyword.value for each in found if each.keyword is not None]
    return found if len(set(names)) == len(names) else []
