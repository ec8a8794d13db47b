"""What a value holds: tensors and layers, at any depth of lists and dicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.value import KerasTensor, Layer, Nest, Origin, Tensor, Text, Value


def origin_of(value: Value) -> Origin | None:
    """Why `value` is a tensor, or None where it is not known to be one."""
    return value.origin if isinstance(value, Tensor) else None


def holds_tensor(value: Value) -> Origin | None:
    """Why `value` is a tensor or a Python container that holds one."""
    if isinstance(value, Tensor):
        return value.origin
    if isinstance(value, Sequence):
        if value.items is None:
            return holds_tensor(value.element)
        return next((found for item in value.items if (found := holds_tensor(item))), None)
    return None


def keras_tensor_in(value: Value) -> KerasTensor | None:
    """`value` where it is a KerasTensor, or one that stands in a list or tuple."""
    if isinstance(value, Sequence):
        held = (value.element,) if value.items is None else value.items
        return next((found for item in held if (found := keras_tensor_in(item)) is not None), None)
    return value if isinstance(value, KerasTensor) else None


def shown_tensor(value: Value) -> Origin | None:
    """As `holds_tensor`, and also where the value is a structure of tensors or a text that shows one."""
    if isinstance(value, Text | Nest):
        return value.origin
    if isinstance(value, Sequence) and value.items is not None:
        return next((found for item in value.items if (found := shown_tensor(item))), None)
    return holds_tensor(value)


def parts_of(value: Value) -> Iterator[Value]:
    """`value` itself, or what it holds where it is a list, tuple or dict, at any depth; each container once."""
    seen: set[int] = set()
    stack = [value]
    while stack:
        current = stack.pop()
        if not isinstance(current, Sequence | Dict):
            yield current
        elif id(current) not in seen:
            seen.add(id(current))
            stack.extend(reversed(items_of(current)))


def items_of(value: Sequence | Dict) -> list[Value]:
    """What a container holds, one by one where that is known."""
    if isinstance(value, Dict):
        return [entry.value for entry in value.entries.values()]
    return [value.element] if value.items is None else list(value.items)


def layers_in(value: Value) -> list[Layer]:
    """The layers that are `value` or stand in its lists and dicts."""
    return [part for part in parts_of(value) if isinstance(part, Layer)]


def merged(base: Dict, other: Dict) -> Dict:
    """`{**base, **other}`: what `update` leaves."""
    entries = dict(base.entries)
    for key, entry in other.entries.items():
        old = entries.get(key)
        always = entry.always or (old is not None and old.always)
        entries[key] = replace(entry, always=always, inherited=entry.inherited or (old is not None and old.inherited))
    return Dict(
        entries,
        base.complete and other.complete,
        base.base or other.base,
        base.arguments or other.arguments,
        base.numbered or other.numbered,
    )
