"""What a layer is linted for: a generation of Keras, and for Keras 3 the backend where that matters."""

from __future__ import annotations

from enum import Enum


class Target(Enum):
    """A generation of Keras on a backend. The value is how messages write it."""

    KERAS2 = "2"
    KERAS3 = "3"
    KERAS3_JAX = "3 on JAX"
    """Keras 3 on JAX, where that comes to something else than on TensorFlow."""

    @property
    def generation(self) -> str:
        """As the command line, the JSON report and the tables of facts write it: "2" or "3"."""
        return "2" if self is Target.KERAS2 else "3"


GENERATIONS = (Target.KERAS2, Target.KERAS3)
"""One target for each generation, in order."""
