"""Inputs of graph networks, from the names that layers unpack them to."""

from __future__ import annotations

from typing import Any

import pytest

from keras_layer_lint.confirm.planning.graphs import graphs
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.planning.seeds import seeds
from tests.confirm.planning.fake_keras import Layer


@pytest.mark.parametrize(
    ("names", "spelled"),
    [
        (("x", "a"), ["float32[5,8]", "float32[5,5]"]),
        (("x", "a", "e", "i"), ["float32[5,8]", "float32[5,5]", "float32[7,8]", "int32[5] < 1"]),
        (("x", "edge_index"), ["float32[5,8]", "int32[2,7] < 5"]),
        (("h", "sparse_adj"), ["float32[5,8]", "float32[5,5]"]),
        (
            ("x", "edge_index", "edge_weight", "node_graph_index"),
            ["float32[5,8]", "int32[2,7] < 5", "float32[7]", "int32[5] < 1"],
        ),
        (("node", "edge", "edge_indices"), ["float32[5,8]", "float32[7,8]", "int32[2,7] < 5"]),
        (("atom_state", "bond_state", "connectivity"), ["float32[5,8]", "float32[7,8]", "int32[2,7] < 5"]),
        (("nodes", "adjacency_list"), ["float32[5,8]", "int32[7,2] < 5"]),
        (("node_features", "node_to_graph_map", "num_graphs"), ["float32[5,8]", "int32[5] < 1", "int32[()] >= 1"]),
    ],
)
def test_the_likeliest(names: tuple[str, ...], spelled: list[str]) -> None:
    assert [str(tensor) for tensor in next(graphs(names))] == spelled


def test_pairs_lie_in_rows_or_in_columns() -> None:
    assert [str(found[1]) for found in graphs(("x", "edge_index"))][:2] == ["int32[2,7] < 5", "int32[7,2] < 5"]


def test_a_batch_of_graphs_of_equal_size_comes_last() -> None:
    names = ("atom_state", "bond_state", "connectivity", "global_state")
    *_, last = graphs(names)
    assert [str(part) for part in last] == ["float32[3,5,8]", "float32[3,7,8]", "int32[3,7,2] < 5", "float32[3,8]"]


@pytest.mark.parametrize("names", [("x", "y"), ("query", "value"), ("a", "b"), ("x", "edge_index", "what"), ()])
def test_other_names_speak_of_no_graph(names: tuple[str, ...]) -> None:
    assert list(graphs(names)) == []


class Both(Layer):
    def call(self, inputs: Any) -> Any:
        if len(inputs) == 3:
            x, edge_index, edge_weight = inputs
            return x, edge_index, edge_weight
        x, adj = inputs
        return x, adj


class OneByOne(Layer):
    def call(self, inputs: Any) -> Any:
        x = inputs[0]
        adjacency = inputs[1]
        return x @ adjacency


class AtOnce(Layer):
    def call(self, inputs: Any) -> Any:
        x, edge_index = inputs[0], inputs[1]
        return x, edge_index


class Sorted(Layer):
    def call(self, inputs: Any) -> Any:
        x, a, i = self.sorted_out(inputs)
        return x, a, i

    def sorted_out(self, inputs: Any) -> Any:
        return (*inputs, None)[:3]


@pytest.mark.parametrize(
    ("cls", "spelled"),
    [
        (Sorted, ["[float32[5,8], float32[5,5], int32[5] < 1]"]),
        (Both, ["[float32[5,8], int32[2,7] < 5, float32[7]]", "[float32[5,8], int32[7,2] < 5, float32[7]]",
                "[float32[3,5,8], int32[3,7,2] < 5, float32[3,7]]", "[float32[5,8], float32[5,5]]",
                "[float32[3,5,8], float32[3,5,5]]"]),
        (OneByOne, ["[float32[5,8], float32[5,5]]"]),
        (AtOnce, ["[float32[5,8], int32[2,7] < 5]", "[float32[5,8], int32[7,2] < 5]"]),
    ],
)  # fmt: skip
def test_each_way_to_unpack_is_tried(cls: Any, spelled: list[str]) -> None:
    found = [str(inputs) for inputs in seeds(cls(), read(cls, Layer))]
    assert sorted(found[: len(spelled)]) == sorted(spelled)


class Supported(Layer):
    def call(self, inputs: Any) -> Any:
        x, supports = inputs
        return [x @ supports[number] for number in range(len(supports))]


def test_what_is_counted_is_a_list() -> None:
    layer = Supported()
    found = [str(inputs) for inputs in seeds(layer, read(Supported, Layer))]
    assert found[:2] == ["[float32[5,8], float32[5,5]]", "[float32[5,8], [float32[5,5]]]"]
