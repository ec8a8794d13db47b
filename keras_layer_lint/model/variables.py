"""Which layers hold variables, read with `ast` like the attributes: their bodies need not be parsed."""

from __future__ import annotations

import ast
from functools import lru_cache

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.kinds import ClassKind, kind_of_known
from keras_layer_lint.keras.layers import Trait, facts_of, has_trait
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.certainty import certain_nodes
from keras_layer_lint.model.class_graph import ClassRef, KnownName, Project
from keras_layer_lint.source.module_index import ClassEntry, dotted_name
from keras_layer_lint.target import Generation

_DEPTH = 4
"""Sublayers of sublayers are looked at no deeper."""
_TRACKED = frozenset({"keras.Variable", "keras.backend.variable"})
_UNTRACKED = frozenset({"tensorflow.Variable", "keras.random.SeedGenerator"})
"""What makes variables that are no weights in each generation: Keras 3 does not track those of TensorFlow."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Which variables count: weights in both generations, unless said otherwise."""

    generations: tuple[Generation, ...] = tuple(Generation)
    """An instance holds them in each of these."""
    all_made: bool = False
    """Every variable that an instance makes anew, seeds included, and not those of the layers given to it."""
    only_in_build: bool = False
    """Weights that `__init__` adds do not count."""
    in_loops: bool = False
    """What loops make counts, although one may run zero times."""


WEIGHTS = Counted()


def made_in(generation: Generation) -> Counted:
    """Every variable that constructing and building an instance makes in one generation."""
    return Counted((generation,), all_made=True)


def holds_variables(project: Project, of: ClassRef | str, counted: Counted = WEIGHTS, depth: int = 0) -> bool:
    """Whether every instance of a layer class holds variables once it is built: certainly, not possibly."""
    if isinstance(of, str):
        return _known_holds(of, counted)
    if depth > _DEPTH:
        return False
    return any(
        _known_holds(canonical(base.name), counted)
        if isinstance(base, KnownName)
        else any(
            _makes(project, base, made, counted, depth) for made in _calls_of_lifecycle(base.entry, counted.in_loops)
        )
        for base in project.class_info(of).mro
    )


def _known_holds(name: str, counted: Counted) -> bool:
    facts = facts_of(name, counted.generations)
    if counted.all_made:
        return bool(facts) and all(fact.has_variables for fact in facts) and not has_trait(name, Trait.WRAPPER)
    holds_what_is_given = has_trait(name, Trait.WRAPPER) and not has_trait(name, Trait.WRAPPER_OF_CELLS)
    return bool(facts) and all(fact.has_weights for fact in facts) and not holds_what_is_given


def _makes(project: Project, ref: ClassRef, made: tuple[str, str], counted: Counted, depth: int) -> bool:
    method, called = made
    if called in ("self.add_weight", "self.add_variable"):
        return method == "build" or not counted.only_in_build
    found = project.resolve(ref.module, called, scope=ref.entry)
    match found:
        case KnownName(name=name):
            name = canonical(name)
            if name in _TRACKED or (counted.all_made and name in _UNTRACKED):
                return method == "build" or not counted.only_in_build
            return kind_of_known(name) is not None and _known_holds(name, counted)
        case ClassRef():
            is_layer = project.class_info(found).kind in (ClassKind.LAYER, ClassKind.MODEL)
            return (is_layer or counted.all_made) and holds_variables(project, found, counted, depth + 1)
        case _:
            return False


@lru_cache(maxsize=1024)
def _calls_of_lifecycle(entry: ClassEntry, in_loops: bool) -> tuple[tuple[str, str], ...]:
    """What `__init__` and `build` call for certain by a dotted name, each with the method."""
    return tuple(
        (method.name, name)
        for method in entry.node.body
        if isinstance(method, ast.FunctionDef) and method.name in ("__init__", "build")
        for node in certain_nodes(method.body, in_loops=in_loops)
        if isinstance(node, ast.Call) and (name := dotted_name(node.func)) is not None
    )
