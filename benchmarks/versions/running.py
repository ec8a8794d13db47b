"""The examples of the rule pages, run in one environment: what came of each."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from benchmarks.versions.environments import Environment
from benchmarks.versions.results import Answer, Example, Result
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import Probe, ProbeResult
from keras_layer_lint.target import Generation
from tests.confirm.examples import UNSEEN, probes_for, probes_on_backends, written
from tests.conftest import ROOT
from tests.rule_pages import Block, Page

_WORST: tuple[Answer, ...] = ("does not hold", "not tried", "holds")
_SECONDS = 120.0
_KEPT_OF_EVIDENCE = 300
_IMPORT = re.compile(r"^import (?:tf_)?keras(?: as keras)?$", re.MULTILINE)
_FROM = re.compile(r"^from (?:tf_)?keras import\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Installed:
    """What an environment has."""

    keras: str
    backends: dict[str, str]
    """Version by name."""
    python: str

    def backend(self, names: str) -> str:
        """Names with their versions: `tensorflow 2.16.2, jax 0.4.26`."""
        return ", ".join(f"{name} {self.backends.get(name, '')}".strip() for name in names.split(","))


def installed(python: Path, environment: Environment) -> Installed:
    """Ask the metadata of an environment; nothing is imported."""
    keras = "tf_keras" if environment.alone else "keras"
    names = (keras, "tensorflow-cpu", "jax")
    code = (
        "import platform\nfrom importlib import metadata as m\nprint(platform.python_version())\n"
        "known = {d.metadata['Name'].lower().replace('_', '-'): d.version for d in m.distributions()}\n"
        f"for name in {names!r}: print(known.get(name.replace('_', '-'), ''))"
    )
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    version, of_keras, tensorflow, jax = done.stdout.split("\n")[:4]
    return Installed(of_keras, {"tensorflow": tensorflow, "jax": jax}, version)


def revision() -> str:
    """The last commit that changed klint or its pages, which is what results depend on."""
    watched = ["keras_layer_lint", "rules"]
    last = _git("log", "-1", "--format=%h", "--abbrev=7", "--", *watched)
    return f"{last}+" if _git("status", "--porcelain", "--", *watched) else last


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


class Run:
    """Examples on their way through confirm mode in one environment, bad ones first."""

    def __init__(self, environment: Environment, python: Path, examples: Sequence[Example], folder: Path) -> None:
        self._environment = environment
        self._python = python
        self._has = installed(python, environment)
        self._revision = revision()
        self._probes = {
            example: list(_probes(environment, example.page, as_imported(example.block, environment), folder))
            for example in sorted(examples, key=lambda example: not example.block.is_bad)
        }
        self._done: set[Example] = set()

    def run(self, jobs: int, keep: Callable[[Result], None]) -> None:
        """Run them. `keep` gets what came of each as soon as its classes have run."""
        known = 0

        def progress(done: int, total: int, text: str) -> None:
            nonlocal known
            if done > known:
                known = done
                self._hand_out(pool.results_so_far, keep)

        probes = [probe for of_one in self._probes.values() for probe in of_one]
        pool = Pool(probes, jobs=jobs, timeout=_SECONDS, progress=progress, python=str(self._python))
        results = pool.run()
        if pool.interrupted:
            raise KeyboardInterrupt
        self._hand_out(results, keep)

    def _hand_out(self, results: Sequence[ProbeResult | None], keep: Callable[[Result], None]) -> None:
        """Hand out the examples that are done and have not been handed out."""
        remaining = iter(results)
        for example, of_one in self._probes.items():
            done = [result for result in islice(remaining, len(of_one)) if result is not None]
            if example in self._done or len(done) < len(of_one):
                continue
            self._done.add(example)
            without_framework = next((result for result in done if not result.keras), None)
            if without_framework is None:
                backend = self._has.backend(example.block.backend)
                keep(came_to(example, done).of(self._has.keras, backend, self._has.python, self._revision))
            else:
                reason = without_framework.reason
                print(f"{self._environment.name}, {example.block}: {reason}", file=sys.stderr, flush=True)


def run(
    environment: Environment, python: Path, examples: Sequence[Example], jobs: int, keep: Callable[[Result], None]
) -> None:
    """Run examples in an environment. `keep` gets what came of each as soon as its classes have run."""
    with tempfile.TemporaryDirectory(prefix="klint-versions-") as folder:
        Run(environment, python, examples, Path(folder)).run(jobs, keep)


def as_imported(block: Block, environment: Environment) -> Block:
    """Up to TensorFlow 2.15 there is no need of `tf_keras`: the Keras of TensorFlow is imported from it."""
    if environment.generation is Generation.KERAS3 or environment.alone:
        return block
    source = _IMPORT.sub("from tensorflow import keras", block.source)
    return replace(block, source=_FROM.sub("from tensorflow.keras import", source))


def _probes(environment: Environment, page: Page, block: Block, folder: Path) -> Iterable[Probe]:
    own = folder / f"{page.code}-{block.line}"
    own.mkdir()
    path = written(page, block, own)
    if block.backend != "tensorflow":
        return probes_on_backends(page, block, path)
    return probes_for(page, block, environment.generation.value, path)


def came_to(example: Example, results: Iterable[ProbeResult]) -> Result:
    """Put together what running the classes of an example came to."""
    page, block = example.page, example.block
    if block.is_bad and page.code == UNSEEN:
        answers = list(_of_unseen(block, results))
    elif block.is_bad:
        answers = list(_of_bad(block, results))
    else:
        answers = list(_of_good(results))
    seen = {found for found, _ in answers}
    outcome = next((each for each in _WORST if each in seen), _WORST[-1])
    why = dict.fromkeys(text for found, text in answers if found == outcome and found != "holds")
    rule, known_by = example.key
    return Result(rule, known_by, example.kind, outcome, "; ".join(why))


def _of_bad(block: Block, results: Iterable[ProbeResult]) -> Iterable[tuple[Answer, str]]:
    claimed: set[tuple[int, str]] = set()
    for result in results:
        for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True):
            claimed.add((claim.line, claim.code))
            answer = _ANSWERS[verdict.status]
            yield answer, _short(f"line {claim.line}, {claim.code}: {verdict.evidence}")
    for line, code in sorted(block.expected - claimed):
        yield "not tried", f"line {line}, {code}: klint has no finding there"


_ANSWERS: dict[str, Answer] = {"confirmed": "holds", "refuted": "does not hold", "inconclusive": "not tried"}


def _of_good(results: Iterable[ProbeResult]) -> Iterable[tuple[Answer, str]]:
    """Nothing may fail, and what is asked besides must be refuted."""
    for result in results:
        if result.reason:
            yield "not tried", _short(f"{result.probe.class_name}: {result.reason}")
        for failure in result.failures:
            yield "does not hold", _short(f"{result.probe.class_name} fails: {failure.evidence}")
        for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True):
            if verdict.status == "confirmed":
                yield "does not hold", _short(f"{claim.code}: {verdict.evidence}")
            elif verdict.status == "inconclusive":
                yield "not tried", _short(f"{claim.code}: {verdict.evidence}")


def _of_unseen(block: Block, results: Iterable[ProbeResult]) -> Iterable[tuple[Answer, str]]:
    failing: set[int | None] = set()
    for result in results:
        if result.reason:
            yield "not tried", _short(f"{result.probe.class_name}: {result.reason}")
        failing |= {failure.line for failure in result.failures}
    for line, _ in sorted(block.expected):
        yield ("holds", "") if line in failing else ("does not hold", f"line {line} does not fail")


def _short(text: str) -> str:
    """One line."""
    words = " ".join(text.split())
    return words if len(words) <= _KEPT_OF_EVIDENCE else words[: _KEPT_OF_EVIDENCE - 3] + "..."
