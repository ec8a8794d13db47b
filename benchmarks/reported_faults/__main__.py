"""How many of the reported faults static linting speaks of, by kind: `python -m benchmarks.reported_faults`.

With `--write`, the column `now` of the table is written anew. With `--run`, each module is run, in a process of its
own, and what it ends with is shown beside what the table says.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace

from benchmarks.reported_faults import ReportedFault, found, reported_faults, write

_SECONDS = 120
_RUN = """
import runpy, sys
try:
    runpy.run_path(sys.argv[1])["run"]()
    print("SHOWS nothing")
except BaseException as error:
    print("SHOWS", type(error).__name__, " ".join(str(error).split()))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", action="store_true", help="run the modules, too: needs TensorFlow, Keras and JAX")
    parser.add_argument("--write", action="store_true", help="write what is found into faults.csv")
    parser.add_argument("slugs", nargs="*", help="only these")
    given = parser.parse_args()
    faults = [fault for fault in reported_faults() if not given.slugs or fault.slug in given.slugs]
    speaks = found(faults)
    if given.write:
        write([replace(fault, now=fault.slug in speaks) if fault in faults else fault for fault in reported_faults()])
    for fault in faults:
        print(f"{'found ' if fault.slug in speaks else 'missed'} {fault.rule or '-':7} {fault.kind:18} {fault.slug}")
        if given.run:
            print(f"       table: {fault.shows}\n       run:   {outcome(fault)[:200]}")
    kinds = Counter(fault.kind for fault in faults)
    for kind, count in sorted(kinds.items()):
        of_kind = [fault for fault in faults if fault.kind == kind]
        now = sum(fault.slug in speaks for fault in of_kind)
        print(f"{kind:20} {count:3d}   before {sum(fault.before for fault in of_kind):3d}   now {now:3d}")
    print(f"{'all':20} {len(faults):3d}   before {sum(fault.before for fault in faults):3d}   now {len(speaks):3d}")


def outcome(fault: ReportedFault) -> str:
    """What the `run` of a module ends with: the exception, "nothing", or that it did not end."""
    environment = {
        **os.environ,
        "KERAS_BACKEND": fault.backend,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }
    command = [sys.executable, "-c", _RUN, str(fault.path)]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "did not end"
    lines = [line for line in done.stdout.splitlines() if line.startswith("SHOWS ")]
    return lines[-1].removeprefix("SHOWS ") if lines else f"ended with {done.returncode}"


if __name__ == "__main__":
    main()
