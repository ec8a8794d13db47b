"""A mutant on disk: what static klint says of it, and what running it shows."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.seeding.mutants import Mutant
from benchmarks.seeding.packages import Package
from benchmarks.seeding.places import OTHER_FILE
from benchmarks.seeding.registry import Operator
from benchmarks.seeding.source import LayerSource
from benchmarks.seeding.subjects import Subject, is_clean
from keras_layer_lint import Diagnostic, Settings
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import Claim, Probe, ProbeResult, Recipe
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request
from keras_layer_lint.findings import Report
from keras_layer_lint.lint import Linter
from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.registry import rules
from keras_layer_lint.rule import Rule
from keras_layer_lint.target import Generation

TIMEOUT = 40.0
_STATUS = {"confirmed": "killed", "refuted": "survived", "inconclusive": "stillborn"}
_NEAR = 2
"""Lines between a finding and what was planted."""


@dataclass(frozen=True)
class Placed:
    """A mutant in files of its own, beside the module it was made of."""

    mutant: Mutant | None
    """None: the layer as it is."""
    subject: Subject
    path: Path
    other: Path | None
    probe: Probe
    found: tuple[Diagnostic, ...]
    """What static klint says."""

    @property
    def hits(self) -> list[Diagnostic]:
        """Findings that speak of what was planted."""
        return [each for each in self.found if self._is_hit(each)]

    @property
    def shown(self) -> list[Diagnostic]:
        """Those of them that are shown without `--any-use`."""
        return [each for each in self.hits if not each.is_elsewhere]

    @property
    def others(self) -> list[Diagnostic]:
        """What else it says."""
        return [each for each in self.found if not self._is_hit(each) and not is_clean([each], self.subject.kind)]

    def _is_hit(self, found: Diagnostic) -> bool:
        mutant = self.mutant
        if mutant is None or found.code not in mutant.operator.codes:
            return False
        if mutant.operator.on_class:
            return found.class_name in mutant.class_names
        is_other = self.other is not None and Path(found.path).name == self.other.name
        lines = mutant.other_lines if is_other else mutant.lines
        return any(found.span.line - _NEAR <= line <= found.span.end_line + _NEAR for line in lines)


@dataclass(frozen=True)
class Said:
    """What confirm mode says of a finding of static klint on a killed mutant."""

    code: str
    line: int
    is_of_what_was_planted: bool
    status: str
    """confirmed, refuted or inconclusive."""
    evidence: str

    def __str__(self) -> str:
        return f"{self.code} line {self.line}: {self.evidence}"


@dataclass(frozen=True)
class Outcome:
    """What running showed."""

    placed: Placed
    status: str
    """killed, survived or stillborn: it does not run at all, for a reason that is not the fault."""
    evidence: str
    said: tuple[Said, ...] = field(default=())
    """Verdicts on what static klint says besides, and, where it is asked for, on what was planted."""

    @property
    def refuted(self) -> tuple[str, ...]:
        """What static klint says besides, and the run refutes."""
        return tuple(str(each) for each in self.said if each.status == "refuted" and not each.is_of_what_was_planted)


class Workshop:
    """Copies of packages in which mutants are placed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._copies: dict[str, Path] = {}
        self._linters: dict[tuple[str, str], Linter] = {}
        """By package, and by the rule that is off by default where one is asked for."""
        self._number = 0

    def copy(self, package: Package, home: Path) -> None:
        """Make the copy of a package."""
        target = self._folder / str(package)
        shutil.copytree(home, target)
        self._copies[str(package)] = target

    def place(self, mutant: Mutant | None, subject: Subject, operator: Operator | None = None) -> Placed:
        """Write a mutant, or the class as it is, into files of their own, and lint them.

        `operator`: of the class as it is, what confirm mode would be asked about its mutants.
        """
        self._number += 1
        original = self._copies[str(subject.package)] / subject.plan.path
        stem = f"{original.stem}_seeded_{self._number}"
        path = original.with_name(f"{stem}.py")
        text = subject.source.text if mutant is None else mutant.text
        dot = "." if (original.parent / "__init__.py").exists() else ""
        path.write_text(text.replace(OTHER_FILE, f"{dot}{stem}_base"), encoding="utf-8")
        other = None
        if mutant is not None and mutant.other:
            other = original.with_name(f"{stem}_base.py")
            other.write_text(mutant.other, encoding="utf-8")
        operator = mutant.operator if mutant is not None else operator
        linter = self._linter(subject.package, operator, anew=other is not None)
        linter.names = (subject.plan.class_name,) if mutant is None else mutant.class_names
        found: list[Diagnostic] = []
        for file in filter(None, (path, other)):
            report = linter.report(file.read_bytes(), file)
            assert not report.errors, report.errors
            found += report.diagnostics
        lines = mutant.lines if mutant is not None else frozenset[int]()
        claim = None if operator is None else _claim(operator, text, subject.plan.class_name, lines)
        probe = self._probe(subject, path, linter.project, claim)
        return Placed(mutant, subject, path, other, probe, tuple(dict.fromkeys(found)))

    def _linter(self, package: Package, operator: Operator | None, *, anew: bool) -> Linter:
        """`anew`: folders that were read are not read again."""
        code = "" if operator is None or _rule(operator).is_default else operator.rule
        key = (str(package), code)
        if anew or key not in self._linters:
            settings = Settings(keras=(package.keras,), root=str(self._copies[str(package)]), any_use=True)
            if operator is not None and operator.asked is not None and (other := operator.asked.expects.backend):
                settings = replace(settings, backends=("tensorflow", other))
            self._linters[key] = Linter(replace(settings, extend_select=(code,)) if code else settings)
        return self._linters[key]

    def remove(self, placed: Placed) -> None:
        """Delete the files of a mutant."""
        for file in filter(None, (placed.path, placed.other)):
            file.unlink()

    def _probe(self, subject: Subject, path: Path, project: Project, claim: Claim | None) -> Probe:
        module = project.module_at(path, path.read_bytes())
        plan = subject.plan
        return Probe(
            path=str(path),
            shown=str(path),
            root=str(module.root),
            search=project.search_roots(module)[1:],
            module=module.name,
            class_name=plan.class_name,
            generation=Generation(subject.generation),
            recipe=Recipe(arguments=plan.arguments, inputs=plan.inputs),
            backend=(claim.expects.backend if claim is not None else "") or "tensorflow",
            claims=() if claim is None else (claim,),
            everything=claim is None,
        )


