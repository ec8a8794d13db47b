from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint.settings import Settings
from keras_layer_lint.source.discover import discover


def make(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(root: Path, *paths: Path, settings: Settings | None = None) -> list[str]:
    files, errors = discover(paths or [root], settings or Settings(root=str(root)))
    assert errors == []
    return [file.relative_to(root).as_posix() for file in files]


@pytest.mark.parametrize(
    ("ignores", "kept"),
    [
        ({}, ["a.py", "generated/b.py", "generated/keep.py", "sub/c.py", "sub/deep/d.py"]),
        ({".gitignore": "generated/\n"}, ["a.py", "sub/c.py", "sub/deep/d.py"]),
        ({".gitignore": "generated/*\n!keep.py\n"}, ["a.py", "generated/keep.py", "sub/c.py", "sub/deep/d.py"]),
        ({".gitignore": "/c.py\nd.py\n"}, ["a.py", "generated/b.py", "generated/keep.py", "sub/c.py"]),
        ({"sub/.gitignore": "/c.py\n"}, ["a.py", "generated/b.py", "generated/keep.py", "sub/deep/d.py"]),
        (
            {".gitignore": "d.py\n", "sub/.gitignore": "!d.py\n"},
            ["a.py", "generated/b.py", "generated/keep.py", "sub/c.py", "sub/deep/d.py"],
        ),
    ],
)
def test_gitignore(tmp_path: Path, ignores: dict[str, str], kept: list[str]) -> None:
    make(tmp_path, {"a.py": "", "generated/b.py": "", "generated/keep.py": "", "sub/c.py": "", "sub/deep/d.py": ""})
    make(tmp_path, ignores)
    assert found(tmp_path) == kept


def test_gitignore_above_counts_within_a_repository(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "skip.py\n", "a/b/skip.py": "", "a/b/x.py": ""})
    inside = tmp_path / "a" / "b"
    assert found(tmp_path, inside) == ["a/b/skip.py", "a/b/x.py"]
    (tmp_path / ".git").mkdir()
    assert found(tmp_path, inside) == ["a/b/x.py"]
    assert found(tmp_path, inside, settings=Settings(respect_gitignore=False)) == ["a/b/skip.py", "a/b/x.py"]


def test_what_the_user_names_is_taken(tmp_path: Path) -> None:
    make(tmp_path, {".gitignore": "out/\nx.py\n", "out/a.py": "", "x.py": "", "script": "", ".venv/lib/b.py": ""})
    (tmp_path / ".git").mkdir()
    assert found(tmp_path) == []
    named = [tmp_path / "out", tmp_path / "x.py", tmp_path / "script", tmp_path / ".venv"]
    assert found(tmp_path, *named) == [".venv/lib/b.py", "out/a.py", "script", "x.py"]


def test_folders_that_hold_no_source(tmp_path: Path) -> None:
    names = ("build", ".tox", ".old/layers", "node_modules", "x.egg-info", "venv", ".git")
    make(tmp_path, {f"{name}/a.py": "" for name in names})
    make(tmp_path, {"dist/__init__.py": "", "dist/a.py": "", "types.pyi": "", "a.txt": ""})
    assert found(tmp_path) == ["dist/__init__.py", "dist/a.py"]


def test_exclude_is_relative_to_the_root(tmp_path: Path) -> None:
    make(tmp_path, {"a/skip/x.py": "", "a/y_pb2.py": "", "a/z.py": "", "skip/w.py": ""})
    settings = Settings(root=str(tmp_path), exclude=("/skip/", "*_pb2.py"))
    assert found(tmp_path, tmp_path / "a", tmp_path / "skip", settings=settings) == ["a/skip/x.py", "a/z.py"]


def test_links(tmp_path: Path) -> None:
    make(tmp_path, {"real/a.py": "", "other/b.py": ""})
    try:
        (tmp_path / "real" / "again").symlink_to(tmp_path / "real")
        (tmp_path / "real" / "loop").symlink_to(tmp_path)
        (tmp_path / "broken.py").symlink_to(tmp_path / "nowhere.py")
        (tmp_path / "z.py").symlink_to(tmp_path / "real" / "a.py")
        (tmp_path / "self.py").symlink_to("self.py")
    except OSError:
        pytest.skip("no symbolic links here")
    assert found(tmp_path, tmp_path, tmp_path / "real", tmp_path / "real" / "a.py") == ["other/b.py", "real/a.py"]


def test_missing_paths_are_errors(tmp_path: Path) -> None:
    make(tmp_path, {"a.py": ""})
    files, errors = discover([tmp_path / "gone", tmp_path], Settings())
    assert files == [tmp_path / "a.py"]
    assert errors == [(str(tmp_path / "gone"), "no such file or directory")]
