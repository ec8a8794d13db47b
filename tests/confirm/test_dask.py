"""`--scheduler`: layers run as tasks of a Dask cluster, here of a scheduler and two workers that are processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from keras_layer_lint import __version__
from keras_layer_lint.confirm.dask_pool import DaskPool, address_of
from keras_layer_lint.confirm.pool import Progress
from keras_layer_lint.confirm.probe import Probe
from keras_layer_lint.errors import KlintError
from tests.confirm.conftest import claims_in, probe
from tests.frameworks import needs

pytestmark = pytest.mark.skipif(
    find_spec("distributed") is None, reason="needs distributed, which takes long to import"
)

LAYERS = """\
import keras
import numpy as np


class Plain(keras.layers.Layer):
    def call(self, inputs):
        return inputs


class Gate(keras.layers.Layer):
    def call(self, inputs):
        return inputs - np.mean(inputs)


class Killer(keras.layers.Layer):
    def call(self, inputs):
        return inputs
"""
# A layer cannot reach the process of its worker. What ends workers is the memory of the machine, or an operator.
KILLS = """\
import os, signal
from keras_layer_lint.confirm import dask_task


class Pool(dask_task.Pool):
    def run(self):
        if any(each.probe.class_name == "Killer" for each in self._runs):
            os.kill(os.getpid(), signal.SIGKILL)
        if any(each.probe.class_name == "Gate" for each in self._runs):
            raise RecursionError("too deep")
        return super().run()


dask_task.Pool = Pool
"""


class Cluster:
    """A scheduler and its workers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"dask://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard", "--no-show")

    def start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", what, *arguments]
        with (self.folder / f"{what}-{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True)
        self.processes.append(process)
        return process

    def worker(self, *arguments: str) -> subprocess.Popen[bytes]:
        local = str(self.folder / f"worker-{len(self.processes)}")
        return self.start(
            "worker",
            f"127.0.0.1:{self.port}",
            "--nthreads",
            "1",
            "--no-dashboard",
            "--local-directory",
            local,
            *arguments,
        )

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    found = Cluster(tmp_path)
    yield found
    found.close()


def probes_of(folder: Path, *names: str, device: str = "cpu") -> list[Probe]:
    path = folder / "layers.py"
    path.write_text(LAYERS, encoding="utf-8")
    claims = claims_in(path)
    found = [probe(path, name, claims.get(name, ()), everything=True) for name in names]
    return [replace(each, device=device) for each in found]


def pool(probes: Sequence[Probe], cluster: Cluster, progress: Progress = lambda *_: None) -> DaskPool:
    return DaskPool(probes, address=cluster.address, timeout=60.0, progress=progress)


@pytest.mark.keras
@pytest.mark.slow
def test_a_lost_worker_loses_nothing(cluster: Cluster, tmp_path: Path) -> None:
    needs("3")
    first, _ = cluster.worker("--no-nanny"), cluster.worker("--no-nanny")
    killed: list[float] = []

    def progress(done: int, total: int, text: str) -> None:
        if done >= 2 and not killed:
            os.killpg(first.pid, signal.SIGKILL)
            killed.append(time.monotonic())

    probes = probes_of(tmp_path, *["Plain", "Gate"] * 5)
    results = pool(probes, cluster, progress=progress).run()
    assert killed
    assert [result.probe for result in results] == probes
    assert [result.reason for result in results] == [""] * 10
    gates = [verdict.status for result in results for verdict in result.verdicts]
    assert gates == ["confirmed"] * 5


@pytest.mark.keras
@pytest.mark.slow
def test_a_layer_that_ends_its_workers_gets_a_verdict_after_two(cluster: Cluster, tmp_path: Path) -> None:
    needs("3")
    (tmp_path / "kills.py").write_text(KILLS, encoding="utf-8")
    for _ in range(2):
        cluster.worker("--preload", str(tmp_path / "kills.py"))
    plain, killer, gate = pool(probes_of(tmp_path, "Plain", "Killer", "Gate"), cluster).run()
    assert (plain.reason, killer.reason) == ("", "the Dask workers that ran it ended, two of them")
    assert gate.reason == "the task failed: RecursionError: too deep"
    assert [verdict.status for verdict in gate.verdicts] == ["inconclusive"]
    logs = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("worker-*.log"))
    assert logs.count("was killed by signal 9") == 2


@pytest.mark.slow
def test_what_differs_on_a_worker_is_said(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.worker("--no-nanny")
    other, gone = probes_of(tmp_path, "Plain", "Gate")
    monkeypatch.setattr("keras_layer_lint.confirm.dask_task.digest_of", lambda path: "0")
    (result,) = pool([other], cluster).run()
    assert result.reason == f"the Dask worker on {socket.gethostname()} has another {other.path}"
    assert result.help == "give all workers the files of the project, under the same paths"
    (tmp_path / "layers.py").unlink()
    (result,) = pool([gone], cluster).run()
    assert result.reason == f"the Dask worker on {socket.gethostname()} has no file {gone.path}"
    monkeypatch.setattr("keras_layer_lint.confirm.dask_pool.__version__", "0.0.0")
    (result,) = pool([other], cluster).run()
    assert result.reason == f"the Dask worker on {socket.gethostname()} has klint {__version__}, not 0.0.0"


@pytest.mark.slow
def test_without_a_worker_that_fits_it_is_an_error(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keras_layer_lint.confirm.dask_pool._WORKERS_SECONDS", 1.0)
    monkeypatch.setattr("keras_layer_lint.confirm.dask_pool._POLL_SECONDS", 0.5)
    with pytest.raises(KlintError, match=r"has no worker$"):
        pool(probes_of(tmp_path, "Plain"), cluster).run()
    cluster.worker("--no-nanny")
    time.sleep(2)
    with pytest.raises(
        KlintError, match=r"has no worker with the resource GPU \(`dask worker \.\.\. --resources GPU=1`\)$"
    ):
        pool(probes_of(tmp_path, "Plain", device="gpu"), cluster).run()


@pytest.mark.slow
def test_an_interrupted_run_says_what_was_not_run(cluster: Cluster, tmp_path: Path) -> None:
    def progress(done: int, total: int, text: str) -> None:
        raise KeyboardInterrupt

    run = pool(probes_of(tmp_path, "Plain", "Gate"), cluster, progress=progress)
    assert [result.reason for result in run.run()] == ["interrupted", "interrupted"]
    assert run.interrupted


@pytest.mark.slow
def test_where_no_scheduler_answers_it_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keras_layer_lint.confirm.dask_pool._CONNECT_SECONDS", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        probes = probes_of(tmp_path, "Plain")
        with pytest.raises(KlintError, match=f"no Dask scheduler answers at tcp://127.0.0.1:{port}"):
            DaskPool(probes, address=f"dask://127.0.0.1:{port}", timeout=5.0, progress=lambda *_: None).run()


def test_without_the_package_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(KlintError, match=r"python -m pip install 'keras-layer-lint\[distributed\]'"):
        DaskPool([], address="dask://host:8786", timeout=5.0, progress=lambda *_: None).run()


@pytest.mark.parametrize("text", ["host:8786", "tcp://host:8786", "dask://host", "dask://:8786", "dask://host:port"])
def test_what_is_no_address_is_an_error(text: str) -> None:
    with pytest.raises(KlintError, match="must look like dask://host:8786"):
        address_of(text)


def test_addresses() -> None:
    assert address_of("dask://host:8786") == "tcp://host:8786"
    assert address_of("dask://[::1]:8786") == "tcp://[::1]:8786"
