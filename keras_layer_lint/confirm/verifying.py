"""Whether fixes hold: each class that they touch is run before and after them."""

from __future__ import annotations

import ast
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from keras_layer_lint.confirm.confirming import pool_of
from keras_layer_lint.confirm.oracles.untracked import EFFECTS
from keras_layer_lint.confirm.pool import Progress
from keras_layer_lint.confirm.probe import Claim, FixedSource, Probe, ProbeResult
from keras_layer_lint.confirm.probes import entry_of, probes_of
from keras_layer_lint.confirm.request import Request
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.findings import Report
from keras_layer_lint.lint import report_of_source
from keras_layer_lint.model.class_graph import ClassRef, Project
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.decode import decode


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file before and after fixes, and what they fix."""

    path: str
    before: bytes
    after: bytes
    made: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """What running a class before and after its fixes came to."""

    is_verified: bool
    text: str
    """What was seen that speaks for them, or why they are not verified."""
    left: tuple[str, ...] = ()
    """What fails after them, too."""
    refused: str = ""
    """Why not all that were tried were made; empty where all were."""
    is_run: bool = True
    """Whether the class could be run, before or after them."""


def verify(
    candidates: Sequence[Candidate], settings: Settings, request: Request, progress: Progress
) -> list[dict[str, Verification]]:
    """Run what the fixes of each candidate touch: for each candidate what was seen, by the names of classes.

    Fixes in no class stand under the empty name. Raises KeyboardInterrupt where it is interrupted.
    """
    runs = [[] if _is_same_code(each) else list(_runs_of(each, settings, request)) for each in candidates]
    pool = pool_of([probe for those in runs for run in those for probe in run.probes], request, progress)
    results = iter(pool.run() if any(runs) else [])
    if pool.interrupted:
        raise KeyboardInterrupt
    found = []
    for candidate, those in zip(candidates, runs, strict=True):
        outcomes = [_Outcome(run, [next(results) for _ in run.probes]) for run in those]
        names = dict.fromkeys(each.class_name or "" for each in candidate.made)
        if _is_same_code(candidate):
            found.append({name: Verification(True, "no code changes") for name in names})
            continue
        by_name = {name: [each for each in outcomes if each.run.name == name] for name in names}
        found.append({name: _verification(own) for name, own in by_name.items()})
    return found


@dataclass(frozen=True, slots=True)
class _Run:
    """A class that fixes touch, or one that derives from it, under one generation."""

    name: str
    """The class that is fixed."""
    before: Probe
    after: Probe
    again: Probe
    """The findings that are fixed, put to what was made of them."""
    beside: Probe

    @property
    def probes(self) -> tuple[Probe, ...]:
        return self.before, self.after, self.again, self.beside


def _is_same_code(candidate: Candidate) -> bool:
    """Whether fixes change no more than comments."""
    before, after = (ast.dump(ast.parse(data)) for data in (candidate.before, candidate.after))
    return before == after


def _runs_of(candidate: Candidate, settings: Settings, request: Request) -> Iterator[_Run]:
    path = os.path.abspath(candidate.path)  # noqa: PTH100 (links stay)
    project = Project(Path(settings.root).absolute())
    module = project.module_at(Path(path), candidate.before)
    fixed: dict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in candidate.made:
        if diagnostic.class_name:
            fixed[diagnostic.class_name].append(diagnostic)
    everything = replace(request, everything=True, shard=None)
    before, after = (
        _probes(data, candidate.path, path, settings, everything) for data in (candidate.before, candidate.after)
    )
    moved = _Moved(decode(candidate.before), decode(candidate.after))
    for name, diagnostics in fixed.items():
        entry = entry_of(module, diagnostics[0])
        refs = [ClassRef(module, module.classes[entry])] if entry in module.classes else []
        derived = [each.entry.qualname for ref in refs for each in project.subclasses_in_module(ref)]
        codes = {diagnostic.code for diagnostic in diagnostics}
        new = FixedSource(
            text=decode(candidate.after),
            is_exact=all(each.fix is not None and each.fix.applicability == "safe" for each in diagnostics),
            tracks_more=any(each.expectation.effects & EFFECTS for each in diagnostics),
        )
        for own in (entry, *derived):
            for key, probe in before.items():
                if key[0] == own and key in after:
                    claims = tuple(moved.claims(claim for claim in probe.claims if claim.code in codes))
                    again = replace(after[key], claims=claims if own == entry else (), everything=False)
                    beside = replace(probe, claims=(), everything=False, fixed=new)
                    yield _Run(name, probe, after[key], again, beside)


def _probes(data: bytes, shown: str, path: str, settings: Settings, request: Request) -> dict[tuple[str, str], Probe]:
    """How to run the classes of a file with this text, by their names and generations."""
    found = report_of_source(data, shown, settings)
    report = Report(found.diagnostics, (), 1, found.layers, 0.0, paths=(Path(path),), searched=())
    probes = probes_of(report, settings, request, {path: data})
    return {(probe.class_name, probe.generation.value): probe for probe in probes if probe.everything}


class _Moved:
    """Where the lines of a text are in another."""

    def __init__(self, before: str, after: str) -> None:
        self._before, self._after = before.splitlines(), after.splitlines()
        self._lines: dict[int, int] = {}
        """From 1; a line that is gone is where the next one is."""
        matcher = SequenceMatcher(None, self._before, self._after, autojunk=False)
        for _, start, end, new_start, new_end in matcher.get_opcodes():
            for offset in range(end - start):
                self._lines[start + offset + 1] = min(new_start + offset, max(new_end - 1, new_start)) + 1

    def claims(self, claims: Iterable[Claim]) -> Iterator[Claim]:
        """The claims on the lines that their own have become.

        How often a statement of Python runs says nothing of another that takes its place: that is left to `purity`.
        """
        for claim in claims:
            moved = self._claim(claim)
            if claim.oracle != "purity" or self._text(self._before, claim) == self._text(self._after, moved):
                yield moved

    def _claim(self, claim: Claim) -> Claim:
        first = self._lines.get(claim.line, claim.line)
        last = max(first, self._lines.get(claim.end_line, claim.end_line))
        column = claim.column if first == claim.line else 1
        return replace(claim, line=first, column=column, end_line=last)

    @staticmethod
    def _text(lines: Sequence[str], claim: Claim) -> list[str]:
        return [line.strip() for line in lines[claim.line - 1 : claim.end_line]]


class _Outcome:
    """What the runs of one class came to."""

    def __init__(self, run: _Run, results: Sequence[ProbeResult]) -> None:
        self.run = run
        self.before, self.after, self.again, self.beside = results

    @property
    def is_run(self) -> bool:
        """Whether the class ran before or does now."""
        return self.beside.comparison is not None or self._runs_now

    @property
    def _runs_now(self) -> bool:
        return bool(self.after.source) and not (self.after.reason and self.after.not_run != "rest")

    @property
    def reason(self) -> str:
        """Why it was not run."""
        return self.after.reason or self.beside.reason or "it could not be run"

    def troubles(self) -> Iterator[str]:
        """What speaks against the fixes."""
        comparison = self.beside.comparison
        if comparison is not None:
            yield from comparison.differences
        elif self.beside.source:
            yield f"it could not be run beside what it was: {self.beside.reason}"
        for claim, verdict in zip(self.again.probe.claims, self.again.verdicts, strict=True):
            if verdict.status == "confirmed":
                yield f"{claim.code} is still confirmed: {verdict.evidence}"
        clean = self._clean(self.before)
        for failure in self.after.failures:
            if failure.oracle in clean:
                yield f"{failure.oracle} fails, which it did not: {failure.evidence}"

    @staticmethod
    def _clean(result: ProbeResult) -> frozenset[str]:
        """The ways in which the class was run and nothing failed."""
        ran = {way.oracle for way in result.ways if not way.reason}
        return frozenset(ran - {failure.oracle for failure in result.failures})

    def seen(self) -> str:
        """What speaks for the fixes."""
        comparison = self.beside.comparison
        if comparison is not None:
            parts = [f"same {' and '.join(sorted(comparison.same))}"]
        else:
            parts = ["runs, which it did not"]
        for claim, verdict in zip(self.before.probe.claims, self.before.verdicts, strict=True):
            if verdict.status == "confirmed" and any(each.code == claim.code for each in self.again.probe.claims):
                parts.append(f"{claim.code} no longer confirmed")
        ways = sorted(self._clean(self.after))
        if ways:
            parts.append(f"{', '.join(ways)} ran")
        parts += comparison.remarks if comparison is not None else ()
        return f"Keras {self.after.keras} on {self.after.backend}: {'; '.join(dict.fromkeys(parts))}"

    def left(self) -> Iterator[str]:
        """What fails in the class when it is fixed."""
        for failure in self.after.failures:
            yield f"{failure.oracle}: {failure.evidence}"
        for claim, verdict in zip(self.after.probe.claims, self.after.verdicts, strict=True):
            if verdict.status == "confirmed":
                yield f"{claim.code} on line {claim.line}: {verdict.evidence}"


def _verification(outcomes: Sequence[_Outcome]) -> Verification:
    """All generations, and all classes that derive from the fixed one, together."""
    ran = [outcome for outcome in outcomes if outcome.is_run]
    own = [outcome for outcome in outcomes if outcome.run.before.class_name.rpartition(".")[2] == outcome.run.name]
    troubles = [
        trouble if outcome in own else f"{outcome.run.before.class_name}: {trouble}"
        for outcome in ran
        for trouble in outcome.troubles()
    ]
    if troubles:
        return Verification(False, troubles[0])
    seen = [outcome for outcome in own if outcome in ran]
    if not seen:
        why = next((outcome.reason for outcome in own), "it is in no class that can be run")
        return Verification(False, why, is_run=False)
    left = dict.fromkeys(what for outcome in seen for what in outcome.left())
    return Verification(True, "; ".join(outcome.seen() for outcome in seen), tuple(left))
