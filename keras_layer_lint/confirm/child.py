"""The child of a zygote: sets its limits, loads the layer, runs the oracles and reports as it goes."""

from __future__ import annotations

import faulthandler
import json
import os
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from typing import Any

from keras_layer_lint.confirm import sandbox
from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.judging import judge
from keras_layer_lint.confirm.probe import Probe
from keras_layer_lint.confirm.subject import brief

Report = Callable[[dict[str, Any]], None]


def run(framework: Framework, probe: Probe, request: dict[str, Any], reports: int, errors: int, token: bytes) -> None:
    """Run one probe and end the process."""
    report = _reporter(reports, token)
    folder = request["folder"]
    try:
        os.setsid()
        _settle(folder, errors)
        lacking = sandbox.confine(folder, request["timeout"])
        report({"kind": "sandbox", "lacking": lacking})
        started = time.perf_counter()
        judge(framework, probe, report)
        report({"kind": "done", "seconds": time.perf_counter() - started})
    except MemoryError:
        report({"kind": "failed", "reason": "it ran out of the memory it may use"})
    except SystemExit:
        report({"kind": "failed", "reason": "it called `sys.exit`"})
    except BaseException as error:
        report({"kind": "failed", "reason": brief(error)})
    os._exit(0)  # whatever threads still run


def _settle(folder: str, errors: int) -> None:
    """Make `folder` the only place there is, and no output but the tail of standard error."""
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


def _reporter(pipe: int, token: bytes) -> Report:
    """Write to the pipe. The end is moved out of the way of the numbers that code is likely to close or write to."""
    high = os.dup(pipe)
    os.close(pipe)
    write, dump = os.write, json.dumps  # kept here: user code may replace them in their modules

    def report(message: dict[str, Any]) -> None:
        data = token + b" " + dump(message).encode() + b"\n"
        while data:
            data = data[write(high, data) :]

    return report
