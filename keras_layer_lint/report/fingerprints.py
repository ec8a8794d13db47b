"""How services know a finding again from run to run: by the code that it stands at, wherever that has moved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.report.code_frame import SourceLines
from keras_layer_lint.source.notebook import lines_of_cell


def fingerprints(diagnostics: Sequence[Diagnostic], source_lines: SourceLines) -> list[str]:
    """One for each diagnostic, no two of them equal; no line number is in them."""
    seen: Counter[str] = Counter()
    found = []
    for each in diagnostics:
        text = "\n".join(line.strip() for line in lines_at(each, source_lines))
        where = ".".join(part for part in (each.class_name, each.method) if part)
        digest = hashlib.sha256(f"{each.path}\n{each.code}\n{where}\n{text}".encode(errors="replace")).hexdigest()[:32]
        seen[digest] += 1
        found.append(f"{digest}:{seen[digest]}")
    return found


def lines_at(diagnostic: Diagnostic, source_lines: SourceLines) -> Sequence[str]:
    """The lines that a diagnostic stands at."""
    return lines_around(diagnostic, source_lines)[diagnostic.span.line - 1 : diagnostic.span.end_line]


def lines_around(diagnostic: Diagnostic, source_lines: SourceLines) -> Sequence[str]:
    """The lines that the places of a diagnostic count: those of its file, or of its cell."""
    lines = source_lines(diagnostic.path)
    return lines if diagnostic.cell is None else lines_of_cell(lines, diagnostic.cell)
