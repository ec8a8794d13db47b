"""JSON under keys, in files: one an entry, each written whole and read with a checksum.

Nothing here is executed or unpickled: who can write to the folder can give wrong answers, and no more than that. There
are no locks: a file takes the place of another at once, and one that is gone was never there. What the disk refuses
costs the entry, never the run.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from keras_layer_lint.cache.folder import NotACache, make

LARGEST = 4 << 20
"""Bytes of an entry."""
MOST = 64 << 20
"""Bytes of all entries of one kind."""
_BLOCK = 4096
"""What a small file takes on most disks."""
_FILLED_TO = 0.8
"""How much is left where entries must go: not with each run a few."""
_DAY = 86_400.0
_KEY = re.compile(r"[0-9a-f]{64}")
_NEW = "new-"


def key_of(*parts: object) -> str:
    """The key that stands for all of the parts, which are JSON: other parts have another key."""
    return sha256(_as_json(parts)).hexdigest()


def _as_json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


@dataclass(frozen=True, slots=True)
class _Entry:
    path: Path
    size: int
    used: float


class Store:
    """The entries of one kind. `kind` is the name of their folder, which says by a number how they are laid out."""

    def __init__(self, folder: Path, kind: str, most: int = MOST) -> None:
        self._folder = folder
        self._entries = folder / kind
        self._most = most
        self._may_write = True
        self._written = 0
        self.trouble = ""
        """What went wrong first; the store goes on without."""

    def get(self, key: str) -> Any:
        """What was put under the key; None where nothing is, or nothing whole."""
        path = self._path(key)
        try:
            found = _read(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            self._tell(f"{path}: {_reason(error)}")
            return None
        if found["key"] != key:
            self._tell(f"{path}: an entry of another key")
            return None
        _note_use(path)
        return found["value"]

    def put(self, key: str, value: Any) -> None:
        """Keep a value that is JSON, in the place of what was under the key."""
        body = _as_json({"key": key, "value": value})
        if not self._may_write or len(body) > LARGEST:
            return
        path = self._path(key)
        new = path.with_name(f"{_NEW}{secrets.token_hex(8)}")
        try:
            make(self._folder)
            self._entries.mkdir(exist_ok=True)
            path.parent.mkdir(exist_ok=True)
            try:
                with new.open("xb") as file:
                    file.write(sha256(body).hexdigest().encode() + b"\n" + body)
                new.replace(path)
            except OSError:
                with suppress(OSError):
                    new.unlink()
                raise
        except FileNotFoundError:
            pass  # someone has removed the cache meanwhile
        except OSError as error:
            self._may_write = False
            self._tell(f"{self._folder}: cannot be written: {_reason(error)}")
        except NotACache as error:
            self._may_write = False
            self._tell(str(error))
        else:
            self._written += 1

    def trim(self) -> None:
        """After a run that has written: let the entries go that were not used for longest, where there are too many."""
        if not self._written:
            return
        self._written = 0
        entries = sorted(self._all(), key=lambda entry: entry.used, reverse=True)
        if sum(entry.size for entry in entries) <= self._most:
            return
        kept = 0
        for entry in entries:
            kept += entry.size
            if kept > self._most * _FILLED_TO:
                with suppress(OSError):
                    entry.path.unlink()

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key")
        return self._entries / key[:2] / f"{key[2:]}.json"

    def _all(self) -> Iterator[_Entry]:
        """All files of the store; what another run has begun and not ended a day ago is removed."""
        for folder in _listed(self._entries):
            for file in _listed(Path(folder)) if folder.is_dir(follow_symlinks=False) else ():
                with suppress(OSError):
                    about = file.stat(follow_symlinks=False)
                    if file.name.startswith(_NEW):
                        if time.time() - about.st_mtime > _DAY:
                            Path(file).unlink()
                    elif stat.S_ISREG(about.st_mode):
                        size = -(-about.st_size // _BLOCK) * _BLOCK
                        yield _Entry(Path(file), size, about.st_mtime)

    def _tell(self, trouble: str) -> None:
        self.trouble = self.trouble or trouble


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _read(path: Path) -> dict[str, Any]:
    """The content of an entry. OSError where it cannot be read, ValueError where it is not whole."""
    # Opening what is no file, such as a pipe, might never end.
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise ValueError("no file")
        data = file.read(LARGEST + 100)
    checksum, _, body = data.partition(b"\n")
    if checksum != sha256(body).hexdigest().encode():
        raise ValueError("damaged")
    try:
        found = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(found, dict) or found.keys() != {"key", "value"}:
        raise ValueError("no entry")
    return found


def _note_use(path: Path) -> None:
    """Once a day: reading is to write little, and a folder that only can be read is as good."""
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > _DAY:
            os.utime(path)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
