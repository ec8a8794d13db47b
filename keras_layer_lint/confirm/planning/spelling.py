"""Values that code has given to a layer, spelled as arguments and inputs of a plan."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import math
import sys
from collections.abc import Mapping
from contextlib import suppress
from types import FunctionType, ModuleType
from typing import Any

from keras_layer_lint.confirm.planning.inputs import DTYPES, INTEGERS, Inputs, Structure, Tensor
from keras_layer_lint.confirm.planning.plain import plain
from keras_layer_lint.confirm.planning.usual import BATCH
from keras_layer_lint.keras.names import FRAMEWORKS

_DEEPEST, _MOST = 6, 64
_FEW_NUMBERS = 64
"""Of an array, so many numbers are written out."""
_PLACES = ("layers", "models", "initializers", "regularizers", "constraints", "activations", "losses", "metrics")
_PLACES_OF_TENSORFLOW = ("nn", "math", "image")
_OF_EVERY_LAYER = frozenset({"name", "trainable", "dtype"})


class CannotSpell(ValueError):
    """A value that no text makes again."""


@dataclasses.dataclass(frozen=True, slots=True)
class Spelling:
    """Spells values for the arguments of one class, in the names of its module, of Keras and of whole modules."""

    framework: Any
    module: ModuleType
    """That of the class."""

    def arguments(self, given: Mapping[str, Any]) -> str:
        """Arguments by name, as they stand between parentheses."""
        return ", ".join(f"{name}={self.value(value)}" for name, value in given.items())

    def value(self, value: Any, depth: int = 0) -> str:
        """One value as Python text."""
        if depth > _DEEPEST:
            raise CannotSpell("too deep")
        match value:
            case enum.Enum():
                return f"{self._named(type(value))}.{value.name}"
            case None | bool() | int() | str():
                return repr(value)
            case float():
                return repr(value) if math.isfinite(value) else f"float('{value}')"
            case type() | FunctionType():
                return self._named(value)
            case tuple() if hasattr(value, "_fields"):
                return self._made(type(value), dict(zip(value._fields, value, strict=True)), depth)
            case list() | tuple() | dict():
                return self._container(value, depth)
        if isinstance(value, Mapping):
            return self._container(dict(value), depth)
        return self._object(value, depth)

    def _container(self, value: Any, depth: int) -> str:
        if len(value) > _MOST:
            raise CannotSpell("too long")
        if isinstance(value, dict):
            parts = [f"{self.value(key, depth + 1)}: {self.value(item, depth + 1)}" for key, item in value.items()]
            return "{" + ", ".join(parts) + "}"
        inner = ", ".join(self.value(item, depth + 1) for item in value)
        if isinstance(value, tuple):
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        return f"[{inner}]"

    def _object(self, value: Any, depth: int) -> str:
        np, framework = self.framework.np, self.framework
        if isinstance(value, np.generic):
            return self.value(value.item(), depth + 1)
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, (list, tuple)):  # what Keras tracks
            return self._container(list(value), depth)
        if framework.is_symbolic(value):
            raise CannotSpell("a symbolic tensor")
        if framework.is_tensor(value):
            if framework.tf is None or not hasattr(value, "numpy"):
                raise CannotSpell("a tensor that is traced")
            return f"tf.constant({self._array(value.numpy())})"
        if type(value).__name__ in ("DType", "dtype"):
            return repr(getattr(value, "name", str(value)))
        recorded = getattr(getattr(value, "_auto_config", None), "config", None)
        if isinstance(recorded, dict):
            return self._made(type(value), _told(type(value), recorded), depth)
        if dataclasses.is_dataclass(value):
            fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value) if each.init}
            return self._made(type(value), fields, depth)
        if framework.is_its_own(type(value)) and hasattr(value, "get_config"):
            return self._made(type(value), _told(type(value), value.get_config()), depth)
        if (attributes := getattr(value, "__dict__", None)) and not self._is_of_a_framework(type(value)):
            with suppress(CannotSpell):
                return self._made(type(value), _kept(type(value), attributes), depth)
            parts = [f"{name}={self.value(each, depth + 1)}" for name, each in attributes.items()]
            return f"klint.Settings({', '.join(parts)})"
        raise CannotSpell(type(value).__name__)

    def _is_of_a_framework(self, cls: type) -> bool:
        return cls.__module__.partition(".")[0] in FRAMEWORKS or self.framework.is_its_own(cls)

    def _made(self, cls: type, given: Mapping[str, Any], depth: int) -> str:
        parts = [f"{name}={self.value(each, depth + 1)}" for name, each in given.items() if name != "name"]
        return f"{self._named(cls)}({', '.join(parts)})"

    def _array(self, value: Any) -> str:
        if value.size <= _FEW_NUMBERS and value.dtype.kind in "iufb":
            return f"np.array({value.tolist()}, {str(value.dtype)!r})"
        if value.dtype.kind not in "iufb":
            raise CannotSpell("an array of objects")
        filled = "zeros" if value.dtype.kind in "iub" else "ones"
        return f"np.{filled}({tuple(value.shape)}, {str(value.dtype)!r})"

    def _named(self, value: Any) -> str:
        """The name that leads to a class or function: in the module of the class, in Keras, or in its own module."""
        name = getattr(value, "__qualname__", "")
        if vars(self.module).get(name) is value:
            return str(name)
        for place in _PLACES:
            if getattr(getattr(self.framework.keras, place), name, None) is value:
                return f"keras.{place}.{name}"
        for place in _PLACES_OF_TENSORFLOW if self.framework.tf is not None else ():
            if getattr(getattr(self.framework.tf, place), name, None) is value:
                return f"tf.{place}.{name}"
        found: Any = sys.modules.get(str(getattr(value, "__module__", "")))
        home = getattr(found, "__name__", "")
        for part in name.split("."):
            found = getattr(found, part, None)
        if found is not value or home == "__main__":
            raise CannotSpell(f"{name} cannot be imported")
        return str(name) if home == "builtins" else f"{home}.{name}"


def _kept(cls: type, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a constructor that are attributes of the same names, where these are all that it needs."""
    try:
        parameters = list(inspect.signature(cls).parameters.values())
    except (TypeError, ValueError) as error:
        raise CannotSpell(str(error)) from error
    if any(each.default is each.empty and each.name not in attributes for each in parameters):
        raise CannotSpell(f"{cls.__name__} keeps what it is made of in another form")
    return {each.name: attributes[each.name] for each in parameters if each.name in attributes}


