"""Bytes of a Python file to text, the way Python itself decodes source."""

from __future__ import annotations

import codecs
import re
from io import StringIO
from pathlib import Path
from stat import S_ISREG

from keras_layer_lint.errors import LimitReached, UnreadableFile

MAX_BYTES = 5 * 1024 * 1024
"""Larger files are data, not layers."""

# PEP 263: in the first two lines, where the first may only be blank or a comment.
_COOKIE = re.compile(rb"\A(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")


def read_source(path: Path, most: int = MAX_BYTES) -> bytes:
    """Read the bytes of a file; UnreadableFile when they cannot be had or are too many."""
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise UnreadableFile("cannot be read: no regular file")  # reading a pipe or a device may never end
        if status.st_size > most:
            raise LimitReached(f"larger than {most // 1024 // 1024} MiB")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror or error}") from error


def decode(data: bytes) -> str:
    """Give the text of a Python file without its byte order mark, line ends as they are."""
    if len(data) > MAX_BYTES:
        raise LimitReached(f"larger than {MAX_BYTES // 1024 // 1024} MiB")
    if is_wide(data):
        raise UnreadableFile("is UTF-16 or UTF-32, in which Python reads no source: save it as UTF-8")
    nul = data.find(b"\0")
    if nul >= 0:
        raise UnreadableFile("contains a NUL byte", *_place(data, nul))
    mark, encoding, name = _encoding_of(data)
    data = data[len(mark) :]
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"is not {encoding}: {error.reason}", *_place(data, error.start)) from None
    except (LookupError, ValueError, AttributeError):  # a codec such as rot13 that does not make text from bytes
        raise UnreadableFile(f"unknown encoding: {encoding}") from None
    if not isinstance(text, str) or "\0" in text:
        raise UnreadableFile(f"is not {encoding}")
    return text


def encoded_like(data: bytes, text: str) -> bytes:
    """Text as the bytes of a Python file in the encoding of another, with its byte order mark.

    Raises UnicodeEncodeError, a ValueError, where the encoding has no bytes for a character.
    """
    mark, _, name = _encoding_of(data)
    return mark + text.encode("utf-8" if name == "utf-8-sig" else name)


def _encoding_of(data: bytes) -> tuple[bytes, str, str]:
    """The byte order mark, the encoding as it is declared, and as Python names it."""
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    cookie = _COOKIE.match(data[len(mark) :])
    encoding = cookie[1].decode("ascii") if cookie else "utf-8"
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise UnreadableFile(f"unknown encoding: {encoding}") from None
    if mark and name not in ("utf-8", "utf-8-sig"):
        raise UnreadableFile(f"declares the encoding {encoding} but starts with a UTF-8 byte order mark")
    return mark, encoding, name


def is_wide(data: bytes) -> bool:
    """Whether it is text of two or four bytes a character: it starts with a mark, or with a letter and zeros."""
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or (
        len(data) > 1 and data[:4].count(0) >= len(data[:4]) // 2
    )


def split_lines(text: str) -> tuple[str, ...]:
    r"""Lines with their ends as Python counts them: `\n`, `\r\n` and `\r` end a line, a form feed does not."""
    return tuple(StringIO(text, newline=""))


def _place(data: bytes, offset: int) -> tuple[int, int]:
    before = data[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    column = len(before) - (before.rfind(b"\n") + 1)
    return before.count(b"\n") + 1, column + 1
