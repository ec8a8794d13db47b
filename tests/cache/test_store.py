"""What is put is had again, whole or not at all, whatever runs beside it and whatever becomes of the files."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from keras_layer_lint.cache.folder import make, remove
from keras_layer_lint.cache.store import LARGEST, Store, key_of

KEYS = [key_of(number) for number in range(40)]


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.parent != folder)


def filled(folder: Path) -> Path:
    """The file of the only entry of a store, of the first key."""
    Store(folder, "kind").put(KEYS[0], {"text": "kept"})
    (file,) = files(folder)
    return file


def test_values_come_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache", "kind")
    assert store.get(KEYS[0]) is None
    for number, value in enumerate([{"text": "\ud800 ä\n", "list": [1, 0.5, None]}, [], "", 0, False]):
        store.put(KEYS[number], value)
        assert Store(tmp_path / "cache", "kind").get(KEYS[number]) == value
    store.put(KEYS[0], "another")
    assert store.get(KEYS[0]) == "another"
    assert Store(tmp_path / "cache", "other").get(KEYS[0]) is None
    assert store.trouble == ""


def test_reading_makes_no_folder(tmp_path: Path) -> None:
    Store(tmp_path / "cache", "kind").get(KEYS[0])
    Store(tmp_path / "cache", "kind").trim()
    assert list(tmp_path.iterdir()) == []


def test_keys_tell_all_parts_apart() -> None:
    parts = [("a", "b"), ("ab",), ("a", ["b"]), (["a", "b"],), ("a", {"b": 1}), ("a", {"b": "1"}), ("a", {"b": True})]
    assert len({key_of(*each) for each in parts}) == len(parts)
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})


@pytest.mark.parametrize("key", ["", "../../etc", KEYS[0][:-1], KEYS[0].upper(), KEYS[0] + "\n"])
def test_a_key_is_no_path(tmp_path: Path, key: str) -> None:
    store = Store(tmp_path, "kind")
    with pytest.raises(ValueError, match="no key"):
        store.get(key)
    with pytest.raises(ValueError, match="no key"):
        store.put(key, 1)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5])


def flip(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"kept", b"lost"))


def empty(file: Path) -> None:
    file.write_bytes(b"")


def nest(file: Path) -> None:
    body = b"[" * 100_000
    file.write_bytes(sha256(body).hexdigest().encode() + b"\n" + body)


def misplace(file: Path) -> None:
    body = json.dumps({"key": KEYS[1], "value": 1}).encode()
    file.write_bytes(sha256(body).hexdigest().encode() + b"\n" + body)


def fill(file: Path) -> None:
    file.write_bytes(b"\0" * (LARGEST + 200))


def become_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def become_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


@pytest.mark.parametrize("damage", [cut, flip, empty, nest, misplace, fill, become_folder, become_pipe])
def test_a_damaged_entry_is_none(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    damage(filled(tmp_path / "cache"))
    store = Store(tmp_path / "cache", "kind")
    assert store.get(KEYS[0]) is None
    assert str(tmp_path / "cache") in store.trouble
    store.put(KEYS[0], "new")
    if damage is not become_folder:
        assert store.get(KEYS[0]) == "new"
    store.put(KEYS[1], "others go on")
    assert (store.get(KEYS[1]) == "others go on") == (damage is not become_folder)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="rights bind no administrator")
def test_a_folder_that_can_only_be_read(tmp_path: Path) -> None:
    filled(tmp_path / "cache")
    places = [tmp_path / "cache", *(path for path in (tmp_path / "cache").rglob("*") if path.is_dir())]
    for place in places:
        place.chmod(0o500)
    store = Store(tmp_path / "cache", "kind")
    try:
        assert store.get(KEYS[0]) == {"text": "kept"}
        assert store.trouble == ""
        store.put(KEYS[1], 1)
        store.trim()
    finally:
        for place in places:
            place.chmod(0o700)
    assert "cannot be written" in store.trouble
    assert store.get(KEYS[1]) is None


def test_a_disk_that_can_only_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "cache")

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    for name in ("mkdir", "unlink", "rename", "replace", "rmdir"):
        monkeypatch.setattr(Path, name, refused)
    monkeypatch.setattr(os, "utime", refused)
    for folder in (tmp_path / "cache", tmp_path / "none"):
        store = Store(folder, "kind")
        assert store.get(KEYS[0]) == ({"text": "kept"} if folder.name == "cache" else None)
        store.put(KEYS[1], 1)
        store.trim()
        assert store.get(KEYS[1]) is None
        assert store.trouble == f"{folder}: cannot be written: Read-only file system"


def test_a_file_where_the_folder_belongs(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("mine")
    store = Store(tmp_path / "cache", "kind")
    store.put(KEYS[0], 1)
    assert store.get(KEYS[0]) is None
    assert str(tmp_path / "cache") in store.trouble
    assert (tmp_path / "cache").read_text() == "mine"


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "cache", "kind")
    store.put(KEYS[0], 1)

    def full(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    store.put(KEYS[1], 1)
    assert store.trouble == f"{tmp_path / 'cache'}: cannot be written: No space left on device"
    assert len(files(tmp_path / "cache")) == 1


def test_the_largest_entry(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache", "kind")
    store.put(KEYS[0], "x" * LARGEST)
    assert store.get(KEYS[0]) is None
    store.put(KEYS[0], "x" * (LARGEST - 200))
    assert store.get(KEYS[0]) == "x" * (LARGEST - 200)


def test_what_was_not_used_for_longest_goes(tmp_path: Path) -> None:
    most = 20 * 4096
    store = Store(tmp_path / "cache", "kind", most=most)
    now = time.time()
    for number, key in enumerate(KEYS):
        store.put(key, number)
        path = tmp_path / "cache" / "kind" / key[:2] / f"{key[2:]}.json"
        os.utime(path, (now, now - (40 - number) * 86_400 * 2))
    assert store.get(KEYS[0]) == 0  # used today
    store.trim()
    left = [number for number, key in enumerate(KEYS) if store.get(key) is not None]
    assert left == [0, *range(25, 40)]  # four fifths of what is allowed
    assert sum(4096 for _ in files(tmp_path / "cache")) <= most


def test_what_a_killed_run_left_goes(tmp_path: Path) -> None:
    entry = filled(tmp_path / "cache")
    for name, age in (("new-old", 86_400 * 2), ("new-now", 0)):
        (entry.parent / name).write_text("")
        os.utime(entry.parent / name, (time.time() - age,) * 2)
    store = Store(tmp_path / "cache", "kind")
    store.put(KEYS[1], 1)
    store.trim()
    assert {path.name for path in files(tmp_path / "cache")} >= {"new-now", entry.name}
    assert not (entry.parent / "new-old").exists()


def test_a_cache_that_is_removed_meanwhile(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache", "kind")
    store.put(KEYS[0], 1)
    remove(tmp_path / "cache")
    assert store.get(KEYS[0]) is None
    store.put(KEYS[1], 1)
    store.put(KEYS[2], 1)
    assert store.get(KEYS[2]) == 1
    assert store.trouble == ""
    assert (tmp_path / "cache" / "CACHEDIR.TAG").exists()


def test_an_unmarked_folder_with_files_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("")
    store = Store(tmp_path, "kind")
    store.put(KEYS[0], 1)
    assert "holds other files" in store.trouble
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


WRITER = """
import sys
from pathlib import Path
from keras_layer_lint.cache.store import Store, key_of
folder, own = Path(sys.argv[1]), sys.argv[2]
store = Store(folder, "kind", most=30 * 4096)
for turn in range(60):
    for number in range(12):
        value = store.get(key_of(number))
        assert value is None or value["text"] == value["by"] * 3000, value
        store.put(key_of(number), {"by": own, "text": own * 3000})
    store.put(key_of(own, turn), {"by": own, "text": own * 3000})
    store.trim()
