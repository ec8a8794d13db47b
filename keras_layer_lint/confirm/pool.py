"""Starts a zygote for each generation of Keras, hands probes out, and makes results of what comes back."""

from __future__ import annotations

import selectors
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import nullcontext

from keras_layer_lint.confirm.framework import INSTALL
from keras_layer_lint.confirm.messages import (
    ChildEnded,
    ChildReported,
    FrameworkMissing,
    RunProbe,
    ZygoteMessage,
    ZygoteReady,
)
from keras_layer_lint.confirm.packages import Packages
from keras_layer_lint.confirm.probe import Probe, ProbeResult
from keras_layer_lint.confirm.probe_run import ProbeRun
from keras_layer_lint.confirm.zygotes import Kind, ZygoteProcess, Zygotes
from keras_layer_lint.errors import assert_never

_START_LIMIT = 180.0

Progress = Callable[[int, int, str], None]
"""Called with how many probes are done, how many there are, and what is going on."""


def _kind(probe: Probe) -> Kind:
    return probe.generation, probe.backend


class Pool:
    """Runs probes, a few at a time.

    `python` is the interpreter that has the frameworks; it needs nothing else. `zygotes` that are given go on after
    the run, for the next one.
    """

    def __init__(
        self,
        probes: Iterable[Probe],
        *,
        jobs: int,
        timeout: float,
        progress: Progress,
        python: str = sys.executable,
        zygotes: Zygotes | None = None,
    ) -> None:
        self._runs = [ProbeRun(probe, timeout) for probe in probes]
        self._python = python
        self._zygotes = zygotes
        self._packages = Packages()
        self._jobs = jobs
        self._progress = progress
        self.interrupted = False
        self.start_seconds = 0.0
        self.folder = ""
        """Where all that layers may write goes; it is gone after the run."""

    @property
    def lacking(self) -> tuple[str, ...]:
        """What the system did not let klint keep one of the layers from."""
        return tuple(dict.fromkeys(what for run in self._runs for what in run.lacking))

    @property
    def results_so_far(self) -> list[ProbeResult | None]:
        """A result for each probe that is done, in order. `progress` can ask for them in the middle of a run."""
        return [run.result() if run.is_done else None for run in self._runs]

    def run(self) -> list[ProbeResult]:
        """A result for each probe, in order; after an interruption for those that were under way as far as known."""
        with nullcontext(self._zygotes) if self._zygotes is not None else Zygotes(self._python) as zygotes:
            self.folder = str(zygotes.folder)
            try:
                for run in self._runs:
                    zygotes.start(_kind(run.probe), run.probe.device)
                self._serve(zygotes)
            except KeyboardInterrupt:
                self.interrupted = True
                for run in self._runs:
                    run.give_up("interrupted", "run it again", unrun="class")
        return [run.result() for run in self._runs]

    def _serve(self, zygotes: Zygotes) -> None:
        with selectors.DefaultSelector() as selector:
            for zygote in zygotes.started.values():
                selector.register(zygote.socket, selectors.EVENT_READ, zygote)
            self._listen(zygotes, selector)

    def _listen(self, zygotes: Zygotes, selector: selectors.BaseSelector) -> None:
        started = time.monotonic()
        waiting = deque(range(len(self._runs)))
        running: set[int] = set()
        while waiting or running:
            self._hand_out(zygotes, waiting, running)
            self._announce(zygotes)
            if not (waiting or running):
                return
            for key, _ in selector.select(1.0):
                zygote = key.data
                for message in zygote.receive():
                    self._take(message, zygote, waiting, running)
                if zygote.ready is not None and not self.start_seconds:
                    self.start_seconds = time.monotonic() - started
                if zygote.dead:
                    selector.unregister(zygote.socket)
            for zygote in zygotes.started.values():
                if not zygote.ready and not zygote.dead and time.monotonic() - started > _START_LIMIT:
                    zygote.dead = f"importing {zygote.name} took more than {_START_LIMIT:.0f} s"

    def _hand_out(self, zygotes: Zygotes, waiting: deque[int], running: set[int]) -> None:
        for kind, zygote in zygotes.started.items():
            if zygote.dead:
                for number in [*waiting, *running]:
                    if _kind(self._runs[number].probe) == kind:
                        self._runs[number].give_up(zygote.dead, INSTALL, unrun="module")
                        if number in waiting:
                            waiting.remove(number)
                        running.discard(number)
        for number in list(waiting):
            if len(running) >= self._jobs:
                return
            run = self._runs[number]
            zygote = zygotes.started[_kind(run.probe)]
            if zygote.ready is None:
                continue
            waiting.remove(number)
            running.add(number)
            run.begin(zygote.ready)
            zygote.send(
                RunProbe(
                    number=number,
                    probe=run.next_probe(),
                    time=run.time_left(),
                    folder=str(zygotes.folder / f"probe-{number}-{run.children}"),
                    packages=self._packages.of(run.probe),
                )
            )

    def _take(self, message: ZygoteMessage, zygote: ZygoteProcess, waiting: deque[int], running: set[int]) -> None:
        match message:
            case ZygoteReady():
                zygote.ready = message
            case FrameworkMissing(reason=reason):
                zygote.dead = f"{zygote.name} on {zygote.backend} cannot be imported: {reason}"
            case ChildReported(number=number, report=report):
                self._runs[number].take(report)
            case ChildEnded(number=number) if number not in running:
                pass  # given up already
            case ChildEnded(number=number):
                running.discard(number)
                if self._runs[number].end(message.code, message.killed, message.stderr, message.seconds):
                    waiting.appendleft(number)
                self._spare(self._runs[number], waiting)
            case _:
                assert_never(message)

    def _spare(self, ended: ProbeRun, waiting: deque[int]) -> None:
        """Where the import of a module has used up the time of one layer, it would use up that of its others, too."""
        for number in [*waiting] if ended.unimportable else ():
            other = self._runs[number]
            if other.probe.path == ended.probe.path and _kind(other.probe) == _kind(ended.probe):
                other.give_up(ended.unimportable, ended.result().help, unrun="module")
                waiting.remove(number)

    def _announce(self, zygotes: Zygotes) -> None:
        done = sum(run.is_done for run in self._runs)
        starting = [
            zygote.generation.value for zygote in zygotes.started.values() if not zygote.ready and not zygote.dead
        ]
        text = f"importing Keras {' and '.join(starting)}" if starting else "running layers"
        self._progress(done, len(self._runs), text)
