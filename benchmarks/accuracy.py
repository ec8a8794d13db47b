"""Precision per rule, from the labelled diagnostics of real packages: `python -m benchmarks.accuracy [--package NAME]`.

Each file in `labels/` holds what klint reported on one package of the package index, judged by reading the code against
the rule, where in doubt by running it: path, line, code, true or false, and why in one line. A rule whose precision is
below 0.95 should not be on by default.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from pathlib import Path

LABELS = Path(__file__).parent / "labels"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", default="", help="only files whose name begins so")
    chosen = parser.parse_args().package
    judged: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for path in sorted(LABELS.glob(f"{chosen}*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                judged[row["code"]] += 1
                true[row["code"]] += row["verdict"] == "true"
    for code in sorted(judged):
        print(f"{code}  {true[code]:4d} of {judged[code]:4d}  {true[code] / judged[code]:.3f}")
    print(f"{sum(true.values())} of {sum(judged.values())} true")


if __name__ == "__main__":
    main()
