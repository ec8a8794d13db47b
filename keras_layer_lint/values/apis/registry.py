"""Handlers of calls, found by name. A new behaviour is one decorated function in a module beside this one.

A function outside the linted code is found by its canonical name, a method by the kind of the value that it is called
on and its own name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, overload

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.containers import Entry
from keras_layer_lint.values.contents import holds_tensor
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.value import Origin, PythonValue, Value

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls

MODULES = (
    "builtin_functions",
    "builtin_iterables",
    "container_methods",
    "einops",
    "higher_order",
    "keras",
    "keras_methods",
    "numpy",
    "python",
    "scopes",
    "sklearn",
    "tensor_methods",
    "tensorflow",
    "trees",
    "variables",
)
"""The modules beside this one that hold handlers."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of something outside the linted code."""

    arguments: CallArguments
    node: cst.Call
    frame: Frame

    @property
    def first(self) -> Value:
        """The first positional argument; unknown where there is none."""
        return self.arguments.positional[0] if self.arguments.positional else UNKNOWN

    @property
    def tensor(self) -> Origin | None:
        """Where the first tensor in the arguments comes from."""
        return next((found for value in self.arguments.values() if (found := holds_tensor(value))), None)

    def text(self, position: int) -> str | None:
        """A positional argument where it is a literal string."""
        given = self.arguments.positional
        value = given[position] if position < len(given) else None
        return value.constant if isinstance(value, PythonValue) and isinstance(value.constant, str) else None

    def keyword_entries(self) -> dict[str, Entry]:
        """The keyword arguments as entries of a dict."""
        given = ((arg, arg.keyword.value) for arg in self.node.args if arg.keyword is not None)
        return {name: Entry(self.arguments.keywords[name], self.frame.unit, arg) for arg, name in given}


@dataclass(frozen=True, slots=True)
class ApiCall(Call):
    """A call of a function, by canonical name: `numpy.mean`, `builtins.len`."""

    name: str


Kind = TypeVar("Kind", covariant=True)
One = TypeVar("One")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class MethodCall(Call, Generic[Kind]):
    """A call of a method that is not code of the project: `x.numpy()`, `items.append(x)`, `super().build(shape)`."""

    receiver: Kind
    name: str
    place: str | None = None
    """The variable (`items`) or attribute (`self.items`) that holds the receiver, which a mutation changes."""


Handler: TypeAlias = "Callable[[Calls, ApiCall], Value | None]"
"""Records events and gives the value of the call; None leaves that to the table of results."""
MethodHandler: TypeAlias = "Callable[[Calls, MethodCall[Kind]], Value]"

_BY_NAME: dict[str, Handler] = {}
_BY_PREFIX: dict[str, Handler] = {}
_BY_METHOD: dict[tuple[type, str], MethodHandler[Any]] = {}


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler of functions by canonical name; `numpy.*` stands for all that begin so and have none.

    Raises ValueError where a name has a handler already.
    """

    def register(handler: Handler) -> Handler:
        for name in names:
            table, key = (_BY_PREFIX, name[:-1]) if name.endswith("*") else (_BY_NAME, name)
            if key in table:
                raise ValueError(f"two handlers of {name}")
            table[key] = handler
        return handler

    return register


@overload
def methods(of: type[One], *names: str) -> Callable[[MethodHandler[One]], MethodHandler[One]]: ...


@overload
def methods(
    of: tuple[type[One], type[Other]], *names: str
) -> Callable[[MethodHandler[One | Other]], MethodHandler[One | Other]]: ...


def methods(of: Any, *names: str) -> Callable[[MethodHandler[Any]], MethodHandler[Any]]:
    """Register a handler of methods of one kind of value, or of two; `*` stands for all names that have none.

    A kind that derives from another one has its methods as well. Raises ValueError where a method has a handler
    already.
    """

    def register(handler: MethodHandler[Any]) -> MethodHandler[Any]:
        for kind in of if isinstance(of, tuple) else (of,):
            for name in names:
                if (kind, name) in _BY_METHOD:
                    raise ValueError(f"two handlers of {kind.__name__}.{name}")
                _BY_METHOD[kind, name] = handler
        return handler

    return register


@cache
def handler_of(name: str) -> Handler | None:
    """Look up the handler of a function: by its name, else by the longest prefix that has one."""
    _load()
    if name in _BY_NAME:
        return _BY_NAME[name]
    prefix = max((prefix for prefix in _BY_PREFIX if name.startswith(prefix)), key=len, default=None)
    return None if prefix is None else _BY_PREFIX[prefix]


@cache
def method_handler_of(kind: type, name: str) -> MethodHandler[Any] | None:
    """Look up the handler of a method: by its name, else the one for all methods of the kind."""
    _load()
    for asked in (name, "*"):
        for base in kind.__mro__:
            if (found := _BY_METHOD.get((base, asked))) is not None:
                return found
    return None


@cache
def _load() -> None:
    for module in MODULES:
        import_module(f"{__package__}.{module}")
