"""Whether classes give under Keras 3 what they give under Keras 2: as they are, and as they have become."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from keras_layer_lint.confirm.across import OUTPUTS
from keras_layer_lint.confirm.confirming import pool_of
from keras_layer_lint.confirm.laid_out import lay_out
from keras_layer_lint.confirm.pool import Progress
from keras_layer_lint.confirm.probe import Across, Probe, ProbeResult, Recipe
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request
from keras_layer_lint.findings import Report
from keras_layer_lint.settings import Settings


@dataclass(frozen=True, slots=True)
class Under3:
    """A class under Keras 3, made and called as it was under Keras 2."""

    reason: str = ""
    """Why it does not run; empty where it does."""
    same: tuple[str, ...] = ()
    """What is as under Keras 2: weights, outputs, gradients."""
    differences: tuple[str, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether it runs and gives the same, as far as that can be compared."""
        return not self.reason and not self.differences

    @property
    def gives_the_same(self) -> bool:
        """Whether it does so by its outputs, which were compared."""
        return self.is_equal and OUTPUTS in self.same

    @property
    def text(self) -> str:
        """What became of it, in words."""
        if self.reason:
            return f"does not run: {self.reason}"
        if self.differences:
            return f"runs, and {self.differences[0]}"
        return f"runs, with the same {', '.join(self.same)}" if self.same else "runs; there is nothing to compare"


@dataclass(frozen=True, slots=True)
class Crossing:
    """One class that runs under Keras 2, and what becomes of it under Keras 3."""

    path: str
    class_name: str
    arguments: str
    inputs: str
    untouched: Under3
    migrated: Under3


def crossings(
    paths: Sequence[Path], settings: Settings, request: Request, progress: Progress, changed: Mapping[Path, bytes]
) -> tuple[list[Crossing], int]:
    """The classes of files under both generations, and how many there are that do not run under Keras 2.

    `changed`: what becomes of files, by their absolute paths; it is run in a folder of its own. Raises
    KeyboardInterrupt.
    """
    old = _probes(paths, replace(settings, keras=("2",)), request)
    new = {(each.path, each.class_name): each for each in _probes(paths, replace(settings, keras=("3",)), request)}
    first = _run([replace(each, across=Across()) for each in old], request, progress)
    ran = [each for each in first if each.note and (each.probe.path, each.probe.class_name) in new]
    with tempfile.TemporaryDirectory(prefix="klint-") as name:
        laid_out = _LaidOut(new.values(), changed, Path(name))
        asked: list[Probe] = []
        for result in ran:
            probe = replace(
                new[result.probe.path, result.probe.class_name],
                across=Across(note=result.note),
                recipe=Recipe(arguments=result.arguments, inputs=result.inputs),
                backend="tensorflow",
            )
            asked += [probe, laid_out.probe(probe)]
        results = [_under_3(each) for each in _run(asked, request, progress)]
    found = [
        Crossing(each.probe.shown, each.probe.class_name, each.arguments, each.inputs, untouched, migrated)
        for each, untouched, migrated in zip(ran, results[::2], results[1::2], strict=True)
    ]
    return found, len(first) - len(ran)


class _LaidOut:
    """The folders that probes import from, as they have become."""

    def __init__(self, probes: Iterable[Probe], changed: Mapping[Path, bytes], folder: Path) -> None:
        roots = sorted({Path(root) for each in probes for root in (each.root, *each.search)})
        self._places: dict[Path, Path] = {}
        for root in roots:  # what is further out comes first, and holds what is in it
            if not any(root.is_relative_to(other) for other in self._places):
                self._places[root] = folder / str(len(self._places))
                lay_out(root, changed, self._places[root])

    def probe(self, probe: Probe) -> Probe:
        """The probe of the class where it is laid out."""
        search = tuple(map(self._path, probe.search))
        return replace(probe, path=self._path(probe.path), root=self._path(probe.root), search=search)

    def _path(self, path: str) -> str:
        root = next(each for each in self._places if Path(path).is_relative_to(each))
        return str(self._places[root] / Path(path).relative_to(root))


def _probes(paths: Sequence[Path], settings: Settings, request: Request) -> list[Probe]:
    report = Report((), (), len(paths), 0, 0.0, paths=tuple(paths), searched=())
    everything = replace(request, everything=True, shard=None)
    return [replace(each, everything=False, claims=()) for each in probes_of(report, settings, everything)]


def _run(probes: Sequence[Probe], request: Request, progress: Progress) -> list[ProbeResult]:
    pool = pool_of(probes, request, progress)
    results = pool.run() if probes else []
    if pool.interrupted:
        raise KeyboardInterrupt
    return results


def _under_3(result: ProbeResult) -> Under3:
    if result.comparison is None:
        return Under3(reason=result.reason or "it could not be run")
    return Under3(same=result.comparison.same, differences=result.comparison.differences)
