"""What subscripts say of the names in them: elements, keys, axes, and how long these are at least."""

from __future__ import annotations

import ast
from collections.abc import Container

from keras_layer_lint.confirm.planning.uses import Use, names, shape_owner


def read_subscript(
    value: ast.expr, index: ast.expr, uses: dict[str, Use], shapes: dict[str, str], counters: Container[str] = ()
) -> None:
    """Count what `value[index]` says of the names in it.

    `shapes`: the input that a name is the shape of. `counters`: names that loops count with.
    """
    match index:
        case ast.Tuple(elts=elements):
            for name in names(value):
                _read_axes(elements, uses[name])
        case ast.Constant(value=str(key)):
            for name in names(value):
                uses[name].keys.append(key)
                uses[name].kinds["dict"] = None
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int())):
            _read_axis_of_one(value, uses, shapes)
        case ast.Name(id=counter) if counter in counters:
            for name in names(value):
                uses[name].kinds["list"] = None
                uses[name].numbered = True
        case ast.Attribute(value=ast.Name(id="self")):  # a tensor is not indexed so alone
            for name in names(value):
                uses[name].kinds["tensors"] = None
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int(number)):
            if owner := shape_owner(value, shapes):
                uses[owner].rank = max(uses[owner].rank, number + 1 if number > 0 else 0)
            elif (
                isinstance(value, ast.Subscript)
                and (owner := shape_owner(value.value, shapes))
                and isinstance(value.slice, ast.Constant)
                and isinstance(value.slice.value, int)
            ):
                uses[owner].items = max(uses[owner].items, value.slice.value + 1, 2)
            else:
                for name in names(value):
                    uses[name].items = max(uses[name].items, number + 1)
                    uses[name].kinds["list"] = None


def counters_of(method: ast.FunctionDef) -> set[str]:
    """The names that loops over `range` and `enumerate` count with."""
    found = set()
    for loop in (node for node in ast.walk(method) if isinstance(node, (ast.For, ast.comprehension))):
        match loop.target, loop.iter:
            case ast.Name(id=name), ast.Call(func=ast.Name(id="range")):
                found.add(name)
            case ast.Tuple(elts=[ast.Name(id=name), _]), ast.Call(func=ast.Name(id="enumerate")):
                found.add(name)
    return found


def _read_axis_of_one(value: ast.expr, uses: dict[str, Use], shapes: dict[str, str]) -> None:
    """`input_shape[0][-1]` is an axis of one of several inputs."""
    match value:
        case ast.Subscript(value=several, slice=ast.Constant(value=int(number))) if owner := shape_owner(
            several, shapes
        ):
            uses[owner].items = max(uses[owner].items, number + 1, 2)


def _read_axes(elements: list[ast.expr], use: Use) -> None:
    """`x[:, :, 0]` has three axes or more; the last axis of `x[:, 13:]` and of `x[..., -12]` is longer than that."""
    is_any_rank = isinstance(elements[0], ast.Constant) and elements[0].value is ...
    has_new_axis = any(isinstance(each, ast.Constant) and each.value is None for each in elements)
    if not has_new_axis and (is_any_rank or len(elements) > 2):
        use.least = max(use.least, _reach(elements[-1]))
    if any(isinstance(each, ast.Constant) and each.value in (None, ...) for each in elements):
        return
    if len(elements) > 2:
        use.rank = max(use.rank, len(elements))
    match elements:
        case [_, ast.Slice(lower=ast.Constant(value=int(number)), upper=None)]:
            use.beyond[number] = None
        case [_, ast.Slice(lower=ast.Constant(value=int(number)))]:
            use.starts[number] = None
        case [_, ast.Slice(lower=ast.Attribute(value=ast.Name(id="self"), attr=name), upper=None)]:
            use.beyond[name] = None


def _reach(index: ast.expr) -> int:
    """How long an axis must be that has an index or a slice."""
    match index:
        case ast.Slice(lower=lower, upper=upper):
            return max(_reach(each) for each in (lower, upper) if each is not None) if lower or upper else 0
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return number
        case ast.Constant(value=int(number)):
            return number + 1
    return 0
