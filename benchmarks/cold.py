"""What a cold run costs beside the least it could cost: `python -m benchmarks.cold [FOLDER] [--repeat N]`.

The floor is one process that reads each file, puts it to the gate, parses what passes with `ast`, and parses with
LibCST the lines of each class that defines `call`, `build` or `get_config`; nothing else. klint is one process,
`lint_paths(jobs=1)` without a cache. Both do without the garbage collector, as the command does. They run in turn, and
the best of N counts: processor time from the start of the process on, imports included, of modules that are compiled as
those of an installed package are.

Without FOLDER, tf-models-official is downloaded from the package index. Exit code 1: over the budget.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

PACKAGE = "tf-models-official==2.20.0"
METHODS = {"call", "build", "get_config"}
BUDGET = 2.0
VERSION_BUDGET = 0.15


def floor(folder: str) -> dict[str, float]:
    """Do the least, and say how long each part took."""
    import ast

    import libcst

    from keras_layer_lint.source.gate import may_define_layer

    seconds = dict.fromkeys(("start", "read", "gate", "ast", "libcst"), 0.0)
    seconds["start"] = time.process_time()
    files = classes = 0
    for path in sorted(Path(folder).rglob("*.py")):
        start = time.process_time()
        data = path.read_bytes()
        files += 1
        read = time.process_time()
        passes = may_define_layer(data)
        gated = time.process_time()
        seconds["read"] += read - start
        seconds["gate"] += gated - read
        if not passes:
            continue
        tree = ast.parse(data)
        lines = data.decode().splitlines(keepends=True)
        parsed = time.process_time()
        seconds["ast"] += parsed - gated
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and METHODS & {getattr(item, "name", "") for item in node.body}:
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                libcst.parse_module("".join(lines[first - 1 : node.end_lineno]))
                classes += 1
        seconds["libcst"] += time.process_time() - parsed
    return {"seconds": time.process_time(), "files": files, "classes": classes, **seconds}


def klint(folder: str, by_stage: bool = False) -> dict[str, float]:
    """Lint, and say how long it took; `by_stage` also where the time went, at the cost of some of it."""
    from keras_layer_lint import Settings, lint_paths
    from keras_layer_lint.processes import own

    own()  # as the command does
    stages = Stages() if by_stage else None
    report = lint_paths([folder], Settings(jobs=1, root=folder))
    seconds = time.process_time()
    assert report.errors == (), report.errors
    found: dict[str, float] = {"seconds": seconds, "files": report.files, "classes": report.layers}
    if stages is not None:
        found |= stages.seconds
        found["rest"] = seconds - sum(stages.seconds.values())
    return found


class Stages:
    """Time spent in each stage, without the stages that it calls."""

    def __init__(self) -> None:
        import ast

        import libcst

        from keras_layer_lint import class_linter, lint, registry
        from keras_layer_lint.model import class_graph, module_finder, targets
        from keras_layer_lint.source import code_slice, suppressions
        from keras_layer_lint.values import analysis

        registry.registered()
        self.seconds = {"start": time.process_time()}
        self._running: list[str] = []
        self._since = 0.0
        for stage, owner, name in (
            ("discover", lint, "search"),
            ("read", lint, "read_module"),
            ("read", module_finder, "read_source"),
            ("gate", lint, "may_define_layer"),
            ("ast", ast, "parse"),
            ("index", module_finder, "index_module"),
            ("class graph", class_graph.Project, "class_info"),
            ("targets", targets, "targets_of"),
            ("nesting", code_slice, "too_deep"),
            ("libcst", libcst, "parse_module"),
            ("positions", code_slice.CodeSlice, "span"),
            ("positions", code_slice.CodeSlice, "header_span"),
            ("values", analysis.Analysis, "__init__"),
            ("values", analysis.Analysis, "events"),
            ("checks", class_linter.ClassLinter, "_check"),
            ("suppressions", suppressions, "read_suppressions"),
        ):
            setattr(owner, name, self._timed(stage, getattr(owner, name)))

    def _timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        self.seconds.setdefault(stage, 0.0)

        def timed(*args: Any, **kwargs: Any) -> Any:
            self._switch()
            self._running.append(stage)
            try:
                return function(*args, **kwargs)
            finally:
                self._switch()
                self._running.pop()

        return timed

    def _switch(self) -> None:
        now = time.process_time()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        self._since = now


def in_process(what: str, folder: str) -> dict[str, float]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.cold", folder, "--only", what]
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, cwd=Path(__file__).parent.parent, env=compiled, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def seconds_of(*command: str) -> float:
    """Wall-clock time of a Python command, start of the interpreter included."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=Path(__file__).parent.parent, capture_output=True, check=True)
    return time.perf_counter() - start


def table(title: str, parts: dict[str, float]) -> None:
    """Print one measurement."""
    total = parts.pop("seconds")
    print(f"{title:14}{total:8.2f} s   {parts.pop('files'):.0f} files, {parts.pop('classes'):.0f} classes")
    for name, seconds in sorted(parts.items(), key=lambda item: -item[1]):
        print(f"  {name:12}{seconds:8.2f} s  {seconds / total:5.0%}")


def measure(folder: str, repeat: int) -> bool:
    """Print all measurements; return whether they keep to the budget."""
    floors, runs = [], []
    for _ in range(repeat):
        floors.append(in_process("floor", folder))
        runs.append(in_process("klint", folder))
    least = min(floors, key=lambda found: found["seconds"])
    ours = min(runs, key=lambda found: found["seconds"])
    ratio = ours["seconds"] / least["seconds"]
    table("floor", least)
    table("klint", ours)
    table("klint, timed", in_process("stages", folder))
    version = min(seconds_of("-m", "keras_layer_lint", "--version") for _ in range(max(repeat, 5)))
    print(f"klint / floor  {ratio:8.2f}     at most {BUDGET}")
    print(f"klint --version{version:8.3f} s   at most {VERSION_BUDGET}")
    return ratio <= BUDGET and version <= VERSION_BUDGET


def download(folder: str) -> str:
    """Fetch and unpack the package that the budget is stated for."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
    subprocess.run(command, check=True)
    (wheel,) = Path(folder).glob("*.whl")
    target = Path(folder) / "package"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return str(target)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description="Measure a cold run of klint against its floor.")
    parser.add_argument("folder", nargs="?", type=lambda path: str(Path(path).absolute()))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", choices=("floor", "klint", "stages"), help="one measurement in this process, as JSON")
    given = parser.parse_args(arguments)
    if given.only:
        gc.disable()
        found = floor(given.folder) if given.only == "floor" else klint(given.folder, given.only == "stages")
        print(json.dumps(found))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        return 0 if measure(given.folder or download(temporary), given.repeat) else 1


if __name__ == "__main__":
    sys.exit(main())
