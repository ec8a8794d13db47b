"""The command with `--fix`, `--fix-only` or `--diff`: files are fixed, and what is left is reported."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from keras_layer_lint import known, lint
from keras_layer_lint.config import Options
from keras_layer_lint.errors import KlintError, UnreadableFile
from keras_layer_lint.exit_codes import CLEAN, FAILED, FOUND, INTERRUPTED
from keras_layer_lint.findings import Report
from keras_layer_lint.fixes.engine import Fixer, report_with_fixes
from keras_layer_lint.fixes.files import FileFixes, Wanted, diff_of, errors_of, fixes_of, written
from keras_layer_lint.option_values import STDIN
from keras_layer_lint.output import (
    complain,
    complain_of_nothing,
    file_bytes,
    file_lines,
    notebook_lines,
    publish,
    told_place,
    write,
)
from keras_layer_lint.registry import expand, rules
from keras_layer_lint.report import render
from keras_layer_lint.report.in_cells import in_cells
from keras_layer_lint.report.text import count, summary
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.notebook import is_notebook, source_of
from keras_layer_lint.source.notebook import written as written_notebook


def run(paths: Sequence[str], settings: Settings, options: Options, given: dict[str, Any]) -> int:
    """Fix, report, and return the exit code."""
    wanted = Wanted(unsafe=given["unsafe_fixes"], codes=_codes(options), least=options["min-severity"])
    if STDIN in paths:
        return _standard_input(settings, wanted, options, given)
    report = lint.lint_paths(paths, settings)
    is_empty = complain_of_nothing(report, given)
    fixer = wanted.fixer(settings)
    files = list(fixes_of(report, fixer))
    if given["confirm"]:
        files = _verified(files, fixer, settings, options, given)
    if not given["diff"]:
        files = [written(file) for file in files]
    _tell(files, given)
    made = sum(len(file.fixed.made) for file in files if not file.error)
    errors = errors_of(files)
    if given["diff"]:
        write("".join(diff_of(file.path, file.fixed) for file in files))
        _count(f"would fix {_made(made, given)}", given)
        return FAILED if report.errors or is_empty else FOUND if made else CLEAN
    if made:
        report = lint.lint_paths(paths, settings)
    report = known.left_of(replace(report, errors=(*report.errors, *errors)), options)
    found = interrupted = False
    if given["fix_only"]:
        for error in report.errors:
            complain(f"{error.path}: {error.message}")
        _count(f"fixed {_made(made, given)}", given)
    else:
        if given["confirm"]:
            report, interrupted = _confirmed(report, settings, options, given)
        report = report_with_fixes(report, file_bytes)
        found = publish(report, options, given, cache(file_lines))
        _count(f"fixed {_made(made, given)}", given)
    if interrupted:
        return INTERRUPTED
    if report.errors or is_empty:
        return FAILED
    return FOUND if (found and not given["exit_zero"]) or (made and given["exit_non_zero_on_fix"]) else CLEAN


def _made(number: int, given: dict[str, Any]) -> str:
    return count(number, "problem") + (", each verified by running it" if given["confirm"] and number else "")


def _verified(
    files: list[FileFixes], fixer: Fixer, settings: Settings, options: Options, given: dict[str, Any]
) -> list[FileFixes]:
    """Keep the fixes that running speaks for; say of each class what was seen."""
    from keras_layer_lint.confirm.confirming import check_installed
    from keras_layer_lint.confirmation import verified
    from keras_layer_lint.verified_fixing import VerifiedFixer

    check_installed(settings)
    done = VerifiedFixer(fixer, lambda candidates: verified(candidates, settings, options, given)).fixed(files)
    for each in done:
        for name, seen in each.seen.items():
            if seen.is_verified and not given["quiet"]:
                what = name or "no class"
                complain(f"{each.file.path}: fix verified in {what}: {seen.text}")
                for left in seen.left if given["confirm"] == "all" else ():
                    complain(f"{each.file.path}: still fails in {what}: {left}")
    return [each.file for each in done]


def _confirmed(report: Report, settings: Settings, options: Options, given: dict[str, Any]) -> tuple[Report, bool]:
    """What is left, with verdicts."""
    from keras_layer_lint.confirmation import confirmed

    return confirmed(report, settings, options, given)


def _standard_input(settings: Settings, wanted: Wanted, options: Options, given: dict[str, Any]) -> int:
    """The fixed source on standard output, what is left on standard error."""
    raw = sys.stdin.buffer.read()
    name = given["stdin_filename"] or "<stdin>"
    try:
        data = source_of(raw, name)
    except UnreadableFile as error:
        raise KlintError(f"{name}: {error}") from error
    fixed = wanted.fixer(settings).fixed(data, Path(name))
    _tell([FileFixes(name, fixed)], given)
    if given["diff"]:
        write(diff_of(name, fixed))
        _count(f"would fix {count(len(fixed.made), 'problem')}", given)
        return FOUND if fixed.made else CLEAN
    after = written_notebook(raw, fixed.after) if is_notebook(name) else fixed.after
    _write_bytes(after)
    report = lint.report_of_source(after, name, settings)
    shown = tuple(each for each in report.diagnostics if each.severity >= options["min-severity"])
    if not given["fix_only"]:
        left = replace(report, diagnostics=shown)
        if is_notebook(name):
            lines = notebook_lines(lambda: after)
            left = in_cells(left, lambda _: lines)
        write(render("concise", left, lambda _: ()), sys.stderr)
        _count(summary(left), given)
    _count(f"fixed {count(len(fixed.made), 'problem')}", given)
    if report.errors:
        return FAILED
    failing = any(each.severity >= options["fail-on"] for each in shown)
    is_found = failing and not given["fix_only"] and not given["exit_zero"]
    return FOUND if is_found or (fixed.made and given["exit_non_zero_on_fix"]) else CLEAN


def _write_bytes(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _codes(options: Options) -> frozenset[str]:
    known = {rule.code for rule in rules()} if options["fixable"] is None else expand(options["fixable"])
    return frozenset(known) - expand(options["unfixable"])


def _tell(files: Sequence[FileFixes], given: dict[str, Any]) -> None:
    """Name the fixes, if that is asked for, and always those that were not made."""
    for file in files:
        for each in file.fixed.made if given["show_fixes"] and not file.error else ():
            where = f" in {each.class_name}" if each.class_name else ""
            what = each.fix.message if each.fix is not None else ""
            complain(f"{file.path}: {each.code}{where}: {what}")
        for each, why in file.fixed.refused:
            complain(f"{told_place(file.path, each.span.line)}: {each.code} is not fixed: {why}")


def _count(text: str, given: dict[str, Any]) -> None:
    if not given["quiet"]:
        complain(text)
