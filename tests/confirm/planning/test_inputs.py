from __future__ import annotations

import pytest

from keras_layer_lint.confirm.planning.changes import Change, axis_of, cube, each_size, of_side, rank_by, to_rank
from keras_layer_lint.confirm.planning.inputs import Inputs, InputsError, Tensor, parse


@pytest.mark.parametrize(
    "text",
    [
        "",
        "float32[2,8]",
        "float32[()]",
        "int32[2]",
        "float32[2,8], float32[2,4,8]",
        "[float32[2,8], int32[2,4]]",
        "(float32[2,8],)",
        "(float32[2,8], None)",
        "{'a': float32[2,8], 'b': [int32[2,4], string[2,1]]}",
        "int32[2,4] < 2",
        "float32[2,8] < 9.5",
        "sparse(float32[2,4,4])",
        "float32[2,8], mask=bool[2], training=True",
        "[]",
        "float32[2,8], states=[float32[2,4], float32[2,4]], mode='fast', shape=(2, 3)",
    ],
)
def test_what_is_printed_is_read_again(text: str) -> None:
    inputs = parse(text)
    assert str(inputs) == text
    assert parse(str(inputs)) == inputs


def test_inputs_hold_tensors_and_plain_values() -> None:
    assert parse("[float32[2,8], None], flag=True") == Inputs(([Tensor("float32", (2, 8)), None],), {"flag": True})


def test_a_scalar_may_be_spelled_with_empty_brackets() -> None:
    assert parse("int32[()]") == Inputs((Tensor("int32", ()),))
    assert parse("int32[2] >= 1") == Inputs((Tensor("int32", (2,), least=1),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("float[2,8]", "`float` is no dtype; did you mean `float"),
        ("float32[2,-1]", "no shape"),
        ("float32[None,8]", "no shape"),
        ("float32[2,8", "does not read"),
        ("float32[2,8]) + f(1", "does not read"),
        ("units", "no tensor such as"),
        ("open('x')", "no tensor such as"),
        ("**more", "cannot stand in inputs"),
        ("{**more}", "cannot stand in inputs"),
    ],
)
def test_what_does_not_read_says_why(text: str, said: str) -> None:
    with pytest.raises(InputsError, match=said.replace("(", r"\(")):
        parse(text)


def test_the_batch_is_the_first_axis_of_the_first_tensor_that_has_axes() -> None:
    inputs = parse("int32[()], float32[3,8], float32[4]")
    assert inputs.batch == 3
    assert [tensor.of_batch(inputs.batch, None) for tensor in inputs.tensors()] == [(), (None, 8), (4,)]


@pytest.mark.parametrize("change", [cube, of_side(4), axis_of(-1, 4), rank_by(-1), each_size(8, 4), to_rank(3)])
def test_a_number_has_no_axes_to_change(change: Change) -> None:
    assert len(parse("[float32[5,8], int32[()] >= 1]").map(change).tensors()) == 2
