"""Text that is not UTF-8, and names that only look different: nothing is dropped without a word."""

# ruff: noqa: RUF001
from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from keras_layer_lint import lint_paths, lint_source
from keras_layer_lint.source.gate import may_define_layer
from keras_layer_lint.source.parser_input import with_python_names

SOURCE = """import keras


class Wide(keras.layers.Layer):
    def call(self, x):
        return keras.layers.Dense(3)(x)
"""


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("source", [SOURCE, "# größer\nx = 1\n", "x\n"])
def test_wide_text_is_told(tmp_path: Path, codec: str, source: str) -> None:
    (tmp_path / "wide.py").write_bytes(source.encode(codec))
    (tmp_path / "other.py").write_text(SOURCE, encoding="utf-8")
    report = lint_paths([tmp_path])
    assert [(Path(d.path).name, d.code) for d in report.diagnostics] == [("other.py", "KLL132"), ("wide.py", "KLL001")]
    assert "UTF-16 or UTF-32, in which Python reads no source" in report.diagnostics[1].message


@pytest.mark.parametrize("data", [b"", b"\0", b"x", codecs.BOM_UTF8, codecs.BOM_UTF8 + b"x = 1\n", b"x = '\0'\n"])
def test_other_text_is_not_wide(data: bytes) -> None:
    assert not may_define_layer(data)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("call", "𝒸all"),
        ("call", "ｃａｌｌ"),
        ("Layer", "𝕷ayer"),
        ("keras", "ｋeras"),
        ("Dense", "𝐃ense"),
        ("layers", "ｌayers"),
    ],
)
def test_names_are_compared_as_python_does(name: str, letters: str) -> None:
    (found,) = lint_source(SOURCE.replace(name, letters), "layers.py")
    assert (found.code, found.span.line, found.span.column) == ("KLL132", 6, 16)


def test_strings_and_comments_are_kept() -> None:
    text = "def 𝒸all(x): return 'ｃａｌｌ' + ﬁve  # 𝒸all\n"
    assert with_python_names(text) == "def call(x): return 'ｃａｌｌ' + ﬁve  # 𝒸all\n"
