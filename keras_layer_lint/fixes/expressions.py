"""The expression that a diagnostic points at, what stands around it, and calls that take its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Span
from keras_layer_lint.fixes.imports import Written, imports, meaning, written
from keras_layer_lint.fixes.place import Place, line_break, walked

_BLANK = cst.SimpleWhitespace(" ")
_NONE = cst.SimpleWhitespace("")
_BOUND_OR_LEFT = m.NamedExpr() | m.Yield() | m.Await()


@dataclass(frozen=True, slots=True)
class New:
    """An expression that takes the place of another, and the names that it uses."""

    node: cst.BaseExpression
    uses: tuple[Written, ...] = ()


def replaced(place: Place, old: cst.BaseExpression, new: New) -> tuple[Edit, ...]:
    """The edits for another expression in the place of one: those of imports, each once, and its own.

    A call needs no parentheses where they stood right around what it takes the place of.
    """
    imported = dict.fromkeys(edit for each in new.uses for edit in each.edits)
    own = place.replaced(old, new.node)
    span = place.tree.span(old)
    whole = Span(span.line, span.column - 1, span.end_line, span.end_column + 1)
    if len(old.lpar) == 1 and isinstance(new.node, cst.Call) and span.column > 1:
        text = place.tree.text_of(whole)
        if (text[:1], text[-1:]) == ("(", ")"):
            statement = [old, *place.tree.around(span.line, span.column)][-1]
            own = Edit(whole, place.code(statement, cst.Expr(new.node)))
    return (*imported, own)


def pointed_at(place: Place) -> cst.BaseExpression | None:
    """The expression that a diagnostic spans."""
    span = place.diagnostic.span
    *_, statement = [None, *place.tree.around(span.line, span.column)]
    if statement is None:
        return None
    for node in walked(statement):
        if isinstance(node, cst.BaseExpression) and place.tree.span(node) == span:
            return node
    return None


def around(place: Place, node: cst.CSTNode) -> list[cst.CSTNode]:
    """What holds a node, from the next around it out to the statement that it is in."""
    span = place.tree.span(node)
    *_, statement = [node, *place.tree.around(span.line, span.column)]
    return [] if statement is node else _path(statement, node)[::-1]


def _path(root: cst.CSTNode, node: cst.CSTNode) -> list[cst.CSTNode]:
    for child in root.children:
        if child is node:
            return [root]
        if found := _path(child, node):
            return [root, *found]
    return []


def called(place: Place, node: cst.CSTNode | None) -> str | None:
    """The function that an expression calls, as `meaning` tells it."""
    return meaning(place, node.func) if isinstance(node, cst.Call) else None


def call(function: cst.BaseExpression, *values: cst.BaseExpression, **named: cst.BaseExpression) -> cst.Call:
    """A call with values by position and by keyword."""
    comma = cst.Comma(whitespace_after=_BLANK)
    equal = cst.AssignEqual(_NONE, _NONE)
    args = [cst.Arg(value) for value in values]
    args += [cst.Arg(value, keyword=cst.Name(name), equal=equal) for name, value in named.items()]
    return cst.Call(function, [*(arg.with_changes(comma=comma) for arg in args[:-1]), *args[-1:]])


def appended(made: cst.Call, new: Sequence[cst.Arg]) -> cst.Call:
    """A call with more arguments behind those that it has, each on a line of its own where those stand on such."""
    if not made.args:
        return made.with_changes(args=_separated(new, cst.Comma(whitespace_after=_BLANK)))
    *before, last = made.args
    ends_line = isinstance(last.comma, cst.Comma) and isinstance(
        made.whitespace_before_args, cst.ParenthesizedWhitespace
    )
    between = cst.Comma(whitespace_after=line_break(made.whitespace_before_args) if ends_line else _BLANK)
    own = last.with_changes(comma=between, whitespace_after_arg=_NONE)
    *others, end = _separated(new, between)
    ending = end.with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
    return made.with_changes(args=[*before, own, *others, ending])


def _separated(args: Sequence[cst.Arg], comma: cst.Comma) -> list[cst.Arg]:
    return [*(arg.with_changes(comma=comma) for arg in args[:-1]), *args[-1:]]


def positional(node: cst.Call, count: int) -> list[cst.BaseExpression] | None:
    """The arguments of a call, if all are given by position and there are so many."""
    if len(node.args) != count or any(argument.keyword is not None or argument.star for argument in node.args):
        return None
    return [argument.value for argument in node.args]


def of_tensors(place: Place) -> str | None:
    """Where what computes with tensors is looked for in this code: `tensorflow` or `keras.ops`.

    In Keras 3 that is what the function around uses. A file that only has Keras gets `keras.ops`.
    """
    if "2" in place.diagnostic.keras:
        return "tensorflow"
    function = place.function
    if function is not None and place.tree.once(function, lambda: _uses_keras_ops(place, function)):
        return "keras.ops"
    return "tensorflow" if imports(place, "tensorflow") and not place.diagnostic.expectation.backend else "keras.ops"


def _uses_keras_ops(place: Place, function: cst.FunctionDef) -> bool:
    names = (meaning(place, node) or "" for node in walked(function) if isinstance(node, (cst.Attribute, cst.Name)))
    return any(name.startswith(("keras.ops", "tensorflow.keras.ops")) for name in names)


def function(place: Place, in_tensorflow: str, in_keras: str) -> Written | None:
    """A function by its name in TensorFlow, or in `keras.ops`, as it is written in this place."""
    package = of_tensors(place)
    return written(place, f"tensorflow.{in_tensorflow}" if package == "tensorflow" else f"keras.ops.{in_keras}")


def is_plain(node: cst.CSTNode) -> bool:
    """Whether an expression can go into a lambda, or be evaluated elsewhere: it binds no name and awaits nothing."""
    return not m.findall(node, _BOUND_OR_LEFT)


def names_in(nodes: Sequence[cst.CSTNode]) -> set[str]:
    """The names that expressions read; attributes and keywords are none."""
    return {each.value for each in variables_in(nodes)}


def variables_in(nodes: Sequence[cst.CSTNode]) -> Iterator[cst.Name]:
    """Where expressions read names; attributes and keywords are none."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Name):
            yield node
        elif isinstance(node, (cst.Attribute, cst.Arg)):
            stack.append(node.value)
        else:
            stack.extend(node.children)
