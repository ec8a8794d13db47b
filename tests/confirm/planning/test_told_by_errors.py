"""Inputs and arguments that an assertion, or a missing key, tells of."""

from __future__ import annotations

from typing import Any

import pytest

from keras_layer_lint.confirm.planning import Plan, first_working
from keras_layer_lint.confirm.planning.change_shapes import longer_list
from keras_layer_lint.confirm.planning.inputs import parse
from keras_layer_lint.confirm.planning.trouble import Case, Trouble
from tests.confirm.planning.fake_keras import Fake, Layer
from tests.confirm.planning.test_search import Known

pytest.importorskip("numpy")


class Gate(Layer):
    def __init__(self, num_gates: int = 3) -> None:
        super().__init__()
        self.num_gates = num_gates

    def call(self, inputs: Any) -> Any:
        shapes = [each.shape for each in inputs]
        assert len(shapes) == 2
        assert len(shapes[0]) == 2 and len(shapes[1]) == 3 and shapes[1][1] == self.num_gates  # noqa: PT018 as layers have it
        return inputs[1]


class Pyramid(Layer):
    def __init__(self, min_level: int = 3, max_level: int = 7) -> None:
        super().__init__()
        self.levels = [str(level) for level in range(min_level, max_level + 1)]

    def call(self, features: Any) -> Any:
        return [features[level] for level in self.levels]


class Unset(Layer):
    """Knows some of its numbers only once it has been called."""

    is_called = False

    @property
    def start(self) -> int:
        raise ValueError("start has not been set")

    def call(self, inputs: Any) -> Any:
        if self.is_called:
            return inputs[:, self.start :]
        return inputs


class ByAnyName(Layer):
    def __init__(self, size: int = 8, **kwargs: Any) -> None:
        super().__init__()
        self.heads = kwargs.pop("num_heads")

    def call(self, inputs: Any) -> Any:
        return inputs


def planned(cls: Any, **limits: Any) -> Plan:
    found = first_working(cls, Known(), Fake(), **limits)
    assert isinstance(found, Plan), found
    return found


def test_an_assertion_tells_how_many_tensors_of_which_ranks_and_sizes() -> None:
    assert planned(Gate).inputs == "[float32[5,8], float32[5,3,8]]"


def test_all_levels_of_a_pyramid_are_given_at_once() -> None:
    given = planned(Pyramid, tries=10).given.positional[0]
    assert sorted(given) == ["3", "4", "5", "6", "7"]


def test_a_property_that_cannot_be_read_yet_ends_no_search() -> None:
    assert planned(Unset).inputs == "float32[5,8]"


@pytest.mark.parametrize("given", ["[None]", "[[]]"])
def test_a_list_without_a_tensor_becomes_no_pyramid(given: str) -> None:
    failed = Trouble("call", IndexError(), "IndexError: list index out of range", (), None)
    assert len([*longer_list(Case(failed, parse(given), Gate()))]) == 1


def test_an_argument_that_is_read_from_those_of_any_name() -> None:
    assert planned(ByAnyName).arguments == "num_heads=2"


@pytest.mark.parametrize(
    ("trail", "other", "is_past"),
    [
        ([10], [9], True),
        ([9], [10], False),
        ([10], [10], False),
        ([10, 90], [10, 80], True),
        ([11, 20], [10, 90], True),  # a helper stands further down
        ([10, 20], [10], False),
        ([], [10], False),
        ([10], [], False),
    ],
)
def test_which_call_failed_later(trail: list[int], other: list[int], is_past: bool) -> None:
    first, second = (tuple(("layers.py", line) for line in lines) for lines in (trail, other))
    assert Trouble("call", ValueError(), "", (), None, first).is_past(second) == is_past
    assert not Trouble("call", ValueError(), "", (), None, (("other.py", 99),)).is_past(second)
