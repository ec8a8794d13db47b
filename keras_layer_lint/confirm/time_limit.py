"""An end for work that has none of its own."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

_NOT_HERE = sys.stdlib_module_names | {"keras_layer_lint", "tensorflow", "jax", "jaxlib", "numpy", "torch"}
"""Packages whose Python code may have been called by native code that takes no exception.

TensorFlow 2.21 dies of a segmentation fault where one is raised in what its `range` calls to convert a number, once in
some hundred times (measured).
"""


class DoesNotEnd(Exception):
    """Code went on for longer than it was given."""


@dataclass
class TimeLimit:
    """How many seconds of processor time a call gets: few once one of them had to be interrupted."""

    seconds: float = 3.0
    afterwards: float = 0.5
    patient: float = 15.0
    """For what was interrupted and no finding speaks of: it may be slow only."""
    was_hit: bool = False
    """Whether anything was cut short."""

    def be_patient(self) -> None:
        """Give calls longer, until one is interrupted all the same."""
        self.seconds = self.patient


LIMIT = TimeLimit()
"""That of this process, which runs one layer."""


@contextmanager
def with_an_end(limit: TimeLimit = LIMIT) -> Iterator[None]:
    """Interrupt Python code that takes too long, between two of its lines.

    Where a limit is in force already, that one counts; outside the main thread there is none.
    """
    if signal.getitimer(signal.ITIMER_PROF)[0]:
        yield
        return
    interruption = _Interruption(limit, limit.seconds)
    try:
        before = signal.signal(signal.SIGPROF, interruption.is_due)
    except ValueError:  # not the main thread
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, limit.seconds, limit.seconds)
    try:
        yield
    finally:
        with suppress(DoesNotEnd):  # the time may be up here
            signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        interruption.forget()


@dataclass
class _Interruption:
    """Raises an error where the next line of the layer or of Keras begins, once the time is up.

    Where none begins for as long again, it raises wherever the code is.
    """

    limit: TimeLimit
    seconds: float
    tracer: Callable[..., Any] | None = field(default_factory=sys.gettrace)
    """What traced before."""
    frames: list[tuple[FrameType, Any]] = field(default_factory=list)
    """Frames that are traced, with what traced them before."""
    is_waiting: bool = False
    """Whether it waits for the next line."""
    has_traced: bool = False
    """Whether something has to be put back."""

    def is_due(self, number: int, frame: FrameType | None) -> None:
        if self.is_waiting:
            self._end()
        self.is_waiting = self.has_traced = True
        while frame is not None:
            if _may_raise(frame):
                self.frames.append((frame, frame.f_trace))
                frame.f_trace = self._at_a_line
            frame = frame.f_back
        sys.settrace(self._at_a_call)

    def forget(self) -> None:
        if self.has_traced:
            sys.settrace(self.tracer)
        for frame, tracer in reversed(self.frames):
            frame.f_trace = tracer

    def _at_a_call(self, frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        if _may_raise(frame):
            self._end()
        return None

    def _at_a_line(self, frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        if event == "line":
            self._end()
        return self._at_a_line

    def _end(self) -> None:
        self.limit.seconds = min(self.seconds, self.limit.afterwards)
        self.limit.was_hit = True
        self.is_waiting = False
        raise DoesNotEnd(f"did not end within {self.seconds:g} s of processor time")


def _may_raise(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] not in _NOT_HERE
