"""A check in a process of its own, under the limits of confirm mode."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from keras_layer_lint.confirm import sandbox
from keras_layer_lint.errors import KlintError
from keras_layer_lint.testing.checks import run, subject_of
from keras_layer_lint.testing.report import CheckFailure, CheckReport, CheckResult, StaticFinding

_THREADS = 4
"""Threads that may be busy all the time."""
_TAIL = 2_000
"""Characters of what a process said last."""


def in_a_process(
    layer: Callable[[], Any],
    inputs: Any,
    call: Mapping[str, Any] | None,
    expected: Mapping[str, Any],
    names: Sequence[str],
    timeout: float,
) -> CheckReport:
    """Run the checks in a new Python. A process that dies or takes too long is a failure of the check `isolated`.

    Raises KlintError where the layer cannot be handed to another process.
    """
    with tempfile.TemporaryDirectory(prefix="klint-") as folder:
        task, answer = Path(folder, "task"), Path(folder, "answer")
        try:
            given = pickle.dumps((layer, inputs, dict(call or {}), dict(expected), list(names)))
            task.write_bytes(pickle.dumps((sys.path, given)))
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise KlintError(
                f"another process cannot make the layer: give a Recipe with a class of a module ({error})"
            ) from error
        environment = {**os.environ, **dict.fromkeys(("HOME", "TMPDIR", "KERAS_HOME", "XDG_CACHE_HOME"), folder)}
        command = [sys.executable, "-m", __name__, str(task), str(answer), str(timeout)]
        said = ""
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=timeout,
                check=False,
            )
            said = f"the process ended with {done.returncode}: {done.stderr[-_TAIL:].strip()}"
        except subprocess.TimeoutExpired:
            said = f"it ran longer than {timeout:g} s"
        if answer.is_file():
            with answer.open("rb") as file:
                return _Reports(file).report()
    name = getattr(layer, "cls", layer).__name__
    failed = CheckResult("isolated", "failed", (CheckFailure("isolated", said),))
    return CheckReport(name, "", "", (failed,), str(inputs) if isinstance(inputs, str) else "")


_OF_REPORTS = {(cls.__module__, cls.__name__) for cls in (CheckReport, CheckResult, CheckFailure, StaticFinding)}


class _Reports(pickle.Unpickler):
    """Reads a report of the layer's process, which could write anything: it makes no object of another class."""

    def report(self) -> CheckReport:
        """The report. Raises KlintError where the file holds something else."""
        try:
            found = self.load()
        except (pickle.UnpicklingError, EOFError, AttributeError, TypeError, ValueError) as error:
            raise KlintError(f"the layer's process answered with no report: {error}") from error
        if not isinstance(found, CheckReport):
            raise KlintError(f"the layer's process answered with {type(found).__name__}, no report")
        return found

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _OF_REPORTS:
            raise KlintError(f"the layer's process answered with a {module}.{name}")
        return super().find_class(module, name)


def main() -> None:
    """Run the task of a file, and write the report beside it."""
    task, answer, timeout = sys.argv[1:]
    paths, given = pickle.loads(Path(task).read_bytes())
    sys.path[:] = paths  # which the class is found on
    layer, inputs, call, expected, names = pickle.loads(given)
    sandbox.confine(str(Path(answer).parent), _THREADS * float(timeout))  # the clock is watched from outside
    report = run(subject_of(layer, inputs, call, expected), names)
    Path(answer).write_bytes(pickle.dumps(report))
    os._exit(0)  # whatever threads still run


if __name__ == "__main__":
    main()
