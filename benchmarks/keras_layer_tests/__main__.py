"""What Keras's private test case and `check_layer` find: `python -m benchmarks.keras_layer_tests --write`.

Tests of Keras's own layers (`ports.py`) are run by both, on the layers as they are and on mutants of them: one fault
each (`operators.py`), at a place that the seed chooses. A check counts as finding a mutant where it passes on the
layer as it is. Ctrl-C ends it with what is known by then. `--write` puts the mutants into `results.csv` beside this
file, and the table into docs/testing.md.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.keras_layer_tests.forking import run_each
from benchmarks.keras_layer_tests.mutants import SOUND, Mutant, mutants
from benchmarks.keras_layer_tests.operators import OPERATORS
from benchmarks.keras_layer_tests.ports import PORTS
from benchmarks.keras_layer_tests.results import RESULTS, Row, by_both, read, table, write, write_page

KERAS, KLINT = "keras", "klint"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="ports whose name matches this pattern")
    parser.add_argument("--operators", default="", help="names of operators, with commas; all unless given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=1000, help="mutants of each layer, chosen by the seed")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=240.0, help="for each run of one of the two")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--no-run", action="store_true", help="show, or write, what results.csv holds")
    options = parser.parse_args(arguments)
    known = {row.key: row for row in read(RESULTS)} if RESULTS.exists() else {}
    if not options.no_run:
        rows = measured(options)
        known = (
            {row.key: row for row in rows}
            if not (options.only or options.operators)
            else {
                **known,
                **{row.key: row for row in rows},
            }
        )
    rows = sorted(known.values(), key=lambda row: row.key)
    print(table(rows))
    for row in rows:
        if row.keras and not row.klint:
            print(f"only Keras: {row.port}: {row.operator}: {row.keras}")
        if row.operator == SOUND and (row.keras or row.klint):
            print(f"sound: {row.port}: {row.keras or row.klint}")
    if options.write:
        write(RESULTS, rows)
        write_page(rows)
    return 0


def measured(options: argparse.Namespace) -> list[Row]:
    """A row for each mutant, after both were run on it."""
    _prepare()
    chosen = [port for port in PORTS if re.search(options.only, port.name)]
    names = options.operators.split(",") if options.operators else list(OPERATORS)
    wanted = [mutant for port in chosen for mutant in _some(list(mutants(port, options.seed, names)), options)]
    from benchmarks.keras_layer_tests import harnesses

    alarms: dict[str, frozenset[str]] = {}
    """The checks of klint that fail on the layer as it is."""

    def work(task: tuple[Mutant, str], folder: Path) -> Any:
        mutant, which = task
        cls = getattr(harnesses.loaded(mutant.text, folder), mutant.port.class_name)
        if which == KERAS:
            return {KERAS: text} if (text := harnesses.of_keras(mutant.port, cls)) else {}
        if mutant.operator == SOUND:
            return harnesses.of_klint(mutant.port, cls, lambda name: False)
        alarmed = alarms[mutant.port.name]
        return harnesses.of_klint(mutant.port, cls, lambda name: name not in alarmed)

    found: dict[tuple[Mutant, str], dict[str, str]] = {}
    sound = [one for one in wanted if one.operator == SOUND]
    others = [one for one in wanted if one.operator != SOUND]
    random.Random(options.seed).shuffle(others)  # whatever is done when it is interrupted is a sample of all
    with suppress(KeyboardInterrupt):
        for some in (sound, others):
            tasks = [(one, which) for one in some for which in (KERAS, KLINT)]
            for (mutant, which), said in run_each(tasks, work, jobs=options.jobs, seconds=options.seconds):
                found[mutant, which] = said if isinstance(said, dict) else {which: said}
                print(f"{mutant}: {which}: {found[mutant, which] or 'nothing'}", file=sys.stderr, flush=True)
                if mutant.operator == SOUND and which == KLINT:
                    alarms[mutant.port.name] = frozenset(found[mutant, which])
    done = [one for one in wanted if {(one, KERAS), (one, KLINT)} <= found.keys()]
    return [by_both(one, found[one, KERAS], found[one, KLINT], alarms[one.port.name]) for one in done]


def _some(every: list[Mutant], options: argparse.Namespace) -> list[Mutant]:
    """The layer as it is, and so many mutants of it."""
    sound, *planted = every
    chosen = random.Random(f"{options.seed} {sound.port.name}").sample(planted, min(options.most, len(planted)))
    return [sound, *(one for one in planted if one in chosen)]


def _prepare() -> None:
    """As confirm mode starts its processes: before Keras is imported."""
    os.environ |= {
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "CUDA_VISIBLE_DEVICES": "",
    }


if __name__ == "__main__":
    sys.exit(main())
