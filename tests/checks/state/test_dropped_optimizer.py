"""KLL409: a `compile` that takes an optimizer and drops it."""

from __future__ import annotations

import textwrap

import pytest

from tests.checks.cases import assert_silent, assert_told

MODEL = """
class Base(keras.Model):
    pass


class Subject({base}):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(4)

    def call(self, x):
        return self.dense(x)

{methods}
"""
TOLD = "`fit` trains with RMSprop, the default, whatever optimizer is given"

REPORTED = [
    "def compile(self, optimizer, loss, **kwargs):  # here\n    super().compile(loss=loss, **kwargs)",
    "def compile(self, optimizer='adam', loss=None):  # here\n    super(Subject, self).compile(loss=loss)",
    "def compile(self, *, optimizer=None, **kwargs):  # here\n    super().compile(**kwargs)",
    # Keras puts its own in the place of what was set before.
    "def compile(self, optimizer, loss):  # here\n    self.optimizer = optimizer\n    super().compile(loss=loss)",
    "def compile(self, optimizer=None):  # here\n    if optimizer:\n        self.optimizer = optimizer\n"
    "    super().compile()\n\ndef train_step(self, data):\n    self.optimizer.apply([], [])\n    return {}",
]  # fmt: skip
SILENT = [
    "def compile(self, optimizer, loss):\n    super().compile(optimizer, loss)",
    "def compile(self, optimizer, loss):\n    super().compile(optimizer=optimizer, loss=loss)",
    "def compile(self, optimizer, loss):\n    super().compile(loss=loss)\n    self.optimizer = optimizer",
    "def compile(self, optimizer, loss):\n    super().compile(loss=loss)\n    self.trained_by = optimizer",
    "def compile(self, optimizer):\n    self.optimizer = optimizer\n    super().compile()\n    self.optimizer = 1",
    "def compile(self, optimizer):\n    self.optimizer = optimizer\n    super().compile(optimizer=optimizer)",
    "def compile(self, optimizer):\n    self.optimizer = 1\n    super().compile()\n    self.kept = optimizer",
    "def compile(self, optimizer):\n    self.optimizer = optimizer\n    super().compile()\n\n"
    "def fit(self, x):\n    self.optimizer = make()",
    "def compile(self, optimizer, loss):\n    del optimizer\n    super().compile(loss=loss)",
    "def compile(self, optimizer, loss):\n    super().compile('adam', loss=loss)",
    "def compile(self, optimizer, loss):\n    super().compile(optimizer='adam', loss=loss)",
    "def compile(self, optimizer, loss):\n    super().compile(**{k: v for k, v in locals().items() if k != 'self'})",
    "def compile(self, optimizer, loss):\n    if loss:\n        super().compile(loss=loss)",
    "def compile(self, optimizer, loss):\n    self.loss_fn = loss",
    "def compile(self, loss, **kwargs):\n    super().compile(loss=loss, **kwargs)",
    "def compile(self, optimizer, loss):\n    super().compile(loss=loss)\n\ndef train_step(self, data):\n    return {}",
    "def compile(self, optimizer, loss):\n    super().compile(loss=loss)\n\ndef fit(self, x):\n    return {}",
    "def compile(self, optimizer, loss):\n    super().compile(loss=loss)\n\ndef start(self):\n    self.optimizer = 1",
]


def model(methods: str, base: str = "keras.Model") -> str:
    return MODEL.format(base=base, methods=textwrap.indent(methods, " " * 4))


@pytest.mark.parametrize("methods", REPORTED)
@pytest.mark.parametrize("base", ["keras.Model", "Base"])
def test_reported(methods: str, base: str) -> None:
    assert_told("KLL409", model(methods, base), TOLD, TOLD)


@pytest.mark.parametrize("methods", SILENT)
def test_silent(methods: str) -> None:
    assert_silent("KLL409", model(methods))


def test_a_base_that_nobody_knows_or_that_compiles() -> None:
    assert_silent("KLL409", model(REPORTED[0].replace("  # here", ""), "elsewhere.Model"))
    compiles = "    def compile(self, optimizer, **kwargs):\n        super().compile(optimizer, **kwargs)"
    assert_silent("KLL409", model(REPORTED[0].replace("  # here", ""), "Base").replace("    pass", compiles, 1))
