"""What came of each example in each version, as CSV files under `results/`, one for each environment.

An example is known by a hash of its kind and its text. A text that changes has no result until it is run again.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal, TypeAlias

from benchmarks.versions.environments import ENVIRONMENTS, Environment
from tests.confirm.examples import ABOUT_FILES
from tests.rule_pages import Block, Page, read_pages

RESULTS = Path(__file__).parent / "results"
_LENGTH = 12

Answer = Literal["holds", "does not hold", "not tried", "not run yet"]
"""The last one stands in no file: it is said of an example that has no result."""

Key: TypeAlias = "tuple[str, str]"
"""Code of the rule, and hash of the example."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one example came to. A bad one holds if each of its lines is confirmed, a good one if nothing fails."""

    rule: str
    example: str
    """Hash of its kind and text."""
    kind: Literal["bad", "good"]
    outcome: Answer
    reason: str = ""
    """Of what does not hold or was not tried."""
    keras: str = ""
    """The version that was run; so `backend` and `python`."""
    backend: str = ""
    python: str = ""
    revision: str = ""
    """The commit of klint that ran it, or the oldest and the newest that it can have been: `b9d450c..74b1f3c`."""

    @property
    def key(self) -> Key:
        return self.rule, self.example

    def of(self, keras: str, backend: str, python: str, revision: str) -> Result:
        """The same, with what it was run with."""
        return replace(self, keras=keras, backend=backend, python=python, revision=revision)


Results: TypeAlias = "dict[Key, Result]"


@dataclass(frozen=True, slots=True)
class Example:
    """An example of a page that can be run, with its place among those of its kind."""

    page: Page
    block: Block
    number: int
    """Counted from 1, among the bad or the good ones of the page."""

    @property
    def key(self) -> Key:
        return self.page.code, hash_of(self.block)

    @property
    def kind(self) -> Literal["bad", "good"]:
        return "bad" if self.block.is_bad else "good"

    def __str__(self) -> str:
        return f"{self.kind} example {self.number}"


def hash_of(block: Block) -> str:
    """What an example is known by: neither its place in the page nor the versions it is limited to are part of it."""
    kind = "bad" if block.is_bad else "good"
    return sha256(f"{kind} {block.backend}\n{block.source}".encode()).hexdigest()[:_LENGTH]


def examples_of(page: Page, generation: str) -> list[Example]:
    """The examples of a page that a generation of Keras can run, on any backend."""
    if page.code in ABOUT_FILES:
        return []
    of_kind = {kind: [block for block in page.blocks if block.is_bad is kind] for kind in (True, False)}
    return [
        Example(page, block, of_kind[block.is_bad].index(block) + 1)
        for block in page.blocks
        if generation in block.keras
    ]


def all_examples(environment: Environment) -> list[Example]:
    """Those of all pages that an environment is to run."""
    return [each for page in read_pages() for each in examples_of(page, environment.generation.value)]


def missing(examples: list[Example], results: Mapping[Key, Result]) -> list[Example]:
    """Those that have no result, or whose text is another by now."""
    return [example for example in examples if example.key not in results]


def path_of(environment: Environment, folder: Path = RESULTS) -> Path:
    return folder / f"{environment.slug}.csv"


def read(path: Path) -> Results:
    """Read what `write` wrote; nothing where there is no file yet."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [Result(**row) for row in csv.DictReader(file)]  # type: ignore[arg-type]
    return {row.key: row for row in rows}


def read_all(folder: Path = RESULTS) -> dict[str, Results]:
    """The results of each environment, by its slug."""
    return {environment.slug: read(path_of(environment, folder)) for environment in ENVIRONMENTS}


def write(results: Mapping[Key, Result], path: Path) -> None:
    """Write the results of one environment, sorted, so that two runs differ only where results do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Result)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(results[key]) for key in sorted(results))
    # A run that is ended while it writes leaves the file as it was.
    unfinished.replace(path)


def pruned(results: Results, examples: list[Example]) -> Results:
    """The results of examples that there still are."""
    known = {example.key for example in examples}
    return {key: result for key, result in results.items() if key in known}
