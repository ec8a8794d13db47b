"""The checks of what is no layer: a compiled model that holds the object is trained, saved and loaded."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.confirm.oracles import objects
from keras_layer_lint.confirm.oracles.trial import Failed, Trial
from keras_layer_lint.testing.common import Check


def _of(name: str) -> Check:
    def check(trial: Trial) -> Iterator[Failed]:
        return (failed for failed in objects.fails_with(trial, {}) if failed.oracle == name)

    check.__doc__ = f"What a model with the object shows of `{name}`."
    return check


CHECKS: dict[str, Check] = {name: _of(name) for name in ("graph", "reload", "xla")}
