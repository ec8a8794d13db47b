"""An end for work that has none of its own."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType


class DoesNotEnd(Exception):
    """Code went on for longer than it was given."""


@dataclass
class TimeLimit:
    """How many seconds of processor time a call gets: few once one of them had to be interrupted."""

    seconds: float = 3.0
    afterwards: float = 0.5
    was_hit: bool = False
    """Whether anything was cut short."""


LIMIT = TimeLimit()
"""That of this process, which runs one layer."""


@contextmanager
def with_an_end(limit: TimeLimit = LIMIT) -> Iterator[None]:
    """Interrupt Python code that takes too long, between two of its instructions.

    Where a limit is in force already, that one counts; outside the main thread there is none.
    """
    if signal.getitimer(signal.ITIMER_PROF)[0]:
        yield
        return
    seconds = limit.seconds

    def interrupt(number: int, frame: FrameType | None) -> None:
        limit.seconds = min(seconds, limit.afterwards)
        limit.was_hit = True
        raise DoesNotEnd(f"did not end within {seconds:g} s of processor time")

    try:
        before = signal.signal(signal.SIGPROF, interrupt)
    except ValueError:  # not the main thread
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        with suppress(DoesNotEnd):  # the time may be up here
            signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
