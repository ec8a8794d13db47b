"""Arguments of constructors: which there are, and values that are not the default."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.planning.arguments import Candidates
from keras_layer_lint.confirm.planning.plan import names_of
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.subject import own_text
from keras_layer_lint.keras.methods import BASE_ARGUMENTS

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_MOST = 3
"""Values of one argument."""


def init_parameters(cls: Any) -> dict[str, inspect.Parameter]:
    """The parameters of `__init__`, without self."""
    return dict(list(inspect.signature(cls.__init__).parameters.items())[1:])


def code_of(function: Any) -> Any:
    """The code of a function under its decorators, as far as they say what they wrap."""
    return getattr(inspect.unwrap(function), "__code__", None)


def owner_of(cls: Any, name: str) -> Any:
    """The class whose own `__init__` takes an argument; None where there is none."""
    return next((base for base in cls.__mro__ if "__init__" in vars(base) and name in init_parameters(base)), None)


def others(trial: Trial, cls: Any = None) -> dict[str, str]:
    """Optional arguments that a class itself takes, each with a value, as Python text, that is not its default."""
    cls = trial.cls if cls is None else cls
    found = {}
    for name, parameter in (init_parameters(cls) if "__init__" in vars(cls) else {}).items():
        text = _other(parameter.default)
        if parameter.default is not parameter.empty and name not in BASE_ARGUMENTS and text is not None:
            found[name] = text
    return found


def plain_others(trial: Trial) -> dict[str, str]:
    """Those of them that are numbers and flags, and do not go by another name in the plan."""
    taken = {"learning_rate"} if "lr" in given_in(trial.plan.arguments) else set()
    return {name: text for name, text in others(trial).items() if not text.startswith("keras.") and name not in taken}


def _other(default: Any) -> str | None:
    """A value of the same kind that is not the default."""
    match default:
        case bool():
            return repr(not default)
        case int():
            return repr(default + 1)
        case float():
            return repr(float(default) + 0.25)  # a number of NumPy is spelled otherwise
        case _ if callable(default):
            return "keras.initializers.Ones()"
    return None


def other_values(trial: Trial, owner: Any, name: str) -> list[str]:
    """Values for an argument, as Python text, the likeliest first: not its default, nor what the plan gives."""
    if name == "name":
        return ["'given_name'"]
    base = trial.framework.keras.layers.Layer
    reading = read(owner, base)
    candidates = Candidates(owner, base, reading)
    given = given_in(trial.plan.arguments).get(name)
    default = init_parameters(owner)[name].default
    if name in given_in(trial.plan.arguments) or default is None:
        found = [text for text in candidates.of(name) if text not in (given, "None")]
        if reading.of(name).is_a_word:
            found = [text for text in found if text[:1] in "'\""]
    else:
        known = _other(default)
        found = [known] if known is not None else []
        if isinstance(default, int) and not isinstance(default, bool):
            found.append(repr(default + 2))
        if isinstance(default, str):
            found = [text for text in candidates.of(name) if text[:1] in "'\"" and text != repr(default)]
    return found[:_MOST]


def is_named(names: Iterable[str], error: BaseException) -> bool:
    """Whether an error names one of the arguments: `units`, not `_units` or `num_units`."""
    return any(re.search(rf"\b{re.escape(name)}\b", own_text(error)) for name in names)


def given_in(arguments: str) -> dict[str, str]:
    """The arguments of a constructor that are given by name."""
    return {keyword.arg: ast.unparse(keyword.value) for keyword in _call(arguments).keywords if keyword.arg is not None}


def given_values(plan: Plan) -> dict[str, Any]:
    """The arguments of the constructor in a plan, by name, made anew."""
    names = {**names_of(plan.cls, plan.framework), "_bound": inspect.signature(plan.cls).bind}
    found: dict[str, Any] = eval(f"_bound({plan.arguments}\n)", names).arguments
    return found


def rearranged(plan: Plan, **more: str) -> Plan:
    """The plan with other arguments of the constructor, each spelled as Python."""
    call = _call(plan.arguments)
    parts = [ast.unparse(argument) for argument in call.args]
    parts += [ast.unparse(keyword) for keyword in call.keywords if keyword.arg not in more]
    return replace(plan, arguments=", ".join([*parts, *(f"{name}={text}" for name, text in more.items())]))


def _call(arguments: str) -> ast.Call:
    call = ast.parse(f"_({arguments}\n)", mode="eval").body
    assert isinstance(call, ast.Call)
    return call
