"""KLL204: call `__init__` of the base class first, with what it takes by keyword."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes.place import SUPER_INIT, Place, own_nodes, parameters_of

_OF_SUPER = m.Call(func=m.Name("super"), args=[m.AtLeastN(n=1)])
"""`super(Stretch)`, which is bound to nothing, or `super(keras.Model, self)`, which starts behind `Model`."""

_BINDING = m.AssignTarget(target=m.Name()) | m.AugAssign(target=m.Name()) | m.NamedExpr() | m.Del()


def fix(place: Place) -> Fix | None:
    """Safe where the layer cannot be made without it. Keras 2 takes a name by position for something else."""
    init = place.method("__init__")
    if init is None or not isinstance(init.body, cst.IndentedBlock):
        return None
    calls = [node for node in own_nodes(init) if m.matches(node, SUPER_INIT)]
    if not calls:
        return _put_in(place, init)
    if len(calls) > 1 or not isinstance(call := calls[0], cst.SimpleStatementLine):
        return None
    if place.statement is None and (without := m.findall(call, _OF_SUPER)):  # the `def`: no `__init__` of a base runs
        named = cst.ensure_type(without[0], cst.Call)
        return Fix("safe", "write `super()`", (place.replaced(named, cst.parse_expression("super()")),))
    if place.statement is call:
        return _named(place, call)
    return _moved(place, init, call)


def _put_in(place: Place, init: cst.FunctionDef) -> Fix | None:
    star = init.params.star_kwarg
    text = f"super().__init__(**{star.name.value})" if star is not None else "super().__init__()"
    edit = place.first_in(init, cst.parse_statement(text))
    return None if edit is None else Fix("safe", f"add `{text}`", (edit,))


def _named(place: Place, call: cst.SimpleStatementLine) -> Fix | None:
    """`super().__init__(name, **kwargs)`: the name by keyword."""
    made = cst.ensure_type(cst.ensure_type(call.body[0], cst.Expr).value, cst.Call)
    given = [argument for argument in made.args if argument.keyword is None and not argument.star]
    if len(given) != 1 or made.args[0] is not given[0]:
        return None
    is_name = m.matches(given[0].value, m.Name("name") | m.SimpleString())
    if not is_name or any(m.matches(argument.keyword, m.Name("name")) for argument in made.args if argument.keyword):
        return None
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    named = given[0].with_changes(keyword=cst.Name("name"), equal=equal)
    edit = place.replaced(made, made.with_changes(args=[named, *made.args[1:]]))
    return Fix("safe" if place.diagnostic.keras == ("3",) else "unsafe", "pass `name` by keyword", (edit,))


def _moved(place: Place, init: cst.FunctionDef, call: cst.SimpleStatementLine) -> Fix | None:
    """The call goes before all else, if it says nothing of what is computed before it."""
    assert isinstance(init.body, cst.IndentedBlock)
    if call not in init.body.body or call is init.body.body[0]:
        return None
    taken = {parameter.name.value for parameter in parameters_of(init)} | {"self", "super", "__init__"}
    star = "" if init.params.star_kwarg is None else init.params.star_kwarg.name.value
    taken.add(star)
    before = init.body.body[: list(init.body.body).index(call)]
    if not set(_names(call)) <= taken or any(_changes(statement, star) for statement in before):
        return None
    bare = call.with_changes(leading_lines=(), trailing_whitespace=cst.TrailingWhitespace())
    first = place.first_in(init, bare)
    span = place.tree.span(call)
    rest = place.tree.lines[span.end_line - 1][span.end_column - 1 :].strip()
    if first is None or rest or place.tree.lines[span.line - 1][: span.column - 1].strip():
        return None
    gone = Edit(Span(span.line, 1, span.end_line + 1, 1), "")
    return Fix("safe", "call `super().__init__` first", (first, gone))


def _names(node: cst.CSTNode) -> Iterator[str]:
    """The names that a call reads."""
    keywords = [each.keyword for each in m.findall(node, m.Arg()) if isinstance(each, cst.Arg)]
    for each in m.findall(node, m.Name()):
        if isinstance(each, cst.Name) and not any(each is keyword for keyword in keywords):
            yield each.value


def _changes(statement: cst.BaseStatement, star: str) -> bool:
    """Whether a statement may change what a name stands for, or what the dict of `**kwargs` holds."""
    names = m.findall(statement, m.Name(star)) if star else ()
    return bool(m.findall(statement, _BINDING) or names)
