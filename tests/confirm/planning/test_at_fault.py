"""Which of the inputs a call failed with: told by the statement, what it is computed from, and who handed it on."""

from __future__ import annotations

from typing import Any

import pytest

from keras_layer_lint.confirm.planning.at_fault import taken
from keras_layer_lint.confirm.planning.inputs import Inputs, Tensor, parse
from keras_layer_lint.confirm.planning.repair_inputs import repaired
from keras_layer_lint.confirm.planning.trouble import Case, of
from tests.confirm.planning.fake_keras import Layer
from tests.confirm.planning.test_search import planned

np = pytest.importorskip("numpy")


class Scores(Layer):
    def call(self, queries: Any, keys: Any, *, bias: Any = None) -> Any:
        scaled = queries * 2
        both = scaled @ keys
        if bias is not None:
            both = both + bias[:, :, 0]
        return both


class Outer(Layer):
    def __init__(self) -> None:
        super().__init__()
        self.scores = Scores()

    def call(self, first: Any, second: Any, third: Any) -> Any:
        made = np.abs(first)
        return self.scores(made, second, bias=third)


class Ranked(Layer):
    def __init__(self) -> None:
        super().__init__()
        self.sliced = Sliced()

    def call(self, first: Any, second: Any, third: Any) -> Any:
        return self.sliced(first, bias=third) + second


class Sliced(Layer):
    def call(self, queries: Any, *, bias: Any) -> Any:
        rows = bias[:, :, 0]
        return queries + rows


class OverList(Layer):
    def call(self, inputs: Any, mask: Any) -> Any:
        return [each @ mask for each in inputs]


class Looped(Layer):
    def call(self, inputs: Any, mask: Any) -> Any:
        total = 0
        for each in inputs:
            total = total + each[0, 0, 0]
        return total * mask


class Checked(Layer):
    def call(self, inputs: Any, mask: Any) -> Any:
        if mask.ndim != 3:
            raise ValueError("no text")
        return inputs


def one(*shape: int) -> Any:
    return np.ones(shape)


def failed(layer: Layer, *given: Any) -> frozenset[int]:
    leaves = [leaf for value in given for leaf in (value if isinstance(value, list) else [value])]
    with pytest.raises(Exception) as raised:  # noqa: PT011
        layer(*given)
    return taken(raised.value, leaves, {__file__})


@pytest.mark.parametrize(
    ("layer", "given", "numbers"),
    [
        (Scores(), (one(2, 3), one(4, 5)), {0, 1}),  # computed from the one, and the other itself
        (Outer(), (one(2, 3), one(4, 5), one(2, 2, 2)), {0, 1}),  # computed before it was handed on
        (Ranked(), (one(2, 2), one(2, 2), one(2, 2)), {2}),  # handed on by name
        (OverList(), ([one(2, 3), one(2, 3)], one(4, 5)), {0, 1, 2}),
        (Looped(), ([one(2, 2, 2), one(2, 3)], one(4, 5)), {1}),
        (Checked(), (one(2, 3), one(2, 3)), set()),
    ],
)
def test_what_the_statement_has_to_do_with(layer: Layer, given: tuple[Any, ...], numbers: set[int]) -> None:
    assert failed(layer, *given) == numbers


def test_code_that_is_not_there_tells_nothing() -> None:
    names: dict[str, Any] = {}
    exec(compile("def call(x):\n    return x[0, 0, 0]\n", "nowhere.py", "exec"), names)
    tensor = one(2, 2)
    with pytest.raises(IndexError) as raised:
        names["call"](tensor)
    assert taken(raised.value, [tensor], {"nowhere.py"}) == frozenset()


class Relative(Layer):
    """One of its inputs has an axis more than the others."""

    def call(self, query: Any, value: Any, distances: Any) -> Any:
        if query.ndim != 3 or value.ndim != 3:
            raise ValueError("expected ndim=3, found ndim=2")
        between = distances
        if between.ndim != 4:
            raise ValueError(f"-input rank(-3) <= split_dim < input rank ({between.ndim}), but got 3")
        if distances.shape[1:3] != (query.shape[1], value.shape[1]):
            raise ValueError("of another length")
        return query


def test_the_search_changes_what_is_at_fault() -> None:
    plan = planned(Relative, tries=5)
    assert plan.inputs == "float32[5,4,8], float32[5,4,8], float32[5,4,4,8]"


def offers(inputs: str, numbers: set[int], said: str) -> list[str]:
    error = ValueError(said)
    case = Case(of("call", error, frozenset()), parse(inputs), Layer(), frozenset(numbers))
    return [str(each) for _, each in repaired(case)]


@pytest.mark.parametrize(
    ("inputs", "numbers", "first"),
    [
        ("float32[5,4,8], float32[5,4,8]", {1}, "float32[5,4,8], float32[5,4,4,8]"),
        ("float32[5,16,8], float32[5,8]", {1}, "float32[5,16,8], float32[5,16,16,8]"),
        ("float32[5,8], float32[5,8]", {1}, "float32[5,8,8,8], float32[5,8,8,8]"),  # nothing is known yet
        ("float32[5,4,8], float32[5,4,8]", set(), "float32[5,8,8,8], float32[5,8,8,8]"),
        ("[float32[5,4,8], float32[5,4,8]], float32[5,8]", {0}, "[float32[5,8,8,8], float32[5,8,8,8]], float32[5,8]"),
    ],
)
def test_ranks_are_of_each_input_and_elements_of_a_list_alike(inputs: str, numbers: set[int], first: str) -> None:
    assert offers(inputs, numbers, "-input rank(-3) <= split_dim < input rank (3), but got 3")[0] == first


def test_sizes_of_several_inputs_go_together() -> None:
    offered = offers("float32[5,4,8], float32[5,4,8]", {0}, "Incompatible shapes: [5,16,8] vs. [5,4,8]")
    both, one_of_them = "float32[5,16,8], float32[5,16,8]", "float32[5,16,8], float32[5,4,8]"
    assert offered.index(both) < offered.index(one_of_them)


def test_leaves_stand_in_the_order_of_the_inputs() -> None:
    inputs = Inputs(([Tensor("float32", (2,)), 3], {"b": Tensor("int32", (2,))}), {"mask": Tensor("bool", (2,))})
    call = ((["first", 3], {"b": "second"}), {"mask": "third"})
    assert inputs.made_as(call) == ["first", "second", "third"]
