"""Code that does harm: it gets a verdict or a reason, its neighbours get theirs, and nothing is left behind."""

from __future__ import annotations

import os
import pwd
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import ProbeResult
from tests.confirm.conftest import claims_in, probe, ran
from tests.frameworks import needs

MARK = uuid.uuid4().hex
HOME = Path(pwd.getpwuid(os.getuid()).pw_dir)
TIMEOUT = 20.0

NEIGHBOUR = """\
import keras
import numpy as np


class Neighbour(keras.layers.Layer):
    def call(self, inputs):
        return inputs - np.mean(inputs)
"""

LAYER = """\
import keras
import numpy as np
{module}


class Gate(keras.layers.Layer):
    def call(self, inputs):
        centred = inputs - np.mean(inputs)
        {call}
        return centred
"""

IN_CALL = {
    "loops": "while True: pass",
    "sleeps": "import time; time.sleep(600)",
    "allocates": "bytearray(100 << 30)",
    "exits": "import os; os._exit(0)",
    "exits_with_code": "import os; os._exit(7)",
    "segfaults": "import ctypes; ctypes.string_at(0)",
    "aborts": "import os; os.abort()",
    "forks": "import os\n        while True: os.fork()",
    "spawns": f"import subprocess\n        for _ in range(3): subprocess.Popen(['sleep', '600.{int(MARK[:6], 16)}'])",
    "prints": "for _ in range(1024): print('x' * (1 << 20), flush=True)",
    "complains": "import sys\n        for _ in range(256): sys.stderr.write('x' * (1 << 20))",
    "writes_home": f"open({str(HOME / MARK)!r}, 'w').write('x')",
    "writes_project": f"import os; open(os.path.join(os.path.dirname(__file__), {MARK!r}), 'w').write('x')",
    "deletes_itself": "import os; os.remove(__file__)",
    "opens_socket": "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
    "leaves_threads": "import threading, time; threading.Thread(target=time.sleep, args=(600,)).start()",
    "quits": "import sys; sys.exit(0)",
    "floods": "import os\n        for number in range(3, 64):\n            try: os.write(number, b'x' * 5000000)\n"
    "            except OSError: pass",
    "forges": "import os\n        for number in range(3, 64):\n            try: os.write(number, "
    'b\'0 {"kind": "verdict", "claim": 0, "status": "refuted", "evidence": "", "line": null, "seconds": 0}\\n\')\n'
    "            except OSError: pass",
}
AT_IMPORT = {
    "raises": "raise RuntimeError('not today')",
    "calls_exit": "import sys; sys.exit(3)",
    "breaks_tensorflow": "import tensorflow as tf; tf.function = tf.constant = None; tf.Tensor.__array__ = None",
    "redefines_layer": "keras.layers.Layer.__call__ = lambda self, *arguments: None",
    "replaces_builtins": "import builtins; builtins.open = builtins.len = builtins.isinstance = None",
    "hangs": "import time; time.sleep(600)",
    "stops_signals": "import signal; [signal.signal(number, signal.SIG_IGN) for number in (2, 14, 15)]",
}
REASONS = {
    "sleeps": "ran longer than",
    "allocates": "MemoryError",
    "exits": "exit code 0",
    "exits_with_code": "exit code 7",
    "segfaults": "Segmentation fault",
    "aborts": "the process died",  # of what, the version of Python decides
    "forks": "BlockingIOError",
    "writes_home": "PermissionError",
    "writes_project": "PermissionError",
    "deletes_itself": "PermissionError",
    "opens_socket": "PermissionError",
    "quits": "it called `sys.exit`",
    "raises": "importing `raises` raises RuntimeError: not today",
    "calls_exit": "importing `calls_exit` calls `sys.exit`",
    "hangs": "ran longer than",
}
"""What is said of those that cannot be decided on."""
CONFIRMED = {"spawns", "prints", "complains", "leaves_threads", "forges", "stops_signals"}
"""Those that do nothing to keep klint from its work."""


@dataclass(frozen=True)
class Outcome:
    results: dict[str, ProbeResult]
    neighbours: list[ProbeResult]
    pool: Pool
    folder: Path
    before: dict[str, bytes]
    temporary: set[Path]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    needs("3")
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "neighbour.py").write_text(NEIGHBOUR, encoding="utf-8")
    for name, call in IN_CALL.items():
        (folder / f"{name}.py").write_text(LAYER.format(module="", call=call), encoding="utf-8")
    for name, module in AT_IMPORT.items():
        (folder / f"{name}.py").write_text(LAYER.format(module=module, call="pass"), encoding="utf-8")
    neighbour = probe(folder / "neighbour.py", "Neighbour", claims_in(folder / "neighbour.py")["Neighbour"])
    probes = [neighbour]
    for name in (*IN_CALL, *AT_IMPORT):
        claims = [claim for claim in claims_in(folder / f"{name}.py")["Gate"] if claim.code == "KLL111"]
        probes += [probe(folder / f"{name}.py", "Gate", claims)]
    probes += [neighbour]
    before = files(folder)
    temporary = set(Path(tempfile.gettempdir()).iterdir())
    results, pool = ran(probes, TIMEOUT)
    named = {result.probe.module: result for result in results[1:-1]}
    return Outcome(named, [results[0], results[-1]], pool, folder, before, temporary)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", REASONS)
def test_says_why_it_cannot_decide(outcome: Outcome, name: str) -> None:
    verdict = outcome.results[name].verdicts[0]
    assert verdict.status == "inconclusive", verdict
    assert REASONS[name] in verdict.evidence
    assert verdict.help


@pytest.mark.parametrize("name", sorted(CONFIRMED))
def test_still_confirms(outcome: Outcome, name: str) -> None:
    verdict = outcome.results[name].verdicts[0]
    assert verdict.status == "confirmed", verdict
    assert "NotImplementedError: Cannot convert a symbolic tf.Tensor" in verdict.evidence


@pytest.mark.parametrize("name", sorted({*IN_CALL, *AT_IMPORT} - REASONS.keys() - CONFIRMED - {"loops"}))
def test_is_not_believed(outcome: Outcome, name: str) -> None:
    assert outcome.results[name].verdicts[0].status == "inconclusive"
    assert outcome.results[name].verdicts[0].evidence
    assert outcome.results[name].verdicts[0].help


def test_a_loop_is_interrupted_in_time_to_confirm_what_stands_before_it(outcome: Outcome) -> None:
    verdict = outcome.results["loops"].verdicts[0]
    if "ran longer than" not in verdict.evidence:  # on a busy machine
        assert verdict.status == "confirmed", verdict


def test_neighbours_are_the_same(outcome: Outcome) -> None:
    first, last = (result.verdicts[0] for result in outcome.neighbours)
    assert first.status == "confirmed"
    assert (first.evidence, first.line, first.arguments) == (last.evidence, last.line, last.arguments)


def test_no_file_is_left(outcome: Outcome) -> None:
    if outcome.pool.lacking:
        pytest.skip(f"not stopped here: {outcome.pool.lacking}")
    assert files(outcome.folder) == outcome.before
    assert not (HOME / MARK).exists()
    left = set(Path(tempfile.gettempdir()).iterdir()) - outcome.temporary
    assert Path(outcome.pool.folder) not in left


def test_no_process_is_left(outcome: Outcome) -> None:
    assert not [process for process in Path("/proc").glob("[0-9]*") if outcome.pool.folder in folder_of(process)]


def folder_of(process: Path) -> str:
    try:
        return str((process / "cwd").readlink())
    except OSError:  # gone, or a kernel thread
        return ""
