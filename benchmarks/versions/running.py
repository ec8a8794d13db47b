"""The examples of the rule pages, run in one environment: what came of each."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from benchmarks.versions.environments import Environment, NotMade, made, python_of
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import Probe, ProbeResult
from keras_layer_lint.target import Generation
from tests.confirm.examples import UNSEEN, examples, probes_for, written
from tests.rule_pages import Block, Page

Answer = Literal["holds", "does not hold", "not tried"]
_WORST: tuple[Answer, ...] = ("does not hold", "not tried", "holds")
_SECONDS = 120.0
_KEPT_OF_EVIDENCE = 300
_IMPORT = re.compile(r"^import (?:tf_)?keras(?: as keras)?$", re.MULTILINE)
_FROM = re.compile(r"^from (?:tf_)?keras import\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Tried:
    """What one example came to. A bad one holds if each of its lines is confirmed, a good one if nothing fails."""

    rule: str
    example: str
    """Page and line."""
    is_bad: bool
    answer: Answer
    why: str = ""
    """Of what does not hold or was not tried."""
    is_of_another: bool = False
    """Whether the page limits it to other versions."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What all examples came to in one environment."""

    name: str
    generation: str
    keras: str = ""
    """The version that was run; so `backend` and `python`."""
    backend: str = ""
    python: str = ""
    not_made: str = ""
    """Why there is no such environment here; then nothing was tried."""
    only_bad: bool = False
    """Whether good examples were left out."""
    tried: tuple[Tried, ...] = ()


def tried_in(environment: Environment, cache: Path, rules: Iterable[str], jobs: int, only_bad: bool = False) -> Trial:
    """Run the examples of some rules, of all where none is named; or only the bad ones."""
    try:
        python = made(environment, cache)
    except NotMade as error:
        return Trial(environment.name, environment.generation.value, not_made=str(error))
    wanted = frozenset(rules)
    chosen = [
        (page, as_imported(block, environment))
        for page, block, keras in examples()
        if keras == environment.generation.value
        and (not wanted or page.code in wanted)
        and (block.is_bad or not only_bad)
    ]
    with tempfile.TemporaryDirectory(prefix="klint-versions-") as folder:
        probes = [list(_probes(environment, page, block, Path(folder))) for page, block in chosen]
        pool = Pool(
            [each for of_one in probes for each in of_one],
            jobs=jobs,
            timeout=_SECONDS,
            progress=lambda done, total, text: None,
            python=str(python),
        )
        results = pool.run()
    if pool.interrupted:
        raise KeyboardInterrupt
    remaining = iter(results)
    of_each = [[next(remaining) for _ in of_one] for of_one in probes]
    keras, backend = next(((result.keras, result.backend) for result in results if result.keras), ("", ""))
    tried = tuple(
        replace(came_to(page, block, found), is_of_another=bool(keras) and not block.is_for(keras))
        for (page, block), found in zip(chosen, of_each, strict=True)
    )
    return Trial(
        environment.name,
        environment.generation.value,
        keras,
        backend,
        python_of(environment, cache),
        only_bad=only_bad,
        tried=tried,
    )


def as_imported(block: Block, environment: Environment) -> Block:
    """Up to TensorFlow 2.15 there is no need of `tf_keras`: the Keras of TensorFlow is imported from it."""
    if environment.generation is Generation.KERAS3 or environment.alone:
        return block
    source = _IMPORT.sub("from tensorflow import keras", block.source)
    return replace(block, source=_FROM.sub("from tensorflow.keras import", source))


def _probes(environment: Environment, page: Page, block: Block, folder: Path) -> Iterable[Probe]:
    own = folder / f"{page.code}-{block.line}"
    own.mkdir()
    return probes_for(page, block, environment.generation.value, written(page, block, own))


def came_to(page: Page, block: Block, results: Iterable[ProbeResult]) -> Tried:
    """Put together what running the classes of an example came to."""
    if block.is_bad and page.code == UNSEEN:
        answers = list(_of_unseen(block, results))
    elif block.is_bad:
        answers = list(_of_bad(block, results))
    else:
        answers = list(_of_good(results))
    seen = {found for found, _ in answers}
    answer = next((each for each in _WORST if each in seen), _WORST[-1])
    why = dict.fromkeys(text for found, text in answers if found == answer and found != "holds")
    return Tried(page.code, str(block), block.is_bad, answer, "; ".join(why))


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
    """One line, without the folders of a run."""
    words = " ".join(text.split())
    return words if len(words) <= _KEPT_OF_EVIDENCE else words[: _KEPT_OF_EVIDENCE - 3] + "..."


def renewed(kept: Trial, newer: Trial, rules: Iterable[str]) -> Trial:
    """What is kept, with what some rules came to since."""
    if newer.not_made:
        return kept
    wanted = frozenset(rules)
    others = [each for each in kept.tried if each.rule not in wanted]
    tried = sorted([*others, *newer.tried], key=lambda each: (each.rule, int(each.example.rpartition(":")[2])))
    return replace(newer, only_bad=kept.only_bad or newer.only_bad, tried=tuple(tried))


def save(trial: Trial, path: Path) -> None:
    """Keep what came of an environment."""
    path.write_text(json.dumps(asdict(trial), indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> Trial:
    """Read what `save` kept."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Trial(**{**data, "tried": tuple(Tried(**each) for each in data["tried"])})
