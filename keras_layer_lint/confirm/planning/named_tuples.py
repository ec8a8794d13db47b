"""Named tuples that a call takes: what annotates its inputs says which one, and what is in it."""

from __future__ import annotations

import re
import sys
import typing
from collections.abc import Iterator
from types import FunctionType
from typing import Any

from keras_layer_lint.confirm.planning.graphs import graphs
from keras_layer_lint.confirm.planning.inputs import Structure
from keras_layer_lint.keras.methods import WORKING

_SEVERAL = re.compile(r"\b(tuple|list|sequence|iterable)\[", re.IGNORECASE)


def known(cls: Any) -> dict[str, Any]:
    """Those that the modules of a class and its bases have, by name: a recipe may name them."""
    modules = dict.fromkeys(each.__module__ for each in reversed(cls.__mro__) if each is not object)
    names = [vars(sys.modules[module]) for module in modules if module in sys.modules]
    return {name: value for scope in names for name, value in scope.items() if _is_named_tuple(value)}


def annotated(layer: Any) -> Any:
    """The one that annotates what the layer is called on, in a class it derives from or in `build`; None without."""
    for name in (*WORKING, "build"):
        for method in [vars(each)[name] for each in type(layer).__mro__ if name in vars(each)]:
            names = method.__code__.co_varnames if isinstance(method, FunctionType) else ()
            if len(names) > 1 and _is_named_tuple(found := hints(method).get(names[1])):
                return found
    return None


def filled(cls: Any, ordinary: Any) -> Iterator[Structure]:
    """The named tuple with a value for each field; `ordinary` gives that of a field which speaks of no graph."""
    names, said = cls._fields, hints(cls)
    for parts in graphs(names):
        yield cls(*[_as_annotated(part, said.get(name)) for name, part in zip(names, parts, strict=True)])
    for rank in (2, 3, 4):
        given = {name: _as_annotated(ordinary(name, rank), said.get(name)) for name in names}
        yield cls(**(given | cls._field_defaults))


def _as_annotated(value: Structure, annotation: Any) -> Structure:
    """In a tuple or a list where the annotation says so; a number where it is one."""
    if annotation in (int, float):
        return annotation(1)
    if annotation is bool:
        return True
    several = _SEVERAL.search(str(annotation))
    if several is None:
        return value
    return (value,) if several[1].lower() == "tuple" else [value]


def _is_named_tuple(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, tuple) and hasattr(value, "_fields")


def hints(value: Any) -> dict[str, Any]:
    """What annotates the arguments of a function, or the fields of a class; as it stands where a name is not there."""
    try:
        return typing.get_type_hints(value)
    except Exception:  # a name that is only there for a type checker, and whatever else stands there
        return dict(getattr(value, "__annotations__", {}))
