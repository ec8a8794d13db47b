from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from keras_layer_lint import Settings, Severity, lint_paths, lint_source

SOURCE = """import keras


class Half(keras.layers.Layer):{on_class}
    def __init__(self, by):{on_init}
        super().__init__()
        self.by = by

    def call(self, inputs):
        return inputs / self.by{on_return}
"""


def found(settings: Settings | None = None, **comments: str) -> list[tuple[int, str]]:
    places = {"on_class": "", "on_init": "", "on_return": ""} | {k: f"  # {v}" for k, v in comments.items()}
    settings = settings or Settings(keras=("3",), select=("KLL002", "KLL1", "KLL306"))
    return [
        (d.span.line, d.message) for d in lint_source(SOURCE.format(**places), "a.py", settings) if "KLL002" in d.code
    ]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("klint: ignore[KLL101]", "this comment silences nothing"),
        ("klint: ignore[KLL101, KLL102]", "this comment silences nothing"),
        ("klint: ignore[KLL306, KLL101]", "`KLL101` silences nothing"),
        ("klint: ignore[KLL1]", "this comment silences nothing"),
        ("klint: ignore[KLL999]", "this comment silences nothing"),
        ("klint: ignore[tensor-iff]", "this comment silences nothing"),
        ("klint: ignore KLL101", "this comment silences nothing"),
        ("klint: ignroe[KLL306]", "this comment silences nothing: `ignroe` is not `ignore`"),
        ("klint: disable-file", "this comment silences nothing: `disable-file` is not `disable`"),
        ("klint: enable[KLL306]", "this comment silences nothing: nothing is disabled here"),
        ("noqa: KLL101", "this comment silences nothing"),
        ("noqa: E501, KLL101", "`KLL101` silences nothing"),
    ],
)
def test_unused(comment: str, message: str) -> None:
    assert found(on_init=comment) == [(5, message)]


@pytest.mark.parametrize(
    "comment",
    [
        "klint: ignore[KLL306]",
        "klint: ignore",
        "klint: ignore[KLL306, KLL304]",  # KLL304 did not run
        "klint: ignore[KLL309]",  # off by default, did not run
        "klint: ignore[KLL306, KLL101, KLL002]",
        "noqa: KLL306",
        "noqa",
        "noqa: E501",
    ],
)
def test_used_or_not_known_to_be_unused(comment: str) -> None:
    assert found(on_init=comment) == []


def test_bare_comment_is_unused_where_every_rule_ran() -> None:
    assert found(Settings(keras=("3",)), on_return="klint: ignore") == [(10, "this comment silences nothing")]
    assert found(on_return="klint: ignore") == []


def test_settings() -> None:
    comment = "klint: ignore[KLL101]"
    assert found(Settings(ignore=("KLL101",)), on_init=comment) == []
    assert found(Settings(ignore=("KLL002",)), on_init=comment) == []
    assert found(Settings(per_file_ignores={"a.py": ("KLL1",)}), on_init=comment) == []
    assert found(Settings(per_file_ignores={"b.py": ("KLL1",)}), on_init=comment) != []
    assert found(Settings(min_severity=Severity.ERROR), on_init=comment) == []


def test_what_a_severity_hides_is_silenced_all_the_same() -> None:
    source = """import keras


class Scale(keras.layers.Layer):
    def build(self, input_shape):{comment}
        self.factor = self.add_weight(name="factor", shape=(input_shape[-1],))

    def call(self, inputs):
        return inputs * self.factor
"""
    settings = Settings(keras=("3",), select=("KLL002", "KLL202"))
    noted = lint_source(source.format(comment=""), "a.py", settings)
    assert [(found.code, found.severity) for found in noted] == [("KLL202", Severity.NOTE)]
    source = source.format(comment="  # klint: ignore[KLL202]")
    assert lint_source(source, "a.py", settings) == ()
    assert lint_source(source, "a.py", replace(settings, min_severity=Severity.WARNING)) == ()


def test_file_without_a_layer(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("x = 1  # klint: ignore[KLL101]\n", encoding="utf-8")
    (tmp_path / "other.py").write_text("x = 1  # noqa: E501\n", encoding="utf-8")
    report = lint_paths([tmp_path], Settings(root=str(tmp_path)))
    assert [(Path(d.path).name, d.code) for d in report.diagnostics] == [("plain.py", "KLL002")]


def test_unreadable_file() -> None:
    codes = [d.code for d in lint_source("def f(:  # klint: ignore[KLL101]\n\nclass A(B):\n  def call(): 1\n", "a.py")]
    assert codes == ["KLL001"]