def _claim(operator: Operator, text: str, class_name: str, lines: frozenset[int]) -> Claim | None:
    """What confirm mode is asked about a mutant of an operator; None where it is to run everything."""
    asked = operator.asked
    if asked is None:
        return None
    every = text.splitlines()
    held = [number for number in lines if number <= len(every) and asked.line in every[number - 1]]
    line = (max if asked.line else min)(held, default=min(lines, default=1))
    if asked.method:
        source = LayerSource.read(text, class_name)
        defined = () if source is None else [each for each in source.functions if each.name == asked.method]
        line = defined[-1].lineno if defined else line
    rule = _rule(operator)
    assert rule.confirm is not None
    return Claim(
        code=rule.code,
        name=rule.name,
        confirm=rule.confirm,
        severity="warning",
        expects=asked.expects,
        line=line,
        column=1,
        end_line=line,
        end_column=2,
    )


def _rule(operator: Operator) -> Rule:
    return next(each for each in rules() if each.code == operator.rule)


def run(placed: Sequence[Placed], jobs: int) -> list[ProbeResult]:
    """Run each through everything with no finding to go by, or through what its operator asks."""
    pool = Pool([each.probe for each in placed], jobs=jobs, timeout=TIMEOUT, progress=_silent)
    results = pool.run() if placed else []
    if pool.interrupted:
        raise KeyboardInterrupt
    return results


