"""How long a layer may take: processor time, which a busy machine does not use up, and behind it time by the clock."""

from __future__ import annotations

import ctypes
import time
from dataclasses import dataclass

CLOCK_FACTOR = 10
"""By so much time by the clock is more: on a busy machine a layer waits for the processor."""
LEAST = 1.0
"""What a child gets though others before it have used up all of it."""
_AT_WORK = 0.01
"""The part of its time for which a process that works has a processor, on any machine that is of use."""

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAllowed:
    """Seconds."""

    processor: float
    """Of all processors together."""
    waiting: float
    """Without work: for what sleeps, or waits for ever."""
    clock: float
    """In all."""

    @classmethod
    def of(cls, timeout: float) -> TimeAllowed:
        """What `--timeout` allows."""
        return cls(processor=timeout, waiting=timeout, clock=CLOCK_FACTOR * timeout)

    def is_used_up(self, processor: float, clock: float) -> bool:
        """Whether so much is all there is, or more."""
        return processor >= self.processor or clock >= self.clock

    def without(self, processor: float, clock: float) -> TimeAllowed:
        """What is left."""
        left = max(LEAST, self.clock - clock)
        return TimeAllowed(
            processor=max(LEAST, self.processor - processor), waiting=min(self.waiting, left), clock=left
        )


class Watch:
    """Tells when the time of a process is up."""

    def __init__(self, process: int, allowed: TimeAllowed) -> None:
        self.allowed = allowed
        self._process = process
        self._started = self._worked = time.monotonic()
        self._used = 0.0

    def limit_reached(self) -> str:
        """Which limit: `processor`, `waiting` or `clock`; empty where none is."""
        now, used = time.monotonic(), processor_seconds(self._process)
        if used is None or used - self._used >= _AT_WORK * self.allowed.waiting:
            self._worked, self._used = now, used or 0.0
        if self._used > self.allowed.processor:
            return "processor"
        if now - self._started > self.allowed.clock:
            return "clock"
        return "waiting" if now - self._worked > self.allowed.waiting else ""


def processor_seconds(process: int) -> float | None:
    """What all threads of a running process have used so far; None where the system does not say."""
    clock = ctypes.c_int()
    try:
        if _libc.clock_getcpuclockid(process, ctypes.byref(clock)) != 0:
            return None
        return time.clock_gettime(clock.value)
    except (AttributeError, OSError):
        return None
