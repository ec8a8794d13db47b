"""The measured tables agree with each other, with what is written by hand, and with what is installed."""

from __future__ import annotations

import re

import pytest

from keras_layer_lint.keras.attributes import EMPTY_LISTS, KNOWN_WHILE_TRACING, LISTS_OF_WEIGHTS, is_inherited
from keras_layer_lint.keras.higher_order import HIGHER_ORDER, Passes
from keras_layer_lint.keras.layers import Trait, builtin_layers, facts_of
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.result import Result
from keras_layer_lint.keras.results import result_of
from keras_layer_lint.keras.results_by_hand import ADDONS, BY_HAND
from keras_layer_lint.keras.tables import FOLDER, PACKAGES, TABLES, dotted, grouped, read_stamp, read_table
from tests.conftest import ROOT


@pytest.mark.parametrize("name", TABLES)
def test_every_table_says_what_it_was_measured_with(name: str) -> None:
    stamp = read_stamp(name)
    assert stamp.keys() == set(PACKAGES)
    assert all(re.fullmatch(r"\d+\.\d+\S*", version) for version in stamp.values())
    others = {package: version for table in TABLES for package, version in read_stamp(table).items()}
    assert stamp.items() <= others.items(), "run `python -m tools`, which measures all tables with the same versions"


def test_the_list_of_tables_is_complete() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(TABLES)
    assert all((ROOT / "tools" / f"{name}.py").exists() for name in TABLES)


def test_names_are_grouped_and_back() -> None:
    names = ["tensorflow.abs", "tensorflow.math.abs", "tensorflow.math.add"]
    assert grouped([*names, names[0]]) == {"tensorflow": "abs", "tensorflow.math": "abs add"}
    assert list(dotted(grouped(names))) == names


def measured_results() -> dict[str, Result]:
    return {
        name: Result(kind) for kind, modules in read_table("results")["results"].items() for name in dotted(modules)
    }


BY_HAND_RESULTS = {name: result for result, modules in BY_HAND.items() for name in dotted(modules)}
BY_HAND_RESULTS |= dict.fromkeys(dotted(ADDONS), Result.TENSOR)


def test_tables_use_one_spelling() -> None:
    spelled = [*measured_results(), *BY_HAND_RESULTS, *HIGHER_ORDER, *builtin_layers(), *read_table("objects")["bases"]]
    tables = read_table("xla")
    spelled += [key.partition("(")[0] for part in ("forward", "gradient") for key in tables[part]]
    spelled += tables["not_compiled"]
    assert {name: canonical(name) for name in spelled if canonical(name) != name} == {}


@pytest.mark.parametrize("trait", Trait)
def test_layers_with_a_trait_exist(trait: Trait) -> None:
    names = trait.value.split()
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if not facts_of(f"keras.layers.{name}")] == []


MEASURED = {
    Trait.KEEPS_AXES: lambda fact: fact.keeps_axes is not False,
    Trait.MERGING: lambda fact: fact.one_tensor,
    Trait.RETURNS_AS_GIVEN: lambda fact: fact.one_tensor,
    Trait.NEEDS_TRAINING: lambda fact: fact.takes_training,
    Trait.TAKES_ONE_TENSOR: lambda fact: fact.one_tensor is not False and not fact.takes_anything,
    Trait.TAKES_RATE: lambda fact: fact.required[:1] in (("rate",), ("stddev",)) and not fact.has_weights,
    Trait.MERGES_DIRECTIONS: lambda fact: "merge_mode" in fact.parameters and fact.one_tensor,
    Trait.WRAPPER: lambda fact: {"layer", "layers", "cell", "cells"} & set(fact.required),
    Trait.FIXES_RANK: lambda fact: fact.has_weights and fact.keeps_axes is not False,
    Trait.FIXES_LAST_AXIS: lambda fact: fact.has_weights and fact.keeps_axes is not False,
    Trait.WRAPPER_OF_CELLS: lambda fact: fact.has_weights,
}


@pytest.mark.parametrize("trait", Trait)
def test_traits_do_not_contradict_what_was_measured(trait: Trait) -> None:
    layers = {f"keras.layers.{name}": facts_of(f"keras.layers.{name}") for name in trait.value.split()}
    assert {name for name, facts in layers.items() if not all(map(MEASURED[trait], facts))} == set()


def test_results_by_hand_do_not_contradict_what_was_measured() -> None:
    measured = measured_results()
    assert {name for name, result in BY_HAND_RESULTS.items() if measured.get(name, result) is not result} == set()


def test_results_by_hand_say_one_thing() -> None:
    names = [name for modules in (*BY_HAND.values(), ADDONS) for name in dotted(modules)]
    assert sorted(names) == sorted(set(names))


def test_functions_that_take_functions_have_a_result() -> None:
    wrapping = (Passes.AUTOGRAPH, Passes.NO_AUTOGRAPH)
    called = {name for name, api in HIGHER_ORDER.items() if api.passes not in wrapping}
    assert {name for name in called if result_of(name) is Result.UNKNOWN} == set()


def test_attributes_by_hand_are_attributes_of_layers() -> None:
    assert {name for name in KNOWN_WHILE_TRACING | LISTS_OF_WEIGHTS | EMPTY_LISTS if not is_inherited(name)} == set()
