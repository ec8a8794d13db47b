"""What the annotation of an argument of a call says of its value: numbers, sizes, a list of tensors."""

from __future__ import annotations

import collections.abc
import types
import typing
from functools import lru_cache
from typing import Any

from keras_layer_lint.confirm.planning.inputs import Structure, Tensor
from keras_layer_lint.confirm.planning.named_tuples import hints
from keras_layer_lint.confirm.planning.names import by_name
from keras_layer_lint.confirm.planning.usual import COLUMNS
from keras_layer_lint.keras.methods import WORKING

_TENSORS = {
    "Tensor": "",
    "KerasTensor": "",
    "EagerTensor": "",
    "ndarray": "",
    "SparseTensor": "sparse",
    "RaggedTensor": "ragged",
}
"""Classes of tensors, by name, and the kind of input that each is."""
_LISTS = (list, tuple, collections.abc.Sequence, collections.abc.Iterable, collections.abc.Collection)
_UNIONS = (typing.Union, types.UnionType)


def annotation(layer: Any, name: str) -> Any:
    """What annotates an argument of the method that does the work; None where nothing does."""
    cls: Any = type(layer)
    return _of_call(cls).get(name)


@lru_cache(maxsize=64)
def _of_call(cls: Any) -> dict[str, Any]:
    return hints(next((found for name in WORKING if (found := getattr(cls, name, None)) is not None), None))


def is_list_of_tensors(hint: Any) -> bool:
    """Whether several tensors are handed over as one argument."""
    hint = _given(hint)
    inner = typing.get_args(hint)
    return (
        typing.get_origin(hint) in _LISTS
        and bool(inner)
        and all(_holds_tensors(each) for each in inner if each is not ...)
    )


def annotated_value(hint: Any, name: str, like: Tensor) -> Structure | None:
    """A value of that kind beside a tensor, or made of such tensors; None where the annotation tells no more."""
    hint = _given(hint)
    if hint is bool:
        return True
    if hint is int:
        return next((int(value) for value in by_name(name) if value.isdecimal()), 1)
    if hint is float:
        return 0.5
    if typing.get_origin(hint) not in _LISTS:
        return None
    inner = [each for each in typing.get_args(hint) if each is not ...]
    if inner and all(each is int for each in inner):
        sizes = _sizes(len(inner), like) if typing.get_origin(hint) is tuple and len(inner) > 1 else like.shape
        return tuple(sizes) if typing.get_origin(hint) is tuple else list(sizes)
    if not is_list_of_tensors(hint):
        return None
    each_alike = len(inner) == 1
    parts = [_part(each, name, like) for each in (inner * COLUMNS if each_alike else inner)]
    return list(parts)


def _part(hint: Any, name: str, like: Tensor) -> Structure:
    kind = _TENSORS.get(getattr(_given(hint), "__name__", ""))
    if kind is None:
        return annotated_value(hint, name, like)
    return Tensor(like.dtype, like.shape, kind=kind if like.rank > 1 else "")


def _sizes(count: int, like: Tensor) -> tuple[int, ...]:
    """So many sizes of a tensor: all, all but the batch, or those between the batch and the features."""
    shape = like.shape
    for part in (shape, shape[1:], shape[1:-1]):
        if len(part) == count:
            return part
    return (shape[-1] if shape else 1,) * count


def _holds_tensors(hint: Any) -> bool:
    return getattr(_given(hint), "__name__", "") in _TENSORS or is_list_of_tensors(hint)


def _given(hint: Any) -> Any:
    """What an annotation says of a value that is not None."""
    if typing.get_origin(hint) in _UNIONS:
        others = [each for each in typing.get_args(hint) if each is not type(None)]
        return others[0] if len(others) == 1 else None
    return hint
