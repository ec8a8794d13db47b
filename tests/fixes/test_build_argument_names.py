"""KLL211: which names are changed, and where they may mean something else."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, fix_source

LAYER = """\
import keras


class Pair(keras.layers.Layer):
    def build(self, {parameters}):
        {body}
        self.built = True

    def call(self, query, value{more}):
        return query * value
"""


def fixed(parameters: str, body: str = "pass", more: str = "", keras: str = "3") -> str | bytes:
    source = LAYER.format(parameters=parameters, body=body, more=more)
    return fix_source(source, settings=Settings(keras=(keras,), select=("KLL211",)), unsafe=True)


@pytest.mark.parametrize(
    ("parameters", "body", "after", "body_after"),
    [
        (
            "a_shape, b_shape",
            "self.n = a_shape[-1] + b_shape[-1]",
            "query_shape, value_shape",
            "query_shape[-1] + value",
        ),
        ("query_shape, other_shape", "self.n = other_shape", "query_shape, value_shape", "self.n = value_shape"),
        (
            "a_shape, b_shape",
            "self.a_shape = dict(a_shape=a_shape)",
            "query_shape, value",
            "self.a_shape = dict(a_shape=q",
        ),
        ("a_shape, b_shape=None", 'self.n = f"{a_shape}"', "query_shape, value_shape=None", 'f"{query_shape}"'),
    ],
)
def test_renamed(parameters: str, body: str, after: str, body_after: str) -> None:
    done = str(fixed(parameters, body))
    assert f"def build(self, {after}" in done
    assert body_after in done


@pytest.mark.parametrize(
    ("parameters", "body", "more", "keras"),
    [
        ("a_shape, b_shape", "query_shape = 4", "", "3"),
        ("a_shape, b_shape", "self.of = lambda a_shape: a_shape", "", "3"),
        ("a_shape, b_shape", "self.n = locals()", "", "3"),
        ("a_shape, b_shape, c_shape", "pass", "", "3"),
        ("a_shape, hidden=None", "pass", "", "3"),
        ("value_shape, query_shape, c_shape=None", "pass", ", mask=None", "3"),
        ("a_shape, b_shape", "pass", ", *others", "3"),
        ("query_shape, value_shape", "pass", "", "2"),
    ],
)
def test_left(parameters: str, body: str, more: str, keras: str) -> None:
    assert fixed(parameters, body, more, keras) == LAYER.format(parameters=parameters, body=body, more=more)
