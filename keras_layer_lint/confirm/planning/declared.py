"""What a layer says of its inputs by itself: a model's symbolic inputs, an `input_spec`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keras_layer_lint.confirm.planning.inputs import DTYPES, Structure, Tensor
from keras_layer_lint.confirm.planning.plain import plain
from keras_layer_lint.confirm.planning.usual import BATCH


def declared(layer: Any) -> Iterator[Structure]:
    """What the layer itself says of its inputs: a functional model's inputs, an `input_spec`, a cell's state."""
    held = (quietly(layer, name) for name in ("_inputs_struct", "_nested_inputs", "input"))
    symbolic = next((value for value in held if value is not None), None)  # a symbolic tensor has no truth
    if symbolic is not None and (structure := _from_symbolic(symbolic)) is not None:
        yield structure
    spec = quietly(layer, "input_spec")
    if spec is not None:
        specs = spec if isinstance(spec, (list, tuple)) else [spec]
        tensors = [tensor for each in specs if (tensor := _from_spec(each))]
        if tensors:
            yield tensors if isinstance(spec, (list, tuple)) and len(tensors) > 1 else tensors[0]


def quietly(value: Any, name: str) -> Any:
    """An attribute; None where there is none, or where reading it fails."""
    try:
        return getattr(value, name, None)
    except Exception:  # a property that wants more than there is
        return None


def _from_symbolic(value: Any) -> Structure | None:
    match value:
        case list() | tuple():
            inner = [_from_symbolic(each) for each in value]
            return None if None in inner else inner
        case dict():
            named = {key: _from_symbolic(each) for key, each in value.items()}
            return None if None in named.values() else named
    shape, dtype = quietly(value, "shape"), quietly(value, "dtype")
    if shape is None or dtype is None:
        return None
    axes = [None if axis is None else int(axis) for axis in shape]
    usual = plain(len(axes)).shape
    filled = [BATCH if not at else axis or usual[at] for at, axis in enumerate(axes)]
    if len(axes) == 4:
        filled[1:3] = [axis or 32 for axis in axes[1:3]]
    return Tensor(getattr(dtype, "name", str(dtype)), tuple(filled))


def _from_spec(spec: Any) -> Tensor | None:
    shape, rank, least, axes = (quietly(spec, name) for name in ("shape", "ndim", "min_ndim", "axes"))
    dtype = _of_spec(quietly(spec, "dtype"))
    if shape is not None:
        usual = plain(len(shape)).shape
        filled = [int(axis) if axis is not None and at else usual[at] for at, axis in enumerate(shape)]
        return Tensor(dtype, tuple(filled))
    if not axes and rank is None and not least:
        return None
    sizes = list(plain(int(rank)).shape if rank is not None else plain(max(2, least or 0)).shape)
    for axis, size in (axes or {}).items():
        if size is not None and -len(sizes) <= int(axis) < len(sizes):
            sizes[int(axis)] = int(size)
    return Tensor(dtype, tuple(sizes), least=int(rank == 0))  # a number, which something may be divided by


def _of_spec(dtype: Any) -> str:
    name = getattr(dtype, "name", dtype)
    return name if isinstance(name, str) and name in DTYPES else "float32"
