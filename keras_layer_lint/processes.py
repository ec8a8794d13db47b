"""Work spread over processes, and what a process is told for the time of its work."""

from __future__ import annotations

import gc
import os
import signal
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
    with ProcessPoolExecutor(workers, initializer=_end_on_interrupt) as pool:
        futures = [pool.submit(work, chunk) for chunk in chunks]
        for chunk, future in zip(chunks, futures, strict=True):
            yield chunk, _result(future)


def _result(future: Future[Done]) -> Done | None:
    from concurrent.futures.process import BrokenProcessPool

    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _end_on_interrupt() -> None:
    """Let Ctrl-C end a worker without a traceback: the process that started it says what there is to say."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def without_collection() -> Iterator[None]:
    """Switch the garbage collector off: walking millions of live tree nodes again and again takes half of the run."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
