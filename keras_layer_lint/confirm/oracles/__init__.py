"""The oracles: each runs a layer one way and decides on the findings whose rule names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keras_layer_lint.confirm.oracles import build, graph, mask, mixed_precision, purity, reload, train, xla
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.probe import Claim

Oracle = Callable[[Trial, Sequence[Claim]], None]

_ORACLES: dict[str, Oracle] = {
    "graph": graph.run,
    "purity": purity.run,
    "build": build.run,
    "reload": reload.run,
    "train": train.run,
    "mask": mask.run,
    "mixed precision": mixed_precision.run,
    "xla": xla.run,
}
ORDER = tuple(_ORACLES)
"""As they are run: what may end the process comes last."""


def oracle(name: str) -> Oracle | None:
    """The oracle of a name; None where there is none."""
    return _ORACLES.get(name)
