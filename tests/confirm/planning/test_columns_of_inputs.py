"""Tables of features: columns of the one kind and of the other in one tensor, and a list with one entry for each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.confirm.planning.fake_keras import Layer
from tests.confirm.planning.test_search import planned

np = pytest.importorskip("numpy")


class Counted(Layer):
    """The columns before and after a number that the layer has from its arguments."""

    def __init__(self, dense_features: Any, sparse_features: Any) -> None:
        super().__init__()
        self.n_dense = len(dense_features)
        self.tables = [feature + 1 for feature in sparse_features]

    def call(self, inputs: Any) -> Any:
        dense, sparse = inputs[:, : self.n_dense], inputs[:, self.n_dense :]
        if not dense.size or sparse.shape[1] < len(self.tables):
            raise ValueError("nothing to join")
        return [sparse[:, number] for number in range(len(self.tables))]


class Ended(Layer):
    """The columns that a data set has end the second slice; the lists that are made up have fewer."""

    def __init__(self, feature_columns: Any) -> None:
        super().__init__()
        self.dense_columns, self.sparse_columns = feature_columns
        self.tables = {f"table{number}": column["size"] for number, column in enumerate(self.sparse_columns)}

    def call(self, inputs: Any) -> Any:
        sparse, _ = inputs[:, 13:39], inputs[:, 39:]
        return [sparse[:, number] * self.tables[f"table{number}"] for number in range(sparse.shape[1])]


class Joined(Layer):
    """A number of the input and a list of sizes, joined."""

    def __init__(self, cin_size: Any) -> None:
        super().__init__()
        self.cin_size = cin_size

    def call(self, inputs: Any) -> Any:
        return [inputs * size for size in [inputs.shape[1]] + self.cin_size]  # noqa: RUF005


class Around(Layer):
    def __init__(self, cin_size: Any) -> None:
        super().__init__()
        self.inner = Joined(cin_size)

    def call(self, inputs: Any) -> Any:
        return self.inner(inputs)


class Concatenated(Layer):
    """As many columns as there are numbers of what one of them can be."""

    def __init__(self, x_dims: list[int]) -> None:
        super().__init__()
        self.x_dims = x_dims

    def call(self, inputs: Any) -> Any:
        joined = np.concatenate(inputs, 1)
        if joined.shape[1] != len(self.x_dims) or joined.dtype.kind != "i":
            raise ValueError("one number for each column")
        return joined


class Rebound(Layer):
    """What is put together is made here."""

    def __init__(self, x_dims: list[int]) -> None:
        super().__init__()
        self.x_dims = x_dims

    def call(self, inputs: Any) -> Any:
        inputs = [inputs * size for size in self.x_dims]
        return np.concatenate(inputs, 1)


@pytest.mark.parametrize(
    ("cls", "arguments", "inputs"),
    [
        (Counted, "dense_features=[8, 8], sparse_features=[8, 8]", "float32[5,8]"),
        (Joined, "cin_size=[8, 8]", "float32[5,8]"),
        (Around, "cin_size=[8, 8]", "float32[5,8]"),
        (Concatenated, "x_dims=[8, 8]", "[int32[5,1], int32[5,1]]"),
        (Rebound, "x_dims=[8, 8]", "float32[5,8]"),
    ],
)
def test_the_first_plan_works(cls: Any, arguments: str, inputs: str) -> None:
    plan = planned(cls, tries=1)
    assert (plan.arguments, plan.inputs) == (arguments, inputs)


def test_a_slice_may_end_before_the_columns_of_a_data_set() -> None:
    assert planned(Ended, tries=4).inputs == "float32[5,17]"
