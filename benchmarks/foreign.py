"""The cost of code without Keras: `python -m benchmarks.foreign [FOLDER] [--repeat N]`; else of Python's own library.

A project is seldom all Keras. The figure is processor time of one process, `lint_paths(jobs=1)` without a cache and
without the garbage collector, from the start of the process on; the best of N counts. Exit code 1: over the budget.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

BUDGET = 6.0
"""Milliseconds a file, on 2 cores: 4.7 when this was written."""


def lint(folder: str) -> dict[str, float]:
    """Lint a folder, and say how long it took."""
    from keras_layer_lint import Settings, lint_paths
    from keras_layer_lint.processes import own

    gc.disable()
    own()  # as the command does
    settings = Settings(jobs=1, root=folder, exclude=("site-packages",))
    report = lint_paths([folder], settings)
    return {"seconds": time.process_time(), "files": report.files, "layers": report.layers}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Measure klint on code without Keras.")
    parser.add_argument("folder", nargs="?", default=sysconfig.get_path("stdlib"))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", action="store_true", help="one measurement in this process, as JSON")
    given = parser.parse_args(arguments)
    if given.only:
        print(json.dumps(lint(given.folder)))
        return 0
    command = [sys.executable, "-m", "benchmarks.foreign", str(Path(given.folder).absolute()), "--only"]
    runs = []
    for _ in range(given.repeat):
        done = subprocess.run(command, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, check=True)
        runs.append(json.loads(done.stdout))
    best = min(runs, key=lambda run: run["seconds"])
    each = best["seconds"] / best["files"] * 1000
    print(f"{best['seconds']:.2f} s, {best['files']:.0f} files, {best['layers']:.0f} layers")
    print(f"{each:.2f} ms a file, at most {BUDGET}")
    return int(each > BUDGET)


if __name__ == "__main__":
    sys.exit(main())
