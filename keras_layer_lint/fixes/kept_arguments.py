"""Arguments of `__init__` into the config: in the `get_config` that there is, or in a new one."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix
from keras_layer_lint.fixes.place import (
    SUPER_INIT,
    Place,
    is_functional,
    line_break,
    own_nodes,
    parameters_of,
    returns_of,
)
from keras_layer_lint.keras.methods import BASE_ARGUMENTS, MORE_BASE_ARGUMENTS

OF_EVERY_OBJECT = frozenset(BASE_ARGUMENTS + MORE_BASE_ARGUMENTS)
"""What base classes keep by themselves."""
_PLAIN = (
    m.Integer()
    | m.Float()
    | m.SimpleString()
    | m.Name("True")
    | m.Name("False")
    | m.UnaryOperation(operator=m.Minus(), expression=m.Integer() | m.Float())
)
_PLAIN_TYPES = frozenset({"int", "float", "str", "bool", "None", "Optional", "Union", "typing"})


def keep(place: Place, names: Sequence[str]) -> Fix | None:
    """Keep arguments in the config, as the attributes of their names.

    Unsafe where it is not known that JSON can hold an argument, and where `__init__` has to keep it first.
    """
    init, owner = place.method("__init__"), place.owner
    if init is None or owner is None or not names:
        return None
    added = [name for name in names if not _is_held(init, name)]
    are_plain = all(is_plain(init, name) for name in names)
    if any(not _is_free(owner, init, name) for name in added):
        return None
    elements = [_element(name) for name in names]
    method = place.method("get_config")
    edits = [
        _new_method(place, owner, elements) if method is None else _added(place, method, elements),
        *([_keeping(place, init, added)] if added else []),
    ]
    made = tuple(edit for edit in edits if edit is not None)
    if len(made) < len(edits):
        return None
    shown = ", ".join(f"`{name}`" for name in names)
    return Fix("safe" if are_plain and not added else "unsafe", f"keep {shown} in the config", made)


def is_plain(init: cst.FunctionDef, name: str) -> bool:
    """Whether an argument is a number, a text or a flag, by its default or its annotation."""
    for parameter in parameters_of(init):
        if parameter.name.value == name:
            if parameter.default is not None and m.matches(parameter.default, _PLAIN):
                return True
            annotation = parameter.annotation
            return annotation is not None and _is_of_plain_types(annotation.annotation)
    return False


def _is_of_plain_types(annotation: cst.BaseExpression) -> bool:
    """`int`, `int | None`, `Optional[int]`, `Union[int, str]`."""
    return {each.value for each in m.findall(annotation, m.Name()) if isinstance(each, cst.Name)} <= _PLAIN_TYPES and (
        not m.findall(annotation, m.SimpleString() | m.Attribute() | m.Call())
    )


def _is_held(init: cst.FunctionDef, name: str) -> bool:
    """Whether the attribute of its name holds the argument as it came, which nothing changes before."""
    nodes = list(own_nodes(init))
    found = [node for node in nodes if m.matches(node, _held(name))]
    return (
        len(found) == 1
        and m.matches(cst.ensure_type(found[0], cst.Assign).value, m.Name(name))
        and not _is_bound_again(nodes, name)
    )


def _held(name: str) -> m.Assign:
    return m.Assign(targets=[m.AssignTarget(m.Attribute(m.Name("self"), m.Name(name)))])


def _is_bound_again(nodes: Sequence[cst.CSTNode], name: str) -> bool:
    again = m.AssignTarget(m.Name(name)) | m.AugAssign(target=m.Name(name))
    return any(m.matches(node, again) for node in nodes)


def _is_free(owner: cst.ClassDef, init: cst.FunctionDef, name: str) -> bool:
    """Whether an argument that comes as it was given can be kept in an attribute of its name, which the class lacks."""
    parameters = {parameter.name.value for parameter in parameters_of(init)}
    attribute = m.Attribute(m.Name("self"), m.Name(name))
    is_named = any(isinstance(node, cst.FunctionDef) and node.name.value == name for node in owner.body.body)
    return (
        name in parameters
        and name not in OF_EVERY_OBJECT
        and not is_named
        and not m.findall(owner, attribute)
        and not _is_bound_again(list(own_nodes(init)), name)
    )


def _keeping(place: Place, init: cst.FunctionDef, names: Sequence[str]) -> Edit | None:
    """The arguments as attributes, behind the call of the base class."""
    if not isinstance(init.body, cst.IndentedBlock):
        return None
    calls = [node for node in init.body.body if m.matches(node, SUPER_INIT)]
    if len(calls) != 1:
        return None
    edits = [place.behind(calls[0], cst.parse_statement(f"self.{name} = {name}")) for name in names]
    first, *_ = edits
    text = "".join(edit.text for edit in edits if edit is not None)
    return None if first is None else Edit(first.span, text)


def _element(name: str) -> cst.DictElement:
    return cst.DictElement(cst.SimpleString(f'"{name}"'), cst.Attribute(cst.Name("self"), cst.Name(name)))


def _joined(first: cst.BaseDictElement, elements: Sequence[cst.DictElement]) -> cst.Dict:
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return cst.Dict([first.with_changes(comma=comma), *_separated(elements, comma)])


def _separated(elements: Sequence[cst.DictElement], comma: cst.Comma) -> list[cst.DictElement]:
    return [*(each.with_changes(comma=comma) for each in elements[:-1]), elements[-1]]


def _new_method(place: Place, owner: cst.ClassDef, elements: Sequence[cst.DictElement]) -> Edit | None:
    base = cst.StarredDictElement(cst.parse_expression("super().get_config()"))
    body = cst.SimpleStatementLine([cst.Return(_joined(base, elements))])
    method = cst.FunctionDef(
        name=cst.Name("get_config"),
        params=cst.Parameters([cst.Param(cst.Name("self"))]),
        body=cst.IndentedBlock([body]),
        leading_lines=[cst.EmptyLine(indent=False)],
    )
    if is_functional(owner) or not isinstance(owner.body, cst.IndentedBlock):
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
    comma = cst.Comma(whitespace_after=line_break(value.lbrace.whitespace_after))
    trailing = last.comma if isinstance(last.comma, cst.Comma) else cst.MaybeSentinel.DEFAULT
    new = _separated(elements, comma)
    new[-1] = new[-1].with_changes(comma=trailing)
    return value.with_changes(elements=[*before, last.with_changes(comma=comma), *new])
