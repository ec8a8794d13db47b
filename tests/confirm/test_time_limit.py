"""Work that takes too long is interrupted, in code that takes it."""

from __future__ import annotations

import signal
import sys
import traceback
from types import FrameType
from typing import Any

import pytest

from keras_layer_lint.confirm import time_limit
from keras_layer_lint.confirm.time_limit import DoesNotEnd, TimeLimit, with_an_end

NATIVE = """
def convert(value):
    for each in range(20_000):
        value += each
    return value

def go_on():
    while True:
        pass
"""
AGAIN = """
def go_on(caught):
    try:
        while True:
            pass
    except Exception as error:
        caught.append(error)
    while True:
        pass
"""
LAYER = """
def call(convert):
    value = 0
    while value is not None:
        value = convert(value)
"""


def module(name: str, source: str) -> dict[str, Any]:
    """What a module of this name defines."""
    defined: dict[str, Any] = {"__name__": name}
    exec(compile(source, f"{name}.py", "exec"), defined)
    return defined


@pytest.mark.parametrize("time", range(5))
def test_it_ends_in_the_layer_though_all_time_goes_into_the_framework(time: int) -> None:
    """TensorFlow dies where an error is raised in Python code that its native code calls."""
    convert = module("tensorflow.python.ops", NATIVE)["convert"]
    limit = TimeLimit(seconds=0.05)
    with pytest.raises(DoesNotEnd, match=r"0\.05 s of processor time") as caught, with_an_end(limit):
        module("layers", LAYER)["call"](convert)
    assert limit.was_hit
    files = [frame.filename for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert [each for each in files if each != time_limit.__file__][-1] == "layers.py"


def test_a_function_that_the_framework_calls_again_and_again_ends_when_it_is_called() -> None:
    calls = module("tensorflow.python.ops", "def while_loop(body):\n    while True:\n        body()\n")
    with pytest.raises(DoesNotEnd), with_an_end(TimeLimit(seconds=0.05)):
        calls["while_loop"](lambda: None)


@pytest.mark.slow
def test_what_never_comes_back_to_the_layer_ends_all_the_same() -> None:
    go_on = module("tensorflow.python.ops", NATIVE)["go_on"]
    with pytest.raises(DoesNotEnd), with_an_end(TimeLimit(seconds=0.05)):
        go_on()


def test_an_error_that_is_caught_comes_again() -> None:
    caught: list[Exception] = []
    with pytest.raises(DoesNotEnd), with_an_end(TimeLimit(seconds=0.05)):
        module("layers", AGAIN)["go_on"](caught)
    assert [type(each) for each in caught] == [DoesNotEnd]


def test_nothing_is_left_behind() -> None:
    def tracer(frame: FrameType, event: str, argument: object) -> None:
        return None

    before, handler = sys.gettrace(), signal.getsignal(signal.SIGPROF)
    own = sys._getframe().f_trace
    go_on = module("layers", NATIVE)["go_on"]
    sys.settrace(tracer)
    try:
        with pytest.raises(DoesNotEnd), with_an_end(TimeLimit(seconds=0.05)):
            go_on()
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)
    assert sys._getframe().f_trace is own
    assert signal.getsignal(signal.SIGPROF) is handler
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)


def test_what_ends_in_time_is_not_touched() -> None:
    limit = TimeLimit(seconds=5)
    with with_an_end(limit):
        total = sum(range(1000))
    assert (total, limit) == (499500, TimeLimit(seconds=5))