def outcomes(
    placed: Sequence[Placed], jobs: int, known: Mapping[str, tuple[str, str]] | None = None, *, decide: bool = False
) -> list[Outcome]:
    """What running showed of mutants. `known`: status and evidence of those that need not be run, by their digest.

    `decide`: put also what static klint says of the planted faults to confirm mode.
    """
    known = known or {}
    new = [each for each in placed if _digest(each) not in known]
    made = {_digest(each): _outcome(each, result) for each, result in zip(new, run(new, jobs), strict=True)}
    found = [made.get(_digest(each)) or Outcome(each, *known[_digest(each)]) for each in placed]
    return _with_verdicts(found, jobs, decide)


def _digest(placed: Placed) -> str:
    assert placed.mutant is not None
    return placed.mutant.digest


def _outcome(placed: Placed, result: ProbeResult) -> Outcome:
    mutant = placed.mutant
    assert mutant is not None
    if result.verdicts:
        (verdict,) = result.verdicts
        return Outcome(placed, _STATUS[verdict.status], f"{verdict.oracle}: {verdict.evidence}")
    if result.failures:
        first = result.failures[0]
        is_fault = re.search(mutant.operator.shows, first.evidence) is not None
        return Outcome(placed, "killed" if is_fault else "stillborn", f"{first.oracle}: {first.evidence}")
    if result.reason:
        eagerly = mutant.operator.eagerly
        is_fault = bool(eagerly) and re.search(eagerly, result.reason) is not None
        return Outcome(placed, "killed" if is_fault else "stillborn", result.reason)
    return Outcome(placed, "survived", "")


def _with_verdicts(found: list[Outcome], jobs: int, decide: bool) -> list[Outcome]:
    """Put what is said of killed mutants to the test: each is run once more, with it as claims."""
    killed = {
        str(file): number
        for number, each in enumerate(found)
        if each.status == "killed"
        for file in filter(None, (each.placed.path, each.placed.other))
    }
    probes = [
        probe
        for probe in _claims([found[number].placed for number in sorted(set(killed.values()))], decide)
        if probe.path in killed
    ]
    results = Pool(probes, jobs=jobs, timeout=TIMEOUT, progress=_silent).run() if probes else []
    for result in results:
        number = killed[result.probe.path]
        hits = {(hit.code, hit.span.line) for hit in found[number].placed.hits}
        said = tuple(
            Said(claim.code, claim.line, (claim.code, claim.line) in hits, verdict.status, verdict.evidence)
            for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True)
        )
        found[number] = replace(found[number], said=(*found[number].said, *said))
    return found


def _claims(placed: Iterable[Placed], decide: bool) -> Iterator[Probe]:
    """Probes of layers with the findings as claims: those on other faults than what was planted, or all."""
    by_package: dict[Package, list[Placed]] = {}
    for each in placed:
        if each.found if decide else each.others:
            by_package.setdefault(each.subject.package, []).append(each)
    for package, group in by_package.items():
        recipes = {name: each.probe.recipe or Recipe() for each in group for name in _classes(each)}
        settings = Settings(keras=(package.keras,), root=group[0].probe.root)
        found = tuple(diagnostic for each in group for diagnostic in (each.found if decide else each.others))
        report = Report(diagnostics=found, errors=(), files=len(group), layers=len(group), seconds=0.0)
        yield from probes_of(report, settings, Request(device="cpu", recipes=recipes))


def _classes(placed: Placed) -> Iterator[str]:
    """The class of a mutant and those that it was divided into, which take the same arguments and inputs."""
    probe, mutant = placed.probe, placed.mutant
    yield f"{probe.module}.{probe.class_name}"
    if mutant is not None and placed.other is not None:
        yield from (f"{probe.module}_base.{name}" for name in mutant.class_names)


def _silent(done: int, total: int, text: str) -> None:
    pass
