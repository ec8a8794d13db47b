"""One page to look at: classes as rows, rules and kinds of runs as columns, then each finding with its code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from keras_layer_lint import __version__
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.findings import Report
from keras_layer_lint.report.code_frame import Mark, SourceLines, draw
from keras_layer_lint.report.escape import for_log, one_line, printable
from keras_layer_lint.report.fingerprints import lines_around
from keras_layer_lint.report.not_run import help_lines, told
from keras_layer_lint.report.order import soonest_first
from keras_layer_lint.report.text import chosen, count, ran, summary

_PARTS = Path(__file__).with_name("page")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""The page loads nothing from anywhere."""
_MARKS = {"confirmed": "\u2717", "refuted": "\u2713", "inconclusive": "?"}
_WORST = ("confirmed", "inconclusive", "refuted")


def render(report: Report, source_lines: SourceLines) -> str:
    """Render the page."""
    ordered = soonest_first(report.diagnostics)
    numbers = {id(each): number for number, each in enumerate(ordered, 1)}
    body = [
        f"<h1>klint</h1><p>{_text(summary(report))}</p>",
        f'<p class="soft">{_text(" ".join(part for part in (f"klint {__version__}.", chosen(report)) if part))}</p>',
        *_failures(report),
    ]
    if ordered:
        body += [_matrix(ordered, report.runs, numbers), _filters(ordered), "<h2>Findings</h2>"]
        body += [_article(each, numbers[id(each)], source_lines) for each in ordered]
    body += _not_run(report)
    style, script = (_PARTS.joinpath(name).read_text(encoding="utf-8") for name in ("style.css", "script.js"))
    return for_log(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>klint: {_text(summary(report))}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + f"\n<script>\n{script}</script>\n</body>\n</html>\n"
    )


def _text(text: str) -> str:
    return escape(one_line(text))


def _failures(report: Report) -> list[str]:
    said = [f"{error.path}: {error.message}" for error in report.errors]
    said += [f"{limit.path}:{limit.line}: not analysed: {limit.what}" for limit in report.limits]
    return [f"<h2>Not done</h2><ul>{''.join(f'<li>{_text(each)}</li>' for each in said)}</ul>"] if said else []


def _not_run(report: Report) -> list[str]:
    rows = [
        f"<li>{_text(f'{entry.path}:{entry.line}: {told(entry)}')}"
        + "".join(f'<br><span class="soft">{_text(line)}</span>' for line in (help_lines(entry) if entry.help else ()))
        + "</li>"
        for entry in report.not_run
    ]
    return [f"<h2>Not run</h2><ul>{''.join(rows)}</ul>"] if rows else []


