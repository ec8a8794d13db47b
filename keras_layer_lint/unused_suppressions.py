"""KLL002: comments that silence nothing. Found by the pipeline, which alone knows what the other rules found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.expectation import Expectation
from keras_layer_lint.findings import shown
from keras_layer_lint.registry import expand, opt_in
from keras_layer_lint.rule import UNUSED_SUPPRESSION as RULE
from keras_layer_lint.selection import Selection
from keras_layer_lint.source.suppressions import Suppressions


def unused(suppressions: Suppressions, path: Path, selection: Selection) -> Iterator[Diagnostic]:
    """A diagnostic for each comment that silenced nothing, as far as the rules that it names ran."""
    ignored_here = selection.ignored_in(path)

    def ran(selector: str) -> bool:
        codes = expand([selector])
        by_default = codes - opt_in() or codes
        return all(selection.has(code) and not code.startswith(ignored_here) for code in by_default)

    # A comment about this rule itself silences what is said of other comments.
    about_this = [entry for entry in suppressions.entries if RULE.code in entry.codes]
    for entry, codes in suppressions.unused() if ran(RULE.code) else ():
        idle = [code for code in codes if ran(code) and not RULE.code.startswith(code)]
        if not idle and not entry.trouble and (codes or not ran("")):
            continue
        if any(other.covers(entry.span.line) for other in about_this):
            continue
        is_all = bool(entry.trouble) or len(idle) == len(entry.codes)
        yield Diagnostic(
            code=RULE.code,
            name=RULE.name,
            severity=Severity.WARNING,
            message=("this comment" if is_all else ", ".join(f"`{code}`" for code in idle))
            + (f" silences nothing: {entry.trouble}" if entry.trouble else " silences nothing"),
            help="remove the comment" if is_all else "remove what is not needed",
            path=shown(path),
            span=entry.span,
            expectation=Expectation(idle=() if is_all else tuple(idle)),
        )
