"""What was read of the files of a project is kept while they stay the same, and no longer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from keras_layer_lint.model import metadata_files
from keras_layer_lint.model.metadata_files import kept
from keras_layer_lint.model.requirements import requirements


class Reader:
    def __init__(self) -> None:
        self.asked: list[tuple[Path, object]] = []

    def __call__(self, folder: Path, what: object = None) -> list[Requirement]:
        self.asked.append((folder, what))
        return [Requirement((folder / "requirements.txt").read_text("utf-8"))]


@pytest.fixture
def long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """All files were changed long ago."""
    monkeypatch.setattr(metadata_files, "_SETTLED", -3600 * 10**9)


@pytest.mark.usefixtures("long_ago")
def test_what_stays_the_same_is_read_once(tmp_path: Path) -> None:
    path, read = tmp_path / "requirements.txt", Reader()
    path.write_text("keras==3.1", encoding="utf-8")
    first, second = kept(read, tmp_path), kept(read, tmp_path)
    assert (first, len(read.asked)) == (second, 1)
    second.clear()  # whoever asks may do with it what they like
    assert kept(read, tmp_path) == first
    kept(read, tmp_path, "extras")
    assert read.asked == [(tmp_path, None), (tmp_path, "extras")]


@pytest.mark.usefixtures("long_ago")
@pytest.mark.parametrize("text", ["keras==3.2", "keras==3.10"])
def test_a_change_is_read(tmp_path: Path, text: str) -> None:
    path, read = tmp_path / "requirements.txt", Reader()
    path.write_text("keras==3.1", encoding="utf-8")
    kept(read, tmp_path)
    stat = path.stat()
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert [str(each) for each in kept(read, tmp_path)] == [text]
    (tmp_path / "README.md").write_text("", encoding="utf-8")
    kept(read, tmp_path)
    assert len(read.asked) == 3


def test_what_has_just_been_written_may_change_unseen(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    for minor in range(50):  # of one size, in less time than a file system may tell apart
        path.write_text(f"keras==3.{minor:02}", encoding="utf-8")
        assert [str(each.specifier) for each in requirements(tmp_path, "")] == [f"==3.{minor:02}"]


@pytest.mark.usefixtures("long_ago")
@pytest.mark.parametrize("name", ["setup.py", "Setup.py", "requirements/", "docker/", "a-1.0.dist-info/"])
def test_what_lies_elsewhere_is_read_each_time(tmp_path: Path, name: str) -> None:
    read = Reader()
    (tmp_path / "requirements.txt").write_text("keras", encoding="utf-8")
    (tmp_path / name).mkdir() if name.endswith("/") else (tmp_path / name).touch()
    kept(read, tmp_path)
    kept(read, tmp_path)
    assert len(read.asked) == 2


@pytest.mark.parametrize("name", ["layers.py", "setup.pyc", "src/"])
def test_a_folder_of_code_is_not_read(tmp_path: Path, name: str) -> None:
    read = Reader()
    (tmp_path / name).mkdir() if name.endswith("/") else (tmp_path / name).touch()
    assert kept(read, tmp_path) == kept(read, tmp_path / "nowhere") == []
    assert read.asked == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_powershell_writes(tmp_path: Path, encoding: str, end: str) -> None:
    lines = ["keras==2.8.0", "absl-py==1.0.0", "tensorflow==2.8.0"]
    (tmp_path / "requirements.txt").write_bytes(end.join([*lines, ""]).encode(encoding))
    assert set(map(str, requirements(tmp_path, ""))) == {"keras==2.8.0", "tensorflow==2.8.0"}
