"""`join` is the join of a lattice with `UNKNOWN` on top, over values of every kind.

Places in the code that a value carries to explain itself are no part of the lattice: `plain` takes them away.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import get_args

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.source.code_slice import slice_function
from keras_layer_lint.source.module_index import index_module
from keras_layer_lint.values.containers import Dict, Entry, Sequence
from keras_layer_lint.values.join import element_of, join
from keras_layer_lint.values.kind import UNKNOWN, Kind, Unknown
from keras_layer_lint.values.value import (
    NONE,
    BoundMethod,
    ClassObject,
    Derivation,
    Dimension,
    ExternalName,
    Function,
    InputMask,
    InputMasks,
    Instance,
    KerasTensor,
    Layer,
    Nest,
    NumpyValue,
    Opaque,
    Origin,
    ProjectModule,
    PythonValue,
    Range,
    Rank,
    Self,
    SelfClass,
    Serialized,
    Shape,
    Super,
    Tensor,
    TensorArray,
    Text,
    Unserializable,
    Value,
)

pytestmark = pytest.mark.slow

MODULE = index_module("class A: pass\nclass B: pass\ndef f(x): return x\ndef g(x): return x\n", Path("module.py"))
CLASSES = [ClassRef(MODULE, entry) for entry in MODULE.classes.values()]
UNITS = [CodeUnit(MODULE, slice_function(MODULE, entry.node)) for entry in MODULE.functions.values()]

flags = st.booleans()
classes = st.sampled_from(CLASSES)
names = st.sampled_from(["a", "b"])
maybe_names = st.sampled_from([None, "a", "b"])
origins = st.sampled_from([Origin("it is a weight"), Origin("it is an argument", is_number=True)])
nodes = st.sampled_from([cst.Name("n"), cst.Name("m")])
dtypes = st.sampled_from(["", "compute", "float32"])
constants = st.sampled_from([..., None, True, 1, 1.0, 0, -0.0, 0.0, float("nan"), "a", b"a"])
derivations = st.sampled_from([None, *(Derivation(frozenset({"a"}), node) for node in (cst.Name("n"), cst.Name("m")))])
lasts = st.sampled_from([None, 4, 8])
layers = st.builds(
    Layer, st.one_of(classes, st.sampled_from(["keras.layers.Dense", "keras.layers.Layer"])), nodes, flags, last=lasts
)
ranks = st.sampled_from([None, Rank("", 2), Rank("x", 2)])
tensors = st.builds(Tensor, origins, flags, flags, flags, flags, dtypes, ranks, flags, flags, flags, lasts)
functions = st.sampled_from(
    [Function(unit, unit.function, receiver=receiver) for unit in UNITS for receiver in (None, Self())]
)

LEAVES: dict[type[Kind], st.SearchStrategy[Value]] = {
    Unknown: st.just(UNKNOWN),
    Tensor: st.one_of(tensors, st.builds(InputMask, origins, flags, flags, flags, flags, dtypes)),
    Nest: st.one_of(
        st.builds(Nest, origins, flags, flags, flags, dtypes),
        st.builds(InputMasks, origins, flags, flags, flags, dtypes),
    ),
    KerasTensor: st.builds(KerasTensor, origins),
    Text: st.builds(Text, origins),
    Range: st.builds(Range, origins),
    PythonValue: st.one_of(
        st.just(NONE), st.builds(PythonValue, constants, maybe_names, maybe_names, derivations, flags)
    ),
    Shape: st.builds(Shape, flags, flags, st.one_of(st.none(), origins)),
    Dimension: st.builds(Dimension, flags, flags, flags),
    NumpyValue: st.builds(NumpyValue, flags),
    Unserializable: st.builds(Unserializable, names, st.one_of(st.just(()), st.tuples(layers))),
    ExternalName: st.builds(ExternalName, names),
    ProjectModule: st.builds(ProjectModule, names),
    Function: functions,
    ClassObject: st.builds(ClassObject, classes),
    Layer: layers,
    Opaque: st.builds(Opaque, names, st.one_of(st.just(()), st.tuples(layers))),
    Instance: st.builds(Instance, names),
    TensorArray: st.just(TensorArray()),
    Self: st.just(Self()),
    SelfClass: st.just(SelfClass()),
    Super: st.builds(Super, classes, maybe_names),
}


def sequences(parts: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    known = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Sequence, known, parts, flags), st.builds(Sequence, st.none(), parts, flags, flags, flags)
    )


def dicts(parts: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    entries = st.builds(Entry, parts, st.just(None), nodes, flags, flags)
    return st.builds(Dict, st.dictionaries(names, entries, max_size=2), flags, flags, flags)


HOLDERS: dict[type[Kind], Callable[[st.SearchStrategy[Value]], st.SearchStrategy[Value]]] = {
    Sequence: sequences,
    Dict: dicts,
    Serialized: lambda parts: st.builds(Serialized, names, parts),
    BoundMethod: lambda parts: st.builds(BoundMethod, parts, names, maybe_names),
}
leaves = st.one_of(*LEAVES.values())
values: st.SearchStrategy[Value] = st.recursive(
    leaves, lambda parts: st.one_of(*(make(parts) for make in HOLDERS.values())), max_leaves=4
)
related = st.one_of(
    st.sampled_from([(kind,) for kind in LEAVES]).flatmap(lambda kind: st.tuples(*[LEAVES[kind[0]]] * 3)),
    st.sampled_from([(make,) for make in HOLDERS.values()]).flatmap(lambda make: st.tuples(*[make[0](leaves)] * 3)),
)
"""Three values of one kind: values of two kinds mostly join to unknown."""
triples = st.one_of(st.tuples(values, values, values), related)
quick = settings(derandomize=True, max_examples=150, deadline=None, database=None)

WITNESS = Origin("some")


def plain(value: Value) -> Value:
    """The value without places."""
    match value:
        case Tensor() | Nest() | KerasTensor() | Text() | Range():
            return replace(value, origin=WITNESS)
        case Shape():
            return replace(value, origin=None)
        case Layer():
            return replace(value, node=None)
        case Sequence():
            items = None if value.items is None else tuple(map(plain, value.items))
            return replace(value, items=items, element=plain(value.element) if items is None else UNKNOWN)
        case Dict():
            entries = {
                key: Entry(plain(entry.value), always=entry.always, inherited=entry.inherited)
                for key, entry in value.entries.items()
            }
            return replace(value, entries=entries)
        case Serialized():
            return replace(value, of=plain(value.of))
        case BoundMethod():
            return replace(value, receiver=plain(value.receiver))
        case _:
            return value


def test_values_of_every_kind_are_tried() -> None:
    assert {*LEAVES, *HOLDERS} == set(get_args(Value))
    assert len(fields(Function)) == 7, "a new field of a function should differ between the functions tried here"
    assert isinstance(MODULE.classes["A"].node, ast.ClassDef)


@quick
@given(triples)
def test_join_is_idempotent(given_values: tuple[Value, Value, Value]) -> None:
    for value in given_values:
        assert join(value, value) == value
        assert plain(join(value, plain(value))) == plain(value)


@quick
@given(triples)
def test_join_is_commutative(given_values: tuple[Value, Value, Value]) -> None:
    a, b, _ = given_values
    assert plain(join(a, b)) == plain(join(b, a))


@settings(quick, max_examples=600)
@given(triples)
def test_join_is_associative(given_values: tuple[Value, Value, Value]) -> None:
    a, b, c = given_values
    assert plain(join(join(a, b), c)) == plain(join(a, join(b, c)))


@quick
@given(triples)
def test_unknown_absorbs(given_values: tuple[Value, Value, Value]) -> None:
    for value in given_values:
        assert join(value, UNKNOWN) == UNKNOWN == join(UNKNOWN, value)


@quick
@given(triples)
def test_a_join_is_an_upper_bound(given_values: tuple[Value, Value, Value]) -> None:
    a, b, _ = given_values
    both = join(a, b)
    assert plain(join(a, both)) == plain(both) == plain(join(both, b))


@quick
@given(triples)
def test_places_do_not_matter(given_values: tuple[Value, Value, Value]) -> None:
    a, b, _ = given_values
    assert plain(join(a, b)) == plain(join(plain(a), plain(b)))


@quick
@given(values)
def test_every_kind_has_elements(value: Value) -> None:
    assert isinstance(element_of(value), Kind)
