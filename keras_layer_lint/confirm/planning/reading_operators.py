"""What arithmetic says of the names in it: numbers that divide a size, lists that are joined."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from keras_layer_lint.confirm.planning.uses import Use, bare, names, shape_owner


def read_operator(
    left: ast.expr,
    operator: ast.operator,
    right: ast.expr,
    uses: dict[str, Use],
    shapes: dict[str, str],
    widths: Mapping[str, str],
) -> None:
    """Count what `left operator right` says of the names in it.

    `shapes`: the input that a name is the shape of. `widths`: the input whose last axis a name is.
    """
    match operator:
        case ast.FloorDiv() | ast.Mod():
            for name in [*names(left), *names(right)]:
                uses[name].kinds["int"] = None
            owner = last_axis_owner(left, shapes) or (widths.get(left.id, "") if isinstance(left, ast.Name) else "")
            # `//` alone is no claim that nothing is left over: that of a literal is for halves and the like.
            for name in [owner] if owner else names(left):
                uses[name].divisors |= dict.fromkeys(_divisors(right, isinstance(operator, ast.Mod)))
        case ast.Add():
            for one, other in ((left, right), (right, left)):
                if isinstance(one, (ast.List, ast.ListComp)):  # only a list can be joined with one
                    for name in names(other):
                        uses[name].kinds = {"list": None, **uses[name].kinds}


def last_axis_owner(node: ast.expr, shapes: dict[str, str]) -> str:
    """The input whose last axis an expression is: `input_shape[-1]`, `inputs.shape[-1]`."""
    match node:
        case ast.Subscript(value=value, slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))):
            return shape_owner(value, shapes)
    return ""


def _divisors(node: ast.expr, remainder: bool) -> Iterator[int | str]:
    match node:
        case ast.Constant(value=int(number)) if number > 1 and remainder:
            yield number
        case ast.Name() | ast.Attribute():
            yield from map(bare, names(node))
