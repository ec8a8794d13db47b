"""Stands in for packages that a module imports and that are not installed: layers that do not use them can be run.

The module gets a name for what it imports. It may stand in annotations and among the bases of classes. Whatever else is
done with it, or with such a class, raises `NotInstalled`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

from keras_layer_lint.keras.names import FRAMEWORKS


class NotInstalled(ModuleNotFoundError):
    """A package was used that is not installed."""


def _refuse(self: Any, *arguments: Any, **named: Any) -> NoReturn:
    package = str(vars(self)["__package__"])
    raise NotInstalled(f"No module named '{package}'", name=package)


_USES = (
    "__call__ __iter__ __len__ __bool__ __getitem__ __contains__ __lt__ __gt__ __le__ __ge__ __add__ __radd__ "
    "__sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __enter__ __int__ __float__ __index__ "
    "__instancecheck__ __subclasscheck__"
)


class _Missing:
    """What a package that is not installed would hold."""

    def __init__(self, package: str) -> None:
        self.__package__ = package

    def __getattr__(self, name: str) -> _Missing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Missing(vars(self)["__package__"])

    def __eq__(self, other: object) -> bool:
        if sys._getframe(1).f_globals.get("__name__") == "typing":  # `Optional[Thing]` compares it with what it knows
            return self is other
        return _refuse(self)

    __hash__ = object.__hash__

    def __or__(self, other: object) -> _Missing:
        return self  # `Thing | None`

    __ror__ = __or__

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        """A base whose classes are there, and no object of them."""

        def refuse(*arguments: Any, **named: Any) -> NoReturn:
            _refuse(self)

        def derive(cls: type, **named: Any) -> None:
            cls.__new__ = refuse  # type: ignore[method-assign]  # whatever bases stand before this one

        return (type("NotInstalledBase", (), {"__init_subclass__": derive}),)


for _name in _USES.split():
    setattr(_Missing, _name, _refuse)


class _MissingModule(ModuleType):
    def __getattr__(self, name: str) -> _Missing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Missing(self.__name__.partition(".")[0])


class StandIns(MetaPathFinder, Loader):
    """Finds modules of packages that are not installed, last of all finders."""

    def __init__(self) -> None:
        self.packages: list[str] = []

    def add(self, error: BaseException | None, project: str) -> bool:
        """Stand in for the package that the error misses; whether that is a new one, and none of the project's own."""
        is_missing = isinstance(error, ModuleNotFoundError) and not isinstance(error, NotInstalled)
        package = (getattr(error, "name", "") or "").partition(".")[0] if is_missing else ""
        if not package or package in (*self.packages, *FRAMEWORKS, project) or package in sys.modules:
            return False
        if self not in sys.meta_path:
            sys.meta_path.append(self)
        self.packages.append(package)
        return True

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """A module without code."""
        is_missing = fullname.partition(".")[0] in self.packages
        return ModuleSpec(fullname, self, is_package=True) if is_missing else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the module."""
        return _MissingModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is executed."""


def not_installed(error: BaseException) -> str:
    """The package that was used and is not installed; empty where the error is another."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, NotInstalled) and seen.name:  # Keras makes another without a name of it
            return seen.name
        seen = seen.__cause__ or seen.__context__
    return ""
