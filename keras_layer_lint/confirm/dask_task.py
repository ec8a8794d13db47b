"""What a Dask worker does for klint: one probe, in a sandbox of its own machine.

A worker is told everything as bytes and text, and needs klint, the frameworks and the files of the project.
"""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Variable, get_worker

from keras_layer_lint import __version__
from keras_layer_lint.confirm.encoding import decode, encode
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import Probe, ProbeResult
from keras_layer_lint.confirm.probe_run import ProbeRun
from keras_layer_lint.confirm.zygotes import Zygotes

MOST_TRIES = 2
"""Workers that may end while they run a layer. Then it is the layer."""
LOST = "the Dask workers that ran it ended, two of them"
LOST_HELP = "run it without `--scheduler`, or with `--timeout` and more memory for each worker"
_KEPT_SECONDS = 60.0


def digest_of(path: str) -> str:
    """What tells two contents of a file apart; empty where there is none."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def run_probe(task: bytes, timeout: float, version: str, digest: str, tries: str) -> bytes:
    """The encoded result of an encoded probe.

    `timeout` is in seconds. `version` is of the klint that asks, `digest` of the file as it has it. `tries` names the
    variable of the cluster that counts the workers that have begun.
    """
    probe = decode(task, [Probe])
    if problem := _mismatch(probe, version, digest):
        return encode(left_open(probe, timeout, *problem))
    begun = Variable(tries)
    count: int = begun.get()
    if count >= MOST_TRIES:
        return encode(left_open(probe, timeout, LOST, LOST_HELP))
    begun.set(count + 1)
    try:
        return encode(_IDLE.run(probe, timeout))
    except Exception as error:  # as text: what cannot be pickled would never arrive
        raise RuntimeError(f"{type(error).__name__}: {error}") from None
    finally:
        begun.set(count)  # this worker did not end


def left_open(probe: Probe, timeout: float, reason: str, what_helps: str) -> ProbeResult:
    """The result of a probe that could not be run."""
    run = ProbeRun(probe, timeout)
    run.give_up(reason, what_helps)
    return run.result()


def _mismatch(probe: Probe, version: str, digest: str) -> tuple[str, str] | None:
    """In what this worker differs from whoever asks, and what helps."""
    here = f"the Dask worker on {socket.gethostname()}"
    if version != __version__:
        return f"{here} has klint {__version__}, not {version}", "give all workers the environment of klint"
    found = digest_of(probe.path)
    if found != digest:
        has = f"has another {probe.path}" if found else f"has no file {probe.path}"
        return f"{here} {has}", "give all workers the files of the project, under the same paths"
    return None


@dataclass
class _Idle:
    """Zygotes that wait for the next probe on this worker: to start one takes seconds. They end where none comes."""

    waiting: list[tuple[float, str, Zygotes]] = field(default_factory=list)
    """Since when, and for which device."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, probe: Probe, timeout: float) -> ProbeResult:
        """Run a probe, in a zygote that waits if there is one."""
        zygotes = self._take(probe.device)
        if zygotes is not None:
            result, had_ended = self._run_in(zygotes, probe, timeout)
            if not had_ended:
                return result
        # Dask clears this folder after a worker that was killed.
        return self._run_in(Zygotes(under=get_worker().local_directory), probe, timeout)[0]

    def _run_in(self, zygotes: Zygotes, probe: Probe, timeout: float) -> tuple[ProbeResult, bool]:
        """The result, and whether one of the zygotes had ended before."""
        known = set(zygotes.started)
        pool = Pool([probe], jobs=1, timeout=timeout, progress=lambda *_: None, zygotes=zygotes)
        (result,) = pool.run()
        dead = {kind for kind, zygote in zygotes.started.items() if zygote.dead}
        if dead:
            zygotes.close()
            return result, bool(dead & known)
        with self.lock:
            self.waiting.append((time.monotonic(), probe.device, zygotes))
        timer = threading.Timer(_KEPT_SECONDS + 1, self._end_old)
        timer.daemon = True
        timer.start()
        return result, False

    def _take(self, device: str) -> Zygotes | None:
        with self.lock:
            found = next((entry for entry in reversed(self.waiting) if entry[1] == device), None)
            if found is None:
                return None
            self.waiting.remove(found)
            return found[2]

    def _end_old(self) -> None:
        now = time.monotonic()
        with self.lock:
            old = [entry for entry in self.waiting if now - entry[0] > _KEPT_SECONDS]
            self.waiting = [entry for entry in self.waiting if entry not in old]
        for _, _, zygotes in old:
            zygotes.close()


_IDLE = _Idle()
