"""KLL207: build sublayers in `build`, on the shapes that `call` gives them."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.builds import in_build
from keras_layer_lint.fixes.expressions import call
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.fixes.shapes import CallShapes, shapes_in_build

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
    edit = in_build(place, lines, function) if build is place.method("build") else None
    shown = ", ".join(f"`self.{name}`" for name in ordered)
    return None if edit is None else Fix("unsafe", f"build {shown}", (edit,))


def _depth(shapes: tuple[cst.BaseExpression, ...]) -> int:
    return max(len(m.findall(each, m.Call())) for each in shapes)


def _build(name: str, shapes: tuple[cst.BaseExpression, ...]) -> cst.SimpleStatementLine:
    layer = cst.Attribute(cst.Name("self"), cst.Name(name))
    return cst.SimpleStatementLine([cst.Expr(call(cst.Attribute(layer, cst.Name("build")), *shapes))])
