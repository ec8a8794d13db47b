"""Masks of several inputs, where none has one: Keras 2 hands None to `call`, Keras 3 a list of None."""

from __future__ import annotations

from collections.abc import Container, Iterator

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Span
from keras_layer_lint.fixes.place import FileTree, own_nodes

_MASK = m.Name("mask")
_TARGET = m.AssignTarget(target=_MASK)
_TEXT = m.SimpleStatementLine(body=[m.Expr(value=m.SimpleString() | m.ConcatenatedString())])


def masks_as_in_keras_2(text: str, layers: Container[str]) -> list[Edit]:
    """Edits by which `call` takes a list of None for None, in layers of these names that use the mask as a whole.

    Raises cst.ParserSyntaxError.
    """
    tree = FileTree(text)
    owners = [each for each in tree.module.body if isinstance(each, cst.ClassDef) and each.name.value in layers]
    return [edit for owner in owners for call in _calls(owner) if (edit := _edit(tree, call)) is not None]


def _calls(owner: cst.ClassDef) -> Iterator[cst.FunctionDef]:
    """`call`, if it takes several inputs, and hands a mask on or asks it for what a tensor has."""
    methods = {each.name.value: each for each in owner.body.body if isinstance(each, cst.FunctionDef)}
    call = methods.get("call")
    if call is None or len(call.params.params) < 3:
        return
    first, names = call.params.params[1].name.value, [each.name.value for each in call.params.params[2:]]
    if "mask" in names and _takes_several(call, first) and _uses_whole(call) and not _tests_elements(call):
        yield call


def _takes_several(call: cst.FunctionDef, inputs: str) -> bool:
    """Whether the inputs are taken apart: `x, a = inputs`, also by a method that gets them; `inputs[0]` and more."""
    several = m.AssignTarget(target=m.Tuple(elements=[m.Element(), m.AtLeastN(m.Element(), n=1)]))
    own = m.Name(inputs)
    handed = m.Call(func=m.Attribute(value=m.Name("self")), args=[m.Arg(own)])
    entry = m.Subscript(value=own, slice=[m.SubscriptElement(m.Index(m.Integer()))])
    entries = {cst.Module([]).code_for_node(node) for node in own_nodes(call) if m.matches(node, entry)}
    unpacked = m.Assign(targets=[several], value=own | handed)
    return len(entries) > 1 or any(m.matches(node, unpacked) for node in own_nodes(call))


def _uses_whole(call: cst.FunctionDef) -> bool:
    """Whether the mask goes into a call, or one of its attributes is asked."""
    used = m.Arg(value=m.Name("mask")) | m.Attribute(value=m.Name("mask"))
    return any(m.matches(node, used) for node in own_nodes(call))


def _tests_elements(call: cst.FunctionDef) -> bool:
    """Whether the code looks at what the mask holds, or sets it: it may know about lists."""
    element = m.Subscript(value=m.Name("mask"))
    known = m.Call(func=m.Name("isinstance") | m.Name("len"), args=[m.Arg(value=m.Name("mask")), m.ZeroOrMore()])
    return any(m.matches(node, element | known) or _is_bound(node) for node in own_nodes(call))


def _is_bound(node: cst.CSTNode) -> bool:
    """Whether the mask is set to anything but what a function makes of it: `mask = tf.cast(mask, x.dtype)`."""
    if not m.matches(node, m.Assign(targets=[m.ZeroOrMore(), _TARGET, m.ZeroOrMore()]) | m.AnnAssign(target=_MASK)):
        return m.matches(node, m.NamedExpr(target=_MASK) | m.For(target=_MASK))
    value = getattr(node, "value", None)
    return not m.matches(value, m.Call(args=[m.Arg(value=_MASK), m.ZeroOrMore()])) if value is not None else False


def _edit(tree: FileTree, call: cst.FunctionDef) -> Edit | None:
    if not isinstance(call.body, cst.IndentedBlock):
        return None
    first, *others = call.body.body
    if m.matches(first, _TEXT):
        if not others:
            return None
        first = others[0]
    span = tree.span(first)
    indent = tree.lines[span.line - 1][: span.column - 1]
    step = call.body.indent if call.body.indent is not None else tree.module.default_indent
    if indent.strip():
        return None
    newline = tree.module.default_newline
    test = "if isinstance(mask, (list, tuple)) and all(each is None for each in mask):"
    return Edit(Span(span.line, 1, span.line, 1), f"{indent}{test}{newline}{indent}{step}mask = None{newline}")
