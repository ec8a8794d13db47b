"""Runs probes on a Dask cluster, a task each. It stands where `Pool` does, which runs them on this machine."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from keras_layer_lint import __version__
from keras_layer_lint.confirm.encoding import decode, encode
from keras_layer_lint.confirm.pool import Progress
from keras_layer_lint.confirm.probe import Probe, ProbeResult
from keras_layer_lint.errors import KlintError

if TYPE_CHECKING:
    from distributed import Client, Future

_ADDRESS = re.compile(r"dask://(?P<place>(?:\[[0-9a-fA-F:.]{2,45}\]|[\w.-]{1,253}):[0-9]{1,5})", re.ASCII)
_CONNECT_SECONDS = 20.0
_WORKERS_SECONDS = 60.0
"""How long a cluster may be without a worker that could run what is left."""
_POLL_SECONDS = 2.0
_RETRIES = 2
INSTALL = "python -m pip install 'keras-layer-lint[distributed]'"


def address_of(text: str) -> str:
    """The address of a scheduler, as Dask writes it. Raises KlintError where the text is none."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        raise KlintError(f"--scheduler must look like dask://host:8786, not `{text}`")
    return f"tcp://{found['place']}"


class DaskPool:
    """Runs each probe as a task. Those that ask for a GPU go to workers with the resource `GPU`.

    A task whose worker is lost goes to another; where two workers are lost with one layer, that is what is said of it.
    """

    def __init__(self, probes: Iterable[Probe], *, address: str, timeout: float, progress: Progress) -> None:
        self._probes = list(probes)
        self._address = address_of(address)
        self._timeout = timeout
        self._progress = progress
        self._results: dict[int, ProbeResult] = {}
        self.interrupted = False

    @property
    def lacking(self) -> tuple[str, ...]:
        """What the systems of the workers do not let klint keep one of the layers from."""
        return tuple(dict.fromkeys(what for result in self._results.values() for what in result.lacking))

    def run(self) -> list[ProbeResult]:
        """A result for each probe, in order. Raises KlintError where no scheduler or no fitting worker is there."""
        try:
            from distributed import Client
        except ImportError as error:
            raise KlintError(f"--scheduler needs the package distributed, which is not installed: {INSTALL}") from error
        try:
            client = Client(self._address, timeout=_CONNECT_SECONDS, set_as_default=False)
        except OSError as error:
            raise KlintError(f"--scheduler: no Dask scheduler answers at {self._address}: {error}") from error
        with client, client.as_current():
            try:
                self._run_on(client)
            except KeyboardInterrupt:
                self.interrupted = True
        return [self._results.get(number) or self._left(number) for number in range(len(self._probes))]

    def _run_on(self, client: Client) -> None:
        from distributed import Variable

        run = f"klint-{uuid.uuid4().hex}"
        variables = [Variable(f"{run}-{number}", client=client) for number in range(len(self._probes))]
        pending: dict[Future[bytes], int] = {}
        try:
            for number, variable in enumerate(variables):
                variable.set(0)
                pending[self._submit(client, number, variable.name)] = number
            self._gather(client, pending)
        finally:
            client.cancel(list(pending))
            for variable in variables:
                variable.delete()

    def _submit(self, client: Client, number: int, variable: str) -> Future[bytes]:
        from keras_layer_lint.confirm.dask_task import digest_of, run_probe

        probe = self._probes[number]
        return client.submit(
            run_probe,
            encode(probe),
            self._timeout,
            __version__,
            digest_of(probe.path),
            variable,
            key=variable,
            pure=False,
            retries=_RETRIES,
            resources=_resources(probe),
        )

    def _gather(self, client: Client, pending: dict[Future[bytes], int]) -> None:
        """Take results as they come; what is left in `pending` was not run."""
        from distributed import TimeoutError as WaitedTooLong  # until Python 3.11 not the one of Python
        from distributed import wait

        had_workers = time.monotonic()
        while pending:
            workers = _fitting(client, [self._probes[number] for number in pending.values()])
            now = time.monotonic()
            had_workers = now if workers else had_workers
            if now - had_workers > _WORKERS_SECONDS:
                self._without_workers(pending)
                return
            self._progress(len(self._results), len(self._probes), f"running layers on {workers} Dask workers")
            try:
                done = wait(list(pending), timeout=_POLL_SECONDS, return_when="FIRST_COMPLETED").done
            except WaitedTooLong:
                continue
            for future in done:
                number = pending.pop(future)
                self._results[number] = self._result_of(future, number)

    def _result_of(self, future: Future[bytes], number: int) -> ProbeResult:
        from distributed import KilledWorker

        from keras_layer_lint.confirm.dask_task import LOST, LOST_HELP, left_open

        probe = self._probes[number]
        if future.status == "finished":
            return decode(future.result(), [ProbeResult])
        error = future.exception() if future.status == "error" else None
        if isinstance(error, KilledWorker):  # the scheduler gave up before klint did
            return left_open(probe, self._timeout, LOST, LOST_HELP)
        if isinstance(error, ImportError):
            raise KlintError(
                f"--scheduler: a worker cannot run klint: {type(error).__name__}: {error}; "
                "give all workers the environment of klint"
            ) from error
        said = str(error) if error else f"the scheduler let go of it ({future.status})"
        return left_open(probe, self._timeout, f"the task failed: {said}", "run it again")

    def _without_workers(self, pending: dict[Future[bytes], int]) -> None:
        """Nobody is left who could run the rest."""
        asks_for = " with the resource GPU (`dask worker ... --resources GPU=1`)"
        needs = asks_for if any(_resources(self._probes[number]) for number in pending.values()) else ""
        if not self._results:
            raise KlintError(f"--scheduler: {self._address} has no worker{needs}")

    def _left(self, number: int) -> ProbeResult:
        from keras_layer_lint.confirm.dask_task import left_open

        reason = "interrupted" if self.interrupted else "no Dask worker was left to run it"
        return left_open(self._probes[number], self._timeout, reason, "run it again")


def _resources(probe: Probe) -> dict[str, Any]:
    return {"GPU": 1} if probe.device == "gpu" else {}


def _fitting(client: Client, probes: Iterable[Probe]) -> int:
    """How many workers can run one of the probes."""
    wanted = [_resources(probe) for probe in probes]
    workers = client.scheduler_info()["workers"].values()
    return sum(any(needs.keys() <= worker["resources"].keys() for needs in wanted) for worker in workers)
