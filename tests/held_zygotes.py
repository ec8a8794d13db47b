"""Processes that hold a framework, for all the tests of one process: importing takes seconds, and each child is new."""

from __future__ import annotations

from functools import cache

from keras_layer_lint.confirm.zygotes import Zygotes

_held: list[Zygotes] = []


@cache
def held_zygotes(device: str) -> Zygotes:
    """Those for a device."""
    _held.append(Zygotes())
    return _held[-1]


def close_zygotes() -> None:
    """End them all."""
    while _held:
        _held.pop().close()
