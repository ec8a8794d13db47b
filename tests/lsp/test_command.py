"""`klint lsp` without what it needs."""

from __future__ import annotations

import sys

import pytest

from keras_layer_lint.__main__ import main


def test_the_package_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("keras_layer_lint.lsp.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    assert main(["lsp"]) == 2
    assert "pip install 'keras-layer-lint[lsp]'" in capsys.readouterr().err
