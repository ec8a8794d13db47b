"""What checks of a layer come to: a result each, and an error that shows all failures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["passed", "failed", "known failure", "skipped"]


@dataclass(frozen=True, slots=True)
class StaticFinding:
    """What static linting says of the place where a check failed."""

    code: str
    name: str
    message: str
    help: str
    url: str
    line: int

    def __str__(self) -> str:
        text = f"line {self.line}, {self.code} ({self.name}): {self.message}"
        return "\n".join([text, *([f"help: {self.help}"] if self.help else []), *([self.url] if self.url else [])])


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """One thing that a check saw go wrong."""

    check: str
    """The name of the check."""
    seen: str
    """What was run, and what was seen."""
    path: str = ""
    """The file of the class."""
    line: int | None = None
    """The line of that file where it failed, from 1; None where no line of it did."""
    finding: StaticFinding | None = None
    """What klint says of the same line, or of the class, without running it."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.line is not None else ""
        text = f"{self.check}: {place}{self.seen}"
        return (
            text if self.finding is None else "\n".join([text, *(f"  {row}" for row in str(self.finding).split("\n"))])
        )


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What became of one check."""

    check: str
    outcome: Outcome
    failures: tuple[CheckFailure, ...] = ()
    reason: str = ""
    """Why it was skipped, or what `known_failures` says of it."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What became of all checks of one layer."""

    name: str
    """The name of the class."""
    keras: str
    """The version of Keras."""
    backend: str
    """The backend and its version."""
    results: tuple[CheckResult, ...]
    inputs: str = ""
    """The inputs as in a recipe: `float32[2,8]`."""

    @property
    def failures(self) -> tuple[CheckFailure, ...]:
        """All that went wrong and is not known to."""
        return tuple(failure for result in self.results if result.outcome == "failed" for failure in result.failures)

    def outcome_of(self, check: str) -> Outcome:
        """What became of a check. Raises KeyError where it was not asked for."""
        return {result.check: result.outcome for result in self.results}[check]

    def __str__(self) -> str:
        names: dict[str, list[str]] = {}
        for result in self.results:
            names.setdefault(result.outcome, []).append(result.check)
        head = f"{self.name} on {self.inputs or 'no inputs'}: Keras {self.keras}, {self.backend}"
        counts = "; ".join(f"{outcome}: {', '.join(checks)}" for outcome, checks in names.items())
        return "\n\n".join([f"{head}\n{counts}", *map(str, self.failures)])


@dataclass
class LayerCheckError(AssertionError):
    """A layer failed checks that are not known to fail; `report` has them all."""

    report: CheckReport = field()

    def __str__(self) -> str:
        return str(self.report)
