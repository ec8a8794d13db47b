"""Whether classes give under Keras 3 what they give under Keras 2: as they are, and as they have become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from keras_layer_lint.confirm.across import OUTPUTS
from keras_layer_lint.confirm.confirming import Request, pool_of, probes_of
from keras_layer_lint.confirm.pool import Progress
from keras_layer_lint.confirm.probe import Across, Probe, ProbeResult, Recipe
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
    paths: Sequence[Path], settings: Settings, request: Request, progress: Progress, moved: tuple[Path, Path]
) -> tuple[list[Crossing], int]:
    """The classes of files under both generations, and how many there are that do not run under Keras 2.

    `moved`: the folder of the project, and that in which it stands as it has become. Raises KeyboardInterrupt.
    """
    before, _ = moved
    old = _probes(paths, replace(settings, keras=("2",)), request)
    new = {(each.path, each.class_name): each for each in _probes(paths, replace(settings, keras=("3",)), request)}
    first = _run([replace(each, across=Across()) for each in old], request, progress)
    ran = [each for each in first if each.note and (each.probe.path, each.probe.class_name) in new]
    asked: list[Probe] = []
    for result in ran:
        probe = replace(
            new[result.probe.path, result.probe.class_name],
            across=Across(note=result.note),
            recipe=Recipe(arguments=result.arguments, inputs=result.inputs),
            backend="tensorflow",
        )
        asked += [probe, _moved(probe, before, moved[1])]
    results = [_under_3(each) for each in _run(asked, request, progress)]
    found = [
        Crossing(each.probe.shown, each.probe.class_name, each.arguments, each.inputs, untouched, migrated)
        for each, untouched, migrated in zip(ran, results[::2], results[1::2], strict=True)
    ]
    return found, len(first) - len(ran)


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


def _moved(probe: Probe, before: Path, after: Path) -> Probe:
    """The probe of the class in the other folder."""

    def moved(path: str) -> str:
        return str(after / Path(path).relative_to(before)) if Path(path).is_relative_to(before) else path

    return replace(
        probe, path=moved(probe.path), root=moved(probe.root), search=tuple(moved(each) for each in probe.search)
    )


def _under_3(result: ProbeResult) -> Under3:
    if result.comparison is None:
        return Under3(reason=result.reason or "it could not be run")
    return Under3(same=result.comparison.same, differences=result.comparison.differences)