assert store.trouble == "", store.trouble
"""


@pytest.mark.slow
def test_processes_beside_each_other(tmp_path: Path) -> None:
    """All write the same keys and let entries go; what one reads was written by one of them."""
    run = [sys.executable, "-c", WRITER, str(tmp_path / "cache")]
    started = [subprocess.Popen([*run, letter], stderr=subprocess.PIPE) for letter in "abcd"]
    assert [(each.communicate()[1].decode(), each.returncode) for each in started] == [("", 0)] * 4
    assert 0 < len(files(tmp_path / "cache")) <= 60
    assert not [path for path in files(tmp_path / "cache") if path.name.startswith("new-")]


@pytest.mark.slow
def test_a_killed_writer_leaves_what_can_be_read(tmp_path: Path) -> None:
    make(tmp_path / "cache")
    run = [sys.executable, "-c", WRITER, str(tmp_path / "cache"), "a"]
    for seconds in (0.15, 0.2, 0.25, 0.3):
        with subprocess.Popen(run, stderr=subprocess.DEVNULL) as process:
            time.sleep(seconds)
            process.kill()
    store = Store(tmp_path / "cache", "kind")
    for number in range(12):
        value = store.get(key_of(number))
        assert value is None or value["text"] == "a" * 3000
    assert store.trouble == ""
