"""The limits of a child, each tried where the system has it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the limits are those of Linux"),
]

SCRIPT = """
import os, sys
from keras_layer_lint.confirm import sandbox
lacking = []
sandbox.attempt("namespaces", sandbox.enter_namespaces, lacking)
sandbox.attempt("child", sandbox.next_child_is_first, lacking)
child = os.fork()
if child == 0:
    lacking += sandbox.confine(sys.argv[1], 30)
    if lacking:
        print("lacking", lacking, flush=True)
        os._exit(77)
    try:
        {action}
    except BaseException as error:
        print(type(error).__name__, flush=True)
        os._exit(1)
    os._exit(0)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
"""


def act(folder: Path, action: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(action=action.replace("\n", "\n        ")), str(folder)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode == 77:
        pytest.skip(done.stdout)
    return done.returncode, done.stdout.strip()


REFUSED = [
    ("import socket; socket.socket()", "PermissionError"),
    ("import socket; socket.socketpair(); socket.socket(socket.AF_UNIX)", "PermissionError"),
    ("open('/tmp/klint-must-not-be', 'w')", "PermissionError"),
    ("os.mkdir('/tmp/klint-must-not-be')", "PermissionError"),
    ("os.remove(os.environ['KEPT'])", "PermissionError"),
    ("os.rename(os.environ['KEPT'], sys.argv[1] + '/stolen')", "OSError"),
    ("os.truncate(os.environ['KEPT'], 0)", "PermissionError"),
    ("os.fork()", "BlockingIOError"),
    ("bytearray(200 << 30)", "MemoryError"),
    ("open(sys.argv[1] + '/large', 'wb').truncate(5 << 30)", "OSError"),
]
ALLOWED = [
    "open(sys.argv[1] + '/file', 'w').write('x'); os.remove(sys.argv[1] + '/file')",
    "open('/dev/null', 'w').write('x')",
    "import threading; thread = threading.Thread(target=int); thread.start(); thread.join()",
    "import subprocess; subprocess.run(['true'], check=True)",
    "import tempfile; tempfile.TemporaryFile(dir=sys.argv[1]).close()",
]


@pytest.mark.parametrize(("action", "error"), REFUSED)
def test_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str, error: str) -> None:
    kept = tmp_path / "kept"
    kept.write_text("x", encoding="utf-8")
    monkeypatch.setenv("KEPT", str(kept))
    (tmp_path / "own").mkdir()
    code, said = act(tmp_path / "own", action)
    assert code == 1, action
    assert said in (error, "PermissionError")
    assert kept.read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize("action", ALLOWED)
def test_allowed(tmp_path: Path, action: str) -> None:
    assert act(tmp_path, action) == (0, "")


def test_what_the_system_lacks_is_named() -> None:
    from keras_layer_lint.confirm import sandbox

    def refuses() -> None:
        raise OSError("not here")

    lacking: list[str] = []
    assert not sandbox.attempt("leaving", refuses, lacking)
    assert sandbox.attempt("staying", lambda: None, lacking)
    assert lacking == ["leaving"]


ORPHANS = """
import os, subprocess, sys, time
from keras_layer_lint.confirm import sandbox
from keras_layer_lint.confirm.children import Children
sandbox.adopt_orphans()
child = os.fork()
if child == 0:
    os.setsid()
    subprocess.Popen(["sleep", "300"], start_new_session=True)
    os._exit(0)
os.waitpid(child, 0)
children = Children.__new__(Children)
children.running = {}
children._kill_strays()
print(open(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read().strip() or "none")
"""


def test_orphans_are_ended_without_namespaces() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ORPHANS],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "none\n"
