"""The shape and dtype of a tensor that is made from literals: `tf.ones((2, 8))` is `float32[2,8]`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from keras_layer_lint.confirm.planning.usual import BATCH
from keras_layer_lint.source.module_index import dotted_name

_FILLED = {"ones", "zeros", "normal", "uniform", "random", "truncated_normal", "empty", "full", "standard_normal"}
_FILLED |= {"random_normal", "random_uniform", "random_sample", "fill"}
_COUNTED = {"rand", "randn"}
_CONSTANTS = {"constant", "array", "convert_to_tensor", "asarray"}
_DTYPES = {"float": "float32", "int": "int32", "bool": "bool", "str": "string"}


def tensor_of(node: ast.expr, values: Mapping[str, ast.expr], depth: int = 0) -> str:
    """The tensor, or structure of tensors, as text; empty where it is not written out."""
    if depth > 8:
        return ""
    match node:
        case ast.Name(id=name):
            return tensor_of(values[name], values, depth + 1) if name in values else ""
        case ast.List(elts=elements):
            parts = [tensor_of(element, values, depth + 1) for element in elements]
            return f"[{', '.join(parts)}]" if parts and all(parts) else ""
        case ast.Tuple(elts=elements):
            parts = [tensor_of(element, values, depth + 1) for element in elements]
            return f"({', '.join(parts)},)" if parts and all(parts) else ""
        case ast.Dict(keys=keys, values=items):
            named = [
                (_literal(key, values), tensor_of(item, values, depth + 1))
                for key, item in zip(keys, items, strict=True)
            ]
            if not named or not all(isinstance(key, str) and text for key, text in named):
                return ""
            return "{" + ", ".join(f"{key!r}: {text}" for key, text in named) + "}"
        case ast.Constant(value=bool()):
            return str(node.value)
        case ast.Call():
            return _made(node, values, depth)
    return ""


def _made(call: ast.Call, values: Mapping[str, ast.expr], depth: int) -> str:
    if isinstance(call.func, ast.Attribute) and call.func.attr == "astype" and call.args:
        return _recast(tensor_of(call.func.value, values, depth + 1), _dtype(call.args[0]))
    name = (dotted_name(call.func) or "").rpartition(".")[2]
    given = {argument.arg: argument.value for argument in call.keywords}
    dtype = _dtype(given["dtype"]) if "dtype" in given else ""
    if name == "cast" and len(call.args) == 2:
        return _recast(tensor_of(call.args[0], values, depth + 1), _dtype(call.args[1]))
    shape: Any = None
    if name == "Input":
        shape = _literal(given.get("shape") or (call.args[0] if call.args else None), values)
        shape = (BATCH, *shape) if isinstance(shape, (tuple, list)) else None
        if "batch_shape" in given:
            shape = _literal(given["batch_shape"], values)
    elif name in _COUNTED:
        shape = tuple(_literal(argument, values) for argument in call.args)
    elif name == "randint":
        shape = _literal(given.get("size") or (call.args[2] if len(call.args) > 2 else None), values)
        dtype = dtype or "int32"
    elif name in _FILLED:
        first = next((given[word] for word in ("shape", "size") if word in given), call.args[0] if call.args else None)
        shape = _literal(first, values)
    elif name in _CONSTANTS and call.args:
        shape, dtype = _of_data(_literal(call.args[0], values), dtype)
        if shape is None:
            return _recast(tensor_of(call.args[0], values, depth + 1), dtype)
    return _spelled(shape, dtype or "float32")


def _spelled(shape: Any, dtype: str) -> str:
    if isinstance(shape, int) and not isinstance(shape, bool):
        shape = (shape,)
    if not isinstance(shape, (tuple, list)) or not all(axis is None or isinstance(axis, int) for axis in shape):
        return ""
    axes = [BATCH if axis is None and not at else 4 if axis is None else axis for at, axis in enumerate(shape)]
    if any(axis < 0 for axis in axes):
        return ""
    return f"{dtype}[{','.join(map(str, axes)) or '()'}]"


def _recast(text: str, dtype: str) -> str:
    before, bracket, after = text.partition("[")
    return f"{dtype or before}{bracket}{after}" if before.isidentifier() else ""


def _of_data(data: Any, dtype: str) -> tuple[tuple[int, ...] | None, str]:
    shape: list[int] = []
    while isinstance(data, (list, tuple)):
        shape.append(len(data))
        data = data[0] if data else 0.0
    if data is None or (not shape and not isinstance(data, (int, float, str))):
        return None, dtype
    return tuple(shape), dtype or _DTYPES.get(type(data).__name__, "float32")


def _dtype(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(name)):
            return name
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return _DTYPES.get(name, name.removesuffix("_"))
    return ""


def _literal(node: ast.expr | None, values: Mapping[str, ast.expr]) -> Any:
    """A literal, or a name that stands for one; None where it is neither."""
    if node is None:
        return None
    if isinstance(node, ast.Name) and node.id in values:
        node = values[node.id]
    if isinstance(node, (ast.Tuple, ast.List)):
        return tuple(_literal(element, values) for element in node.elts)
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
