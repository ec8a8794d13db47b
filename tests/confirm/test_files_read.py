"""The files that code reads are noted, whatever it reads them with; what is installed is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
from keras_layer_lint.confirm.files_read import FilesRead
read = FilesRead(os.path.join(sys.argv[1], "own"))
read.start()
import plain, compiled
os.chdir(sys.argv[1])
open("data.txt").close()
os.close(os.open(b"bytes.txt", os.O_RDONLY))
for name in ("missing.txt", "own/inner.txt"):
    try:
        open(name)
    except FileNotFoundError:
        pass
import email.mime.audio, click.testing  # of Python, and installed
open(os.devnull).close()
os.fdopen(os.dup(0)).close()
open(0, closefd=False).close()
print(json.dumps([read.paths, read.is_complete]))
"""


@pytest.mark.slow
def test_files_of_the_project(tmp_path: Path) -> None:
    for name in ("plain.py", "compiled.py"):
        (tmp_path / name).write_text("")
    for name in ("data.txt", "bytes.txt"):
        (tmp_path / name).write_text("1")
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(tmp_path / "compiled.py")], check=True)
    run = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    paths, is_complete = json.loads(run.stdout)
    assert is_complete
    assert {Path(path).name for path in paths} == {"plain.py", "compiled.py", "data.txt", "bytes.txt", "missing.txt"}
    assert {Path(path).parent for path in paths} == {tmp_path}
