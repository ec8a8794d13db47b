"""How the time of a run grows with its input: `python -m benchmarks.growth [NAME ...] [--limit 1.2]`.

For each kind of input in `growth_inputs` the size is doubled until a run takes `--seconds` of processor time or the
input can grow no further. Runs are processes of their own that import klint, lint one small layer, and then measure
`lint_paths(jobs=1)`; the time of the smallest input is taken off. The exponent is the slope of a line through the last
three sizes, both axes logarithmic: 1 is linear. The same is done for the memory of a run.

Exit code 1: an exponent is above the limit.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.growth_inputs import KINDS, Files, Kind, layer, module

LIMIT = 1.2
SECONDS = 1.0
"""Of processor time; the last run of a kind takes this at least, where the kind can grow so far."""
TIMEOUT = 60
"""Seconds on the clock for one run: one that takes longer ends the growth of its kind, and fails."""
LEAST_SECONDS = 0.02
"""Less is noise: a kind that never comes to this has no exponent."""
LEAST_MEMORY = 32.0
"""MiB, likewise: what a small run has freed is used again."""
LAST = 3
"""So many sizes, the largest ones, make the exponent."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: processor time in seconds, memory it came to need in MiB."""

    size: int
    seconds: float
    memory: float


@dataclass(frozen=True, slots=True)
class Growth:
    """The runs of one kind, the smallest first. `timed_out`: a size that was not linted in time."""

    runs: tuple[Run, ...]
    timed_out: int | None = None

    @property
    def time_exponent(self) -> float | None:
        """Slope of the time; None where it is too short to tell."""
        return exponent([(run.size, run.seconds) for run in self.runs], LEAST_SECONDS)

    @property
    def memory_exponent(self) -> float | None:
        """Slope of the memory; None where it is too little to tell."""
        return exponent([(run.size, run.memory) for run in self.runs], LEAST_MEMORY)

    def exceeds(self, limit: float) -> bool:
        """Whether it grows faster than the limit, or without end."""
        return self.timed_out is not None or any(
            found is not None and found > limit for found in (self.time_exponent, self.memory_exponent)
        )


def exponent(points: Sequence[tuple[int, float]], least: float) -> float | None:
    """Fit a line through the logarithms of the last points that are no noise; None where there are fewer than two."""
    logs = [(math.log(size), math.log(cost)) for size, cost in points[-LAST:] if cost >= least]
    if len(logs) < 2:
        return None
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)


def write(files: Files, folder: Path) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def lint(folder: str, *, is_fixed: bool = False) -> dict[str, float]:
    """Lint in this process, and fix in memory; say what it took beyond linting one small layer."""
    import resource

    from keras_layer_lint import Settings, lint_paths
    from keras_layer_lint.fixes.engine import Fixer
    from keras_layer_lint.fixes.files import fixes_of

    with tempfile.TemporaryDirectory() as small:
        write(module(layer("")), Path(small))
        lint_paths([small], Settings(jobs=1, root=small))
        before = time.process_time()
        lint_paths([small], Settings(jobs=1, root=small))
        base = time.process_time() - before
    unit = 1 if sys.platform == "darwin" else 1024
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    start = time.process_time()
    report = lint_paths([folder], Settings(jobs=1, root=folder))
    if is_fixed:
        settings = Settings(jobs=1, root=folder)
        assert [len(file.fixed.made) > 0 for file in fixes_of(report, Fixer(settings, unsafe=True))] == [True]
    seconds = time.process_time() - start - base
    assert report.errors == (), report.errors
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - memory
    return {"seconds": seconds, "memory": memory / 1024 / 1024}


def in_process(files: Files, size: int, *, is_fixed: bool = False) -> Run:
    """Lint, and fix, in a process of its own. Raises subprocess.TimeoutExpired."""
    with tempfile.TemporaryDirectory() as folder:
        write(files, Path(folder))
        command = [sys.executable, "-m", "benchmarks.growth", "--only", folder, *(["--fix"] if is_fixed else [])]
        root = Path(__file__).parent.parent
        done = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, check=True, timeout=TIMEOUT)
    return Run(size, **json.loads(done.stdout))


def grow(kind: Kind, seconds: float, repeat: int = 1, most: int | None = None) -> Growth:
    """Double the size until a run takes `seconds`, or up to `most`."""
    runs: list[Run] = []
    size = kind.start
    while size <= min(kind.most, most or kind.most) and (not runs or runs[-1].seconds < seconds):
        files = kind.write(size)
        try:
            runs.append(
                min(
                    (in_process(files, size, is_fixed=kind.is_fixed) for _ in range(repeat)),
                    key=lambda run: run.seconds,
                )
            )
        except subprocess.TimeoutExpired:
            return Growth(tuple(runs), size)
        size *= 2
    return Growth(tuple(runs))


def row(name: str, growth: Growth, limit: float) -> str:
    """Write the last runs of one kind and its exponents."""
    sizes = "  ".join(f"{run.size:>7} {run.seconds:6.2f} s" for run in growth.runs[-LAST:])
    end = f"  {growth.timed_out} over {TIMEOUT} s" if growth.timed_out is not None else ""
    memory = growth.runs[-1].memory if growth.runs else 0
    shown = ["    -" if found is None else f"{found:5.2f}" for found in (growth.time_exponent, growth.memory_exponent)]
    mark = "  <-- above the limit" if growth.exceeds(limit) else ""
    return f"{name:34}{sizes:>50}  time^{shown[0]}  {memory:5.0f} MiB ^{shown[1]}{end}{mark}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Measure how the time of a run grows with its input.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="kinds whose name holds this; without it, all")
    parser.add_argument(
        "--limit", type=float, default=LIMIT, help="the largest exponent allowed (default: %(default)s)"
    )
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="grow until a run takes this (default: %(default)s)"
    )
    parser.add_argument("--most", type=int, help="grow no further than to this size")
    parser.add_argument("--repeat", type=int, default=1, help="the best of so many runs counts (default: %(default)s)")
    parser.add_argument(
        "--only", metavar="FOLDER", help="lint a folder in this process, and print what it took as JSON"
    )
    parser.add_argument("--fix", action="store_true", help="with --only: fix what has a fix, in memory")
    given = parser.parse_args(arguments)
    if given.only:
        gc.disable()
        print(json.dumps(lint(given.only, is_fixed=given.fix)))
        return 0
    exceeding = []
    for name, kind in KINDS.items():
        if given.names and not any(part in name for part in given.names):
            continue
        growth = grow(kind, given.seconds, given.repeat, given.most)
        print(row(name, growth, given.limit), flush=True)
        if growth.exceeds(given.limit):
            exceeding.append(name)
    print(f"above {given.limit}: {', '.join(exceeding) or 'none'}")
    return 1 if exceeding else 0


if __name__ == "__main__":
    sys.exit(main())
