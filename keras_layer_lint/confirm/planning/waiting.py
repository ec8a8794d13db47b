"""What a search for a plan tries next: the most likely first, and nothing twice."""

from __future__ import annotations

import heapq
import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from keras_layer_lint.confirm.planning.inputs import Inputs, Tensor
from keras_layer_lint.confirm.planning.ladder import spelled

LARGEST = 1 << 20
"""How many numbers the inputs may hold in all."""
_TRIED = -sys.maxsize
"""The cost of what was tried: no way leads there at less."""


@dataclass(frozen=True, slots=True)
class State:
    """What to construct a layer with, and to call it on."""

    arguments: dict[str, str]
    inputs: Inputs | None
    source: str
    fixed: bool = False
    """The inputs are given, not made up."""
    draw: int = 0
    """Which weights and values."""
    trail: tuple[tuple[str, int], ...] = ()
    """Of the call that failed, and that this one comes after."""
    before: Inputs | None = None
    """What that was given."""

    @property
    def key(self) -> tuple[str, str, int]:
        """What makes two of them the same."""
        return spelled(self.arguments), "?" if self.inputs is None else str(self.inputs), self.draw


@dataclass(slots=True)
class Waiting:
    """What is still to be tried, each with how unlikely it is."""

    _queue: list[tuple[int, int, State]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _costs: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """Of what waits or was tried."""
    _seeds: list[tuple[int, State]] = field(default_factory=list)

    def push_seed(self, cost: int, state: State) -> None:
        """Put inputs in line that no error asked for."""
        self._seeds.append((cost, state))
        self.push(cost, state)

    def learn(self, state: State) -> None:
        """Other dtypes that brought a call farther do so for the seeds of other shapes, too."""
        if state.before is None or state.inputs is None:
            return
        pairs = list(zip(state.before.tensors(), state.inputs.tensors(), strict=False))
        taught = {at: pair for at, pair in enumerate(pairs) if pair[0].dtype != pair[1].dtype}
        if not taught or any(own.shape != new.shape for own, new in pairs):
            return
        for cost, seed in self._seeds:
            if seed.inputs is not None and len(seed.inputs.tensors()) == len(pairs):
                self.push(cost, replace(seed, inputs=seed.inputs.map(_Teaching(taught))))

    def push(self, cost: int, state: State, *, draws: bool = False) -> None:
        """Put something in line; what waits already comes sooner where this is less.

        Other weights and values are tried for their own sake only (`draws`), not with inputs that are known with the
        first ones.
        """
        if state.inputs is not None and state.inputs.size() > LARGEST:
            return
        if state.draw and not draws and replace(state, draw=0).key in self._costs:
            return
        known = self._costs.get(state.key)
        if known is None or cost < known:
            self._costs[state.key] = cost
            heapq.heappush(self._queue, (cost, next(self._numbers), state))

    def pop(self) -> tuple[int, State] | None:
        """The most likely of what was not tried yet, with its cost; None where nothing is left."""
        while self._queue:
            cost, _, state = heapq.heappop(self._queue)
            if self._costs[state.key] != _TRIED:
                self._costs[state.key] = _TRIED
                return cost, state
        return None


class _Teaching:
    """Gives tensors the dtypes of others, by their number, where they have the dtype that did not do."""

    def __init__(self, taught: dict[int, tuple[Tensor, Tensor]]) -> None:
        self._taught = taught
        self._number = itertools.count()

    def __call__(self, tensor: Tensor) -> Tensor:
        own, new = self._taught.get(next(self._number), (None, None))
        if own is None or new is None or tensor.dtype != own.dtype:
            return tensor
        return replace(new, shape=tensor.shape)
