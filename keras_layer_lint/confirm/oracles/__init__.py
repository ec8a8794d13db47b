"""The oracles: each runs a layer one way and decides on the findings whose rule names it.

An oracle is a module `oracles/<name>.py` with a function `run(trial, claims)`; spaces of the name are underscores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec

from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.probe import Claim

Oracle = Callable[[Trial, Sequence[Claim]], None]

ORDER = ("graph", "purity", "build", "reload", "train", "mask", "mixed precision", "xla")
"""As they are run: what may end the process comes last."""


def oracle(name: str) -> Oracle | None:
    """The oracle of a name; None where there is none."""
    module = f"{__name__}.{name.replace(' ', '_')}"
    if name not in ORDER or find_spec(module) is None:
        return None
    found: Oracle = import_module(module).run
    return found
