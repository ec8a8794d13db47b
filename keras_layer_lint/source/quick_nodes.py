"""Nodes of LibCST that are made and told apart in less time, in processes of klint's own.

LibCST's nodes are frozen dataclasses: each field is set through `object.__setattr__`, and each new node is validated.
What the parser makes is valid, and klint changes no node. Plain assignment and no validation save a quarter of the time
of a parse (LibCST 1.8, Python 3.11). Elsewhere others may make nodes, whose mistakes they want to hear of.

They are abstract base classes, too, for which `isinstance` asks Python code whether another class was registered. None
is: without that, it takes 0.1 microseconds in place of 0.3. Each is equal only to itself, and says so in Python code,
which is asked for the hash of the layout of each line: `object` says the same.
"""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields
from functools import cache, lru_cache
from typing import Any

import libcst as cst

from keras_layer_lint.processes import is_own


@cache
def be_quick() -> None:
    """Let nodes be made in less time from now on, if this process is klint's own."""
    if not is_own():
        return
    for node in _nodes():
        # A class that is made in another way than LibCST 1.8 does stays as it is.
        if "__dataclass_fields__" in vars(node) and all(field.init and not field.kw_only for field in fields(node)):
            _simplify(node)
    tell_apart_quickly()


def tell_apart_quickly() -> None:
    """Let nodes be told apart in less time, and layout be shared: they are validated and frozen as before.

    For processes in which nobody else makes nodes.
    """
    for node in _nodes():
        for name in ("__eq__", "__hash__"):
            if vars(node).get(name) is _BY_IDENTITY[name]:
                setattr(node, name, getattr(object, name))
        if type(node) is ABCMeta:
            node.__class__ = _SharedClass if node in _SHARED else _PlainClass  # type: ignore[assignment]


def _nodes() -> list[type[cst.CSTNode]]:
    return [cst.CSTNode, *_subclasses(cst.CSTNode)]  # type: ignore[type-abstract]


class _PlainClass(type):
    """The class of classes of nodes: `type` itself cannot be assigned."""


class _SharedClass(_PlainClass):
    """Of nodes that nobody tells apart by more than what they hold: one is made for all places that are alike.

    Half of the nodes of a tree are such layout, most of it the blank between two tokens. Nothing looks for the place of
    one of them, and nothing changes it.
    """

    __call__ = lru_cache(maxsize=4096)(type.__call__)


_BY_IDENTITY = {name: vars(cst.CSTNode).get(name) for name in ("__eq__", "__hash__")}
_SHARED = frozenset({cst.SimpleWhitespace, cst.Newline, cst.TrailingWhitespace})


def _subclasses(node: type[cst.CSTNode]) -> Iterator[type[cst.CSTNode]]:
    for subclass in node.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


def _simplify(node: type[cst.CSTNode]) -> None:
    """Give a class an `__init__` that takes the same arguments and does nothing but assign them."""
    namespace: dict[str, Any] = {"MISSING": MISSING}
    parameters, body = ["self"], ["pass"]
    for field in fields(node):
        parameters.append(_parameter(field, namespace))
        if field.default_factory is not MISSING:
            namespace[f"make_{field.name}"] = field.default_factory
            body.append(f"if {field.name} is MISSING: {field.name} = make_{field.name}()")
        body.append(f"self.{field.name} = {field.name}")
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(body), namespace)
    initialize: Callable[..., None] = namespace["__init__"]
    node.__init__ = initialize  # type: ignore[method-assign]
    for name in ("__setattr__", "__delattr__"):
        if name in vars(node):  # else the class is not frozen itself
            delattr(node, name)


def _parameter(field: Field[Any], namespace: dict[str, Any]) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}=MISSING"
    if field.default is MISSING:
        return field.name
    namespace[f"default_{field.name}"] = field.default
    return f"{field.name}=default_{field.name}"
