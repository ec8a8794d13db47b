"""A process that has imported one generation of Keras and runs each layer in a child forked from itself.

It executes no operation and no code of the user: after the first operation a fork would hang. It speaks with klint over
a socket, in lines of JSON: probes come in, what the children report and how they ended goes out.
"""

from __future__ import annotations

import gc
import os
import secrets
import selectors
import shutil
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keras_layer_lint.confirm import sandbox
from keras_layer_lint.confirm.child import run
from keras_layer_lint.confirm.encoding import MalformedMessage, decode, encode
from keras_layer_lint.confirm.framework import Framework, load
from keras_layer_lint.confirm.hooks import registered
from keras_layer_lint.confirm.messages import (
    CHILD_MESSAGES,
    ChildEnded,
    ChildReported,
    FrameworkMissing,
    RunProbe,
    ZygoteMessage,
    ZygoteReady,
)
from keras_layer_lint.confirm.time_allowed import Watch
from keras_layer_lint.target import Generation

_MOST_REPORTED = 4_000_000
_KEPT_OF_STDERR = 6_000
_CHUNK = 1 << 16
_LAST_WORDS = 0.5
"""Seconds that a child has to say where it is when its time is up."""


@dataclass
class Child:
    """A process that runs one layer, and the ends of its pipes."""

    number: int
    process: int
    token: bytes
    folder: str
    watch: Watch
    reports: int
    errors: int
    unread: bytes = b""
    reported: int = 0
    stderr: bytes = b""
    killed: str = ""
    ends: float = 0.0
    """Until when it may say where it is, once its time is up."""
    open_pipes: set[int] = field(default_factory=set)


class Zygote:
    """Forks, watches and ends children."""

    def __init__(self, framework: Framework, control: socket.socket, lacking: list[str]) -> None:
        self.framework = framework
        self.control = control
        self.lacking = lacking
        self.children: dict[int, Child] = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(control, selectors.EVENT_READ)
        self._received = b""
        self._has_namespaces = "ending what a layer leaves behind" not in lacking

    def serve(self) -> None:
        """Run what is asked for until klint closes the socket."""
        while True:
            is_ending = any(child.killed for child in self.children.values())
            for key, _ in self.selector.select(_LAST_WORDS / 2 if is_ending else 1.0):
                if key.fileobj is self.control:
                    if not self._receive():
                        return
                else:
                    self._drain(key.data, key.fd)
            self._reap()
            self._end_late()

    def end_all(self) -> None:
        """Kill every child."""
        for child in list(self.children.values()):
            self._kill(child)
        self._kill_strays()

    def send(self, message: ZygoteMessage) -> None:
        """Tell klint."""
        self.control.sendall(encode(message))

    def _receive(self) -> bool:
        data = self.control.recv(_CHUNK)
        if not data:
            return False
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            self._start(decode(line, [RunProbe]))
        return True

    def _start(self, request: RunProbe) -> None:
        reports, reports_end = os.pipe()
        errors, errors_end = os.pipe()
        token = secrets.token_hex(16).encode()
        Path(request.folder).mkdir(parents=True, exist_ok=True)
        if self._has_namespaces:
            sandbox.next_child_is_first()
        process = os.fork()
        if process == 0:
            os.close(reports)
            os.close(errors)
            self._become_child(request, reports_end, errors_end, token)
        os.close(reports_end)
        os.close(errors_end)
        watch = Watch(process, request.time)
        child = Child(request.number, process, token, request.folder, watch, reports, errors)
        self.children[process] = child
        for pipe in (reports, errors):
            os.set_blocking(pipe, False)
            self.selector.register(pipe, selectors.EVENT_READ, child)
            child.open_pipes.add(pipe)

    def _become_child(self, request: RunProbe, reports: int, errors: int, token: bytes) -> None:
        """Never returns."""
        try:
            self.control.close()
            self.selector.close()
            for child in self.children.values():
                for pipe in child.open_pipes:
                    os.close(pipe)
            run(self.framework, request, reports, errors, token)
        finally:
            os._exit(70)

    def _drain(self, child: Child, pipe: int) -> None:
        try:
            data = os.read(pipe, _CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(child, pipe)
        elif pipe == child.errors:
            child.stderr = (child.stderr + data)[-_KEPT_OF_STDERR:]
        else:
            self._relay(child, data)

    def _relay(self, child: Child, data: bytes) -> None:
        child.reported += len(data)
        if child.reported > _MOST_REPORTED:
            child.killed = child.killed or "it flooded the pipe it reports through"
            self._kill(child)
            return
        *lines, child.unread = (child.unread + data).split(b"\n")
        for line in lines:
            # User code may have written to the pipe, but does not know the token.
            token, _, text = line.partition(b" ")
            if not secrets.compare_digest(token, child.token):
                continue
            try:
                message = decode(text, CHILD_MESSAGES)
            except MalformedMessage as error:  # it knows the token all the same, or this is a bug in klint
                child.killed = child.killed or f"it reported what klint does not understand: {error}"
                self._kill(child)
                return
            self.send(ChildReported(number=child.number, report=message))

    def _close(self, child: Child, pipe: int) -> None:
        if pipe in child.open_pipes:
            child.open_pipes.discard(pipe)
            self.selector.unregister(pipe)
            os.close(pipe)

    def _end_late(self) -> None:
        now = time.monotonic()
        for child in list(self.children.values()):
            if child.killed:
                if now > child.ends:
                    self._kill(child)
            elif reached := child.watch.limit_reached():
                child.killed, child.ends = reached, now + _LAST_WORDS
                with suppress(ProcessLookupError):
                    os.kill(child.process, signal.SIGABRT)  # it says where it is

    def _kill(self, child: Child) -> None:
        child.killed = child.killed or "stopped"
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):  # no group of its own yet, or gone
                kill(child.process, signal.SIGKILL)

    def _reap(self) -> None:
        while True:
            try:
                process, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            child = self.children.pop(process, None)
            if child is None:
                continue  # an orphan that a child left behind
            if not self._has_namespaces:
                self._kill(child)  # its group
                self._kill_strays()
            for pipe in (child.reports, child.errors):
                while pipe in child.open_pipes:
                    before = child.reported, child.stderr
                    self._drain(child, pipe)
                    if (child.reported, child.stderr) == before:
                        self._close(child, pipe)
            shutil.rmtree(child.folder, onerror=_make_writable)
            self._tell_of_end(child, os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime)

    def _tell_of_end(self, child: Child, code: int, seconds: float) -> None:
        if code in (-signal.SIGXCPU, -signal.SIGKILL) and seconds > child.watch.allowed.processor:
            child.killed = child.killed or "processor"  # the kernel was first
        stderr = child.stderr.decode(errors="replace")
        self.send(ChildEnded(number=child.number, code=code, killed=child.killed, stderr=stderr, seconds=seconds))

    def _kill_strays(self) -> None:
        """End the orphans that were handed to this process: they belong to no child that still runs."""
        for _ in range(100):
            strays = [process for process in _children_of(os.getpid()) if process not in self.children]
            if not strays:
                return
            for process in strays:
                with suppress(ProcessLookupError, ChildProcessError):
                    os.kill(process, signal.SIGKILL)
                    os.waitpid(process, 0)


