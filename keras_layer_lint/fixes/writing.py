"""Files are replaced whole: whenever klint is stopped, a file is what it was or what it is to be."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from keras_layer_lint.errors import KlintError


class ChangedMeanwhile(KlintError):
    """A file is not what it was when it was read: it is left as it is."""


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
