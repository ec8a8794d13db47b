"""The folder of a cache is marked as such, and nothing else is taken for one."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from keras_layer_lint.cache import folder
from keras_layer_lint.cache.folder import NotACache, is_marked, make, remove


def test_others_are_told_that_it_is_a_cache(tmp_path: Path) -> None:
    make(tmp_path / "deep" / "cache")
    tag = (tmp_path / "deep" / "cache" / "CACHEDIR.TAG").read_bytes()
    assert tag.startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")
    assert (tmp_path / "deep" / "cache" / ".gitignore").read_text() == "*\n"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["cache"]


def test_git_sees_nothing_of_it(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    make(tmp_path / ".klint_cache")
    (tmp_path / ".klint_cache" / "entry.json").write_text("{}")
    assert subprocess.run([*git, "status", "--porcelain"], check=True, capture_output=True).stdout == b""


def test_an_empty_folder_becomes_one(tmp_path: Path) -> None:
    make(tmp_path)
    assert is_marked(tmp_path)
    make(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".gitignore", "CACHEDIR.TAG"]


def test_many_make_it_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(make, [tmp_path / "cache"] * 64))
    assert is_marked(tmp_path / "cache")
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_it_is_made_between_two_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def late(path: Path) -> bool:
        looks.append(path)
        if len(looks) == 1:
            make_now(path)
            return False  # as it was a moment ago
        return is_marked(path)

    def make_now(path: Path) -> None:
        with monkeypatch.context() as usual:
            usual.setattr(folder, "is_marked", is_marked)
            make(path)

    monkeypatch.setattr(folder, "is_marked", late)
    make(tmp_path / "cache")
    assert len(looks) > 1


@pytest.mark.parametrize("name", ["notes.txt", "CACHEDIR.TAG"])
def test_what_holds_other_files_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Signature: 8a477f597d28d172789f06886806bc55\n# of another program\n")
    with pytest.raises(NotACache, match="holds other files"):
        make(tmp_path)
    with pytest.raises(NotACache, match="holds other files"):
        remove(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("mine")
    for change in (make, remove):
        with pytest.raises((NotACache, OSError)):
            change(tmp_path / "cache")
    assert (tmp_path / "cache").read_text() == "mine"


def test_all_of_it_is_removed(tmp_path: Path) -> None:
    make(tmp_path / "cache")
    (tmp_path / "cache" / "kind").mkdir()
    (tmp_path / "cache" / "kind" / "entry.json").write_text("{}")
    assert remove(tmp_path / "cache")
    assert list(tmp_path.iterdir()) == []
    assert not remove(tmp_path / "cache")


def test_what_links_lead_to_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "work.py").write_text("")
    make(tmp_path / "cache")
    (tmp_path / "cache" / "kind").symlink_to(tmp_path / "project")
    (tmp_path / "link").symlink_to(tmp_path / "project")
    remove(tmp_path / "cache")
    with pytest.raises(NotACache):
        remove(tmp_path / "link")
    assert (tmp_path / "project" / "work.py").exists()
