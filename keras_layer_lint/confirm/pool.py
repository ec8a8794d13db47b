"""Starts a zygote for each generation of Keras, hands probes out, and makes results of what comes back."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, TypeAlias

from keras_layer_lint.confirm.encoding import MalformedMessage, decode, encode
from keras_layer_lint.confirm.framework import INSTALL
from keras_layer_lint.confirm.messages import (
    ZYGOTE_MESSAGES,
    ChildEnded,
    ChildReported,
    FrameworkMissing,
    RunProbe,
    ZygoteMessage,
    ZygoteReady,
)
from keras_layer_lint.confirm.probe import Probe, ProbeResult
from keras_layer_lint.confirm.probe_run import ProbeRun
from keras_layer_lint.errors import assert_never
from keras_layer_lint.target import Generation

# Not `-m`: that would leave the working directory, where anything may lie, before the standard library.
_BOOT = """\
import sys
sys.path.insert(0, {home!r})
import keras_layer_lint
del sys.path[0]
from keras_layer_lint.confirm.zygote import main
main({arguments})
"""
_HOME = str(Path(__file__).resolve().parents[2])
_START_LIMIT = 180.0

Kind = tuple[Generation, str]
"""Generation and backend."""

Zygotes: TypeAlias = "dict[Kind, ZygoteProcess]"

Progress = Callable[[int, int, str], None]
"""Called with how many probes are done, how many there are, and what is going on."""


class ZygoteProcess:
    """klint's end of a process that holds one generation of Keras."""

    def __init__(self, kind: Kind, device: str, folder: Path, python: str) -> None:
        generation, backend = kind
        self.generation = generation
        self.name = f"Keras {generation.value}"
        self.backend = backend
        self.ready: ZygoteReady | None = None
        self.dead = ""
        self.socket, other = socket.socketpair()
        self._received = b""
        # A file, for a pipe nobody reads fills up.
        self._errors: IO[bytes] = (folder / f"zygote-{generation.value}-{backend}.log").open("w+b")
        arguments = f"{other.fileno()}, {generation.value!r}, {backend!r}"
        self._process = subprocess.Popen(
            [python, "-c", _BOOT.format(home=_HOME, arguments=arguments)],
            cwd=folder,
            env=_environment(generation, backend, device),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            pass_fds=[other.fileno()],
            start_new_session=True,  # Ctrl-C goes to klint, which ends this
        )
        other.close()

    def send(self, message: RunProbe) -> None:
        """Ask for a probe."""
        with suppress(OSError):  # the next read says that it is dead
            self.socket.sendall(encode(message))

    def receive(self) -> list[ZygoteMessage]:
        """What has come in; once nothing more can come, `dead` says why."""
        try:
            data = self.socket.recv(1 << 16)
        except OSError:
            data = b""
        if not data:
            self.dead = self.dead or f"the process that holds {self.name} ended: {self._last_words()}"
            return []
        *lines, self._received = (self._received + data).split(b"\n")
        try:
            return [decode(line, ZYGOTE_MESSAGES) for line in lines]
        except MalformedMessage as error:
            self.dead = f"the process that holds {self.name} said what klint does not understand: {error}"
            return []

    def close(self) -> None:
        """End the process; its children end with it."""
        self.socket.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        self._errors.close()

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"


def _environment(generation: Generation, backend: str, device: str) -> dict[str, str]:
    variables = dict(os.environ)
    if "PYTHONPATH" in variables:  # the process starts in another folder
        parts = variables["PYTHONPATH"].split(os.pathsep)
        variables["PYTHONPATH"] = os.pathsep.join(str(Path(part).absolute()) for part in parts if part)
    variables |= {
        "TF_USE_LEGACY_KERAS": "1" if generation is Generation.KERAS2 else "0",
        "KERAS_BACKEND": backend,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        # oneDNN computes the same, but looks through all kernels for its own before a child's first operation.
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }
    if device == "cpu":
        variables |= {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}
    return variables


def _kind(probe: Probe) -> Kind:
    return probe.generation, probe.backend


class Pool:
    """Runs probes, a few at a time. `python` is the interpreter that has the frameworks; it needs nothing else."""

    def __init__(
        self, probes: Iterable[Probe], *, jobs: int, timeout: float, progress: Progress, python: str = sys.executable
    ) -> None:
        self._runs = [ProbeRun(probe, timeout) for probe in probes]
        self._python = python
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
        with tempfile.TemporaryDirectory(prefix="klint-", ignore_cleanup_errors=True) as folder:
            self.folder = folder
            zygotes: Zygotes = {}
            try:
                for run in self._runs:
                    kind = _kind(run.probe)
                    if kind not in zygotes:
                        zygotes[kind] = ZygoteProcess(kind, run.probe.device, Path(folder), self._python)
                self._serve(zygotes, Path(folder))
            except KeyboardInterrupt:
                self.interrupted = True
                for run in self._runs:
                    run.give_up("interrupted", "run it again")
            finally:
                for zygote in zygotes.values():
                    zygote.close()
        return [run.result() for run in self._runs]

    def _serve(self, zygotes: Zygotes, folder: Path) -> None:
        selector = selectors.DefaultSelector()
        for zygote in zygotes.values():
            selector.register(zygote.socket, selectors.EVENT_READ, zygote)
        started = time.monotonic()
        waiting = deque(range(len(self._runs)))
        running: set[int] = set()
        while waiting or running:
            self._hand_out(zygotes, waiting, running, folder)
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
            for zygote in zygotes.values():
                if not zygote.ready and not zygote.dead and time.monotonic() - started > _START_LIMIT:
                    zygote.dead = f"importing {zygote.name} took more than {_START_LIMIT:.0f} s"

    def _hand_out(self, zygotes: Zygotes, waiting: deque[int], running: set[int], folder: Path) -> None:
        for kind, zygote in zygotes.items():
            if zygote.dead:
                for number in [*waiting, *running]:
                    if _kind(self._runs[number].probe) == kind:
                        self._runs[number].give_up(zygote.dead, INSTALL)
                        if number in waiting:
                            waiting.remove(number)
                        running.discard(number)
        for number in list(waiting):
            if len(running) >= self._jobs:
                return
            run = self._runs[number]
            zygote = zygotes[_kind(run.probe)]
            if zygote.ready is None:
                continue
            waiting.remove(number)
            running.add(number)
            run.begin(zygote.ready)
            zygote.send(
                RunProbe(
                    number=number,
                    probe=run.next_probe(),
                    timeout=run.seconds_left(),
                    folder=str(folder / f"probe-{number}-{run.children}"),
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
            case ChildEnded(number=number, code=code, killed=killed, stderr=stderr):
                running.discard(number)
                if self._runs[number].end(code, killed, stderr):
                    waiting.appendleft(number)
            case _:
                assert_never(message)

    def _announce(self, zygotes: Zygotes) -> None:
        done = sum(run.is_done for run in self._runs)
        starting = [zygote.generation.value for zygote in zygotes.values() if not zygote.ready and not zygote.dead]
        text = f"importing Keras {' and '.join(starting)}" if starting else "running layers"
        self._progress(done, len(self._runs), text)
