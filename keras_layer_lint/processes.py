"""Work spread over processes, and what a process and its threads are told for the time of their work.

Recursion limit, size of stacks and garbage collector are switches of the whole process. In a process of klint's own
they are set once. In that of others, who call klint as a library or through flake8, they are changed under a lock, for
as long as it takes, and put back.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

FILES_PER_WORKER = 400
"""Files that pay for one more process: starting it costs what linting about a hundred layers does."""
_CHUNKS_PER_WORKER = 4

Item = TypeVar("Item")
Done = TypeVar("Done")


def workers_for(files: int, jobs: int) -> int:
    """How many processes lint so many files; `jobs` is what the user asked for, 0 where klint is to choose."""
    if jobs:
        return min(jobs, max(files, 1))
    return min(os.cpu_count() or 1, files // FILES_PER_WORKER + 1)


def in_processes(
    work: Callable[[Sequence[Item]], Done], items: Sequence[Item], workers: int
) -> Iterator[tuple[Sequence[Item], Done | None]]:
    """Call `work` on stretches of `items`, each in one of several processes; yield them in order, with the result.

    The result is None where a process died. `work` must be picklable: a function of a module, or a partial of one.
    """
    from concurrent.futures import ProcessPoolExecutor

    # Neighbours import each other: a worker gets whole stretches of the sorted list.
    size = -(-len(items) // (workers * _CHUNKS_PER_WORKER))
    chunks = [items[i : i + size] for i in range(0, len(items), size)]
    with ProcessPoolExecutor(workers, initializer=_begin) as pool:
        futures = [pool.submit(work, chunk) for chunk in chunks]
        for chunk, future in zip(chunks, futures, strict=True):
            yield chunk, _result(future)


def _result(future: Future[Done]) -> Done | None:
    from concurrent.futures.process import BrokenProcessPool

    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _begin() -> None:
    """Make a worker klint's own. Ctrl-C ends it without a traceback: the process that started it says what there is."""
    own()
    signal.signal(signal.SIGINT, signal.SIG_DFL)


RECURSION_LIMIT = 12_000
"""For code as deep as `source.nesting` lets through: some ten Python frames a level."""
STACK_SIZE = 64 * 1024 * 1024
"""Bytes, for so many Python frames, and for LibCST, which parses by recursion in native code."""


class _State(threading.local):
    is_deep = False
    """Whether this thread has a stack for deep code."""


_state = _State()
_switching = threading.Lock()
_owned = False
_without_collection = 0
_collected_before = True


def own() -> None:
    """Take this process for klint's own: deep code is analysed where it is met, and nothing has to be put back."""
    global _owned
    _owned = True
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))


def is_own() -> bool:
    """Whether this process is klint's own."""
    return _owned


def is_deep() -> bool:
    """Whether deep code can be analysed in this thread; elsewhere it ends in a RecursionError."""
    return _owned or _state.is_deep


def in_deep_stack(work: Callable[[], Done]) -> Done:
    """Call `work` in a thread that has a stack for deep code; raise what it raises."""
    done: list[Done] = []
    failed: list[BaseException] = []

    def run() -> None:
        _state.is_deep = True
        try:
            done.append(work())
        except BaseException as error:
            failed.append(error)

    with _switching:
        limit = sys.getrecursionlimit()
        size = threading.stack_size(STACK_SIZE)
        sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
        try:
            thread = threading.Thread(target=run, name="klint")
            thread.start()
            thread.join()
        finally:
            threading.stack_size(size)
            sys.setrecursionlimit(limit)
    if failed:
        raise failed[0]
    return done[0]


@contextmanager
def without_collection() -> Iterator[None]:
    """Switch the garbage collector off: walking millions of live tree nodes again and again takes half of the run.

    The last thread that needs it off puts back what the first one found.
    """
    global _without_collection, _collected_before
    with _switching:
        if not _without_collection:
            _collected_before = gc.isenabled()
            gc.disable()
        _without_collection += 1
    try:
        yield
    finally:
        with _switching:
            _without_collection -= 1
            if not _without_collection and _collected_before:
                gc.enable()
