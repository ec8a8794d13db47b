"""Statements that a fix adds to `__init__`, which it writes where the class has none."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit
from keras_layer_lint.fixes.imports import meaning
from keras_layer_lint.fixes.place import SUPER_INIT, Place

_ROOTS = frozenset(
    f"{keras}.{name}"
    for keras in ("keras", "tensorflow.keras", "tf_keras")
    for name in ("Layer", "layers.Layer", "Model", "models.Model")
)
_CALL = cst.parse_statement("super().__init__(**kwargs)")
_PLAIN_METHOD = m.FunctionDef(decorators=[], leading_lines=[m.ZeroOrMore(m.EmptyLine(comment=None))])


def is_root(place: Place, owner: cst.ClassDef) -> bool:
    """Whether a class derives from `Layer` or `Model` of Keras itself, and from nothing else."""
    return len(owner.bases) == 1 and meaning(place, owner.bases[0].value) in _ROOTS


def in_init(place: Place, new: cst.BaseStatement, *, at_end: bool = False) -> Edit | None:
    """A statement behind the call of the base class, or at the end of `__init__`.

    None where that call is no plain statement. A class that derives from `Layer` or `Model` gets an `__init__`.
    """
    init, owner = place.method("__init__"), place.owner
    if owner is None or not isinstance(owner.body, cst.IndentedBlock):
        return None
    if init is None:
        has_one = m.findall(owner.body, m.FunctionDef(name=m.Name("__init__")))
        return None if has_one or not is_root(place, owner) else _new_init(place, owner.body, new)
    if not isinstance(init.body, cst.IndentedBlock):
        return None
    if at_end:
        return place.last_in(init, new)
    calls = [statement for statement in init.body.body if m.matches(statement, SUPER_INIT)]
    return place.behind(calls[0], new) if len(calls) == 1 else None


def _new_init(place: Place, body: cst.IndentedBlock, new: cst.BaseStatement) -> Edit | None:
    """Behind what stands before the first method, or before that."""
    method = cst.FunctionDef(
        name=cst.Name("__init__"),
        params=cst.Parameters([cst.Param(cst.Name("self"))], star_kwarg=cst.Param(cst.Name("kwargs"))),
        body=cst.IndentedBlock([_CALL, new]),
    )
    before: cst.BaseStatement | None = None
    for statement in body.body:
        if not isinstance(statement, cst.SimpleStatementLine):
            break
        before = statement
    if before is not None:
        edit = place.behind(before, method.with_changes(leading_lines=[cst.EmptyLine(indent=False)]))
        return _apart(place, edit, place.tree.span(before).end_line)
    first = body.body[0]
    edit = place.before(first, method) if m.matches(first, _PLAIN_METHOD) else None
    return None if edit is None else Edit(edit.span, edit.text + place.tree.module.default_newline)


def _apart(place: Place, edit: Edit | None, line: int) -> Edit | None:
    """A method with a blank line behind it, where the next line is none."""
    behind = place.tree.lines[line : line + 1]
    if edit is None or not any(each.strip() for each in behind):
        return edit
    return Edit(edit.span, edit.text + place.tree.module.default_newline)
