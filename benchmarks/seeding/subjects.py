"""The classes that faults are planted in: those that `--confirm=all` runs through everything with nothing to report."""

from __future__ import annotations

import hashlib
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

from benchmarks.seeding.packages import Package
from benchmarks.seeding.source import LayerSource, method
from keras_layer_lint import Diagnostic, Settings, lint_paths
from keras_layer_lint.confirm.planning.inputs import InputsError, Tensor, parse
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import Probe, ProbeResult
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request
from keras_layer_lint.findings import Report
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.objects import LAYERS
from keras_layer_lint.model.class_graph import ClassRef, Project
from keras_layer_lint.source.discover import discover

_SAVING = "KLL3"
"""How codes begin whose rules speak of saving. Few Models of packages are ever saved but by their weights."""
LAYER, MODEL = "layer", ClassKind.MODEL.value
LONGEST, LONGEST_OF_MODELS = 8.0, 25.0
"""Seconds that a run of a subject may take; there are few Models that run at all."""
WORKING: Mapping[str, str] = {
    LAYER: "call",
    MODEL: "call",
    ClassKind.LOSS.value: "call",
    ClassKind.METRIC.value: "update_state",
    ClassKind.INITIALIZER.value: "__call__",
    ClassKind.REGULARIZER.value: "__call__",
    ClassKind.CONSTRAINT.value: "__call__",
    ClassKind.SCHEDULE.value: "__call__",
    ClassKind.OPTIMIZER.value: "update_step",
}
"""By kind of subject: the method that does the work, which the class has to define itself."""
POOLS: Mapping[str, Mapping[ClassKind, str]] = {
    LAYER: dict.fromkeys(LAYERS, LAYER),
    "objects": {ClassKind(kind): kind for kind in WORKING if kind not in (LAYER, MODEL)},
    "models": {ClassKind.MODEL: MODEL},
}
"""What is looked for together: the kinds of classes, and the kind of subject that each may be. What is planted in a
layer may stand in `call` of a Model, too."""


@dataclass(frozen=True)
class Plan:
    """A class that was run, and with what."""

    path: str
    """Relative to the folder of the package."""
    class_name: str
    arguments: str
    inputs: str
    seconds: float
    kind: str = LAYER


@dataclass(frozen=True)
class Subject:
    """A sound class."""

    package: Package
    plan: Plan
    source: LayerSource = field(repr=False)

    @property
    def generation(self) -> str:
        return self.package.keras

    @property
    def kind(self) -> str:
        return self.plan.kind

    @property
    def working(self) -> str:
        """The method that does the work."""
        return WORKING[self.kind]

    @cached_property
    def first_input(self) -> Tensor | None:
        """What the first argument of `call` is, where that is one float tensor."""
        try:
            given = parse(self.plan.inputs).positional
        except InputsError:
            return None
        is_plain = bool(given) and isinstance(given[0], Tensor) and given[0].dtype == "float32" and not given[0].kind
        return given[0] if is_plain else None

    @cached_property
    def takes_list(self) -> int:
        """How many float tensors the first argument of `call` lists; 0 where it is no list."""
        try:
            given = parse(self.plan.inputs).positional
        except InputsError:
            return 0
        first = given[0] if given else None
        return len(first) if isinstance(first, list) and all(isinstance(each, Tensor) for each in first) else 0

    @property
    def digest(self) -> str:
        """By which the same layer with the same plan is known again."""
        parts = (str(self), self.plan.arguments, self.plan.inputs, self.source.text)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]

    def __str__(self) -> str:
        return f"{self.package} {self.plan.path} {self.plan.class_name}"


def plans_of(package: Package, folder: Path, pool: str, most: int, jobs: int, seed: int) -> list[Plan]:
    """Some classes of a package, chosen by the seed, of which neither reading nor running has anything to report.

    Of each kind in the pool so many.
    """
    name = f"{seed} {package}" if pool == LAYER else f"{seed} {package} {pool}"
    chosen = _shuffled(_candidates(package, folder, POOLS[pool]), name)
    count: Counter[str] = Counter()
    wanted = []
    for kind, probe in chosen:
        count[kind] += 1
        if count[kind] <= most:
            wanted.append((kind, probe))
    return _sound(package, folder, wanted, jobs)


def _shuffled(found: Iterable[tuple[str, Probe]], seed: str) -> list[tuple[str, Probe]]:
    made = list(found)
    random.Random(seed).shuffle(made)
    return made