def _make_writable(function: Any, path: str, _: object) -> None:
    """A layer may have taken the rights to its own folder away."""
    try:
        Path(path).parent.chmod(0o700)
        Path(path).chmod(0o700)
        if function in (os.scandir, os.open, os.lstat):
            shutil.rmtree(path, ignore_errors=True)
        else:
            function(path)
    except OSError:
        pass


def _children_of(process: int) -> list[int]:
    try:
        listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(number) for number in listed.split()]


def main(control_number: int, generation: str, backend: str) -> None:
    """Import the framework, say so, and serve."""
    control = socket.socket(fileno=control_number)
    lacking: list[str] = []
    if not sandbox.attempt("ending what a layer leaves behind", sandbox.enter_namespaces, lacking):
        sandbox.attempt("adopting orphans", sandbox.adopt_orphans, lacking)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.dont_write_bytecode = True
    started = time.perf_counter()
    try:
        framework = load(Generation(generation), backend)
    except Exception as error:
        control.sendall(encode(FrameworkMissing(reason=f"{type(error).__name__}: {error}")))
        return
    keras, backend_version = framework.versions
    registered()  # a child need not import what its rules need
    gc.collect()
    gc.freeze()  # children need not go through what the imports left, which would copy its pages, too
    zygote = Zygote(framework, control, lacking)
    seconds = time.perf_counter() - started
    zygote.send(ZygoteReady(keras=keras, backend=backend_version, lacking=tuple(lacking), seconds=seconds))
    try:
        zygote.serve()
    except (BrokenPipeError, ConnectionResetError):
        pass  # klint is gone
    finally:
        zygote.end_all()
        control.close()
        os._exit(0)  # no clean-up of TensorFlow, which takes seconds


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
