"""The layers that faults are planted in: those that `--confirm=all` runs through everything with nothing to report."""

from __future__ import annotations

import hashlib
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path

from benchmarks.seeding.packages import Package
from benchmarks.seeding.source import LayerSource, method
from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.confirming import Request, probes_of
from keras_layer_lint.confirm.planning.inputs import InputsError, Tensor, parse
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.keras.objects import LAYERS
from keras_layer_lint.model.class_graph import ClassRef, Project

LONGEST = 8.0
"""Seconds that a run of a subject may take."""


@dataclass(frozen=True)
class Plan:
    """A class that was run, and with what."""

    path: str
    """Relative to the folder of the package."""
    class_name: str
    arguments: str
    inputs: str
    seconds: float


@dataclass(frozen=True)
class Subject:
    """A sound layer."""

    package: Package
    plan: Plan
    source: LayerSource = field(repr=False)

    @property
    def generation(self) -> str:
        return self.package.keras

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


def plans_of(package: Package, folder: Path, most: int, jobs: int, seed: int) -> list[Plan]:
    """Some classes of a package, chosen by the seed, of which neither reading nor running has anything to report."""
    settings = Settings(keras=(package.keras,), root=str(folder), jobs=1)
    report = lint_paths([folder], settings)
    project = Project(folder)
    flagged = {(each.path, each.class_name) for each in report.diagnostics}
    clean = replace(report, diagnostics=())
    probes = [
        probe
        for probe in probes_of(clean, settings, Request(everything=True, device="cpu"))
        if (probe.shown, probe.class_name) not in flagged
        and _source(Path(probe.path), probe.class_name) is not None
        and _is_layer(project, Path(probe.path), probe.class_name)
    ]
    random.Random(f"{seed} {package}").shuffle(probes)
    results = Pool(probes[:most], jobs=jobs, timeout=30.0, progress=lambda done, total, text: None).run()
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
        )
        for result in results
        if not result.reason and not result.failures and result.inputs
    ]


def _is_layer(project: Project, path: Path, class_name: str) -> bool:
    module = project.module_at(path, path.read_bytes())
    return project.class_info(ClassRef(module, module.classes[class_name])).kind in LAYERS


def _source(path: Path, class_name: str) -> LayerSource | None:
    """A class at the top level of a module, with a `call` of its own."""
    if "." in class_name or is_of_tests(path):
        return None
    source = LayerSource.read(path.read_text(encoding="utf-8"), class_name)
    return source if source is not None and method(source.node, "call") is not None else None


def is_of_tests(path: Path) -> bool:
    """Whether it is no part of what the package is for."""
    return any(re.fullmatch(r"tests?|examples?|benchmarks?|test_.*|.*_test\.py", part) for part in path.parts[-4:])


def cached_plans(package: Package, folder: Path, most: int, jobs: int, seed: int, cache: Path) -> list[Plan]:
    """The same, kept in a file: finding plans takes minutes a package."""
    file = cache / f"{package}-{most}-{seed}.json"
    if file.is_file():
        return [Plan(**entry) for entry in json.loads(file.read_text(encoding="utf-8"))]
    found = plans_of(package, folder, most, jobs, seed)
    cache.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(plan) for plan in found], indent=1), encoding="utf-8")
    return found


def subjects(package: Package, folder: Path, plans: Iterable[Plan], most: int) -> list[Subject]:
    """The classes as subjects, but for what runs long: each mutant would take as long."""
    found = []
    for plan in plans:
        source = _source(folder / plan.path, plan.class_name)
        if source is not None and plan.seconds <= LONGEST:
            found.append(Subject(package, plan, source))
    return found[:most]
