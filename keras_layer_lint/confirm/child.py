"""The child of a zygote: sets its limits, loads the layer, runs the oracles and reports as it goes."""

from __future__ import annotations

import faulthandler
import os
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable

from keras_layer_lint.confirm import sandbox
from keras_layer_lint.confirm.across import run_across
from keras_layer_lint.confirm.comparing import compare
from keras_layer_lint.confirm.encoding import encode
from keras_layer_lint.confirm.files_read import FilesRead
from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.judging import judge
from keras_layer_lint.confirm.messages import Aborted, ChildMessage, Finished, RunProbe, SandboxSet, Send
from keras_layer_lint.confirm.probe import Probe
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.confirm.time_limit import LIMIT

_GRACE = 10.0
"""Seconds of processor time until the kernel ends a child that nobody else has ended."""


def run(framework: Framework, request: RunProbe, reports: int, errors: int, token: bytes) -> None:
    """Run one probe and end the process."""
    send = _sender(reports, token)
    try:
        os.setsid()
        settle(request.folder, errors)
        send(SandboxSet(lacking=tuple(sandbox.confine(request.folder, request.time.processor + _GRACE))))
        started = time.perf_counter()
        read = FilesRead(request.folder)
        read.start()
        _way_of(request.probe)(framework, request.probe, send)
        seconds = time.perf_counter() - started
        send(Finished(seconds=seconds, files=read.paths, is_repeatable=read.is_complete and not LIMIT.was_hit))
    except MemoryError:
        send(Aborted(reason="it ran out of the memory it may use"))
    except SystemExit:
        send(Aborted(reason="it called `sys.exit`"))
    except BaseException as error:
        send(Aborted(reason=brief(error)))
    os._exit(0)  # whatever threads still run


def _way_of(probe: Probe) -> Callable[[Framework, Probe, Send], None]:
    """What is done with a probe."""
    if probe.across is not None:
        return run_across
    return judge if probe.fixed is None else compare


def settle(folder: str, errors: int) -> None:
    """Make `folder` the only place there is, and no output but `errors`, which takes standard error."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.dup2(errors, 2)
    os.close(nothing)
    os.close(errors)
    os.chdir(folder)
    for name in ("HOME", "TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "KERAS_HOME"):
        os.environ[name] = folder
    tempfile.tempdir = None
    faulthandler.enable(2)
    sys.argv = ["klint"]
    warnings.simplefilter("ignore")
    random.seed(7)


def _sender(pipe: int, token: bytes) -> Send:
    """Write to the pipe. The end is moved out of the way of the numbers that code is likely to close or write to."""
    high = os.dup(pipe)
    os.close(pipe)
    write = os.write  # kept here: user code may replace it in its module

    def send(message: ChildMessage) -> None:
        data = token + b" " + encode(message)
        while data:
            data = data[write(high, data) :]

    return send
