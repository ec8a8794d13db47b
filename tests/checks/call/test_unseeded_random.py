from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from tests.checks.cases import HEADER, messages

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
        "y = keras.random.normal((4,), **kwargs)",
        "if self.lazy is None: self.lazy = keras.random.SeedGenerator(7)",
        "seeds = generator(kwargs.pop('seed', None))",
        "y = self.lazy.predict(keras.random.normal((4,)))",
        "y = tf.random.normal((4,))",
    ],
)
def test_silent(line: str) -> None:
    assert messages(CODE, layer(line), "3") == []


GIVEN = """
class Noise(layers.Layer):
    def __init__(self, {parameter}, **kwargs):
        super().__init__(**kwargs)
        self.seed = {kept}

    def call(self, inputs):
        return keras.random.normal((4,), seed=self.seed){mark}
"""
GETS = "warning: `keras.random.normal(...)` gets what `__init__` is given as seed"


@pytest.mark.parametrize(
    ("parameter", "kept", "message"),
    [
        (
            "seed=None",
            "seed",
            "without one it draws from the seeds of the whole program, which no saved model holds, and with a number "
            "the same for every batch",
        ),
        ("seed: int | None = None", "seed", "without one it draws from the seeds of the whole program, which no saved"),
        ("random_state=7", "random_state", "by default 7: it draws the same numbers for every batch"),
        ("seed", "seed", ""),
        ("seed: int | keras.random.SeedGenerator | None = None", "seed", ""),
        ("seed=None", "seed or of_somebody_else()", ""),
        ("seed=None", "keras.random.SeedGenerator(seed)", ""),
    ],
)
def test_a_seed_that_the_layer_is_given(parameter: str, kept: str, message: str) -> None:
    source = GIVEN.format(parameter=parameter, kept=kept, mark="  # KLL115" if message else "")
    told = messages(CODE, source, "3")
    assert all(one.startswith(GETS) and message in one for one in told)
    assert bool(told) is bool(message)


@pytest.mark.parametrize(
    ("requirements", "severity"),
    [
        ("keras>=3\ntensorflow\n", "note"),
        ("keras>=3\ntensorflow\njax\n", "warning"),
        ("keras>=3\n", "warning"),
        ("torch\n", "warning"),
    ],
)
def test_a_project_for_tensorflow(tmp_path: Path, requirements: str, severity: str) -> None:
    (tmp_path / "requirements.txt").write_text(requirements)
    source = HEADER + layer("y = keras.random.normal((4,))")
    (tmp_path / "a.py").write_text(source)
    found = lint_paths([tmp_path], Settings(root=str(tmp_path), keras=("3",), select=(CODE,))).diagnostics
    assert [one.severity.label for one in found] == [severity]
    assert ("JAX" in found[0].message) is (severity == "warning")


@pytest.mark.parametrize(
    ("backend", "line", "is_told"),
    [
        ("torch", "y = keras.random.normal((4,))", False),
        ("torch", "y = keras.random.normal((4,), seed=7)", True),
        ("tensorflow", "y = keras.random.normal((4,))", True),
    ],
)
def test_what_is_not_traced_draws_anew(tmp_path: Path, backend: str, line: str, is_told: bool) -> None:
    source = f'import os\n\nos.environ["KERAS_BACKEND"] = "{backend}"\nimport keras\nfrom keras import layers\n'
    (tmp_path / "a.py").write_text(source + layer(line))
    found = lint_paths([tmp_path], Settings(root=str(tmp_path), keras=("3",), select=(CODE,))).diagnostics
    assert bool(found) is is_told
