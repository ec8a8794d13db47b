"""Runs each task in a child of this process, which has imported the framework and computed nothing, a few at a time."""

from __future__ import annotations

import json
import os
import selectors
import signal
import sys
import tempfile
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

Task = TypeVar("Task")
_CHUNK = 1 << 16


@dataclass
class _Child:
    process: int
    pipe: int
    deadline: float
    said: bytes = field(default=b"")


def run_each(
    tasks: Sequence[Task], work: Callable[[Task, Path], Any], *, jobs: int, seconds: float
) -> Iterator[tuple[Task, Any]]:
    """What `work` returns for each task, as JSON holds it; where it returned nothing, a text that says how it ended.

    `work` gets a folder of its own. The results come in the order in which they are there.
    """
    waiting = deque(tasks)
    running: dict[int, tuple[Task, _Child]] = {}
    with selectors.DefaultSelector() as selector, tempfile.TemporaryDirectory(prefix="klint-") as folder:
        while waiting or running:
            while waiting and len(running) < jobs:
                task = waiting.popleft()
                child = _start(task, work, Path(folder), time.monotonic() + seconds)
                running[child.pipe] = task, child
                selector.register(child.pipe, selectors.EVENT_READ)
            for key, _ in selector.select(0.5):
                task, child = running[key.fd]
                data = os.read(key.fd, _CHUNK)
                child.said += data
                if not data:
                    selector.unregister(key.fd)
                    del running[key.fd]
                    yield task, _end(child)
            for _, child in running.values():
                if time.monotonic() > child.deadline:
                    os.killpg(child.process, signal.SIGKILL)


def _start(task: Task, work: Callable[[Task, Path], Any], folder: Path, deadline: float) -> _Child:
    ours, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(ours)
        _work(task, work, folder, theirs)
    os.close(theirs)
    return _Child(process, ours, deadline)


def _work(task: Task, work: Callable[[Task, Path], Any], folder: Path, pipe: int) -> None:
    """Never returns."""
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        own = folder / str(os.getpid())
        own.mkdir()
        os.chdir(own)
        sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 (until the process ends)
        warnings.simplefilter("ignore")
        os.write(pipe, json.dumps(work(task, own)).encode())
    except BaseException as error:
        os.write(pipe, json.dumps(f"{type(error).__name__}: {error}").encode())
    finally:
        os._exit(0)  # whatever threads still run


def _end(child: _Child) -> Any:
    os.close(child.pipe)
    _, status = os.waitpid(child.process, 0)
    if child.said:
        return json.loads(child.said)
    return "it took too long" if time.monotonic() > child.deadline else f"the process ended with {status}"
