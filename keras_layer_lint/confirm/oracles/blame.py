"""Which finding an error belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from keras_layer_lint.confirm.edits import Source, header, whole
from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import Subject
from keras_layer_lint.confirm.time_limit import DoesNotEnd
from keras_layer_lint.rule import ErrorPlace, Oracle
from keras_layer_lint.target import Generation

_ABOUT_SCOPE = re.compile(
    r"scope|Inaccessible|[Tt]racer|variable|already built|not initialized|symbolic|same nested structure|concrete"
)
_ABOUT_THE_LINE = re.compile(
    r"\A(OperatorNotAllowedInGraphError|TracerBoolConversionError|TracerIntegerConversionError"
    r"|TracerArrayConversionError|NonConcreteBooleanIndexError)\b|Cannot convert a symbolic"
)
"""Of a traced tensor, too, and not of its scope: what a line makes a truth, a number or an array of."""

_EAGER: frozenset[Oracle] = frozenset({"graph", "purity", "build"})
"""Runs that begin in eager mode: a layer that is compiled, saved or trained has been called before."""


def blamed(
    framework: Framework, subject: Subject, claims: Iterable[Claim], error: BaseException, *, traced: bool = True
) -> Claim | None:
    """The finding that an error belongs to; the first of `claims` where several would do.

    In eager mode a fault shows at its own line only.
    """
    line = subject.line_of(error)
    if line is None:
        return None
    claims = list(claims)
    if (found := at_line(subject, claims, error, line)) is not None:
        return found
    if (found := next((claim for claim in claims if _is_of_what_is_made(subject, claim, error)), None)) is not None:
        return found
    if isinstance(error, DoesNotEnd):
        loops = (claim for claim in claims if claim.may_fail_at(ErrorPlace.ENDLESS_BODY))
        return next((claim for claim in loops if line in _all_lines(subject, claim)), None)
    if not traced:
        return None
    lines = subject.lines_of(error)
    for claim in claims:
        if claim.may_fail_at(ErrorPlace.CALLED) and any(other in _header(subject.source, claim) for other in lines):
            return claim
    is_converted = framework.generation is Generation.KERAS2
    for claim in sorted(claims, key=lambda claim: -claim.line):
        # AutoGraph fails at the statement it cannot convert, or where what it has lost is used.
        in_body = claim.may_fail_at(ErrorPlace.BODY) or (is_converted and claim.may_fail_at(ErrorPlace.CONVERTED_BODY))
        if in_body and line in _all_lines(subject, claim):
            return claim
    about_scope = _is_about_scope(error)
    for claim in claims:
        if line in subject.source.function(claim.line) and (
            (claim.may_fail_at(ErrorPlace.USE) and about_scope)
            or (claim.may_fail_at(ErrorPlace.CONVERTED_FUNCTION) and is_converted)
        ):
            return claim
        is_kept = about_scope and claim.may_fail_at(ErrorPlace.READ)
        if is_kept and subject.source.assigned(claim) & subject.source.read_on(line):
            return claim
        # The text of the error names the lines by which the tensor was made.
        if is_kept and any(other in _header(subject.source, claim) for other in lines):
            return claim
    return None


def _is_about_scope(error: BaseException) -> bool:
    said = f"{type(error).__name__} {error}"
    return _ABOUT_SCOPE.search(said) is not None and _ABOUT_THE_LINE.search(said) is None


def explains(framework: Framework, subject: Subject, claims: Sequence[Claim]) -> Callable[[BaseException], bool]:
    """Whether an error of eager mode is one that a finding speaks of; what only another run shows is none."""
    shown_eagerly = [claim for claim in claims if claim.oracle in _EAGER]

    def is_explained(error: BaseException) -> bool:
        named = [claim for claim in shown_eagerly if claim.names(error)]
        return blamed(framework, subject, named, error, traced=False) is not None

    return is_explained


def is_raised_at(subject: Subject, claim: Claim, error: BaseException) -> bool:
    """Whether an error is raised at the lines of a finding, or in what they make where that is what it speaks of."""
    return subject.line_of(error) in _header(subject.source, claim) or _is_of_what_is_made(subject, claim, error)


def _is_of_what_is_made(subject: Subject, claim: Claim, error: BaseException) -> bool:
    if not claim.may_fail_at(ErrorPlace.MADE):
        return False
    lines = subject.lines_of(error)
    own = [number for number, line in enumerate(lines) if line in _header(subject.source, claim)]
    inner = lines[own[-1] + 1 :] if own else []
    return bool(inner) and all("__init__" in subject.source.functions(line) for line in inner)


def at_line(subject: Subject, claims: Sequence[Claim], error: BaseException, line: int) -> Claim | None:
    """The finding whose own lines hold the line; among several on it the one whose columns fit."""
    on_line = [claim for claim in claims if claim.line <= line <= claim.end_line and claim.line == claim.end_line]
    on_line = on_line or [claim for claim in claims if line in _header(subject.source, claim)]
    if len({(claim.column, claim.end_column) for claim in on_line}) > 1:
        columns = subject.columns_of(error)
        if columns is not None:
            fitting = [claim for claim in on_line if claim.column < columns[1] and columns[0] < claim.end_column]
            on_line = fitting or on_line
    return on_line[0] if on_line else None


def _all_lines(subject: Subject, claim: Claim) -> range:
    """The lines of the statement that a finding stands in."""
    statement = subject.source.statement(claim.line)
    return range(0) if statement is None else whole(statement)


def _header(source: Source, claim: Claim) -> range:
    statement = source.statement(claim.line)
    return range(claim.line, claim.end_line + 1) if statement is None else header(statement)
