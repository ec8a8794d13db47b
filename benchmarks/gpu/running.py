"""What confirm mode says of layers on the device: rule pages, sample layers, layers that do harm."""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import Probe, ProbeResult
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request
from tests.confirm.conftest import claims_in, probe
from tests.confirm.examples import probes_on_backends, written
from tests.confirm.hostile_cases import IN_CALL, LAYER, NEIGHBOUR, REASONS
from tests.conftest import ROOT
from tests.rule_pages import read_pages

Entry = dict[str, Any]
_OTHER_FRAMEWORK = re.compile(r"\b(?:tensorflow|tf_keras|torch)\b")
_SECONDS = 60.0
_HOSTILE_SECONDS = 20.0
_HOSTILE = (
    "loops",
    "sleeps",
    "allocates",
    "exits",
    "segfaults",
    "aborts",
    "forks",
    "spawns",
    "writes_home",
    "opens_socket",
)


def pages(device: str, short: bool) -> list[Entry]:
    """Every example for JAX, bad and good: what was promised, and what the run says."""
    blocks = [(page, block) for page in read_pages() for block in page.blocks if block.backend == "jax"]
    if short:
        blocks = [next(each for each in blocks if each[1].is_bad), next(each for each in blocks if not each[1].is_bad)]
    with tempfile.TemporaryDirectory(prefix="klint-gpu-") as folder:
        probes = [
            (str(block), block.is_bad, made)
            for page, block in blocks
            for made in probes_on_backends(page, block, written(page, block, Path(folder)))
        ]
        results = _run([made for _, _, made in probes], device, _SECONDS)
    return [
        _entry(name, "confirmed" if is_bad else "nothing to report", result)
        for (name, is_bad, _), result in zip(probes, results, strict=True)
    ]


def fixtures(device: str, short: bool) -> list[Entry]:
    """The sample layers that import nothing but Keras, as `--confirm=all` runs them."""
    with tempfile.TemporaryDirectory(prefix="klint-gpu-") as folder:
        for path in sorted((ROOT / "fixtures").rglob("*.py")):
            # Packages import all that they have when they are imported: here they have no such file.
            if path.name != "__init__.py" and _only_keras(path):
                copy = Path(folder, path.relative_to(ROOT / "fixtures"))
                copy.parent.mkdir(parents=True, exist_ok=True)
                (copy.parent / "__init__.py").touch()
                copy.write_bytes(path.read_bytes())
        settings = Settings(keras=("3",), backend="jax", root=folder)
        probes = list(probes_of(lint_paths([folder], settings), settings, Request(everything=True, device=device)))
        results = _run(probes[:2] if short else probes, device, _SECONDS)
        # What linting says of a sample layer on JAX is to be seen there, and nothing else.
        return [
            _entry(
                str(Path(result.probe.path).relative_to(folder)),
                "confirmed" if result.probe.claims else "nothing to report",
                result,
            )
            for result in results
        ]


def hostile(device: str, short: bool) -> list[Entry]:
    """Layers that do harm, and a neighbour before and after them that must get its verdict."""
    names = _HOSTILE[4:6] if short else _HOSTILE
    with tempfile.TemporaryDirectory(prefix="klint-gpu-") as folder:
        neighbour = _hostile(Path(folder), "neighbour", "Neighbour", NEIGHBOUR)
        harmful = [_hostile(Path(folder), name, "Gate", LAYER.format(module="", call=IN_CALL[name])) for name in names]
        results = _run([neighbour, *harmful, neighbour], device, _HOSTILE_SECONDS)
    expected = ["confirmed", *(REASONS.get(name, "a verdict") for name in names), "confirmed"]
    return [_entry(result.probe.module, want, result) for result, want in zip(results, expected, strict=True)]


def _hostile(folder: Path, name: str, class_name: str, source: str) -> Probe:
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    claims = [claim for claim in claims_in(path, "3", backend="jax")[class_name] if claim.oracle == "graph"]
    return probe(path, class_name, claims, backend="jax")


def _only_keras(path: Path) -> bool:
    """Whether a file, and what lies beside it, can be run without another framework."""
    files = list(_reached(path))
    texts = [each.read_text(encoding="utf-8") for each in files]
    return not any(each.name == "__init__.py" for each in files) and not any(map(_OTHER_FRAMEWORK.search, texts))


def _reached(path: Path) -> Iterator[Path]:
    """A file and what it imports of its package: a module, or all of it where it names the package itself."""
    yield path
    text, package = path.read_text(encoding="utf-8"), path.parent.name
    if re.search(rf"^(?:from (?:\.|{package}) import|import {package}\b)", text, re.MULTILINE):
        yield path.with_name("__init__.py")
    for module in re.findall(rf"^from (?:{package})?\.(\w+) import", text, re.MULTILINE):
        yield from _reached(path.with_name(f"{module}.py"))


def _run(probes: Sequence[Probe], device: str, seconds: float) -> list[ProbeResult]:
    jobs = min(8, os.cpu_count() or 1)
    asked = [replace(each, device=device) for each in probes]
    return Pool(asked, jobs=jobs, timeout=seconds, progress=lambda *_: None).run()


def _entry(name: str, expected: str, result: ProbeResult) -> Entry:
    """What a run came to, and whether that is what was to come."""
    told = result.to_json()
    statuses = [verdict.status for verdict in result.verdicts]
    said = [verdict.evidence for verdict in result.verdicts] + [failure.evidence for failure in result.failures]
    if expected == "confirmed":
        as_expected = bool(statuses) and all(status == "confirmed" for status in statuses)
    elif expected == "nothing to report":
        as_expected = not result.reason and not result.failures and "confirmed" not in statuses
    else:
        as_expected = any(expected in text for text in [*said, result.reason]) or expected == "a verdict"
    return {"name": name, "expected": expected, "as_expected": as_expected, **told}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["pages", "fixtures", "hostile"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--short", action="store_true")
    given = parser.parse_args()
    run = {"pages": pages, "fixtures": fixtures, "hostile": hostile}[given.part]
    given.file.write_text(json.dumps({given.part: run(given.device, given.short)}), encoding="utf-8")


if __name__ == "__main__":
    main()
