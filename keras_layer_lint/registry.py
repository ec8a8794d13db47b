"""The rules there are: every module under `checks/` that has `RULE` and `check`."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from keras_layer_lint import checks
from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.objects import LAYERS
from keras_layer_lint.rule import FAILS_WHEN_RUN, UNREADABLE_FILE, UNUSED_SUPPRESSION, Rule

Check = Callable[[LayerContext], Iterator[Diagnostic | None]]


@dataclass(frozen=True, slots=True)
class RegisteredCheck:
    """A rule and the function that keeps its promise."""

    rule: Rule
    check: Check
    kinds: frozenset[ClassKind] = LAYERS
    """The kinds of class it holds for: `KINDS` of its module, by default layers and models."""


@cache
def registered() -> tuple[RegisteredCheck, ...]:
    """Every check, in the order of the codes."""
    found = []
    for module in pkgutil.walk_packages(checks.__path__, f"{checks.__name__}."):
        loaded = import_module(module.name)
        if hasattr(loaded, "RULE"):
            found.append(RegisteredCheck(loaded.RULE, loaded.check, getattr(loaded, "KINDS", LAYERS)))
    return tuple(sorted(found, key=lambda item: item.rule.code))


@cache
def checks_for(kind: ClassKind | None) -> tuple[RegisteredCheck, ...]:
    """The checks that hold for a kind of class, in the order of the codes."""
    return tuple(item for item in registered() if kind in item.kinds)


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the codes."""
    return (UNREADABLE_FILE, UNUSED_SUPPRESSION, *(item.rule for item in registered()), FAILS_WHEN_RUN)


@cache
def opt_in() -> frozenset[str]:
    """The codes of the rules that are off by default."""
    return frozenset(rule.code for rule in rules() if not rule.is_default)


def expand(selectors: Iterable[str]) -> frozenset[str]:
    """The codes that selectors (codes or prefixes of codes) stand for."""
    prefixes = tuple(selectors)
    return frozenset(rule.code for rule in rules() if rule.code.startswith(prefixes)) if prefixes else frozenset()
