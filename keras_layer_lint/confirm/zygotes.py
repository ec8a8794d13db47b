"""The processes that hold a framework each, seen from klint: started, asked for probes, listened to and ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from keras_layer_lint.confirm.device import has_gpus
from keras_layer_lint.confirm.encoding import MalformedMessage, decode, encode
from keras_layer_lint.confirm.messages import ZYGOTE_MESSAGES, RunProbe, ZygoteMessage, ZygoteReady
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

Kind = tuple[Generation, str]
"""Generation and backend."""


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
            env=environment(generation, backend, device),
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


def environment(generation: Generation, backend: str, device: str) -> dict[str, str]:
    """The variables of a process that holds a framework: those of this one, and what makes it quick and quiet."""
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
    if device == "cpu" or not has_gpus():
        # Compiling takes longer than the few steps that follow. What the user sets stands later and counts.
        variables["XLA_FLAGS"] = f"--xla_backend_optimization_level=0 {variables.get('XLA_FLAGS', '')}".strip()
    return variables


class Zygotes:
    """Zygotes by generation and backend, each started when it is first needed, and the folder that layers may write to.

    `python` is the interpreter that has the frameworks; it needs nothing else. The folder is made `under` another, by
    default where the system has such. All of it ends with the block.
    """

    def __init__(self, python: str = sys.executable, under: str | None = None) -> None:
        self._python = python
        self._temporary = tempfile.TemporaryDirectory(prefix="klint-", dir=under, ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        self.started: dict[Kind, ZygoteProcess] = {}

    def start(self, kind: Kind, device: str) -> None:
        """Have one of a kind."""
        if kind not in self.started:
            self.started[kind] = ZygoteProcess(kind, device, self.folder, self._python)

    def close(self) -> None:
        """End them, and remove the folder."""
        for zygote in self.started.values():
            zygote.close()
        self._temporary.cleanup()

    def __enter__(self) -> Zygotes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
