"""The files that a layer reads while it is run, beside what is installed: an outcome rests on them."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from contextlib import suppress
from importlib.util import source_from_cache
from pathlib import Path

MOST = 2000
"""Files; of code that reads more, not all are known."""
_BEING_WRITTEN = re.compile(r"\.pyc\.\d+\Z")
"""What Python compiles goes to a file of such a name first: nothing reads it."""
_ELSEWHERE = ("/proc", "/sys", "/dev")
_OWN = str(Path(__file__).resolve().parents[1])


class FilesRead:
    """Notes what this process opens, from Python; it can be asked at any time. What is not there is noted as well."""

    def __init__(self, *folders: str) -> None:
        """`folders` are those of the run itself."""
        names = ("stdlib", "platstdlib", "purelib", "platlib")
        installed = [sysconfig.get_path(name) for name in names]
        installed += [folder for folder in sys.path if folder.endswith(("site-packages", "dist-packages"))]
        self._skipped = tuple(
            {os.path.join(folder, "") for folder in [*installed, *_ELSEWHERE, _OWN, *folders] if folder}  # noqa: PTH118
        )
        self._found: set[str] = set()

    @property
    def paths(self) -> tuple[str, ...]:
        """All of them, `MOST` at the most."""
        return tuple(sorted(self._found))

    @property
    def is_complete(self) -> bool:
        """Whether nothing was left out."""
        return len(self._found) < MOST

    def start(self) -> None:
        """From now on, until the process ends."""
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[object, ...]) -> None:
        if event != "open" or not isinstance(arguments[0], (str, bytes)):
            return
        path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100 (links stay)
        if f"{path}{os.sep}".startswith(self._skipped) or len(self._found) >= MOST:
            return
        if _BEING_WRITTEN.search(path):
            return
        if path.endswith(".pyc"):
            with suppress(ValueError, NotImplementedError):  # code without source, as it stands
                path = source_from_cache(path)
        self._found.add(path)
