"""KLL304: begin with the config of the base class."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.base_kwargs import passed_on
from keras_layer_lint.fixes.place import Place, is_functional, line_break, own_nodes, returns_of

_ROOT = m.Name("Layer") | m.Attribute(attr=m.Name("Layer"))
_BASE = cst.parse_expression("super().get_config()")


def fix(place: Place) -> Fix | None:
    """Where `__init__` takes what the base config holds, or can: else loading would raise.

    Safe where the base is `Layer` itself. What another base returns may not be meant for this class: that of a
    functional model of Keras 2 holds all its layers.
    """
    method, init, owner = place.method("get_config"), place.method("__init__"), place.owner
    if method is None or owner is None or (is_functional(owner) and place.diagnostic.keras != ("3",)):
        return None
    takes = None if init is None or init.params.star_kwarg is not None else passed_on(place, init)
    if init is not None and init.params.star_kwarg is None and takes is None:
        return None
    returned = list(returns_of(method))
    value = returned[0].value if len(returned) == 1 else None
    start = _assigned(method, value) if isinstance(value, cst.Name) else value
    if value is None or start is None:
        return None
    new = _with_base(start)
    if new is None:
        start, new = value, _around(value)
    is_root = len(owner.bases) == 1 and m.matches(owner.bases[0].value, _ROOT)
    more = () if takes is None else takes.edits
    is_safe = is_root and (takes is None or not takes.changes)
    edits = (*more, place.replaced(start, new))
    return Fix("safe" if is_safe else "unsafe", "begin with `super().get_config()`", edits)


def _assigned(method: cst.FunctionDef, name: cst.Name) -> cst.BaseExpression | None:
    """What a name is assigned, once and first."""
    found = [
        node
        for node in own_nodes(method)
        if isinstance(node, cst.Assign) and any(m.matches(each.target, m.Name(name.value)) for each in node.targets)
    ]
    return found[0].value if len(found) == 1 else None


def _around(value: cst.BaseExpression) -> cst.Dict:
    """The config of the base and, over it, whatever is returned."""
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return cst.Dict([cst.StarredDictElement(_BASE, comma=comma), cst.StarredDictElement(value)])


def _with_base(value: cst.BaseExpression) -> cst.BaseExpression | None:
    if isinstance(value, cst.Dict):
        if not value.elements:
            return _BASE
        comma = cst.Comma(whitespace_after=line_break(value.lbrace.whitespace_after))
        return value.with_changes(elements=[cst.StarredDictElement(value=_BASE, comma=comma), *value.elements])
    if m.matches(value, m.Call(func=m.Name("dict"), args=[])):
        return _BASE
    if m.matches(value, m.Call(func=m.Name("dict"), args=[m.AtLeastN(m.Arg(keyword=m.Name()), n=1)])):
        call = cst.ensure_type(value, cst.Call)
        first = cst.Arg(_BASE, comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
        return call.with_changes(args=[first, *call.args])
    return None
