"""Layers that are called on named tuples."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from keras_layer_lint.confirm.planning import Plan, first_working
from keras_layer_lint.confirm.planning.inputs import InputsError, Tensor, parse
from keras_layer_lint.confirm.planning.named_tuples import known
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.planning.seeds import seeds
from keras_layer_lint.confirm.probe import Recipe
from tests.confirm.planning.fake_keras import Fake, Layer
from tests.confirm.planning.test_search import Known

pytest.importorskip("numpy")


class Graph(NamedTuple):
    node_features: Tensor
    adjacency_lists: tuple[Tensor, ...]
    node_to_graph_map: Tensor
    num_graphs: Tensor


class Pair(NamedTuple):
    query: Tensor
    masks: list[Tensor]
    heads: int
    scale: float = 2.0


class OnGraph(Layer):
    def call(self, inputs: Graph) -> Any:
        return inputs.node_features


class OnPair(Layer):
    def call(self, pair: Pair) -> Any:
        return pair.query


class Annotated(Layer):
    def build(self, shapes: Pair) -> None:
        self.width = shapes.query


class ToldByItsBuild(Annotated):
    def call(self, inputs):  # type: ignore[no-untyped-def]
        return inputs.query


class ToldByItsBase(OnPair):
    def call(self, inputs):  # type: ignore[no-untyped-def]
        return inputs.query


OF_PAIR = "Pair(query=float32[5,8], masks=[int32[5,4] < 2], heads=1, scale=2.0)"


@pytest.mark.parametrize(
    ("cls", "spelled"),
    [
        (OnGraph, "Graph(node_features=float32[5,8], adjacency_lists=(int32[7,2] < 5,), "
                  "node_to_graph_map=int32[5] < 1, num_graphs=int32[()] >= 1)"),
        (OnPair, OF_PAIR),
        (ToldByItsBuild, OF_PAIR),
        (ToldByItsBase, OF_PAIR),
    ],
)  # fmt: skip
def test_each_field_has_a_value_of_its_kind(cls: Any, spelled: str) -> None:
    first = next(seeds(cls(), read(cls, Layer)))
    assert str(first) == spelled
    assert isinstance(first.positional[0], Graph if cls is OnGraph else Pair)


def test_what_a_report_shows_can_be_pasted_into_a_recipe() -> None:
    first = next(seeds(OnGraph(), read(OnGraph, Layer)))
    assert parse(str(first), known(OnGraph)) == first
    plan = first_working(OnGraph, Known(Recipe(inputs=str(first))), Fake())
    assert isinstance(plan, Plan)
    assert plan.source == "recipe"
    assert isinstance(plan.call_inputs()[0][0], Graph)


@pytest.mark.parametrize("text", ["Graph(x=float32[2,8])", "Unheard(x=float32[2,8])", "Pair(float32[2,8])"])
def test_a_named_tuple_that_is_not_known_or_has_other_fields_does_not_read(text: str) -> None:
    with pytest.raises(InputsError, match="no tensor such as"):
        parse(text, known(OnGraph))
