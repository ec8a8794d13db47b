"""Whenever klint is stopped, a file is what it was or what it is to be."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keras_layer_lint.fixes.writing import ChangedMeanwhile, replace_file

WRITER = """
import sys
from pathlib import Path
from keras_layer_lint.fixes.writing import replace_file

path, size = Path(sys.argv[1]), int(sys.argv[2])
one, two = b"a" * size, b"b" * size
print("ready", flush=True)
while True:
    replace_file(path, one, two)
    replace_file(path, two, one)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path) -> None:
    path, size = tmp_path / "layers.py", 1 << 20
    drawn = random.Random(0)
    for _ in range(12):
        path.write_bytes(b"a" * size)
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(size)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(drawn.uniform(0, 0.05))
            writer.send_signal(signal.SIGKILL)
        assert path.read_bytes() in (b"a" * size, b"b" * size)


def test_what_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_bytes(b"other")
    with pytest.raises(ChangedMeanwhile, match="changed while it was fixed"):
        replace_file(path, b"before", b"after")
    assert path.read_bytes() == b"other"
    assert [each.name for each in tmp_path.iterdir()] == ["layers.py"]


@pytest.mark.skipif(sys.platform == "win32", reason="no modes")
def test_mode_and_link_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.py", tmp_path / "link.py"
    real.write_bytes(b"before")
    real.chmod(0o751)
    link.symlink_to(real.name)
    replace_file(link, b"before", b"after")
    assert link.is_symlink()
    assert real.read_bytes() == b"after"
    assert stat.S_IMODE(real.stat().st_mode) == 0o751


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is locked for root")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_bytes(b"before")
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(PermissionError):
            replace_file(path, b"before", b"after")
        assert path.read_bytes() == b"before"
    finally:
        tmp_path.chmod(0o755)
