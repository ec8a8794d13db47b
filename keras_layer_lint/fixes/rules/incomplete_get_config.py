"""KLL302: keep the missing arguments in the config, where they are plain values that an attribute holds."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix
from keras_layer_lint.fixes.place import Place, own_nodes, parameters_of, returns_of

_PLAIN = (
    m.Integer()
    | m.Float()
    | m.SimpleString()
    | m.Name("True")
    | m.Name("False")
    | m.UnaryOperation(operator=m.Minus(), expression=m.Integer() | m.Float())
)
_PLAIN_TYPE = m.Name("int") | m.Name("float") | m.Name("str") | m.Name("bool")


def fix(place: Place) -> Fix | None:
    """Safe: it only adds to the config what `__init__` takes."""
    init, names = place.method("__init__"), place.diagnostic.expectation.arguments
    if init is None or not names or not all(_is_plain(init, name) and _is_held(init, name) for name in names):
        return None
    elements = [_element(name) for name in names]
    method = place.method("get_config")
    edit = _new_method(place, init, elements) if method is None else _added(place, method, elements)
    shown = ", ".join(f"`{name}`" for name in names)
    return None if edit is None else Fix("safe", f"keep {shown} in the config", (edit,))


def _is_plain(init: cst.FunctionDef, name: str) -> bool:
    """Whether an argument is a number, a text or a flag, by its default or its annotation."""
    for parameter in parameters_of(init):
        if parameter.name.value == name:
            if parameter.default is not None and m.matches(parameter.default, _PLAIN):
                return True
            return parameter.annotation is not None and m.matches(parameter.annotation.annotation, _PLAIN_TYPE)
    return False


def _is_held(init: cst.FunctionDef, name: str) -> bool:
    """Whether the attribute of its name holds the argument as it came, which nothing changes before."""
    held = m.Assign(targets=[m.AssignTarget(m.Attribute(m.Name("self"), m.Name(name)))])
    again = m.AssignTarget(m.Name(name)) | m.AugAssign(target=m.Name(name))
    nodes = list(own_nodes(init))
    found = [node for node in nodes if m.matches(node, held)]
    return (
        len(found) == 1
        and m.matches(cst.ensure_type(found[0], cst.Assign).value, m.Name(name))
        and not any(m.matches(node, again) for node in nodes)
    )


def _element(name: str) -> cst.DictElement:
    return cst.DictElement(cst.SimpleString(f'"{name}"'), cst.Attribute(cst.Name("self"), cst.Name(name)))


def _joined(first: cst.BaseDictElement, elements: Sequence[cst.DictElement]) -> cst.Dict:
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return cst.Dict([first.with_changes(comma=comma), *_separated(elements, comma)])


def _separated(elements: Sequence[cst.DictElement], comma: cst.Comma) -> list[cst.DictElement]:
    return [*(each.with_changes(comma=comma) for each in elements[:-1]), elements[-1]]


def _new_method(place: Place, init: cst.FunctionDef, elements: Sequence[cst.DictElement]) -> Edit | None:
    base = cst.StarredDictElement(cst.parse_expression("super().get_config()"))
    body = cst.SimpleStatementLine([cst.Return(_joined(base, elements))])
    method = cst.FunctionDef(
        name=cst.Name("get_config"),
        params=cst.Parameters([cst.Param(cst.Name("self"))]),
        body=cst.IndentedBlock([body]),
        leading_lines=[cst.EmptyLine(indent=False)],
    )
    owner = place.owner
    if owner is None or not isinstance(owner.body, cst.IndentedBlock):
        return None
    return place.behind(owner.body.body[-1], method)


def _added(place: Place, method: cst.FunctionDef, elements: Sequence[cst.DictElement]) -> Edit | None:
    """Into the dict that the config is made of; else around what is returned."""
    returned = list(returns_of(method))
    if len(returned) != 1 or (value := returned[0].value) is None:
        return None
    if isinstance(value, cst.Name):
        update = m.Call(func=m.Attribute(m.Name(value.value), m.Name("update")), args=[m.Arg(value=m.Dict())])
        updates = [node for node in own_nodes(method) if m.matches(node, update)]
        if len(updates) == 1:
            value = cst.ensure_type(cst.ensure_type(updates[0], cst.Call).args[0].value, cst.Dict)
    if isinstance(value, cst.Dict) and value.elements:
        return place.replaced(value, _longer(value, elements))
    return place.replaced(value, _joined(cst.StarredDictElement(value), elements))


def _longer(value: cst.Dict, elements: Sequence[cst.DictElement]) -> cst.Dict:
    """A dict with more elements, each on a line of its own where those that are there are."""
    *before, last = value.elements
    first = value.lbrace.whitespace_after
    is_long = isinstance(first, cst.ParenthesizedWhitespace)
    comma = cst.Comma(whitespace_after=first if is_long else cst.SimpleWhitespace(" "))
    trailing = last.comma if isinstance(last.comma, cst.Comma) else cst.MaybeSentinel.DEFAULT
    new = _separated(elements, comma)
    new[-1] = new[-1].with_changes(comma=trailing)
    return value.with_changes(elements=[*before, last.with_changes(comma=comma), *new])
