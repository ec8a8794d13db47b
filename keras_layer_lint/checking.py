"""The command `klint check`: options to a run of the pipeline, and that to a report and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from keras_layer_lint import known, lint
from keras_layer_lint.config import ConfigFile, Options, find_file, parse_file, resolve
from keras_layer_lint.errors import KlintError
from keras_layer_lint.exit_codes import CLEAN, FAILED, FOUND, INTERRUPTED
from keras_layer_lint.file_settings import SettingsByFile
from keras_layer_lint.findings import Report
from keras_layer_lint.option_table import missing_company
from keras_layer_lint.option_values import STDIN
from keras_layer_lint.output import (
    complain,
    complain_of_nothing,
    file_bytes,
    file_lines,
    lines_of,
    notebook_lines,
    publish,
    write,
)
from keras_layer_lint.report.escape import listed
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.notebook import is_notebook, source_of

WITH_FIXES = frozenset({"full", "json", "jsonl", "sarif", "rdjson", "html"})
"""Formats that show fixes."""

ALONE = ("write_baseline", "update_baseline", "add_noqa", "add_ignore")
"""Options that ask for something else than a report."""


def run(paths: tuple[str, ...], given: dict[str, Any]) -> int:
    """Lint, report, and return the exit code."""
    given["allow_empty"] |= not paths
    paths = paths or (".",)
    stdin_name = given["stdin_filename"]
    refuse_contradictions(paths, given)
    file = configuration(stdin_name or paths[0], given["config"], given["isolated"])
    # click gives () for a repeatable option that is absent: not given.
    command_line = {key.replace("_", "-"): value for key, value in given.items() if value != ()}
    options = resolve(command_line, file)
    is_fixed = given["isolated"] or given["config"]
    by_file = SettingsByFile(command_line, fixed=(file,) if is_fixed else None)
    if given["show_settings"]:
        write(listed([f"# configuration file: {file.path if file else 'none'}", *options.describe().splitlines()]))
        return CLEAN
    if given["show_files"]:
        return show_files(paths, replace(options.settings(), by_file=by_file))
    if given["verbose"]:
        complain(f"configuration file: {file.path if file else 'none'}")
    # What is not shown still decides the exit code.
    lowest = min(options["min-severity"], options["fail-on"])
    settings = replace(options.settings(), min_severity=lowest, by_file=by_file)
    if given["confirm"] == "all":
        settings = replace(settings, any_use=True)  # what running shows is told: what it is then has a rule
    if given["confirm"]:
        from keras_layer_lint.confirm.confirming import default_backend

        settings = replace(settings, default_backend=default_backend())
    if given["add_noqa"] or given["add_ignore"] is not None:
        from keras_layer_lint import commenting

        return commenting.run(paths, settings, options, given)
    if is_fixing(given):
        from keras_layer_lint import fixing

        return fixing.run(paths, settings, options, given)
    if STDIN in paths:
        return _standard_input(settings, options, given)
    return _files(paths, settings, options, given)


def revision_of(given: dict[str, Any]) -> str:
    """The revision that files are compared with; empty where all findings count."""
    return given["diff_base"] or ("HEAD" if given["changed_only"] else "")


def is_fixing(given: dict[str, Any]) -> bool:
    """Whether files are fixed, or are shown as they would be."""
    return bool(given["fix"] or given["fix_only"] or given["diff"])


def refuse_contradictions(paths: Sequence[str], given: dict[str, Any]) -> None:
    """Raise KlintError where options contradict each other."""
    if STDIN in paths and len(paths) > 1:
        raise KlintError("`-` (standard input) cannot be mixed with other paths")
    if given["stdin_filename"] and STDIN not in paths:
        raise KlintError("--stdin-filename needs the path `-`")
    if wrong := missing_company(lambda key: given[key.replace("-", "_")] or None):
        raise KlintError(wrong)
    if given["confirm"] and STDIN in paths:
        raise KlintError("--confirm needs files: what comes from standard input cannot be imported")
    if is_fixing(given) and given["shard"]:
        raise KlintError("--shard and fixes exclude each other: what a fix touches is run here")
    if given["diff_base"] == "":
        raise KlintError("--diff-base names no revision")
    if given["diff_base"] and given["changed_only"]:
        raise KlintError("--diff-base and --changed-only exclude each other")
    if revision_of(given) and (STDIN in paths or is_fixing(given) or any(given[name] for name in ALONE)):
        raise KlintError("--diff-base and --changed-only are for a report on files")
    alone = [name for name in ALONE if given[name] not in (None, False)]
    with_diff = ("add_noqa", "add_ignore")
    for name in alone:
        fixing = given["fix"] or given["fix_only"] or (given["diff"] and name not in with_diff)
        if STDIN in paths or fixing or given["confirm"] or ("baseline" in name and alone != [name]):
            raise KlintError(f"--{name.replace('_', '-')} is for a run that lints files and does nothing else")


def _standard_input(settings: Settings, options: Options, given: dict[str, Any]) -> int:
    data = sys.stdin.buffer.read()
    name = given["stdin_filename"] or "<stdin>"
    report = lint.report_of_source(data, name, settings)
    report = with_fixes(report, options, lambda _: source_of(data, name))
    lines = notebook_lines(lambda: data) if is_notebook(name) else lines_of(lambda: data)
    found = publish(report, options, given, lambda _: lines)
    if report.errors:
        return FAILED
    return FOUND if found and not given["exit_zero"] else CLEAN


def _files(paths: Sequence[str], settings: Settings, options: Options, given: dict[str, Any]) -> int:
    report = lint.lint_paths(paths, settings)
    is_empty, interrupted = complain_of_nothing(report, given), False
    if given["write_baseline"]:
        known.write_all(report, options)
        return FAILED if report.errors or is_empty else CLEAN
    report = known.left_of(report, options, update=given["update_baseline"])
    if base := revision_of(given):
        from keras_layer_lint.changes import only_changed

        report, remarks = only_changed(report, base)
        for remark in remarks:
            complain(remark)
    if given["confirm"]:
        from keras_layer_lint.confirmation import confirmed

        report, interrupted = confirmed(report, settings, options, given)
    report = with_fixes(report, options, file_bytes)
    found = publish(report, options, given, cache(file_lines))
    if interrupted:
        return INTERRUPTED
    if report.errors or is_empty:
        return FAILED
    return FOUND if found and not given["exit_zero"] else CLEAN


def with_fixes(report: Report, options: Options, read: Callable[[str], bytes]) -> Report:
    """The report with the fixes that there are, where a format shows them and there is anything to fix."""
    names = {name.partition("=")[0] for name in options["output-format"]}
    if not report.diagnostics or names.isdisjoint(WITH_FIXES):
        return report
    from keras_layer_lint.fixes.engine import report_with_fixes

    return report_with_fixes(report, read)


def configuration(path: str, explicit: str | None, isolated: bool) -> ConfigFile | None:
    """Read the configuration file asked for, else the nearest above `path`."""
    if isolated and explicit:
        raise KlintError("--isolated and --config exclude each other")
    if isolated:
        return None
    if explicit:
        file = parse_file(Path(explicit))
        if file is None:
            raise KlintError(f"{explicit}: has no [tool.klint] table")
        return file
    start = Path(path)
    return find_file(start if start.is_dir() else start.parent)


def show_files(paths: Sequence[str], settings: Settings) -> int:
    """List the files under `paths` and the paths that cannot be had."""
    from keras_layer_lint.source.discover import search

    found = search([path for path in paths if path != STDIN], settings, notebooks=True)
    write(listed(map(str, found.files)))
    for path, message in found.errors:
        complain(f"{path}: {message}")
    return FAILED if found.errors else CLEAN
