"""Which tests need a framework: those that ask for one with `needs`, themselves or through a fixture."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from functools import cache
from types import CodeType, FunctionType

import pytest


class Running:
    """The test that runs now; `needs` holds it to its marker."""

    item: pytest.Item | None = None


def missing(*generations: str, backend: str = "tensorflow") -> set[str]:
    """What has to be installed to run layers of these generations."""
    needed = {"2": ("tensorflow", "tf_keras"), "3": (backend, "keras")}
    return {name for keras in generations for name in needed[keras] if importlib.util.find_spec(name) is None}


def needs(*generations: str, backend: str = "tensorflow") -> None:
    """Skip where Keras is missing, or what it runs on, unless it must not be."""
    marked = Running.item is None or "keras" in Running.item.keywords
    assert marked, "`needs` is called where `mark` does not see it: in a test or a fixture it does"
    names = missing(*generations, backend=backend)
    if names and os.environ.get("KLINT_REQUIRE_TENSORFLOW"):
        pytest.fail(f"{', '.join(sorted(names))} must be installed")
    if names:
        pytest.skip(f"needs {', '.join(sorted(names))}: pip install 'keras-layer-lint[test]'")


def mark(items: list[pytest.Item]) -> None:
    """Mark what needs a framework."""
    for item in items:
        if isinstance(item, pytest.Function) and any(names_needs(function) for function in functions(item)):
            item.add_marker(pytest.mark.keras)


def functions(item: pytest.Function) -> Iterator[object]:
    """Yield a test and the fixtures that it uses."""
    yield item.function
    for definitions in item._fixtureinfo.name2fixturedefs.values():
        yield definitions[-1].func


@cache
def names_needs(function: object) -> bool:
    return isinstance(function, FunctionType) and "needs" in names(function.__code__)


def names(code: CodeType) -> Iterator[str]:
    """Yield the global names in a function and in those defined within it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names(constant)
