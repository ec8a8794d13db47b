"""`--shard`: parts that share nothing, that are all of it together, and that stay what they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from keras_layer_lint.confirm.shard import Shard
from keras_layer_lint.errors import KlintError

CLASSES = [(f"layers/file{file}.py", f"Layer{number}") for file in range(10) for number in range(20)]


def parts(count: int, root: Path = Path()) -> list[Shard]:
    return [Shard.of(f"{number}/{count}", root) for number in range(1, count + 1)]


@pytest.mark.parametrize("count", [1, 2, 5, 64])
def test_each_class_is_in_one_part(count: int) -> None:
    for path, name in CLASSES:
        assert sum(shard.holds(path, name) for shard in parts(count)) == 1


def test_parts_are_of_about_one_size() -> None:
    sizes = [sum(shard.holds(path, name) for path, name in CLASSES) for shard in parts(4)]
    assert min(sizes) > 30  # of 50


def test_where_the_project_lies_does_not_matter(tmp_path: Path) -> None:
    for path, name in CLASSES:
        here, there = parts(3), parts(3, tmp_path)
        assert [shard.holds(path, name) for shard in here] == [
            shard.holds(str(tmp_path / path), name) for shard in there
        ]


def test_the_part_of_a_class_never_changes() -> None:
    """The figures are written down: a part must be the same on every machine and in every version of Python."""
    shard = Shard(1, 3, Path())
    assert [shard.holds("a.py", name) for name in "ABCDEF"] == HELD
    assert shard.holds("a.py", "Outer.A") == shard.holds("a.py", "A")


HELD = [False, False, True, False, True, True]


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/0", "a/b", "1/3/5", "-1/3", "", "1/\u0663"])
def test_what_is_no_part_is_an_error(text: str) -> None:
    with pytest.raises(KlintError, match="must look like 2/5"):
        Shard.of(text, Path())


@pytest.mark.slow
def test_the_hash_seed_does_not_matter() -> None:
    code = (
        "from pathlib import Path; from keras_layer_lint.confirm.shard import Shard; "
        "print([Shard(1, 3, Path()).holds('a.py', name) for name in 'ABCDEF'])"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        assert done.stdout == f"{HELD}\n"
