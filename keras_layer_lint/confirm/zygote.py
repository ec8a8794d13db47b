"""A process that has imported one generation of Keras and runs each layer in a child forked from itself.

It executes no operation and no code of the user: after the first operation a fork would hang. It speaks with klint over
a socket, in lines of JSON: probes come in, what the children report and how they ended goes out. What modules import
from elsewhere is imported by its branches.
"""

from __future__ import annotations

import gc
import os
import secrets
import selectors
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from keras_layer_lint.confirm import sandbox
from keras_layer_lint.confirm.branches import Branch, Branches, import_packages
from keras_layer_lint.confirm.child import run, settle
from keras_layer_lint.confirm.children import LAST_WORDS, Children
from keras_layer_lint.confirm.encoding import decode, encode
from keras_layer_lint.confirm.framework import Framework, load
from keras_layer_lint.confirm.hooks import registered
from keras_layer_lint.confirm.messages import FrameworkMissing, RunProbe, ZygoteMessage, ZygoteReady
from keras_layer_lint.confirm.oracles.converted import convert_beforehand
from keras_layer_lint.confirm.probe import Package
from keras_layer_lint.target import Generation

_CHUNK = 1 << 16


class Zygote:
    """Has children and branches run probes. A branch has `held` packages before, below so many zygotes: its `depth`."""

    def __init__(
        self,
        framework: Framework,
        control: socket.socket,
        lacking: list[str],
        held: Iterable[Package] = (),
        depth: int = 0,
    ) -> None:
        self.framework = framework
        self.control = control
        self.lacking = lacking
        self.selector = selectors.DefaultSelector()
        self.selector.register(control, selectors.EVENT_READ)
        self._received = b""
        self._has_namespaces = "ending what a layer leaves behind" not in lacking
        self.children = Children(self.selector, self.send, has_namespaces=self._has_namespaces)
        self.branches = Branches(self._fork_branch, held, depth)

    def serve(self) -> None:
        """Run what is asked for until klint closes the socket."""
        while True:
            for key, _ in self.selector.select(LAST_WORDS / 2 if self.children.is_ending else 1.0):
                if key.fileobj is self.control:
                    if not self._receive():
                        return
                elif isinstance(key.data, Branch):
                    self._hear(key.data)
                else:
                    self.children.drain(key.data, key.fd)
            self.children.reap()
            self.branches.end_late()
            self.children.end_late()

    def end_all(self) -> None:
        """Kill every child."""
        self.branches.end_all()
        self.children.end_all()

    def send(self, message: ZygoteMessage) -> None:
        """Tell klint."""
        self.control.sendall(encode(message))

    def _receive(self) -> bool:
        data = self.control.recv(_CHUNK)
        if not data:
            return False
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            self._place(decode(line, [RunProbe]))
        return True

    def _place(self, request: RunProbe) -> None:
        """Run a probe where the packages are imported that its module imports."""
        # Without namespaces, what a branch has left behind could not be ended.
        branch = self.branches.of(request) if self._has_namespaces else None
        if branch is None:
            self.children.start(request, lambda *ends: self._become_child(request, *ends))
            return
        if branch.control.fileno() not in self.selector.get_map():
            self.selector.register(branch.control, selectors.EVENT_READ, branch)
        branch.run(request)

    def _hear(self, branch: Branch) -> None:
        heard = self.branches.hear(branch)
        if heard.is_gone:
            self.selector.unregister(branch.control)
            branch.control.close()
        for message in heard.messages:
            self.send(message)
        for request in heard.again:
            self._place(request)

    def _become_child(self, request: RunProbe, reports: int, errors: int, token: bytes) -> None:
        """Never returns."""
        try:
            self._let_go()
            run(self.framework, request, reports, errors, token)
        finally:
            os._exit(70)

    def _fork_branch(self, packages: tuple[Package, ...], control: socket.socket, folder: str) -> int:
        own = Path(folder, f"packages-{secrets.token_hex(4)}")
        own.mkdir(parents=True)
        sandbox.next_child_is_first()
        process = os.fork()
        if process == 0:
            self._become_branch(packages, control, folder, str(own))
        return process

    def _become_branch(self, packages: tuple[Package, ...], control: socket.socket, folder: str, own: str) -> None:
        """Never returns. All children of it write below `folder`, and what it imports to its `own`."""
        try:
            self._let_go()
            settle(own, os.open(os.devnull, os.O_RDWR))
            sandbox.confine_imports(folder)
            zygote = Zygote(
                self.framework, control, self.lacking, self.branches.held.union(packages), self.branches.depth + 1
            )
            if import_packages(packages, lambda message: control.sendall(encode(message))):
                gc.collect()
                gc.freeze()
                zygote.serve()
        finally:
            os._exit(0)

    def _let_go(self) -> None:
        """Have no part in what others do: in a process that is forked."""
        self.control.close()
        self.selector.close()
        self.branches.close()
        self.children.close()


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
    with suppress(Exception):  # a child converts it then
        tempfile.tempdir = str(Path.cwd())  # what is converted is put into a file that nobody removes
        convert_beforehand(framework)
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
