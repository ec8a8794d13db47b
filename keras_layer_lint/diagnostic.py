"""What klint reports: a diagnostic, the place it stands at, and how severe it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, Literal

from keras_layer_lint.expectation import NOTHING, Expectation
from keras_layer_lint.rule import RuleName


class Severity(IntEnum):
    """How much a diagnostic matters, ordered: a higher value is worse."""

    NOTE = 1
    """It works, against the contract that Keras documents."""
    WARNING = 2
    """Silently wrong, or it raises in a mode that users do use."""
    ERROR = 3
    """It raises."""

    @property
    def label(self) -> str:
        """The word used on the command line, in reports and in JSON."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of source text: 1-based lines and columns, columns count characters, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Note:
    """A second place of the same file that explains a diagnostic, such as where a value became a tensor."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Text that takes the place of a span; an empty span is a place where text is put in."""

    span: Span
    text: str
    cell: int | None = None
    """In a report on a notebook: the cell that the span is in."""

    def to_json(self) -> dict[str, Any]:
        """The edit as it stands in the JSON report."""
        cell = {} if self.cell is None else {"cell": self.cell}
        return {**cell, **asdict(self.span), "text": self.text}


@dataclass(frozen=True, slots=True)
class Fix:
    """How a diagnostic can be fixed: all edits together, or none.

    Safe: the layer computes the same in eager mode, takes the same arguments, and its weights have the same names.
    """

    applicability: Literal["safe", "unsafe"]
    message: str
    """What the edits do: "add `super().build(input_shape)`"."""
    edits: tuple[Edit, ...]

    def to_json(self) -> dict[str, Any]:
        """The fix as it stands in the JSON report."""
        edits = [edit.to_json() for edit in self.edits]
        return {"applicability": self.applicability, "message": self.message, "edits": edits}


Status = Literal["confirmed", "refuted", "inconclusive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What running a layer says of one diagnostic. `line` is the line that failed, where one did."""

    status: Status
    oracle: str
    keras: str
    backend: str
    device: str
    platform: str = ""
    """What XLA compiles for, as the framework names it: `Host`, `cuda 12090`."""
    evidence: str
    line: int | None = None
    inputs: str = ""
    arguments: str = ""
    seconds: float = 0.0
    help: str = ""
    """What would help where it is inconclusive: a recipe for the configuration, or what to do."""

    @property
    def helps_by_recipe(self) -> bool:
        """Whether the help is a line for the configuration."""
        return self.help.startswith('"')

    def to_json(self) -> dict[str, Any]:
        """The verdict as it stands in the JSON report."""
        return {**asdict(self), "seconds": round(self.seconds, 3)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One fault at one place.

    `path` is relative to the working directory, with `/`. `keras`: the generations ("2", "3") under which it holds.
    `class_name` and `method` name the layer and the method being linted, where there is one.
    """

    code: str
    name: str
    severity: Severity
    message: str
    path: str
    span: Span
    headline: str = ""
    """The message without why a value is a tensor, where a label of the code frame says that."""
    help: str = ""
    class_name: str | None = None
    method: str | None = None
    keras: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    cell: int | None = None
    is_elsewhere: bool = False
    """Whether it takes a use that the project is known not to make."""
    expectation: Expectation = NOTHING
    """What `--confirm` looks for; the message says the same to people."""
    verdict: Verdict | None = None
    """With `--confirm`: what running the layer says."""
    fix: Fix | None = None
    """How it can be fixed, where klint can do that."""

    @property
    def url(self) -> str:
        """Address of the page of its rule."""
        return RuleName(self.code, self.name).url

    @property
    def place(self) -> str:
        """Its file and line, `a.py:3`; once it is placed in a cell of a notebook, `a.ipynb:cell 2:3`."""
        cell = "" if self.cell is None else f":cell {self.cell}"
        return f"{self.path}{cell}:{self.span.line}"

    @property
    def is_refuted(self) -> bool:
        """Whether it was run and nothing of the kind happened: then it is no reason to fail."""
        return self.verdict is not None and self.verdict.status == "refuted"

    @property
    def sort_key(self) -> tuple[str, int, int, int, str]:
        """The order of every report: path, cell, line, column, code."""
        return (self.path, self.cell or 0, self.span.line, self.span.column, self.code)


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that was not analysed because a limit of klint was reached: the rest of the report holds without it."""

    path: str
    line: int
    class_name: str | None
    """The class being analysed, where there was one."""
    what: str
    """What was not analysed, and why."""

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        """The order of every report."""
        return (self.path, self.line, self.class_name or "", self.what)
