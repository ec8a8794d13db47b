"""KLL206: layers that are kept in an attribute as well."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, fix_source

LAYER = """\
from collections import deque

import keras


class Many(keras.layers.Layer):
    {body}
    def __init__(self, deep=True, **kwargs):
        super().__init__(**kwargs)
        {init}

    def call(self, inputs):
        return inputs
{behind}"""


def of(init: str, body: str = "", behind: str = "") -> str:
    return LAYER.format(init=init, body=body, behind=behind)


def fixed(source: str) -> str:
    return str(fix_source(source, settings=Settings(keras=("3",), select=("KLL206",)), unsafe=True))


@pytest.mark.parametrize(
    ("init", "after"),
    [
        (
            "self._q = deque([keras.layers.Dense(4, name='a')])",
            "self.q_dense = keras.layers.Dense(4, name='a')\n        self._q = deque([self.q_dense])",
        ),
        (
            "self.q = deque([keras.layers.Dense(4), keras.layers.BatchNormalization(), keras.layers.Dense(2)])",
            "self.q_dense = keras.layers.Dense(4)\n"
            "        self.q_batch_normalization = keras.layers.BatchNormalization()\n"
            "        self.q_dense_1 = keras.layers.Dense(2)\n"
            "        self.q = deque([self.q_dense, self.q_batch_normalization, self.q_dense_1])",
        ),
    ],
)
def test_kept(init: str, after: str) -> None:
    assert fixed(of(init)) == of(after)


@pytest.mark.parametrize(
    "init",
    [
        "self.q = deque([keras.layers.Dense(4) for _ in range(2)])",
        "self.q = deque([keras.layers.Dense(4) if deep else None])",
        "for _ in range(2):\n            self.q = deque([keras.layers.Dense(4)])",
        "dense = keras.layers.Dense(4)\n        self.q = lambda x: dense(x)",
    ],
)
def test_left(init: str) -> None:
    assert fixed(of(init)) == of(init)


def test_from_the_body_of_the_class() -> None:
    source = of("self.deep = deep", "size = 4\n    dense = keras.layers.Dense(4)\n")
    after = of("self.dense = keras.layers.Dense(4)\n        self.deep = deep", "size = 4\n")
    assert fixed(source) == after


@pytest.mark.parametrize(
    ("body", "behind"),
    [
        ("size = 4\n    dense = keras.layers.Dense(size)\n", ""),
        ("dense = keras.layers.Dense(4)\n", "\n\nprint(Many.dense)\n"),
    ],
)
def test_what_the_class_itself_needs(body: str, behind: str) -> None:
    assert fixed(of("self.deep = deep", body, behind)) == of("self.deep = deep", body, behind)


def test_a_set_becomes_a_list() -> None:
    """A set gives its layers in another order each time, so that a file brings back other shapes."""
    made = "keras.layers.Dense(4), keras.layers.Dense(4)"
    assert fixed(of(f"self.deep = {{{made}}}")) == of(f"self.deep = [{made}]")
    for others in (
        f"self.deep = {{{made}}}\n        self.deep.add(keras.layers.Dense(4))",  # what no list has
        "self.deep = {layer, keras.layers.Dense(4)}",  # which may be in it twice
    ):
        assert fixed(of(others)) == of(others)
