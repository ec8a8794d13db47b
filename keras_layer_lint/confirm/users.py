"""What in a project makes objects of a class: classes, functions and tests, found by text alone.

They are run where nothing that klint makes up constructs and calls the class: what they give to it is the best evidence
of what it takes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from keras_layer_lint.confirm.probe import UserKind
from keras_layer_lint.source.module_index import dotted_name

_ORDER: tuple[UserKind, ...] = ("test", "function", "class")
_FAR = 2
"""Users of users are looked for, too."""


@dataclass(frozen=True, slots=True)
class UserFound:
    """A class, function or test, and the file that defines it."""

    path: Path
    name: str
    """Qualified name within the module."""
    kind: UserKind


@dataclass(frozen=True, slots=True)
class _Definition:
    name: str
    kind: UserKind
    called: frozenset[str]
    """The last parts of the names that are called in it."""


def users_of(name: str, texts_naming: Callable[[str], Iterable[tuple[Path, str]]], most: int) -> list[UserFound]:
    """Who makes objects of the class with this name: tests first, and users before their own users."""
    found: dict[UserFound, None] = {}
    wanted, seen = [name], {name}
    for _ in range(_FAR):
        new = [user for each in wanted for user in _makers(each, texts_naming(each))]
        found |= dict.fromkeys(sorted(new, key=lambda user: _ORDER.index(user.kind)))
        wanted = list(dict.fromkeys(user.name for user in new if user.kind != "test" and user.name not in seen))
        seen |= set(wanted)
    return list(found)[:most]


def _makers(name: str, texts: Iterable[tuple[Path, str]]) -> Iterator[UserFound]:
    for path, text in texts:
        for each in _definitions(text):
            if name in each.called and name != each.name:
                yield UserFound(path, each.name, each.kind)


@lru_cache(maxsize=1024)
def _definitions(text: str) -> tuple[_Definition, ...]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(each for node in tree.body for each in _defined(node))


def _defined(node: ast.stmt) -> Iterator[_Definition]:
    """A function or class that can be run by itself: a test that needs something is none."""
    match node:
        case ast.FunctionDef(name=name) if not _is_test(name):
            yield _Definition(name, "function", _called(node))
        case ast.FunctionDef(name=name) if _has_all(node, 0):
            yield _Definition(name, "test", _called(node))
        case ast.ClassDef(name=name) if _holds_tests(node):
            methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
            shared = frozenset[str]().union(*(_called(each) for each in methods if not _is_test(each.name)))
            for each in methods:
                if _is_test(each.name) and _has_all(each, 1):
                    yield _Definition(f"{name}.{each.name}", "test", _called(each) | shared)
        case ast.ClassDef(name=name):
            yield _Definition(name, "class", _called(node))


def _is_test(name: str) -> bool:
    return name.startswith("test")


def _holds_tests(node: ast.ClassDef) -> bool:
    """Whether it is a test case of `unittest`, or a class of tests as pytest has them."""
    if any((dotted_name(base) or "").endswith("TestCase") for base in node.bases):
        return True
    return node.name.startswith("Test") and any(
        isinstance(each, ast.FunctionDef) and _is_test(each.name) for each in node.body
    )


def _has_all(function: ast.FunctionDef, given: int) -> bool:
    """Whether a test needs no more arguments than that, or decorators give them."""
    arguments = function.args
    if len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults) <= given:
        return True
    decorators = (each.func if isinstance(each, ast.Call) else each for each in function.decorator_list)
    return any("parameter" in name or "parametrize" in name for each in decorators if (name := dotted_name(each) or ""))


def _called(node: ast.AST) -> frozenset[str]:
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return frozenset((dotted_name(function) or "").rpartition(".")[2] for function in calls)
