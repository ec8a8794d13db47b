"""What a decorated function of the project returns to its caller."""

from __future__ import annotations

import pytest

from tests.checks.cases import messages

CODE = "KLL101"
BODY = "def helper(x):\n    return tf.nn.relu(x)"


def found(function: str, mark: str = "  # KLL101") -> list[str]:
    source = f"""
{function}

class Subject(layers.Layer):
    def call(self, inputs):
        value = helper(inputs)
        if value:{mark}
            return value
        return inputs
"""
    return messages(CODE, source, "3")


@pytest.mark.parametrize(
    "function",
    [
        BODY,
        "@tf.custom_gradient\ndef helper(x):\n    def grad(dy):\n        return dy\n    return tf.sign(x), grad",
        "@keras.ops.custom_gradient\ndef helper(x):\n    return keras.ops.sign(x), lambda *args: args",
        "def mark(function):\n    function.precision = 1\n    return function\n\n@mark\n" + BODY,
        "def mark(n):\n    def of(function):\n        function.n = n\n        return function\n    return of\n"
        "\n@mark(1)\n" + BODY,
    ],
)
def test_it_is_known(function: str) -> None:
    assert len(found(function)) == 1


@pytest.mark.parametrize(
    "function",
    [
        "def mark(function):\n    return lambda x: 1\n\n@mark\n" + BODY,
        "def mark(function):\n    function = wrapped(function)\n    return function\n\n@mark\n" + BODY,
        "@elsewhere\n" + BODY,
        "@tf.custom_gradient\ndef helper(x):\n    return made(x)",
        "def mark(function):\n    table.append(function)\n    return function\n\n@mark()\n" + BODY,
    ],
)
def test_it_is_not_known(function: str) -> None:
    assert found(function, "") == []
