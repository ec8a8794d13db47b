"""How long an editor waits for what an edit changes: `python -m benchmarks.editing FILE...`.

Each file is linted as `klint lsp` does it, then again after each of a number of edits: a comment more in the `call` of
one class after the other. Seconds of processor time: the first time, and the median and the longest after that. What
the server does when it has answered, such as collecting garbage, does not count.
"""

from __future__ import annotations

import argparse
import gc
import re
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from keras_layer_lint.lsp.linting import Linting
from keras_layer_lint.processes import own

_BODY = re.compile(r"^( +)def call\([^)]*\)[^:\n]*:\n", re.MULTILINE)


def measure(path: Path, edits: int) -> tuple[float, list[float]]:
    """Seconds for the file as it is, and for it after each edit."""
    text = path.read_text(encoding="utf-8")
    linting, seconds = Linting(), list[float]()
    for number in range(edits + 1):
        start = time.process_time()
        linting.lint(text, path, path.parent)
        seconds.append(time.process_time() - start)
        linting.tidy()
        places = list(_BODY.finditer(text))
        if places:
            place = places[number % len(places)]
            text = f"{text[: place.end()]}{place[1]}    # {number}\n{text[place.end() :]}"
    return seconds[0], seconds[1:]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--edits", type=int, default=12)
    given = parser.parse_args(arguments)
    own()
    gc.disable()
    print(f"{'':40}{'lines':>8}{'first':>9}{'median':>9}{'longest':>9}")
    for path in given.files:
        first, later = measure(path.absolute(), given.edits)
        lines = path.read_text(encoding="utf-8").count("\n")
        print(f"{path.name:40}{lines:8}{first:9.3f}{statistics.median(later):9.3f}{max(later):9.3f}")


if __name__ == "__main__":
    main()
