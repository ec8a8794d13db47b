"""The files of a folder that may tell what a project requires; what was read of them is kept while they stay the same.

flake8 and editors lint file by file, each for itself, and ask the same folders again for each of them.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_OF_METADATA = re.compile(
    r"pyproject\.toml|setup\.(?:cfg|py)|requir.{0,255}|environment.{0,255}\.ya?ml|Pipfile.{0,255}|README.{0,255}"
    r"|.{0,255}\.(?:lock|ipynb|dist-info)|dockerfile.{0,255}|docker|pylock\.toml|notebooks?|examples|colab",
    re.IGNORECASE,
)
"""The names of all files that are looked for, and of folders that may hold them."""
_NAMES_OTHERS = "setup.py"
"""A file that may name files elsewhere, which are read with it."""
_SETTLED = 2_000_000_000
"""Nanoseconds since the last change of a file: a file system may not tell a change from one that is closer to it."""

State: TypeAlias = tuple[tuple[str | int, ...], ...]
Read: TypeAlias = Callable[..., Sequence["Requirement"]]


def kept(read: Read, folder: Path, *asked: Any) -> list[Requirement]:
    """What `read(folder, *asked)` finds in a folder: nothing where it has no file that may require anything."""
    state = _state(folder)
    if state == ():
        return []
    return list(read(folder, *asked) if state is None else _read(read, folder, asked, state))


@lru_cache(maxsize=64)
def _read(read: Read, folder: Path, asked: tuple[Any, ...], state: State) -> tuple[Requirement, ...]:
    return tuple(read(folder, *asked))


def _state(folder: Path) -> State | None:
    """What tells the files apart from what they are after a change; None where that cannot be told by the folder.

    Most folders hold nothing but code: theirs is empty.
    """
    try:
        with os.scandir(folder) as entries:
            found = [each for each in entries if _OF_METADATA.fullmatch(each.name)]
    except OSError:
        return ()
    try:
        if any(each.name.lower() == _NAMES_OTHERS or each.is_dir() for each in found):
            return None
        stats = [(each.name, each.stat()) for each in found]
    except OSError:
        return None
    latest = time.time_ns() - _SETTLED
    if any(max(stat.st_mtime_ns, stat.st_ctime_ns) > latest for _, stat in stats):
        return None
    return tuple(sorted((name, s.st_dev, s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for name, s in stats))
