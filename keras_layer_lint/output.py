"""Where what klint has to say goes: reports to standard output and to files, messages to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from keras_layer_lint.config import Options
from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.errors import KlintError, UnreadableFile
from keras_layer_lint.findings import Report
from keras_layer_lint.report import render
from keras_layer_lint.report.code_frame import SourceLines
from keras_layer_lint.report.escape import listed
from keras_layer_lint.report.in_cells import in_cells
from keras_layer_lint.report.rooted import FROM_ROOT, rooted
from keras_layer_lint.report.text import by_severity, count, limits_reached, statistics, summary
from keras_layer_lint.source.decode import decode, read_source, split_lines
from keras_layer_lint.source.notebook import cell_at, is_notebook, read_module, shown_text
from keras_layer_lint.source.notebook_json import INSTALL, MOST_BYTES

WITH_SUMMARY = ("full", "markdown")


def publish(report: Report, options: Options, given: dict[str, Any], source_lines: SourceLines) -> bool:
    """Write the report in each format asked for; return whether it holds something to fail on."""
    quiet = given["quiet"]
    fail_on: Severity = options["fail-on"]
    failing = any(diagnostic.severity >= fail_on and not diagnostic.is_refuted for diagnostic in report.diagnostics)
    shown = tuple(item for item in report.diagnostics if item.severity >= options["min-severity"])
    hidden = [item for item in report.diagnostics if item.severity < options["min-severity"]]
    report = in_cells(replace(report, diagnostics=shown), source_lines)
    for error in report.errors:
        complain(f"{error.path}: {error.message}")
    to_stdout = has_summary = False
    for name, target in targets(options["output-format"], given["output_file"]):
        color = use_color(given["color"]) if target is None else given["color"] == "always"
        notes = options["notes"] or ("brief" if target is None and is_terminal(sys.stdout) else "full")
        links = color and target is None and is_terminal(sys.stdout)
        shown_report, lines = rooted(report, source_lines, from_root() if name in FROM_ROOT else "")
        text = render(name, shown_report, lines, color=color, quiet=quiet, notes=notes, links=links)
        if target is None:
            to_stdout = True
            has_summary = has_summary or name in WITH_SUMMARY
            write(text)
        else:
            save(target, text)
        if name == "github" and not quiet:
            announce_dropped(report)
    names = [name.partition("=")[0] for name in options["output-format"]]
    if given["statistics"]:
        # Standard output of the other formats is for programs.
        write(statistics(report), sys.stdout if to_stdout and set(names) <= {"full", "concise"} else sys.stderr)
    if not quiet and not to_stdout:
        complain(summary(report))
    elif report.limits and not quiet and not has_summary:
        complain(limits_reached(report))
    if hidden and not quiet:
        complain(f"not shown because of --min-severity: {by_severity(hidden)}")
    if given["verbose"]:
        for limit in report.limits:
            where = f", class {limit.class_name}" if limit.class_name else ""
            complain(f"{limit.path}:{limit.line}{where}: not analysed: {limit.what}")
        complain(f"{count(report.files, 'file')}, {count(report.layers, 'layer')}, {report.seconds:.2f} s")
    return failing


def from_root() -> str:
    """The working directory from the root of its repository, with `/`; empty where it is that, or there is none."""
    here = Path.cwd()
    root = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    return "" if root == here else here.relative_to(root).as_posix()


def complain_of_nothing(report: Report, given: dict[str, Any]) -> bool:
    """Say under which paths there is nothing to lint; whether that is a failure, for klint vouches for what it read."""
    if report.left and not report.nothing:
        are = "notebook is" if report.left == 1 else "notebooks are"
        complain(f"{report.left} {are} not linted: nbformat is not installed: {INSTALL}")
    for path, why in report.nothing:
        complain(f"{path}: nothing to lint: {why}")
    return bool(report.nothing) and not given["allow_empty"]


def announce_dropped(report: Report) -> None:
    """Say on standard error what GitHub will not show."""
    from keras_layer_lint.report.github import not_shown

    if dropped := not_shown(report):
        complain(f"GitHub shows the first 10 annotations of each kind of a step: not {dropped} of these")


def targets(formats: Iterable[str], output_file: str | None) -> list[tuple[str, str | None]]:
    """Pair each format with the file it goes to; None is standard output."""
    parts = [item.partition("=") for item in formats]
    if output_file and sum(not file for _, _, file in parts) != 1:
        raise KlintError("--output-file needs exactly one --output-format without a file of its own")
    return [(name, file or output_file) for name, _, file in parts]


def file_bytes(path: str) -> bytes:
    """Read the bytes of a file of a report; UnreadableFile where they cannot be had."""
    return read_module(Path(path))


def file_lines(path: str) -> tuple[str, ...]:
    """Read the lines of a file that a frame shows; of a notebook those of its module, as people wrote them."""
    if not is_notebook(path):
        return lines_of(lambda: file_bytes(path))
    return notebook_lines(lambda: read_source(Path(path), MOST_BYTES))


def notebook_lines(read: Callable[[], bytes]) -> tuple[str, ...]:
    """The lines of the module of a notebook, as people wrote them; none when it cannot be read."""
    return lines_of(lambda: shown_text(read()).encode("utf-8", "surrogatepass"))


def told_place(path: str, line: int) -> str:
    """How a message names a place: `a.py:3`; in a notebook `a.ipynb:cell 2:3`."""
    place = cell_at([f"{each}\n" for each in file_lines(path)], line) if is_notebook(path) else None
    return f"{path}:{line}" if place is None else f"{path}:cell {place.number}:{place.line(line)}"


def lines_of(read: Callable[[], bytes]) -> tuple[str, ...]:
    """Split source into lines without their ends; none when it cannot be read as Python."""
    try:
        return tuple(line.rstrip("\r\n") for line in split_lines(decode(read())))
    except UnreadableFile:
        return ()


def is_terminal(stream: TextIO | None) -> bool:
    """Whether people read a stream; one that was closed before Python began is None."""
    return stream is not None and stream.isatty()


def use_color(choice: str) -> bool:
    """Decide whether standard output takes colours."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb")


def write(text: str, stream: TextIO | None = None) -> None:
    """Print; a reader that has gone away, such as `head`, is no failure."""
    stream = sys.stdout if stream is None else stream
    if stream is None:  # it was closed before Python began
        raise KlintError("standard output is closed")
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        # Python flushes again at exit, which would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise KlintError(f"standard output cannot be written: {error.strerror or error}") from error


def complain(message: str) -> None:
    """Print a line for people on standard error."""
    write(listed([f"klint: {message}"]), sys.stderr)


def save(path: str, text: str) -> None:
    """Write a report to a file."""
    try:
        Path(path).write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise KlintError(f"{path}: cannot be written: {error.strerror}") from error
