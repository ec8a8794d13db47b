"""A finding that another one hides: saving fails before it comes to what the config holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.frameworks import needs

pytestmark = pytest.mark.usefixtures("zygotes_are_held")

SUM = """\
import tensorflow as tf


class Sum(tf.keras.layers.Layer):
    def __init__(self, units, activation=tf.identity):
        super().__init__()
        self.activation = activation
        self.units = units

    def call(self, inputs):
        return self.activation(tf.tile(inputs, [1, self.units]))
"""


@pytest.mark.keras
def test_what_the_constructor_refuses_needs_no_saving(klint: Callable[..., Run], tmp_path: Path) -> None:
    needs("2")
    (tmp_path / "sums.py").write_text(SUM, encoding="utf-8")
    found = klint("--confirm", "--select", "KLL306", "sums.py").out
    assert "confirmed: given dtype='float64': TypeError" in found
