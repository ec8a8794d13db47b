"""Errors that other values, in inputs of the same shapes, may mend: which way the code took decided."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.confirm.planning.repairs.rows import NUMPY, PYTHON, TENSORFLOW, Row, Sample, Table
from keras_layer_lint.confirm.planning.trouble import Trouble


def surely(trouble: Trouble) -> Iterator[int]:
    """Other values come first."""
    yield 1


def perhaps(trouble: Trouble) -> Iterator[int]:
    """Other values come later: the text may speak of the shape as well."""
    if not isinstance(trouble.error, NameError):
        yield 4


DRAWS: Table[int] = Table(
    "how unlikely it is that other values will do",
    (
        Row(
            r"\AUnboundLocalError|\ANameError: [^\n]{0,80}free variable",
            surely,
            (
                Sample(
                    "UnboundLocalError: cannot access local variable 'y' where it is not associated with a value",
                    PYTHON,
                    "def f(x):\n    if x < 0:\n        y = x\n    return y\nf(1)",
                    becomes="1",
                ),
                Sample(
                    "NameError: cannot access free variable 'y' where it is not associated with a value",
                    PYTHON,
                    "def f(x):\n    def g():\n        return y\n    if x < 0:\n        y = x\n    return g()\nf(1)",
                    becomes="1",
                ),
            ),
        ),
        Row(
            r"indices\[\d{1,6}\] = \[[\d,]{1,40}\] is repeated",
            surely,
            (
                Sample(
                    "InvalidArgumentError: indices[1] = [0,1] is repeated",
                    TENSORFLOW,
                    "tf.sparse.to_dense(tf.SparseTensor([[0, 1], [0, 1]], [1.0, 2.0], [2, 2]))",
                    becomes="1",
                ),
            ),
        ),
        Row(
            r"did not hold|assertion failed",
            perhaps,
            (
                Sample(
                    "InvalidArgumentError: Condition x > 0 did not hold element-wise:",
                    TENSORFLOW,
                    "tf.debugging.assert_positive(-tf.ones((2,)))",
                    becomes="4",
                ),
            ),
        ),
        Row(
            r"\b(?:non-?)?(?:negative|positive|finite)\b|\bnan\b|\bInf values",
            perhaps,
            (
                Sample(
                    "LinAlgError: Matrix is not positive definite",
                    NUMPY,
                    "np.linalg.cholesky(-np.eye(2))",
                    becomes="4",
                ),
                Sample(
                    "InvalidArgumentError: x : Tensor had Inf values",
                    TENSORFLOW,
                    "tf.debugging.check_numerics(tf.ones(2) / 0, 'x')",
                    becomes="4",
                ),
                Sample(
                    "ValueError: cannot convert float NaN to integer",
                    PYTHON,
                    "int(float('nan'))",
                    becomes="4",
                ),
            ),
        ),
    ),
)


def drawn(trouble: Trouble) -> int | None:
    """How unlikely it is that other values, or other weights, will do; None where the error is not of values."""
    if trouble.stage == "construct":
        return None
    costs = [cost for _, cost in DRAWS.offers(trouble.said, trouble)]
    if trouble.is_raised_by_the_layer:
        costs += perhaps(trouble)
    return min(costs, default=None)