def _matrix(ordered: Sequence[Diagnostic], runs: Sequence[Mapping[str, object]], numbers: Mapping[int, int]) -> str:
    """Classes by rules, and by what running them showed."""
    rows: dict[tuple[str, str], list[Diagnostic]] = {}
    for each in sorted(ordered, key=lambda each: each.sort_key):
        rows.setdefault((each.path, each.class_name or ""), []).append(each)
    codes = {each.code: each for each in sorted(ordered, key=lambda each: each.code)}
    failed = _failures_by_class(runs)
    oracles = {each.verdict.oracle for each in ordered if each.verdict is not None and each.verdict.oracle}
    oracles |= {oracle for found in failed.values() for oracle in found}
    head = [_column(each) for each in codes.values()]
    head += [f'<th class="oracle">{_text(oracle)}</th>' for oracle in sorted(oracles)]
    lines, before = [], ""
    width = len(codes) + len(oracles)
    for (path, name), found in rows.items():
        if path != before:
            lines.append(f'<tr class="file"><th>{_text(path)}</th><td colspan="{width}"></td></tr>')
            before = path
        cells = [_cell([each for each in found if each.code == code], numbers) for code in codes]
        cells += [_oracle_cell(found, oracle, failed.get((path, name), set())) for oracle in sorted(oracles)]
        lines.append(f"<tr><th>{_text(name) or 'the file'}</th>{''.join(cells)}</tr>")
    return (
        '<h2>Classes</h2><p class="soft">How often a rule speaks of a class; and with <code>--confirm</code>, '
        "by kind of run: \u2717 it fails, \u2713 it does not, ? that is open.</p>"
        f'<div class="wide"><table><thead><tr><th></th>{"".join(head)}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _column(each: Diagnostic) -> str:
    return f'<th><a href="{escape(each.url)}" title="{_text(each.name)}">{each.code}</a></th>'


def _failures_by_class(runs: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for run in runs:
        for failure in run.get("failures", ()):
            found.setdefault((run["path"], run["class"]), set()).add(failure["oracle"])
    return found


def _cell(found: Sequence[Diagnostic], numbers: Mapping[int, int]) -> str:
    if not found:
        return "<td></td>"
    first = min(found, key=lambda each: numbers[id(each)])
    worst = max(each.severity for each in found).label
    title = f"{count(len(found), 'time')}, {worst}"
    return f'<td><a class="{worst}" href="#f{numbers[id(first)]}" title="{title}">{len(found)}</a></td>'


def _oracle_cell(found: Sequence[Diagnostic], oracle: str, failed: set[str]) -> str:
    words = {each.verdict.status for each in found if each.verdict is not None and each.verdict.oracle == oracle}
    if oracle in failed:
        words.add("confirmed")
    word = next((word for word in _WORST if word in words), "")
    return f'<td class="{word}" title="{word}">{_MARKS[word]}</td>' if word else "<td></td>"


def _filters(ordered: Sequence[Diagnostic]) -> str:
    boxes = []
    for severity in sorted(Severity, reverse=True):
        number = sum(each.severity is severity for each in ordered)
        word = severity.label
        boxes.append(
            f'<label class="{word}"><input type="checkbox" name="{word}" checked> {count(number, word)}</label>'
        )
    verdicts = sorted({each.verdict.status for each in ordered if each.verdict is not None})
    if verdicts:
        options = "".join(f"<option>{word}</option>" for word in verdicts)
        boxes.append(f'<label>verdict <select name="verdict"><option value="">any</option>{options}</select></label>')
    boxes.append('<input type="search" name="text" placeholder="file, class, rule, words" aria-label="Search">')
    boxes.append(f'<span class="soft"><span id="shown">{len(ordered)}</span> of {len(ordered)}</span>')
    return f"<form>{''.join(boxes)}</form>"


def _article(each: Diagnostic, number: int, source_lines: SourceLines) -> str:
    verdict = each.verdict
    words = " ".join(part for part in (each.place, each.code, each.name, each.class_name, each.message) if part)
    marks = [Mark(each.span, "", each.severity.label, primary=True)]
    marks += [Mark(note.span, one_line(note.text), "secondary") for note in each.notes]
    frame = draw(lines_around(each, source_lines), marks)
    parts = [
        f'<p><b class="{each.severity.label}">{each.severity.label} <a href="{escape(each.url)}">{each.code}</a></b> '
        f"{_text(each.name)}: {_text(each.headline if frame and each.headline else each.message)}</p>",
        f'<p class="place soft">{_text(f"{each.place}:{each.span.column}")}'
        + (f", class {_text(each.class_name)}" if each.class_name else "")
        + "</p>",
    ]
    if frame:
        parts.append(f"<pre>{escape(chr(10).join(map(printable, frame)))}</pre>")
    if each.help:
        parts.append(f"<p>help: {_text(each.help)}</p>")
    if each.fix is not None:
        option = "--fix" if each.fix.applicability == "safe" else "--fix --unsafe-fixes"
        parts.append(f"<p>fix: {_text(each.fix.message)} (<code>{option}</code>)</p>")
    if verdict is not None:
        parts.append(
            f'<p class="verdict"><b class="{verdict.status}">{verdict.status}</b>: {_text(verdict.evidence)}'
            f'<br><span class="soft">{_text(ran(verdict))}</span></p>'
        )
    status = "" if verdict is None else verdict.status
    return (
        f'<article id="f{number}" class="{each.severity.label}" data-severity="{each.severity.label}" '
        f'data-verdict="{status}" data-text="{_text(words)}">{"".join(parts)}</article>'
    )
