"""What a layer costs in confirm mode, beside one fresh process for each layer.

    python -m benchmarks.confirm [PATH ...] [--fresh 5]

Runs every layer under the paths (default: the sample layers) one after the other in one run of klint, then the first
few of them in a run each.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.confirming import Request, probes_of
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import Probe, ProbeResult
from keras_layer_lint.source.discover import discover
from tests.conftest import ROOT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", default=[str(ROOT / "fixtures" / "faulty")])
    parser.add_argument("--fresh", type=int, default=5, help="layers to run in a fresh process each")
    given = parser.parse_args()
    settings = Settings()
    files = discover(given.paths, settings)[0]
    request = Request(device="cpu", everything=True)
    probes = list(probes_of(lint_paths(given.paths, settings), files, settings, request))
    start = time.perf_counter()
    results, start_up = run(probes)
    total = time.perf_counter() - start
    seconds = sorted(result.seconds for result in results)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{len(results)} layers in {total:.1f} s, {start_up:.1f} s of it until Keras was imported")
    most = seconds[len(seconds) * 9 // 10]
    print(f"a layer: median {statistics.median(seconds):.2f} s, nine tenths under {most:.2f} s")
    fresh = [timed([probe]) for probe in probes[: given.fresh]]
    print(f"in a fresh process: median {statistics.median(fresh):.2f} s")
    print(f"ratio {statistics.median(fresh) / statistics.median(seconds):.1f}")
    unrun = [result for result in results if result.reason]
    for result in unrun:
        print(f"not run: {Path(result.probe.shown).name} {result.probe.class_name}: {result.reason}")


def run(probes: Sequence[Probe]) -> tuple[list[ProbeResult], float]:
    pool = Pool(probes, jobs=1, timeout=120, progress=lambda done, total, text: None)
    return pool.run(), pool.start_seconds


def timed(probes: Sequence[Probe]) -> float:
    start = time.perf_counter()
    run(probes)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
