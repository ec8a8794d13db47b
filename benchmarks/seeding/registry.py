"""What an operator is, and where all of them are found: the modules of `operators/`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from keras_layer_lint.expectation import Expectation

if TYPE_CHECKING:
    from benchmarks.seeding.subjects import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Statements planted in `call`, or in the method that does the work, where a tensor is in scope.

    `$x` is the tensor. Other names with a dollar are functions and modules, as the module of the layer calls them
    (`names.py`).
    """

    call: str
    init: str = ""
    """Planted at the end of `__init__`."""
    build: str = ""
    """Planted at the end of `build`."""
    methods: str = ""
    """More methods of the class."""
    before: str = ""
    """Definitions that stand before the class in its module."""
    lowest_rank: int = 0
    is_planted_in: str = "call"
    """Where the fault is: `call`, or `build`, `init` or `methods` with a `call` that is as it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The class with the fault in it."""

    node: cst.ClassDef
    imports: tuple[str, ...] = ()
    before: str = ""
    """Definitions that stand before the class in its module."""


Seed: TypeAlias = Snippet | Edited
Planting: TypeAlias = "Callable[[Subject], Iterable[Seed]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What confirm mode is asked about a mutant, where running everything does not show the fault by itself.

    The operator knows what it planted. What static klint says of the mutant has no part in it.
    """

    expects: Expectation
    method: str = ""
    """The method whose definition the question points at."""
    line: str = ""
    """What the last planted line holds that the question points at. Without either: the first line that is planted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One kind of slip."""

    name: str
    family: str
    rule: str
    generations: tuple[str, ...]
    source: str
    """The kind of report that it comes from."""
    also: tuple[str, ...]
    """Other rules that speak of the same fault."""
    on_class: bool
    """The rule speaks of the class or of a method, not of a line."""
    eagerly: str
    """A pattern: what raises as soon as the layer is made or called counts as this fault where the error matches."""
    shows: str
    """A pattern: only where the error of a run matches, it is this fault. Empty: any failure shows it."""
    kinds: tuple[str, ...]
    """The kinds of subjects that it is for."""
    places: tuple[str, ...]
    """Where it may be planted; empty for anywhere."""
    asked: Asked | None
    plant: Planting

    @property
    def codes(self) -> frozenset[str]:
        """The rules whose finding counts."""
        return frozenset({self.rule, *self.also})


_OPERATORS: dict[str, Operator] = {}


def operator(
    rule: str,
    generations: str = "23",
    *,
    source: str,
    also: Iterable[str] = (),
    on_class: bool = False,
    eagerly: str = "",
    shows: str = "",
    kinds: Iterable[str] = ("layer",),
    places: Iterable[str] = (),
    asked: Asked | None = None,
) -> Callable[[Planting], Planting]:
    """Register what plants one kind of fault; it yields nothing where it does not apply."""

    def register(plant: Planting) -> Planting:
        name = plant.__name__
        assert name not in _OPERATORS, f"two operators are called {name}"
        _OPERATORS[name] = Operator(
            name=name,
            family=plant.__module__.rpartition(".")[2],
            rule=rule,
            generations=tuple(generations),
            source=source,
            also=tuple(also),
            on_class=on_class,
            eagerly=eagerly,
            shows=shows,
            kinds=tuple(kinds),
            places=tuple(places),
            asked=asked,
            plant=plant,
        )
        return plant

    return register


def operators() -> Iterator[Operator]:
    """All of them, by name."""
    from benchmarks.seeding import operators as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    yield from (each for _, each in sorted(_OPERATORS.items()))
