"""A layer gets so much processor time, and more by the clock: a busy machine loses none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keras_layer_lint.confirm import time_allowed
from keras_layer_lint.confirm.children import Child, Children
from keras_layer_lint.confirm.messages import ChildEnded, ClassLoaded, OracleStarted, ZygoteMessage, ZygoteReady
from keras_layer_lint.confirm.probe_run import ProbeRun
from keras_layer_lint.confirm.time_allowed import TimeAllowed, Watch, processor_seconds
from tests.confirm.conftest import claim_of, probe, ran
from tests.frameworks import needs

CLAIM = claim_of("KLL111", 7)
READY = ZygoteReady(keras="3.15.1", backend="tensorflow 2.21.0", lacking=(), seconds=1.0)


class Machine:
    """A process, and the clock, as a test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = 1000.0
        self.processor: float | None = 0.0
        self.sent: list[int] = []
        monkeypatch.setattr(time_allowed, "processor_seconds", lambda process: self.processor)
        monkeypatch.setattr(time, "monotonic", lambda: self.clock)
        monkeypatch.setattr(os, "kill", lambda process, number: self.sent.append(number))
        monkeypatch.setattr(os, "killpg", lambda process, number: self.sent.append(number))

    def goes_on(self, seconds: int, share: float) -> None:
        """So long, with this part of a processor."""
        self.clock += seconds
        self.processor = None if self.processor is None else self.processor + share * seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def ended_by(machine: Machine, share: float, most: int) -> tuple[str, int]:
    """Which limit ends a process that gets this part of a processor, after how many seconds."""
    watch = Watch(99, TimeAllowed.of(60.0))
    for second in range(most):
        if reached := watch.limit_reached():
            return reached, second
        machine.goes_on(1, share)
    return "", most


@pytest.mark.parametrize(
    ("share", "most", "ends"),
    [
        (0.1, 590, ("", 590)),  # on a machine with 20 others it takes 59 seconds of processor time
        (1.0, 599, ("processor", 61)),
        (4.0, 599, ("processor", 16)),
        (0.05, 9999, ("clock", 601)),
        (0.0, 9999, ("waiting", 61)),
        (0.001, 9999, ("waiting", 61)),
    ],
)
def test_what_ends_a_process(machine: Machine, share: float, most: int, ends: tuple[str, int]) -> None:
    assert ended_by(machine, share, most) == ends


def test_where_the_system_tells_nothing_the_clock_ends_it(machine: Machine) -> None:
    machine.processor = None
    assert ended_by(machine, 0.0, 9999) == ("clock", 601)


def test_a_child_says_where_it_is_before_it_is_killed(machine: Machine) -> None:
    children = Children.__new__(Children)
    children.running = {99: (child := Child(0, 99, b"token", "", Watch(99, TimeAllowed.of(60.0)), 0, 0))}
    children.end_late()
    assert (child.killed, machine.sent) == ("", [])
    machine.goes_on(61, 1.0)
    children.end_late()
    assert (child.killed, machine.sent) == ("processor", [signal.SIGABRT])
    machine.goes_on(1, 0.0)
    children.end_late()
    assert (child.killed, machine.sent[1:]) == ("processor", [signal.SIGKILL] * 2)


@pytest.mark.parametrize(
    ("code", "seconds", "killed"),
    [
        (-signal.SIGXCPU, 70.0, "processor"),
        (-signal.SIGKILL, 70.0, "processor"),
        (-signal.SIGKILL, 9.0, ""),
        (0, 70.0, ""),
    ],
)
def test_the_kernel_may_be_first(monkeypatch: pytest.MonkeyPatch, code: int, seconds: float, killed: str) -> None:
    children = Children.__new__(Children)
    sent: list[ZygoteMessage] = []
    monkeypatch.setattr(children, "_send", sent.append, raising=False)
    children._tell_of_end(Child(3, 99, b"token", "", Watch(99, TimeAllowed.of(60.0)), 0, 0), code, seconds)
    assert sent == [ChildEnded(number=3, code=code, killed=killed, stderr="", seconds=seconds)]


def test_children_of_one_layer_share_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    run = ProbeRun(probe(Path("/project/gates.py"), "Gate", [CLAIM, claim_of("KLL101", 9)]), 60)
    run.begin(READY)
    run.take(ClassLoaded())
    run.take(OracleStarted(oracle="graph", claims=(0,)))
    now[0] = 100.0
    assert run.end(-11, "", "", 20.0)  # the other claim is left
    assert run.time_left() == TimeAllowed(processor=40.0, waiting=60.0, clock=500.0)
    run.begin(READY)
    run.take(OracleStarted(oracle="graph", claims=(1,)))
    assert not run.end(-9, "processor", "", 41.0)
    verdict = run.result().verdicts[1]
    assert verdict.evidence == "it took more than 60 s of processor time"
    assert run.result().seconds == 100.0


def test_the_clock_is_named_where_it_was_the_limit() -> None:
    run = ProbeRun(probe(Path("/project/gates.py"), "Gate", [CLAIM]), 60)
    run.begin(READY)
    run.end(-9, "clock", "", 0.1)
    assert run.result().verdicts[0].evidence == "importing `gates`: it ran longer than 600 s"


def test_processor_time_of_a_process_that_is_there() -> None:
    assert (processor_seconds(os.getpid()) or 0.0) > 0.0
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    assert processor_seconds(ended.pid) is None


MODULE = "import keras\nimport time\n{rest}\n\n\nclass Gate(keras.layers.Layer):\n    pass\n"


@pytest.mark.slow
def test_a_busy_loop_and_a_sleeper(tmp_path: Path) -> None:
    needs("3")
    probes = []
    for name, rest in (("busy", "while True: pass"), ("asleep", "time.sleep(600)")):
        (path := tmp_path / f"{name}.py").write_text(MODULE.format(rest=rest), encoding="utf-8")
        probes.append(probe(path, "Gate", [CLAIM]))
    (busy, asleep), _ = ran(probes, timeout=3.0)
    assert busy.reason == "importing `busy`: it took more than 3 s of processor time, line 3"
    assert asleep.reason == "importing `asleep`: it waited for 3 s and did nothing, line 3"


@pytest.mark.slow
def test_an_import_that_does_not_end_is_not_tried_for_each_layer(tmp_path: Path) -> None:
    needs("3")
    (path := tmp_path / "trains.py").write_text(MODULE.format(rest="while True: pass"), encoding="utf-8")
    results, _ = ran([probe(path, "Gate", [CLAIM]) for _ in range(20)], timeout=3.0)
    assert {result.reason for result in results} == {
        "importing `trains`: it took more than 3 s of processor time, line 3"
    }
    assert {result.not_run for result in results} == {"module"}
    assert sum(result.seconds > 0 for result in results) <= 2  # those that were under way
