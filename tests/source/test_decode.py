from __future__ import annotations

import codecs

import pytest

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.source.decode import MAX_BYTES, decode, read_source, split_lines


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("x = 'ä'".encode(), "x = 'ä'"),
        (codecs.BOM_UTF8 + "x = 'ä'".encode(), "x = 'ä'"),
        (codecs.BOM_UTF8 + b"# coding: utf-8\n", "# coding: utf-8\n"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe4'\n", "# -*- coding: latin-1 -*-\nx = 'ä'\n"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n", None),
        (b"#!/usr/bin/python\r# coding=latin-1\rx = '\xe4'", "#!/usr/bin/python\r# coding=latin-1\rx = 'ä'"),
        (b"\n\n# coding: latin-1\nx = 'a'\n", "\n\n# coding: latin-1\nx = 'a'\n"),  # too late to count
        (b"x = 1\n# coding: nonsense\n", "x = 1\n# coding: nonsense\n"),  # after code: counts for nothing
        (b"a\r\nb\rc\x0cd\n", "a\r\nb\rc\x0cd\n"),
        (b"", ""),
    ],
)
def test_decode(data: bytes, text: str | None) -> None:
    assert decode(data) == (text if text is not None else data.decode("cp1252"))


@pytest.mark.parametrize(
    ("data", "reason", "line", "column"),
    [
        (b"x = 1\ny = '\xe4'\n", "is not utf-8", 2, 6),
        (b"x\r\ny\rz = '\xff'", "is not utf-8", 3, 6),
        (b"a = 1\nb\0", "NUL", 2, 2),
        (b"# coding: martian\n", "unknown encoding: martian", 1, 1),
        (b"# coding: rot13\n", "unknown encoding: rot13", 1, 1),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "byte order mark", 1, 1),
        (codecs.BOM_UTF16_LE + "x = 1".encode("utf-16-le"), "UTF-16", 1, 1),
        (b"#" * (MAX_BYTES + 1), "larger than 5 MiB", 1, 1),
    ],
)
def test_decode_refuses(data: bytes, reason: str, line: int, column: int) -> None:
    with pytest.raises(UnreadableFile, match=reason) as caught:
        decode(data)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_lines_are_those_of_python() -> None:
    assert split_lines("a\r\nb\rc\x0cd\x85e\u2028f\n\n") == ("a\r\n", "b\r", "c\x0cd\x85e\u2028f\n", "\n")


def test_unreadable_path(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_source(tmp_path)
