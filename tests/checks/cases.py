"""What the tests of single rules share: lint a few classes, and compare with the marks at their line ends."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

from keras_layer_lint import Diagnostic, Settings, lint_source
from tests.rule_pages import marks

HEADER = "import keras\nimport tensorflow as tf\nfrom keras import layers\n\n\n"


def found(code: str, source: str, keras: str, path: str | Path = "example.py") -> tuple[Diagnostic, ...]:
    """The diagnostics of one rule; they must stand at the lines that `source` marks, and at no other."""
    text = HEADER + textwrap.dedent(source)
    diagnostics = lint_source(text, path, Settings(keras=tuple(keras), select=(code,)))
    assert {(diagnostic.span.line, diagnostic.code) for diagnostic in diagnostics} == marks(text)
    return diagnostics


def messages(code: str, source: str, keras: str, path: str | Path = "example.py") -> list[str]:
    """As `found`: "severity: message" of each."""
    return [f"{diagnostic.severity.label}: {diagnostic.message}" for diagnostic in found(code, source, keras, path)]


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write modules that the linted one imports."""
    for name, source in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + textwrap.dedent(source), encoding="utf-8")
