"""Files are replaced whole: whenever klint is stopped, a file is what it was or what it is to be."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from keras_layer_lint.errors import KlintError
from keras_layer_lint.source.decode import read_source
from keras_layer_lint.source.notebook import is_notebook, module_of, written
from keras_layer_lint.source.notebook_json import MOST_BYTES


class ChangedMeanwhile(KlintError):
    """A file is not what it was when it was read: it is left as it is."""


def replace_module(path: Path, before: bytes, after: bytes) -> None:
    """As `replace_file`, of the source of a module: of a notebook, the sources of the cells that changed.

    UnreadableFile where a notebook cannot hold it.
    """
    if not is_notebook(path):
        replace_file(path, before, after)
        return
    raw = read_source(path, MOST_BYTES)
    if module_of(raw) != before:
        raise ChangedMeanwhile(f"{path}: changed while it was fixed, so it is left as it is")
    replace_file(path, raw, written(raw, after))


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Write a file beside, and put it in the place of the one that still holds `before`.

    A link goes on pointing to what it points to. Mode and owner stay. Raises ChangedMeanwhile, or OSError where the
    file cannot be written.
    """
    path = Path(os.path.realpath(path))
    status = path.stat()
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with new.open("xb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(status.st_mode & 0o7777)
        if hasattr(os, "chown") and (new.stat().st_uid, new.stat().st_gid) != (status.st_uid, status.st_gid):
            os.chown(new, status.st_uid, status.st_gid)
        if path.read_bytes() != before:
            raise ChangedMeanwhile(f"{path}: changed while it was fixed, so it is left as it is")
        new.replace(path)
    finally:
        with suppress(FileNotFoundError):
            new.unlink()
    _keep(path.parent)


def _keep(folder: Path) -> None:
    """Have the new name of the file outlive a power cut, where the system can do that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
