"""Keras in processes of its own: one for each generation, which judge the cases of all collected tests."""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.proof.cases import Case

Judge = Callable[[Case], dict[str, Any]]

MISSING = [name for name in ("tensorflow", "keras", "tf_keras") if importlib.util.find_spec(name) is None]

ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTRAOP_THREADS": "1",
}


class Zygote:
    """A process that holds one generation of Keras and judges the cases of each example in a child."""

    def __init__(self, generation: str, cases: Sequence[Case], folder: Path) -> None:
        self._answers: dict[str, Future[dict[str, Any]]] = {str(case): Future() for case in cases}
        assert len(self._answers) == len(cases), "two cases have the same name"
        # A file, for a pipe nobody reads fills up.
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.proof.worker", generation, str(folder)],
            cwd=ROOT,
            env=os.environ | ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        examples = itertools.groupby(cases, lambda case: case.block)
        requests = "".join(json.dumps([case.request() for case in group]) + "\n" for _, group in examples)
        self._threads = [
            threading.Thread(target=target, args=arguments, daemon=True)
            for target, arguments in ((self._send, (requests,)), (self._read, ()))
        ]
        for thread in self._threads:
            thread.start()

    def _send(self, requests: str) -> None:
        assert self._process.stdin is not None
        try:
            with self._process.stdin as pipe:
                pipe.write(requests)
        except BrokenPipeError:
            pass  # `_read` says why it died

    def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            for line in self._process.stdout:
                answer = json.loads(line)
                self._answers[answer["id"]].set_result(answer)
        finally:
            self._errors.seek(0)
            dead = RuntimeError(f"the process that runs Keras ended early:\n{self._errors.read()[-2000:]}")
            for waiting in self._answers.values():
                if not waiting.done():
                    waiting.set_exception(dead)

    def judge(self, case: Case) -> dict[str, Any]:
        return self._answers[str(case)].result()

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._errors.close()


@pytest.fixture(scope="session")
def judge(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """Judges a case; those of all collected tests are under way at once, in a process for each generation."""
    if MISSING:
        reason = f"the proof of the pages needs {', '.join(MISSING)}: pip install 'keras-layer-lint[test]'"
        if os.environ.get("KLINT_REQUIRE_TENSORFLOW"):
            pytest.fail(reason)
        pytest.skip(reason)
    items = [item for item in request.session.items if isinstance(item, pytest.Function) and hasattr(item, "callspec")]
    collected = [case for item in items if isinstance(case := item.callspec.params.get("case"), Case)]
    zygotes = {
        generation: Zygote(generation, cases, tmp_path_factory.mktemp(f"keras{generation}"))
        for generation in ("2", "3")
        if (cases := [case for case in collected if case.keras == generation])
    }
    yield lambda case: zygotes[case.keras].judge(case)
    for zygote in zygotes.values():
        zygote.close()
