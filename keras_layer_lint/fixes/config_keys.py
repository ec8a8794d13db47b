"""A key of the config where it is written: given another name, or taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Span
from keras_layer_lint.fixes.place import Place, walked

_ITEM = m.Assign(targets=[m.AssignTarget(m.Subscript(slice=[m.SubscriptElement(m.Index(m.SimpleString()))]))])
_UPDATE = m.SimpleStatementLine(
    body=[m.Expr(m.Call(func=m.Attribute(attr=m.Name("update")), args=[m.Arg(m.Dict(), keyword=None)]))]
)


_Element = TypeVar("_Element", cst.BaseDictElement, cst.Arg)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is written: `"size": ...`, `size=...` or `config["size"] = ...`."""

    node: cst.DictElement | cst.Arg | cst.Assign
    holder: cst.Dict | cst.Call | cst.SimpleStatementLine
    """What holds it: the dict, the call, or the line of the statement."""


def key_at(place: Place) -> Key | None:
    """The key that a diagnostic points at."""
    span = place.diagnostic.span
    *_, statement = [None, *place.tree.around(span.line, span.column)]
    if not isinstance(statement, cst.SimpleStatementLine):
        return None
    for node in walked(statement):
        if isinstance(node, cst.Dict):
            for element in node.elements:
                if isinstance(element, cst.DictElement) and place.tree.span(element.key) == span:
                    return Key(element, node)
        elif isinstance(node, cst.Call):
            for arg in node.args:
                if arg.keyword is not None and span in (place.tree.span(arg.keyword), place.tree.span(arg)):
                    return Key(arg, node)
        elif isinstance(node, cst.Assign) and _is_item(statement, node):
            return Key(node, statement) if place.tree.span(node.targets[0].target) == span else None
    return None


def _is_item(statement: cst.SimpleStatementLine, node: cst.Assign) -> bool:
    return len(statement.body) == 1 and m.matches(node, _ITEM)


def renamed(place: Place, key: Key, name: str) -> Edit | None:
    """The same value under another key."""
    node = key.node
    if isinstance(node, cst.Arg):
        return None if node.keyword is None else place.replaced(node.keyword, cst.Name(name))
    text = node.key if isinstance(node, cst.DictElement) else _index(node)
    if not isinstance(text, cst.SimpleString):
        return None
    return place.replaced(text, cst.SimpleString(f"{text.prefix}{text.quote}{name}{text.quote}"))


def given(place: Place, key: Key, value: cst.BaseExpression) -> Edit:
    """Another value under the same key."""
    return place.replaced(key.node.value, value)


def removed(place: Place, key: Key) -> Edit | None:
    """The config without the key; the statement goes where nothing is left of it."""
    holder = key.holder
    if "#" in place.tree.text_of(place.tree.span(holder)) and _is_last(key):
        return None  # whose comment stands behind the last comma is not known
    if isinstance(holder, cst.SimpleStatementLine):
        return _without_line(place, holder)
    if isinstance(holder, cst.Dict):
        others = holder.with_changes(elements=_without(holder.elements, key.node))
        statement = place.tree.around(*_start(place, holder))[-1]
        if not others.elements and m.matches(statement, _UPDATE):
            return _without_line(place, cst.ensure_type(statement, cst.SimpleStatementLine))
        return place.replaced(holder, others)
    return place.replaced(holder, holder.with_changes(args=_without(holder.args, key.node)))


def _is_last(key: Key) -> bool:
    parts: Sequence[cst.CSTNode] = key.holder.elements if isinstance(key.holder, cst.Dict) else ()
    parts = key.holder.args if isinstance(key.holder, cst.Call) else parts
    return bool(parts) and parts[-1] is key.node


def _index(node: cst.Assign) -> cst.BaseExpression:
    element = cst.ensure_type(node.targets[0].target, cst.Subscript).slice[0]
    return cst.ensure_type(element.slice, cst.Index).value


def _start(place: Place, node: cst.CSTNode) -> tuple[int, int]:
    span = place.tree.span(node)
    return span.line, span.column


def _without(elements: Sequence[_Element], node: cst.CSTNode) -> list[_Element]:
    """The others; the new last one ends as the last one did."""
    at = next(number for number, each in enumerate(elements) if each is node)
    others = list(elements[:at]) + list(elements[at + 1 :])
    if others and at == len(others):
        others[-1] = others[-1].with_changes(comma=elements[at].comma)
    return others


def _without_line(place: Place, statement: cst.SimpleStatementLine) -> Edit | None:
    """None where it does not stand in lines of its own, or is the only one of its block."""
    span = place.tree.span(statement)
    around = place.tree.around(span.line, span.column)
    body = around[-2].body if len(around) > 1 and isinstance(around[-2], cst.FunctionDef) else None
    first, last = place.tree.lines[span.line - 1], place.tree.lines[span.end_line - 1]
    rest = last[span.end_column - 1 :].strip()
    if first[: span.column - 1].strip() or (rest and not rest.startswith("#")) or not last.endswith(("\n", "\r")):
        return None
    if not isinstance(body, cst.IndentedBlock) or len(body.body) < 2:
        return None
    return Edit(Span(span.line, 1, span.end_line + 1, 1), "")
