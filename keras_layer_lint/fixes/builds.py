"""Statements that a fix adds to `build`, which it writes where the class has none."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit
from keras_layer_lint.fixes.place import Place, own_nodes, parameters_of, returns_of

_SUPER_BUILD = m.Expr(m.Call(func=m.Attribute(m.Call(m.Name("super")), m.Name("build"))))
_BUILT = m.Assign(targets=[m.AssignTarget(m.Attribute(m.Name("self"), m.Name("built")))])
_ENDING = m.SimpleStatementLine(body=[_SUPER_BUILD | _BUILT])
_BINDING = (cst.AssignTarget, cst.AugAssign, cst.AnnAssign, cst.For, cst.NamedExpr)
INPUT_SHAPE = "input_shape"


def shape_in_build(place: Place) -> str | None:
    """What `build` calls the one shape that it gets, or will; None where it gets several, or there may be another."""
    owner, build = place.owner, place.method("build")
    if build is None:
        has_one = owner is None or m.findall(owner.body, m.FunctionDef(name=m.Name("build")))
        return None if has_one else INPUT_SHAPE
    given = [each.name.value for each in parameters_of(build)]
    return given[0] if len(given) == 1 else None


def in_build(place: Place, lines: Sequence[cst.SimpleStatementLine], before: cst.FunctionDef) -> Edit | None:
    """Statements before what ends `build`, or at its end; a new `build` stands before another method.

    None where the parameters of `build` are bound anew.
    """
    build = place.method("build")
    if build is None:
        return _new_method(place, before, lines)
    parameters = {each.name.value for each in parameters_of(build)}
    bound = [each.target for each in own_nodes(build) if isinstance(each, _BINDING)]
    if any(m.findall(each, m.Name(name)) for each in bound for name in parameters):
        return None
    if not isinstance(build.body, cst.IndentedBlock):
        return None
    last = build.body.body[-1]
    is_ending = m.matches(last, _ENDING) and not list(returns_of(build))
    edits = [place.before(last, each) if is_ending else place.last_in(build, each) for each in lines]
    made = [each for each in edits if each is not None]
    return Edit(made[0].span, "".join(each.text for each in made)) if len(made) == len(edits) and made else None


def _new_method(place: Place, before: cst.FunctionDef, lines: Sequence[cst.SimpleStatementLine]) -> Edit | None:
    if before.decorators or any(each.comment is not None for each in before.leading_lines):
        return None
    method = cst.FunctionDef(
        name=cst.Name("build"),
        params=cst.Parameters([cst.Param(cst.Name("self")), cst.Param(cst.Name(INPUT_SHAPE))]),
        body=cst.IndentedBlock([*lines, cst.parse_statement(f"super().build({INPUT_SHAPE})")]),
    )
    edit = place.before(before, method)
    return None if edit is None else Edit(edit.span, edit.text + place.tree.module.default_newline)
