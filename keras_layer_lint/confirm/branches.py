"""Branches of a zygote: processes that it forks, and that import what modules of a project import from elsewhere.

A branch is a zygote itself. A package is imported once there, and not by each child again. The code of a project is
imported by children only. A package that cannot be held so is left to them, too: where it starts threads, a fork would
hang; where importing it fails, or takes long, that is for the verdict on the layer to say.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from keras_layer_lint.confirm.encoding import MalformedMessage, decode, encode
from keras_layer_lint.confirm.messages import (
    BRANCH_MESSAGES,
    BranchReady,
    BranchUnfit,
    ChildEnded,
    ChildReported,
    ImportStarted,
    RunProbe,
    ZygoteMessage,
)
from keras_layer_lint.confirm.probe import Package, Probe
from keras_layer_lint.confirm.time_allowed import TimeAllowed, Watch
from keras_layer_lint.errors import assert_never

_DEEPEST = 4
"""Branches of branches: the kernel lets a process be confined 16 times."""
_MOST = 8
"""Branches of one zygote: each holds memory."""
_IMPORTS_TAKE = TimeAllowed.of(60.0)
_CHUNK = 1 << 16
_LOST = "the process that it was forked from ended"


@dataclass
class Branch:
    """A process that holds packages, seen from the zygote that forked it."""

    packages: tuple[Package, ...]
    process: int
    control: socket.socket
    watch: Watch
    names: frozenset[str] | None = None
    """The modules at the top that it has imported; None while it imports."""
    importing: Package | None = None
    waiting: list[RunProbe] = field(default_factory=list)
    running: set[int] = field(default_factory=set)
    """Probes, by number."""
    unread: bytes = b""

    def run(self, request: RunProbe) -> None:
        """Have a probe run, once the packages are imported."""
        if self.names is None:
            self.waiting.append(request)
            return
        self.running.add(request.number)
        with suppress(OSError):  # what is read next says that it is gone
            self.control.sendall(encode(request))

    def hides(self, probe: Probe) -> bool:
        """Whether a module of the project has the name of one that is imported here: it would never be found."""
        folders = [Path(folder) for folder in (probe.root, *probe.search)]
        names = self.names or ()
        return any(
            (folder / name).is_dir() or (folder / f"{name}.py").is_file() for folder in folders for name in names
        )


@dataclass
class Heard:
    """What came from a branch."""

    messages: list[ZygoteMessage] = field(default_factory=list)
    """For klint."""
    again: list[RunProbe] = field(default_factory=list)
    """Probes that need another process."""
    is_gone: bool = False


class Branches:
    """The branches of one zygote. `fork` starts one that imports packages and speaks through a socket."""

    def __init__(
        self, fork: Callable[[tuple[Package, ...], socket.socket, str], int], held: Iterable[Package], depth: int
    ):
        self._fork = fork
        self.held = frozenset(held)
        """What this zygote has been asked to import itself."""
        self.depth = depth
        self.refused: set[Package] = set()
        """What each child has to import."""
        self.all: dict[frozenset[Package], Branch] = {}

    def of(self, request: RunProbe) -> Branch | None:
        """The branch that is to run a probe; None where the zygote itself is."""
        lacking = tuple(package for package in request.packages if self._is_lacking(package))
        if not lacking:
            return None
        fitting = [held for held in self.all if held <= set(lacking)]
        if fitting:
            branch = self.all[max(fitting, key=len)]
            return None if branch.hides(request.probe) else branch
        if self.depth >= _DEEPEST or len(self.all) >= _MOST:
            return None
        own, other = socket.socketpair()
        process = self._fork(lacking, other, str(Path(request.folder).parent))
        other.close()
        branch = Branch(lacking, process, own, Watch(process, _IMPORTS_TAKE))
        self.all[frozenset(lacking)] = branch
        return branch

    def _is_lacking(self, package: Package) -> bool:
        if package in self.refused or package in self.held or not _is_installed(package.top):
            return False
        module = sys.modules.get(package.module)
        return module is None or not all(hasattr(module, name) for name in package.names)

    def hear(self, branch: Branch) -> Heard:
        """Take what a branch says."""
        heard = Heard()
        try:
            data = branch.control.recv(_CHUNK)
        except OSError:
            data = b""
        *lines, branch.unread = (branch.unread + data).split(b"\n")
        try:
            for line in lines:
                self._take(line, branch, heard)
        except MalformedMessage:
            data = b""
        if not data:
            self._end(branch, heard)
        return heard

    def _take(self, line: bytes, branch: Branch, heard: Heard) -> None:
        match decode(line, BRANCH_MESSAGES):
            case ImportStarted(package=package):
                branch.importing = package
            case BranchUnfit():
                pass  # it ends
            case BranchReady(names=names):
                branch.names = frozenset(names)
                heard.again += branch.waiting
                branch.waiting = []
            case ChildReported() as message:
                heard.messages.append(message)
            case ChildEnded(number=number) as message:
                branch.running.discard(number)
                heard.messages.append(message)
            case message:
                assert_never(message)

    def _end(self, branch: Branch, heard: Heard) -> None:
        heard.is_gone = True
        self.all = {held: other for held, other in self.all.items() if other is not branch}
        if branch.names is None:
            self.refused |= set(branch.packages) if branch.importing is None else {branch.importing}
        heard.again += branch.waiting
        heard.messages += [
            ChildEnded(number=number, code=-signal.SIGKILL, killed=_LOST, stderr="")
            for number in sorted(branch.running)
        ]
        self._kill(branch)

    def end_late(self) -> None:
        """End those whose imports take too long."""
        for branch in self.all.values():
            if branch.names is None and branch.watch.limit_reached():
                self._kill(branch)

    def end_all(self) -> None:
        """End them, and their children with them."""
        for branch in self.all.values():
            self._kill(branch)

    def close(self) -> None:
        """Have no part in them: in a process that is forked."""
        for branch in self.all.values():
            branch.control.close()

    def _kill(self, branch: Branch) -> None:
        with suppress(ProcessLookupError):
            os.kill(branch.process, signal.SIGKILL)


@cache
def _is_installed(top: str) -> bool:
    try:
        return find_spec(top) is not None
    except (ImportError, ValueError):
        return False


def import_packages(
    packages: Iterable[Package], say: Callable[[ImportStarted | BranchReady | BranchUnfit], None]
) -> bool:
    """Import them, in a branch; whether it may fork now."""
    before = _tops()
    threads = _threads()
    for package in packages:
        say(ImportStarted(package=package))
        try:
            __import__(package.module, fromlist=package.names)
        except BaseException as error:  # `sys.exit` is called at import, too
            say(BranchUnfit(reason=f"importing it raises {type(error).__name__}"))
            return False
        if _threads() != threads:
            say(BranchUnfit(reason="importing it starts threads"))
            return False
    say(BranchReady(names=tuple(sorted(_tops() - before))))
    return True


def _tops() -> set[str]:
    return {name.partition(".")[0] for name in sys.modules}


def _threads() -> int:
    return sum(1 for _ in Path("/proc/self/task").iterdir())
