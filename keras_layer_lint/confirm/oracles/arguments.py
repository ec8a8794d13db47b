"""Arguments of constructors: which there are, and values that are not the default."""

from __future__ import annotations

import inspect
import re
from typing import Any

from keras_layer_lint.confirm.oracles.trial import Trial

_NAME = re.compile(r"`'?([A-Za-z_]\w*)'?`|\b(name|trainable|dtype)\b")
_OF_EVERY_LAYER = {"name", "trainable", "dtype"}


def init_parameters(cls: Any) -> dict[str, inspect.Parameter]:
    """The parameters of `__init__`, without self."""
    return dict(list(inspect.signature(cls.__init__).parameters.items())[1:])


def owner_of(cls: Any, name: str) -> Any:
    """The class whose own `__init__` takes an argument; None where there is none."""
    return next((base for base in cls.__mro__ if "__init__" in vars(base) and name in init_parameters(base)), None)


def others(trial: Trial, cls: Any = None) -> dict[str, str]:
    """Optional arguments that a class itself takes, each with a value, as Python text, that is not its default."""
    cls = trial.cls if cls is None else cls
    found = {}
    for name, parameter in (init_parameters(cls) if "__init__" in vars(cls) else {}).items():
        text = _other(parameter.default)
        if parameter.default is not parameter.empty and name not in _OF_EVERY_LAYER and text is not None:
            found[name] = text
    return found


def _other(default: Any) -> str | None:
    """A value of the same kind that is not the default."""
    match default:
        case bool():
            return repr(not default)
        case int():
            return repr(default + 1)
        case float():
            return repr(default + 0.25)
        case _ if callable(default):
            return "keras.initializers.Ones()"
    return None


def names_in(message: str) -> list[str]:
    """The arguments a message speaks of."""
    found = _NAME.findall(message)
    return list(dict.fromkeys(quoted or plain for quoted, plain in found))
