"""Every sample of the tables of names is replayed."""

from __future__ import annotations

import re

import pytest

from keras_layer_lint.confirm.planning.names import ROWS, by_name

SAMPLES = [(row, sample) for row in ROWS for sample in row.samples]


def test_each_row_has_a_sample_with_a_version() -> None:
    assert all(row.samples for row in ROWS)
    assert all(re.fullmatch(r"[\w-]+ [\d.]+: \w+\.\w+", sample) for _, sample in SAMPLES)


@pytest.mark.parametrize(("row", "sample"), SAMPLES, ids=[sample for _, sample in SAMPLES])
def test_the_row_of_a_name_comes_first(row: object, sample: str) -> None:
    name = sample.rpartition(".")[2]
    first = next(each for each in ROWS if re.search(each.pattern, name.lower().strip("_")))
    assert first is row, f"`{first.pattern}` comes first"
    assert by_name(name)[: len(first.values)] == first.values


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("num_layers", "2"),
        ("num_blocks", "2"),
        ("num_embeddings", "16"),
        ("max_position_embeddings", "16"),
        ("num_layer", "2"),
        ("n_block", "2"),
        ("num_head", "2"),
        ("d_model", "8"),
        ("use_lightweight_conv_block", "True"),
        ("backbone_hidden_dim", "8"),
    ],
)
def test_a_count_of_layers_is_no_list_of_layers(name: str, value: str) -> None:
    assert by_name(name)[0] == value


def test_a_size_for_each_head_is_no_head() -> None:
    assert by_name("size_per_head")[0] == by_name("dim_per_head")[0] == "4"
