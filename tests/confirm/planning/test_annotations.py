"""Arguments of a call that are annotated: lists of tensors, sizes, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, List, Optional, Tuple, Union  # noqa: UP035

import pytest

from keras_layer_lint.confirm.planning import Plan, first_working
from keras_layer_lint.confirm.planning.annotations import annotated_value, annotation
from keras_layer_lint.confirm.planning.inputs import Tensor, show
from keras_layer_lint.confirm.planning.plain import plain
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.planning.seeds import seeds
from tests.confirm.planning.fake_keras import Fake, Layer
from tests.confirm.planning.test_search import Known

pytest.importorskip("numpy")


class SparseTensor:
    """Told by its name: a framework's class has the same."""


class Said(Layer):
    def call(  # type: ignore[no-untyped-def]
        self,
        maps: List[Tensor],  # noqa: UP006
        pair: Tuple[Tensor, Sequence[Tensor]],  # noqa: UP006
        sizes: Tuple[int, int, int, int],  # noqa: UP006
        sides: Optional[Tuple[int, int]],  # noqa: UP006, UP045
        shape: Sequence[int],
        heads: int,
        rate: float | None,
        is_causal: bool,
        graph: Tuple[Tensor, SparseTensor],  # noqa: UP006
        either: Union[Tensor, List[Tensor]],  # noqa: UP006, UP007
        words: List[str],  # noqa: UP006
        one: Tensor,
        plain,
    ): ...


class Pyramid(Layer):
    def call(self, features: list[Tensor]) -> Any:
        _, *rest = features
        _low, _middle, _high = rest
        return features[0]


class Misnamed(Layer):
    def call(self, features: OnlyForTypeCheckers) -> Any:  # type: ignore[name-defined]  # noqa: F821
        return features


class Resized(Layer):
    def call(self, images: Tensor, target: tuple[int, int, int, int]) -> Any:
        if not isinstance(target, tuple):
            raise TypeError(f"a tuple was expected, not {target}")
        return images


SAID = {
    "maps": "[float32[5,8,8,8], float32[5,8,8,8], float32[5,8,8,8], float32[5,8,8,8]]",
    "pair": "[float32[5,8,8,8], [" + ", ".join(["float32[5,8,8,8]"] * 4) + "]]",
    "sizes": "(5, 8, 8, 8)",
    "sides": "(8, 8)",
    "shape": "[5, 8, 8, 8]",
    "heads": "2",
    "rate": "0.5",
    "is_causal": "True",
    "graph": "[float32[5,8,8,8], sparse(float32[5,8,8,8])]",
}


def test_what_is_annotated_is_given() -> None:
    layer = Said()
    given = {name: annotated_value(annotation(layer, name), name, plain(4)) for name in Said.call.__annotations__}
    assert {name: show(value) for name, value in given.items() if value is not None} == SAID
    assert annotated_value(annotation(layer, "plain"), "plain", plain(4)) is None


def test_a_list_of_tensors_is_never_one_tensor() -> None:
    """One tensor can be unpacked where nothing is traced, and not in a graph."""
    given = [inputs.positional[0] for inputs in seeds(Pyramid(), read(Pyramid, Layer))]
    assert given
    assert all(isinstance(each, list) for each in given)
    plan = first_working(Pyramid, Known(), Fake(), tries=30)
    assert isinstance(plan, Plan)
    assert [len(each) for each in plan.given.positional] == [4]


@pytest.mark.parametrize(
    ("cls", "inputs"),
    [(Resized, "float32[5,8,8,3], target=(5, 8, 8, 3)"), (Misnamed, "float32[5,8]")],
)
def test_a_layer_is_called_on_what_is_annotated(cls: type, inputs: str) -> None:
    plan = first_working(cls, Known(), Fake(), tries=30)
    assert isinstance(plan, Plan)
    assert str(plan.given) == inputs