def _told(cls: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that are no defaults, those that name the object left out."""
    try:
        parameters = inspect.signature(cls).parameters
    except (TypeError, ValueError):
        return {}
    takes_more = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
    told = {name: value for name, value in given.items() if name not in _OF_EVERY_LAYER}
    defaults = {name: each.default for name, each in parameters.items()}
    return {
        name: value
        for name, value in told.items()
        if (name in parameters or takes_more) and not _is_default(value, defaults.get(name, inspect.Parameter.empty))
    }


def _is_default(value: Any, default: Any) -> bool:
    return type(value) is type(default) and isinstance(value, (type(None), bool, int, float, str)) and value == default


def inputs_of(framework: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Inputs:
    """What a layer was called on, as inputs: tensors by dtype and shape, plain values as they are."""
    positional = tuple(_structure(framework, value) for value in args)
    named = {name: _structure(framework, value) for name, value in kwargs.items() if value is not None}
    return Inputs(positional, named)


def _structure(framework: Any, value: Any, depth: int = 0) -> Structure:
    if depth > _DEEPEST:
        raise CannotSpell("too deep")
    match value:
        case None | bool() | int() | float() | str():
            return value
        case tuple() if hasattr(value, "_fields"):
            return type(value)(*[_structure(framework, each, depth + 1) for each in value])
        case list():
            return [_structure(framework, each, depth + 1) for each in value]
        case tuple():
            return tuple(_structure(framework, each, depth + 1) for each in value)
        case dict():
            return {name: _structure(framework, each, depth + 1) for name, each in value.items()}
    return _tensor(framework, value)


def _tensor(framework: Any, value: Any) -> Tensor:
    kinds = {"SparseTensor": "sparse", "RaggedTensor": "ragged"}
    kind = next((kinds[name] for each in type(value).__mro__ if (name := each.__name__) in kinds), "")
    shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
    name = str(getattr(dtype, "name", dtype))
    if shape is None or getattr(shape, "rank", 0) is None or name not in DTYPES:
        raise CannotSpell(type(value).__name__)
    axes = [None if axis is None else int(axis) for axis in shape]
    usual = plain(len(axes)).shape
    filled = tuple(BATCH if not at and axis is None else axis or usual[at] for at, axis in enumerate(axes))
    below, least = None, 0
    if name in INTEGERS and not kind and (numbers := _numbers(value)) is not None and numbers.size:
        below, least = max(int(numbers.max()) + 1, 1), max(int(numbers.min()), 0)
    return Tensor(name, filled, below, kind, least)


def _numbers(value: Any) -> Any:
    """The numbers of a tensor that is there; None of one that is traced."""
    if hasattr(value, "max"):
        return value
    try:
        return value.numpy()
    except (AttributeError, NotImplementedError):
        return None