def _candidates(package: Package, folder: Path, kinds: Mapping[ClassKind, str]) -> Iterator[tuple[str, Probe]]:
    """Classes of these kinds in which static klint finds nothing, each with the kind of subject that it may be."""
    settings = Settings(keras=(package.keras,), root=str(folder), jobs=1)
    project = Project(folder)
    files = tuple(discover([folder], settings)[0])
    nothing = Report((), (), files=len(files), layers=0, seconds=0.0, paths=files, searched=(folder,))
    found = []
    for probe in probes_of(nothing, settings, Request(everything=True, device="cpu")):
        kind = _kind(project, Path(probe.path), probe.class_name)
        wanted = None if kind is None else kinds.get(kind)
        if wanted is not None and _source(Path(probe.path), probe.class_name, WORKING[wanted]) is not None:
            found.append((wanted, probe))
    flagged: dict[tuple[str, str | None], list[Diagnostic]] = {}
    for each in lint_paths(sorted({probe.path for _, probe in found}), settings).diagnostics:
        flagged.setdefault((str(Path(each.path).absolute()), each.class_name), []).append(each)
    for wanted, probe in found:
        if is_clean(flagged.get((probe.path, probe.class_name), ()), wanted):
            yield wanted, probe


def _sound(package: Package, folder: Path, chosen: Iterable[tuple[str, Probe]], jobs: int) -> list[Plan]:
    """Those that running has nothing to report of."""
    kinds = {probe: kind for kind, probe in chosen}
    results = Pool(list(kinds), jobs=jobs, timeout=30.0, progress=lambda done, total, text: None).run()
    reasons = Counter(re.sub(r"`[^`]*`|\d+", "_", result.reason)[:90] for result in results if result.reason)
    for reason, count in reasons.most_common(3):
        print(f"{package}: {count} of {len(results)} not run: {reason}", file=sys.stderr)
    return [
        Plan(
            str(Path(result.probe.path).relative_to(folder)),
            result.probe.class_name,
            result.arguments,
            result.inputs,
            round(result.seconds, 2),
            kinds[result.probe],
        )
        for result in results
        if is_sound(result, kinds[result.probe]) and (result.inputs or kinds[result.probe] not in (LAYER, MODEL))
    ]


def is_sound(result: ProbeResult, kind: str) -> bool:
    """Whether running has nothing to report; of a Model, nothing but that it cannot be saved."""
    is_saving = kind == MODEL and all(failure.oracle == "reload" for failure in result.failures)
    return not result.reason and (not result.failures or is_saving)


def is_clean(found: Iterable[Diagnostic], kind: str) -> bool:
    """The same of reading."""
    return all(kind == MODEL and each.code.startswith(_SAVING) for each in found)


def _kind(project: Project, path: Path, class_name: str) -> ClassKind | None:
    module = project.module_at(path, path.read_bytes())
    return project.class_info(ClassRef(module, module.classes[class_name])).kind


def _source(path: Path, class_name: str, working: str) -> LayerSource | None:
    """A class at the top level of a module, with the method that does the work of its own."""
    if "." in class_name or is_of_tests(path):
        return None
    source = LayerSource.read(path.read_text(encoding="utf-8"), class_name)
    return source if source is not None and method(source.node, working) is not None else None


def is_of_tests(path: Path) -> bool:
    """Whether it is no part of what the package is for."""
    words = r"tests?|testing|examples?|benchmarks?|test_.*|.*_test\.py"
    return any(re.fullmatch(words, part) for part in path.parts[-4:])


def cached_plans(package: Package, folder: Path, pool: str, most: int, jobs: int, seed: int, cache: Path) -> list[Plan]:
    """The same, kept in a file: finding plans takes minutes a package."""
    name = "" if pool == LAYER else f"{pool}-"
    file = cache / f"{package}-{name}{most}-{seed}.json"
    if file.is_file():
        return [Plan(**entry) for entry in json.loads(file.read_text(encoding="utf-8"))]
    found = plans_of(package, folder, pool, most, jobs, seed)
    cache.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(plan) for plan in found], indent=1), encoding="utf-8")
    return found


def subjects(package: Package, folder: Path, plans: Iterable[Plan], most: int) -> list[Subject]:
    """The classes as subjects, so many of each kind; not what runs long: each mutant would take as long."""
    found: dict[str, list[Subject]] = {}
    for plan in plans:
        source = _source(folder / plan.path, plan.class_name, WORKING[plan.kind])
        longest = LONGEST_OF_MODELS if plan.kind == MODEL else LONGEST
        if source is not None and plan.seconds <= longest:
            found.setdefault(plan.kind, []).append(Subject(package, plan, source))
    return [each for kind in found.values() for each in kind[:most]]
