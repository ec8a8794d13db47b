"""The layers that a value holds, and whether Keras can see them."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.model import syntax, uses
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.contents import items_of
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.value import Function, Layer, Opaque, Unserializable, Value


def layers_held(
    value: Value, depth: int = 0, hider: str | None = None, seen: set[int] | None = None
) -> Iterator[tuple[Layer, int, str | None]]:
    """The layers that an attribute with this value holds: how deep in containers, and what hides them."""
    seen = set() if seen is None else seen
    match value:
        case Layer():
            yield value, depth, hider
        case Sequence() | Dict() if id(value) not in seen:
            seen.add(id(value))
            for item in items_of(value):
                yield from layers_held(item, depth + 1, hider, seen)
        case Opaque() | Unserializable():
            for item in value.held:
                yield from layers_held(item, depth + 1, value.kind if isinstance(value, Opaque) else "set", seen)
        case Function(closure=Frame() as closure) if value.receiver is None and value.method is not None:
            own = {param.name.value for param in syntax.parameters(value.node)}
            for name in sorted(uses.names_read(value.node.body) - own):
                if isinstance(found := closure.lookup(name), Layer):
                    yield found, depth + 1, "function"
        case _:
            pass
