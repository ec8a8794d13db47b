"""What is made on certain lines of the module while a layer is constructed or called."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.oracles.tracking import held


@contextmanager
def given_on(path: str, lines: set[int]) -> Iterator[list[Any]]:
    """Collects what functions that are called on the lines of a file return, and the objects that are made there."""
    given: list[Any] = []

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        caller = frame.f_back
        if event != "return" or caller is None or caller.f_code.co_filename != path or caller.f_lineno not in lines:
            return
        is_made = frame.f_code.co_name == "__init__"
        given.append(frame.f_locals.get("self") if is_made else argument)

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        yield given
    finally:
        sys.setprofile(before)


def variables_in(framework: Framework, given: list[Any]) -> list[Any]:
    """The variables that such values are or hold, each once, in the order in which they were made."""
    made = [variable for value in given for variable in held(framework, value)]
    return list({id(variable): variable for variable in made}.values())
