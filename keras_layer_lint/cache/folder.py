"""The folder of a cache: made whole or not at all, marked as klint's own, and removed only where it is so marked."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

_TAG = "CACHEDIR.TAG"
_OWN = "klint"
_MARKS = {
    # https://bford.info/cachedir/: backups leave such folders out.
    _TAG: f"Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of {_OWN}. It can be deleted.\n",
    ".gitignore": "*\n",
}


class NotACache(Exception):
    """A folder that holds what klint did not put there: it is left as it is."""


def make(folder: Path) -> None:
    """Have a marked folder, whoever else makes it at the same time. OSError or NotACache where that cannot be."""
    if is_marked(folder):
        return
    if _is_of_others(folder):
        raise NotACache(f"{folder} holds other files: a cache needs a folder of its own")
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = _beside(folder)
    try:
        new.mkdir()
        for name, text in _MARKS.items():
            (new / name).write_text(text, encoding="ascii")
        with suppress(FileNotFoundError, NotADirectoryError):
            folder.rmdir()  # an empty one; not all systems let another take its place
        new.rename(folder)
    except OSError:
        if not is_marked(folder):  # another run was first
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def is_marked(folder: Path) -> bool:
    """Whether klint has made a folder."""
    try:
        with (folder / _TAG).open("rb") as file:
            return _OWN.encode() in file.read(500)
    except OSError:
        return False


def remove(folder: Path) -> bool:
    """Remove a cache and all in it; False where there is none. OSError or NotACache where it cannot be removed."""
    folder = folder.resolve()
    if not is_marked(folder):
        if _is_of_others(folder):
            raise NotACache(f"{folder} holds other files, or has lost its {_TAG}: klint does not delete it")
        return False
    away = _beside(folder)
    try:
        folder.rename(away)  # from here on, a run that goes on makes a new one
    except OSError:  # something is mounted there
        away = folder
    shutil.rmtree(away)
    return True


def _beside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name.lstrip('.')}.{secrets.token_hex(8)}")


def _is_of_others(folder: Path) -> bool:
    """Whether a folder holds anything, and not because another run has just made it: it comes whole, with its mark."""
    return _holds_anything(folder) and not is_marked(folder)


def _holds_anything(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except FileNotFoundError:
        return False
    except NotADirectoryError:
        return True
