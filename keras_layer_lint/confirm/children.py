"""The children of a zygote: forked, listened to, watched and ended."""

from __future__ import annotations

import os
import secrets
import selectors
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keras_layer_lint.confirm import sandbox
from keras_layer_lint.confirm.encoding import MalformedMessage, decode
from keras_layer_lint.confirm.messages import CHILD_MESSAGES, ChildEnded, ChildReported, RunProbe
from keras_layer_lint.confirm.time_allowed import Watch

LAST_WORDS = 0.5
"""Seconds that a child has to say where it is when its time is up."""
_MOST_REPORTED = 4_000_000
_KEPT_OF_STDERR = 6_000
_CHUNK = 1 << 16


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


class Children:
    """Those of one zygote. `send` tells klint what they report and how they end."""

    def __init__(
        self,
        selector: selectors.BaseSelector,
        send: Callable[[ChildReported | ChildEnded], None],
        *,
        has_namespaces: bool,
    ) -> None:
        self.running: dict[int, Child] = {}
        self._selector = selector
        self._send = send
        self._has_namespaces = has_namespaces

    @property
    def is_ending(self) -> bool:
        """Whether the time of one is up."""
        return any(child.killed for child in self.running.values())

    def end_all(self) -> None:
        """Kill every one."""
        for child in list(self.running.values()):
            self._kill(child)
        self._kill_strays()

    def close(self) -> None:
        """Have no part in them: in a process that is forked."""
        for child in self.running.values():
            for pipe in child.open_pipes:
                os.close(pipe)

    def start(self, request: RunProbe, become: Callable[[int, int, bytes], None]) -> None:
        """Fork one, which is to `become` what runs the probe: it gets the ends of its pipes and its token."""
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
            become(reports_end, errors_end, token)
        os.close(reports_end)
        os.close(errors_end)
        watch = Watch(process, request.time)
        child = Child(request.number, process, token, request.folder, watch, reports, errors)
        self.running[process] = child
        for pipe in (reports, errors):
            os.set_blocking(pipe, False)
            self._selector.register(pipe, selectors.EVENT_READ, child)
            child.open_pipes.add(pipe)

    def drain(self, child: Child, pipe: int) -> None:
        """Take what a child has written."""
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
            self._send(ChildReported(number=child.number, report=message))

    def _close(self, child: Child, pipe: int) -> None:
        if pipe in child.open_pipes:
            child.open_pipes.discard(pipe)
            self._selector.unregister(pipe)
            os.close(pipe)

    def end_late(self) -> None:
        """End those whose time is up."""
        now = time.monotonic()
        for child in list(self.running.values()):
            if child.killed:
                if now > child.ends:
                    self._kill(child)
            elif reached := child.watch.limit_reached():
                child.killed, child.ends = reached, now + LAST_WORDS
                with suppress(ProcessLookupError):
                    os.kill(child.process, signal.SIGABRT)  # it says where it is

    def _kill(self, child: Child) -> None:
        child.killed = child.killed or "stopped"
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):  # no group of its own yet, or gone
                kill(child.process, signal.SIGKILL)

    def reap(self) -> None:
        """Tell of those that have ended."""
        while True:
            try:
                process, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            child = self.running.pop(process, None)
            if child is None:
                continue  # an orphan that a child left behind
            if not self._has_namespaces:
                self._kill(child)  # its group
                self._kill_strays()
            for pipe in (child.reports, child.errors):
                while pipe in child.open_pipes:
                    before = child.reported, child.stderr
                    self.drain(child, pipe)
                    if (child.reported, child.stderr) == before:
                        self._close(child, pipe)
            shutil.rmtree(child.folder, onerror=_make_writable)
            self._tell_of_end(child, os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime)

    def _tell_of_end(self, child: Child, code: int, seconds: float) -> None:
        if code in (-signal.SIGXCPU, -signal.SIGKILL) and seconds > child.watch.allowed.processor:
            child.killed = child.killed or "processor"  # the kernel was first
        stderr = child.stderr.decode(errors="replace")
        self._send(ChildEnded(number=child.number, code=code, killed=child.killed, stderr=stderr, seconds=seconds))

    def _kill_strays(self) -> None:
        """End the orphans that were handed to this process: they belong to no child that still runs."""
        for _ in range(100):
            strays = [process for process in _children_of(os.getpid()) if process not in self.running]
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
