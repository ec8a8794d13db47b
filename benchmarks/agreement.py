"""Whether flake8 and klint report the same of a folder: `python -m benchmarks.agreement FOLDER`; 1 if they differ."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

Found = Counter[tuple[str, int, int, str, str]]
LINE = re.compile(r"(.+?):(\d+):(\d+): (KLL\d+) (.*)")


def run(folder: str, *command: str) -> str:
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, stdout=subprocess.PIPE, text=True, check=False)
    print(f"{command[0]}: {time.perf_counter() - start:.1f} s")
    return done.stdout


def by_flake8(folder: str) -> Found:
    # The exclusions of flake8 are others than ours: none.
    text = run(folder, "flake8", "--isolated", "--select", "KLL", "--exclude", "", "-j2", ".")
    lines = [match for line in text.splitlines() if (match := LINE.fullmatch(line))]
    return Counter((m[1].removeprefix("./"), int(m[2]), int(m[3]), m[4], m[5]) for m in lines)


def by_klint(folder: str) -> Found:
    report = json.loads(run(folder, "keras_layer_lint", "--isolated", "--output-format", "json", "."))
    return Counter(
        (
            item["path"],
            item["line"],
            item["column"],
            item["code"],
            f"{' '.join(item['message'].split())} [{item['name']}]",
        )
        for item in report["diagnostics"]
    )


def main() -> int:
    """Print what only one of the two reports."""
    folder = str(Path(sys.argv[1]).absolute())
    flake8, klint = by_flake8(folder), by_klint(folder)
    # A file that Python cannot parse is E999 to flake8, which then asks no plugin.
    unparsed = {path for path, *_, code, message in klint if code == "KLL001" and "syntax error" in message}
    klint = Counter({found: number for found, number in klint.items() if found[0] not in unparsed})
    for name, extra in (("flake8", flake8 - klint), ("klint", klint - flake8)):
        for found in sorted(extra):
            print(f"only {name}: {found}")
    print(f"{flake8.total()} by flake8, {klint.total()} by klint, {(flake8 & klint).total()} the same")
    return int(flake8 != klint)


if __name__ == "__main__":
    sys.exit(main())
