"""What a layer costs in confirm mode, beside one fresh process for each layer.

    python -m benchmarks.confirm [PATH ...] [--all] [--fresh 6]

Runs the layers with findings under the paths (default: the sample layers), or all, one after the other in one run of
klint, then some of them, taken evenly, in a run each. The seconds of a layer end when its process is gone.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import Probe, ProbeResult
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request
from tests.conftest import ROOT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", default=[str(ROOT / "fixtures" / "faulty")])
    parser.add_argument("--all", action="store_true", help="as --confirm=all does: every layer, with every oracle")
    parser.add_argument("--fresh", type=int, default=6, help="layers to run in a fresh process each")
    given = parser.parse_args()
    settings = Settings()
    request = Request(device="cpu", everything=given.all)
    probes = list(probes_of(lint_paths(given.paths, settings), settings, request))
    start = time.perf_counter()
    results, start_up = run(probes)
    total = time.perf_counter() - start
    seconds = sorted(result.seconds for result in results)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{len(results)} layers in {total:.1f} s, {start_up:.1f} s of it until Keras was imported")
    most = seconds[len(seconds) * 9 // 10]
    print(f"a layer: median {statistics.median(seconds):.2f} s, nine tenths under {most:.2f} s")
    chosen = list(range(0, len(probes), max(1, len(probes) // given.fresh)))[: given.fresh]
    fresh = [timed([probes[number]]) for number in chosen]
    print(f"in a fresh process: median {statistics.median(fresh):.2f} s")
    ratios = [one / results[number].seconds for number, one in zip(chosen, fresh, strict=True)]
    print(f"the same layers: median ratio {statistics.median(ratios):.1f}")
    for result in results:
        if result.reason:
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
