"""Columns of `tf.feature_column`."""

from __future__ import annotations

from typing import Any

import pytest

from keras_layer_lint.confirm.planning.arguments import Candidates
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.planning.spoken import for_key
from tests.confirm.planning.fake_keras import Layer

tf: Any = None


class Deep(Layer):
    def __init__(
        self,
        user_feature_columns: Any,
        dense_feature_columns: Any,
        one_hot_feature_columns: Any,
        item_feature_column: Any,
        deep_embedding_columns: Any = (),
    ) -> None:
        super().__init__()
        self.features = [
            tf.feature_column.embedding_column(column, dimension=8)
            for column in user_feature_columns + one_hot_feature_columns
        ]
        self.item = tf.feature_column.indicator_column(item_feature_column)
        self.dense = dense_feature_columns


IDENTITY = "tf.feature_column.categorical_column_with_identity"

NUMBER = "tf.feature_column.numeric_column"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("user_feature_columns", f"[{IDENTITY}('user_id', 16), {IDENTITY}('user_2_id', 16)]"),
        ("one_hot_feature_columns", f"[{IDENTITY}('one_hot_id', 16), {IDENTITY}('one_hot_2_id', 16)]"),
        (
            "dense_feature_columns",
            f"[{NUMBER}('dense_number'), {NUMBER}('dense_2_number')]",
        ),
        ("item_feature_column", f"{IDENTITY}('item_id', 16)"),
        (
            "deep_embedding_columns",
            f"[tf.feature_column.embedding_column({IDENTITY}('deep_id', 16), 8), "
            f"tf.feature_column.embedding_column({IDENTITY}('deep_2_id', 16), 8)]",
        ),
    ],
)
def test_of_the_kind_that_is_used(name: str, first: str) -> None:
    candidates = Candidates(Deep, Layer, read(Deep, Layer))
    assert candidates.of(name)[0] == first
    assert sum("feature_column" in value for value in candidates.of(name)) == 4


def test_each_is_given_what_it_takes() -> None:
    assert [str(for_key(key, 2)) for key in ("item_2_id", "dense_2_number")] == ["int32[5,4]", "float32[5,1]"]
