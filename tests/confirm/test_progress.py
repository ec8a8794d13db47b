"""A bar where people look, and not a byte where they do not."""

from __future__ import annotations

import io

import pytest

from keras_layer_lint.confirm.progress import shown_on


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with shown_on(stream) as progress:
        progress(1, 3, "layers.py Gate")
    assert "layers.py Gate" in stream.getvalue()
    assert "1/3" in stream.getvalue()


@pytest.mark.parametrize(("stream", "quiet"), [(io.StringIO(), False), (Terminal(), True)], ids=["file", "quiet"])
def test_elsewhere(stream: io.StringIO, quiet: bool) -> None:
    with shown_on(stream, quiet=quiet) as progress:
        progress(1, 3, "layers.py Gate")
    assert stream.getvalue() == ""
