from __future__ import annotations

import pytest

from tests.checks.cases import messages

CODE = "KLL115"
NO_SEED = (
    "has no seed: it draws from the seeds of the whole program, which the JAX backend refuses while tracing "
    "(ValueError) and no saved model holds"
)


def layer(line: str) -> str:
    return f"""
from keras import random

def generator(seed):
    if isinstance(seed, int):
        return keras.random.SeedGenerator(seed)
    return seed

class Noise(layers.Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.seeds = keras.random.SeedGenerator(seed)
        self.lazy = None
        self.start = keras.random.normal((4,))

    def call(self, inputs, **kwargs):
        {line}
        return inputs
"""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("y = keras.random.normal((4,))", f"warning: `keras.random.normal(...)` {NO_SEED}"),
        ("y = random.uniform((4,), seed=None)", f"warning: `random.uniform(...)` {NO_SEED}"),
        ("y = random.categorical(inputs, 1)", f"warning: `random.categorical(...)` {NO_SEED}"),
        (
            "y = random.dropout(inputs, 0.5, None, 7)",
            "warning: `random.dropout(...)` has the seed 7: it draws the same numbers for every batch",
        ),
        (
            "y = random.shuffle(inputs, seed=7)",
            "warning: `random.shuffle(...)` has the seed 7: it draws the same numbers for every batch",
        ),
        (
            "seeds = keras.random.SeedGenerator(7)",
            "error: `keras.random.SeedGenerator(...)` makes a variable in `call`: the graph of `fit` may make "
            "variables only once: ValueError",
        ),
    ],
)
def test_reported_in_keras_3_only(line: str, message: str) -> None:
    assert messages(CODE, layer(f"{line}  # KLL115"), "3") == [message]
    assert messages(CODE, layer(line), "2") == []


@pytest.mark.parametrize(
    "line",
    [
        "y = keras.random.normal((4,), seed=self.seeds)",
        "y = random.dropout(inputs, 0.5, None, self.seeds)",
        "y = keras.random.normal((4,), seed=self.seed)",
        "y = keras.random.normal((4,), **kwargs)",
        "if self.lazy is None: self.lazy = keras.random.SeedGenerator(7)",
        "seeds = generator(kwargs.pop('seed', None))",
        "y = self.lazy.predict(keras.random.normal((4,)))",
        "y = tf.random.normal((4,))",
    ],
)
def test_silent(line: str) -> None:
    assert messages(CODE, layer(line), "3") == []
