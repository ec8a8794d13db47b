"""KLL207: build sublayers in `build`, on the shapes that `call` gives them."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix
from keras_layer_lint.fixes.expressions import call
from keras_layer_lint.fixes.place import Place, own_nodes, returns_of
from keras_layer_lint.fixes.shapes import CallShapes, shapes_in_build

_SUPER_BUILD = m.Expr(m.Call(func=m.Attribute(m.Call(m.Name("super")), m.Name("build"))))
_BUILT = m.Assign(targets=[m.AssignTarget(m.Attribute(m.Name("self"), m.Name("built")))])
_ENDING = m.SimpleStatementLine(body=[_SUPER_BUILD | _BUILT])
_MOST = 3
"""Layers whose output shape a shape is computed by: more are hard to read."""


def fix(place: Place) -> Fix | None:
    """Unsafe: Keras 2 gives weights that are made so other names."""
    function, names = place.function, place.diagnostic.expectation.unbuilt
    if function is None or not names:
        return None
    build = function if function.name.value == "build" else None
    shapes = shapes_in_build(place, build)
    found = {} if shapes is None else CallShapes(place, shapes).of_layers
    if any(name not in found or _depth(found[name]) > _MOST for name in names):
        return None
    ordered = sorted(names, key=list(found).index)
    lines = [_build(name, found[name]) for name in ordered]
    edit = _new_method(place, function, lines) if build is None else _in_build(place, build, lines)
    shown = ", ".join(f"`self.{name}`" for name in ordered)
    return None if edit is None else Fix("unsafe", f"build {shown}", (edit,))


def _depth(shapes: tuple[cst.BaseExpression, ...]) -> int:
    return max(len(m.findall(each, m.Call())) for each in shapes)


def _build(name: str, shapes: tuple[cst.BaseExpression, ...]) -> cst.SimpleStatementLine:
    layer = cst.Attribute(cst.Name("self"), cst.Name(name))
    return cst.SimpleStatementLine([cst.Expr(call(cst.Attribute(layer, cst.Name("build")), *shapes))])


def _in_build(place: Place, build: cst.FunctionDef, lines: list[cst.SimpleStatementLine]) -> Edit | None:
    """Before what ends `build`, or at its end: where parameters are bound anew, they are no longer the shapes."""
    bound = [each for each in own_nodes(build) if isinstance(each, (cst.AssignTarget, cst.AugAssign, cst.For))]
    parameters = {each.name.value for each in build.params.params}
    if any(m.findall(each.target, m.Name(name)) for each in bound for name in parameters if name != "self"):
        return None
    if not isinstance(build.body, cst.IndentedBlock):
        return None
    last = build.body.body[-1]
    is_ending = m.matches(last, _ENDING) and not list(returns_of(build))
    edits = [place.before(last, each) if is_ending else place.last_in(build, each) for each in lines]
    return _joined(edits)


def _joined(edits: list[Edit | None]) -> Edit | None:
    """Edits at one place, one behind the other."""
    made = [each for each in edits if each is not None]
    return Edit(made[0].span, "".join(each.text for each in made)) if len(made) == len(edits) and made else None


def _new_method(place: Place, before: cst.FunctionDef, lines: list[cst.SimpleStatementLine]) -> Edit | None:
    """A `build` before the method that keeps Keras from tracing `call`."""
    if before.decorators or any(each.comment is not None for each in before.leading_lines):
        return None
    ending = cst.parse_statement("super().build(input_shape)")
    method = cst.FunctionDef(
        name=cst.Name("build"),
        params=cst.Parameters([cst.Param(cst.Name("self")), cst.Param(cst.Name("input_shape"))]),
        body=cst.IndentedBlock([*lines, ending]),
    )
    edit = place.before(before, method)
    return None if edit is None else Edit(edit.span, edit.text + place.tree.module.default_newline)
