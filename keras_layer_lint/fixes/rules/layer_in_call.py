"""KLL132: make the layer in `__init__`."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes.constructors import in_init
from keras_layer_lint.fixes.expressions import around, is_plain, pointed_at
from keras_layer_lint.fixes.kept_objects import (
    free_attribute,
    is_conditional,
    is_in_method,
    is_known_in_init,
    is_repeated,
    kept,
)
from keras_layer_lint.fixes.place import Place


def fix(place: Place) -> Fix | None:
    """Unsafe: one layer is trained and saved, where there was another in each call."""
    node, owner = pointed_at(place), place.owner
    if not isinstance(node, cst.Call) or owner is None or not is_in_method(place) or not is_plain(node):
        return None
    held, arguments = around(place, node), [argument.value for argument in node.args]
    if is_repeated(place, held) or not is_known_in_init(place, [node.func, *arguments]):
        return None
    if is_conditional(place) and any(m.findall(each, m.Attribute(m.Name("self"))) for each in arguments):
        return None  # the condition may be whether they are set
    outer = held[0] if held else None
    if isinstance(outer, cst.Assign) and m.matches(outer.targets[0].target, m.Attribute(m.Name("self"))):
        return _moved(place, outer, node)
    if not isinstance(outer, (cst.Assign, cst.Call)) or (isinstance(outer, cst.Call) and outer.func is not node):
        return None
    name = free_attribute(owner, _class_of(node), _number(place, owner, node))
    edit = in_init(place, kept(name, node), at_end=place.method("__init__") is not None)
    if edit is None:
        return None
    by = cst.Attribute(cst.Name("self"), cst.Name(name))
    return Fix("unsafe", f"make `self.{name}` in `__init__`", (edit, place.replaced(node, by)))


def _class_of(node: cst.Call) -> str:
    return node.func.attr.value if isinstance(node.func, cst.Attribute) else cst.ensure_type(node.func, cst.Name).value


def _number(place: Place, owner: cst.ClassDef, node: cst.Call) -> int:
    """How many layers are made so before it in the class: two of them are two, however alike they are written."""
    methods = [each for each in owner.body.body if each is not place.method("__init__")]
    alike = [each for method in methods for each in m.findall(method, m.Call()) if _is_alike(each, node)]
    return sum(place.tree.span(each) < place.tree.span(node) for each in alike)


def _is_alike(other: cst.CSTNode, node: cst.Call) -> bool:
    return isinstance(other, cst.Call) and other.func.deep_equals(node.func)


def _moved(place: Place, assign: cst.Assign, node: cst.Call) -> Fix | None:
    """`self.dense = Dense(4)` in `call`: the line goes, if nothing else assigns the attribute."""
    line, owner = place.statement, place.owner
    target = cst.ensure_type(assign.targets[0].target, cst.Attribute)
    if line is None or owner is None or len(assign.targets) != 1 or is_conditional(place):
        return None
    if sum(each.deep_equals(assign.targets[0]) for each in m.findall(owner, m.AssignTarget())) != 1:
        return None
    edit = in_init(place, kept(target.attr.value, node), at_end=place.method("__init__") is not None)
    span, lines = place.tree.span(line), place.tree.lines
    text = lines[span.line - 1][: span.column - 1] + lines[span.end_line - 1][span.end_column - 1 :]
    if edit is None or text.strip() or span.end_line >= len(lines):
        return None
    gone = Edit(Span(span.line, 1, span.end_line + 1, 1), "")
    return Fix("unsafe", f"make `self.{target.attr.value}` in `__init__`", (edit, gone))
