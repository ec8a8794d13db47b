"""What may keep a module from being imported here, though its author imports it: each tried once it has failed.

A package is not installed that other layers do not need. Data is opened by a path from the folder of the project. A
script in the folder of the module has the name of a package of the project.
"""

from __future__ import annotations

import errno
import importlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from keras_layer_lint.confirm.not_installed import StandIns

_NO_PACKAGE = re.compile(r"No module named '[\w.]{1,200}'; '([\w.]{1,200})' is not a package")
_OF_CODE = (ImportError, SyntaxError, NameError, AttributeError)
"""Errors that no file brings; None is what some functions give for a file that is not there."""
_KEPT_OUT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class Remedies:
    """What was changed so far for one module. `path`: its file; `roots`: folders that imports begin in."""

    def __init__(self, path: str, roots: Sequence[str]) -> None:
        self._folder = str(Path(path).parent)
        self._stand_ins = StandIns()
        self._places = list(dict.fromkeys(roots))
        self._place: str | None = None

    def found_for(self, error: BaseException | None, project: str) -> bool:
        """Whether something was changed for which the import may be tried again. `project`: its outermost package."""
        return self._stand_ins.add(error, project) or self._has_unshadowed(error) or self._has_moved(error)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Where the module is imported: in a folder of the project once that is known to be wanted."""
        if self._place is None:
            yield
            return
        before = os.getcwd()  # noqa: PTH109
        os.chdir(self._place)
        try:
            yield
        finally:
            os.chdir(before)

    def _has_unshadowed(self, error: BaseException | None) -> bool:
        """Whether a script beside the module is no longer taken for the package of its name."""
        found = _NO_PACKAGE.search(str(error)) if isinstance(error, ModuleNotFoundError) else None
        if found is None or self._folder not in sys.path:
            return False
        file = getattr(sys.modules.get(found[1]), "__file__", None) or ""
        if not file or str(Path(file).parent) != self._folder:
            return False
        sys.path.remove(self._folder)
        del sys.modules[found[1]]
        importlib.invalidate_caches()
        return True

    def _has_moved(self, error: BaseException | None) -> bool:
        """Whether the module is imported in another folder next, where nothing can be written by mistake."""
        if error is None or (isinstance(error, _OF_CODE) and "'NoneType' object" not in str(error)):
            return False
        while self._places:
            place = self._places.pop(0)
            if _cannot_be_written(place):
                self._place = place
                return True
        self._place = None
        return False


def _cannot_be_written(folder: str) -> bool:
    """Whether the limits of the process keep it from writing there; tried with a file that gets no name."""
    if not hasattr(os, "O_TMPFILE"):
        return False
    try:
        file = os.open(folder, os.O_TMPFILE | os.O_WRONLY)
    except OSError as error:
        return error.errno in _KEPT_OUT
    with suppress(OSError):
        os.close(file)
    return False
