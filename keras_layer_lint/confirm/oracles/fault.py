"""Whether an error is what a finding speaks of."""

from __future__ import annotations

import dis
import inspect
import linecache
import re
from types import FunctionType, TracebackType
from typing import Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.not_installed import not_installed
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.expectation import Effect

_IN_EAGER_MODE = (TypeError, AttributeError, NotImplementedError, RuntimeError, NameError)
"""What a fault raises in eager mode, too; other errors are those of a plan that does not fit."""
_OF_VALUES = frozenset({"InvalidArgumentError", "MemoryError", "ResourceExhaustedError"})
"""Errors of an operation that was given values that do not fit."""
_OF_SHAPES = re.compile(r"[Ii]ncompatible shapes|cannot reshape|dot_general requires|shapes must be equal|broadcast")
"""On JAX their classes are those of any error."""


_TOO_SMALL = re.compile(
    r"Negative dimension size|output size would be (?:zero or )?negative|due to downsampling|would be <= 0"
)
"""What is said of an image of which a layer leaves nothing, by TensorFlow and both generations of Keras."""


def is_of_small_sizes(error: BaseException) -> bool:
    """Whether an axis has become too short on the way: inputs that were made up may be too small, traced or not.

    Some kernels of TensorFlow take an image without a pixel in eager mode.
    """
    return _TOO_SMALL.search(str(error)) is not None


def works(claim: Claim) -> bool:
    """Whether a finding says that the line does work, on this backend only."""
    return claim.says(Effect.WORKS)


def is_fault(framework: Framework, claim: Claim, error: Exception) -> bool:
    """Whether an error of eager mode is what the finding speaks of, and not that of a plan that does not fit."""
    if not_installed(error):
        return False
    if framework.tf is None and _OF_SHAPES.search(str(error)):
        return False
    of_values = type(error).__name__ in _OF_VALUES
    if isinstance(error, _IN_EAGER_MODE) or (claim.confirm.raises_eagerly and not of_values):
        return True
    return bool(claim.expects.errors) and claim.names(error)


def is_left_to_subclasses(cls: Any, error: Exception) -> bool:
    """Whether what the class lacks is what a class derived from it has: it is not meant to be used by itself."""
    if not isinstance(error, AttributeError):
        return False
    missing = re.findall(r"has no attribute '(\w+)'", str(error))
    return any(name in vars(derived) or _sets(derived, name) for derived in cls.__subclasses__() for name in missing)


def _sets(cls: type, name: str) -> bool:
    """Whether a method of a class itself gives an object an attribute."""
    codes = [value.__code__ for value in vars(cls).values() if isinstance(value, FunctionType)]
    return any(
        each.opname == "STORE_ATTR" and each.argval == name for code in codes for each in dis.get_instructions(code)
    )


def is_meant_as_base(cls: Any, error: BaseException) -> bool:
    """Whether the error, or a method that is marked so, says that the class leaves what it does to derived ones."""
    is_abstract = isinstance(error, TypeError) and bool(getattr(cls, "__abstractmethods__", None))
    is_abstract |= any(getattr(inspect.getattr_static(cls, name), "__isabstractmethod__", False) for name in dir(cls))
    is_left = isinstance(error, Exception) and is_left_to_subclasses(cls, error)
    return isinstance(error, NotImplementedError) or is_abstract or is_left


def is_for_lack_of_a_package(error: BaseException) -> bool:
    """Whether a package is missing that the class can be imported without: its name in the module may be None."""
    if isinstance(error, ImportError):
        return True
    wanted = re.search(r"'NoneType' object has no attribute '(\w+)'", str(error))
    trace: TracebackType | None = error.__traceback__
    while wanted is not None and trace is not None:
        frame = trace.tb_frame
        line = linecache.getline(frame.f_code.co_filename, trace.tb_lineno)
        for name in re.findall(rf"\b(\w+)\.{wanted[1]}\b", line):
            if name not in frame.f_locals and frame.f_globals.get(name, ...) is None:
                return True
        trace = trace.tb_next
    return False
