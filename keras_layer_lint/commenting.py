"""The command with `--add-noqa` or `--add-ignore`: findings of files get comments that silence them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from keras_layer_lint import known, lint
from keras_layer_lint.config import Options
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.errors import KlintError, UnreadableFile
from keras_layer_lint.exit_codes import CLEAN, FAILED
from keras_layer_lint.findings import Report
from keras_layer_lint.fixes.comments import NOT_SILENCED, Commented, Lint, Style, commented
from keras_layer_lint.fixes.files import diff_of_bytes
from keras_layer_lint.fixes.writing import replace_module
from keras_layer_lint.output import complain, complain_of_nothing, file_bytes, told_place, write
from keras_layer_lint.report.text import count
from keras_layer_lint.settings import Settings


def style_of(given: dict[str, Any]) -> Style:
    """The comments that are asked for."""
    reason = given["add_ignore"]
    if given["add_noqa"] and reason is not None:
        raise KlintError("--add-noqa and --add-ignore exclude each other")
    if reason is None:
        return Style(False)
    if not reason.strip() or not reason.isprintable():
        raise KlintError("--add-ignore needs a reason, in one line: what a reader of the code has to know")
    return Style(True, reason.strip())


def run(paths: Sequence[str], settings: Settings, options: Options, given: dict[str, Any]) -> int:
    """Add comments for all that is found, or show them with `--diff`; return the exit code."""
    style = style_of(given)
    report = lint.lint_paths(paths, settings)
    is_empty = complain_of_nothing(report, given)
    report = known.left_of(report, options)
    for error in report.errors:
        complain(f"{error.path}: {error.message}")
    linter = lint.Linter(replace(settings, min_severity=Severity.NOTE))

    def linted(data: bytes, path: Path) -> Report:
        return lint.Linter(linter.settings, linter.shared).report(data, path)

    failed, silenced = bool(report.errors) or is_empty, 0
    for path, found in _by_file(report.diagnostics, options["min-severity"]).items():
        done = _done(path, found, style, linted, given)
        failed |= done is None
        silenced += done.silenced if done is not None else 0
    if not given["quiet"]:
        verb = "would be" if given["diff"] else "were" if silenced != 1 else "was"
        complain(f"{count(silenced, 'finding')} {verb} silenced by a comment")
        if rest := sum(each.code in NOT_SILENCED for each in report.diagnostics):
            complain(f"{count(rest, 'finding')} of KLL001 and KLL002 left: no comment mends these")
    return FAILED if failed else CLEAN


def _done(
    path: str, found: Sequence[Diagnostic], style: Style, linted: Lint, given: dict[str, Any]
) -> Commented | None:
    """The comments of one file, written or shown; None where that cannot be done, which is said."""
    try:
        done = commented(file_bytes(path), Path(path), found, style, linted)
        if given["diff"]:
            write(diff_of_bytes(path, done.before, done.after))
        elif done.after != done.before:
            replace_module(Path(path), done.before, done.after)
    except UnreadableFile as error:
        complain(f"{path}: {error}")
    except KlintError as error:  # which names the file
        complain(str(error))
    except OSError as error:
        complain(f"{path}: cannot be written: {error.strerror or error}")
    else:
        for each, why in done.left:
            complain(f"{told_place(path, each.span.line)}: {each.code} is not silenced: {why}")
        return done
    return None


def _by_file(diagnostics: Sequence[Diagnostic], least: Severity) -> dict[str, list[Diagnostic]]:
    found: dict[str, list[Diagnostic]] = {}
    for each in diagnostics:
        if each.severity >= least and each.code not in NOT_SILENCED:
            found.setdefault(each.path, []).append(each)
    return found
