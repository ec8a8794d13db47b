"""The command line. Only this module prints and chooses exit codes."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TextIO

import click

from keras_layer_lint import __version__, lint
from keras_layer_lint.config import FORMATS, SEVERITIES, ConfigFile, Options, find_file, parse_file, resolve
from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.errors import KlintError, UnreadableFile
from keras_layer_lint.explain import Page, find_pages, pages
from keras_layer_lint.findings import Report
from keras_layer_lint.report import render
from keras_layer_lint.report.code_frame import SourceLines
from keras_layer_lint.report.escape import listed
from keras_layer_lint.report.text import by_severity, count, limits_reached, statistics, summary
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.decode import decode, read_source, split_lines

CLEAN, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130
STDIN = "-"
COLORS = ("auto", "always", "never")
WITH_SUMMARY = ("full", "markdown")
DEVICES = ("auto", "cpu", "gpu")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="klint %(version)s")
def klint() -> None:
    """Find what breaks a custom Keras layer before anyone trains it.

    `klint PATHS` is short for `klint check PATHS`.
    """


def several(name: str, metavar: str, text: str) -> Callable[[Any], Any]:
    """Declare an option that takes a comma-separated list and may be repeated."""
    return click.option(name, multiple=True, metavar=metavar, help=text)


@klint.command()
@click.argument("paths", nargs=-1)
@several("--select", "RULES", "Run only these rules: codes, prefixes of codes, or names.")
@several("--extend-select", "RULES", "Run these rules, too.")
@several("--ignore", "RULES", "Leave these rules out.")
@several("--per-file-ignores", "PATTERN:RULES", "Leave rules out in the files that match a pattern.")
@several("--exclude", "PATTERNS", "Skip files and folders that match, as in .gitignore.")
@click.option("--keras", metavar="auto|2|3|2,3", help="Keras generations to lint for.  [default: auto]")
@click.option("--backend", metavar="auto|tensorflow|jax", help="What Keras 3 runs on.  [default: auto]")
@several("--output-format", "FORMAT[=FILE]", f"{', '.join(FORMATS)}; repeat it to write several.  [default: full]")
@click.option("--output-file", type=click.Path(dir_okay=False), help="Write the report there, not to standard output.")
@click.option("--min-severity", metavar="|".join(SEVERITIES), help="Show nothing below this.  [default: note]")
@click.option("--fail-on", metavar="|".join(SEVERITIES), help="Exit with 1 from this on.  [default: warning]")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever was found.")
@click.option("--statistics", is_flag=True, help="Count what was found, by rule.")
@click.option("--jobs", "-j", type=int, help="Worker processes; 0 chooses.  [default: 0]")
@click.option(
    "--confirm",
    type=click.Choice(["flagged", "all"]),
    metavar="[=all]",
    help="Run the layers with findings (=all: every layer) and give each finding a verdict. This executes their code!",
)
@click.option("--device", type=click.Choice(DEVICES), default="auto", show_default=True, help="Where --confirm runs.")
@click.option("--timeout", type=click.FloatRange(min=1), default=60, show_default=True, help="Seconds for each layer.")
@click.option("--stdin-filename", metavar="PATH", help="Where the source read for the path `-` belongs.")
@click.option("--show-settings", is_flag=True, help="Print each option and where its value came from, then stop.")
@click.option("--show-files", is_flag=True, help="Print the files that would be linted, then stop.")
@click.option("--config", type=click.Path(dir_okay=False), help="Use this configuration file.")
@click.option("--isolated", is_flag=True, help="Use no configuration file.")
@click.option("--color", type=click.Choice(COLORS), default="auto", show_default=True, help="Colour the report.")
@click.option("--quiet", "-q", is_flag=True, help="Print diagnostics only.")
@click.option("--verbose", "-v", is_flag=True, help="Say what is done, and show the traceback of a failure.")
def check(paths: tuple[str, ...], **given: Any) -> int:
    """Lint the Python files under PATHS (default: the working directory; `-`: standard input)."""
    paths = paths or (".",)
    stdin_name = given["stdin_filename"]
    if STDIN in paths and len(paths) > 1:
        raise KlintError("`-` (standard input) cannot be mixed with other paths")
    if given["confirm"] and STDIN in paths:
        raise KlintError("--confirm needs files: what comes from standard input cannot be imported")
    if stdin_name and STDIN not in paths:
        raise KlintError("--stdin-filename needs the path `-`")
    file = configuration(stdin_name or paths[0], given["config"], given["isolated"])
    # click gives () for a repeatable option that is absent: not given.
    options = resolve({key.replace("_", "-"): value for key, value in given.items() if value != ()}, file)
    if given["show_settings"]:
        write(listed([f"# configuration file: {file.path if file else 'none'}", *options.describe().splitlines()]))
        return CLEAN
    if given["show_files"]:
        return show_files(paths, options.settings())
    if given["verbose"]:
        complain(f"configuration file: {file.path if file else 'none'}")
    # What is not shown still decides the exit code.
    interrupted = False
    settings = replace(options.settings(), min_severity=min(options["min-severity"], options["fail-on"]))
    if STDIN in paths:
        data = sys.stdin.buffer.read()
        name = stdin_name or "<stdin>"
        report = lint.report_of_source(data, name, settings)
        lines = lines_of(lambda: data)
        found = publish(report, options, given, lambda _: lines)
    else:
        if given["confirm"]:
            from keras_layer_lint.confirm.confirming import default_backend

            settings = replace(settings, default_backend=default_backend())
        report = lint.lint_paths(paths, settings)
        if given["confirm"]:
            report, interrupted = confirmed(report, settings, options, given)
        found = publish(report, options, given, cache(file_lines))
    if interrupted:
        return INTERRUPTED
    if report.errors:
        return FAILED
    return FOUND if found and not given["exit_zero"] else CLEAN


@klint.command()
@click.argument("rules", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every rule.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(COLORS), default="auto", show_default=True)
def rule(rules: tuple[str, ...], every: bool, output_format: str, color: str) -> int:
    """Explain rules, by code or by name."""
    if not rules and not every:
        raise KlintError("name a rule, such as `klint rule KLL101`, or give --all")
    found = pages() if every else find_pages(rules)
    if output_format == "json":
        write(json.dumps([page_as_dict(page) for page in found], indent=2) + "\n")
    elif use_color(color):
        write(rendered("\n\n".join(page.text for page in found)))
    else:
        write("\n".join(page.text for page in found))
    return CLEAN


def page_as_dict(page: Page) -> dict[str, str]:
    """Return the JSON object of a rule."""
    return {"code": page.rule.code, "name": page.rule.name, "url": page.rule.url, "page": page.text}


def rendered(markdown: str) -> str:
    """Lay Markdown out for a terminal."""
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(force_terminal=True)
    with console.capture() as capture:
        console.print(Markdown(markdown))
    return capture.get()


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


def confirmed(report: Report, settings: Settings, options: Options, given: dict[str, Any]) -> tuple[Report, bool]:
    """Run the layers; return the report with verdicts, and whether that was interrupted."""
    from keras_layer_lint.confirm.confirming import Request, confirm, recipes_of
    from keras_layer_lint.confirm.progress import shown_on

    request = Request(
        everything=given["confirm"] == "all",
        device=given["device"],
        timeout=given["timeout"],
        jobs=options["jobs"],
        recipes=recipes_of(options["recipes"]),
    )
    with shown_on(sys.stderr, quiet=given["quiet"]) as progress:
        done = confirm(report, settings, request, progress)
    if done.lacking and not given["quiet"]:
        complain(f"this system does not let klint stop layers from {', '.join(done.lacking)}")
    if done.interrupted:
        complain("interrupted: what was known by then follows")
    return done.report, done.interrupted


def show_files(paths: Sequence[str], settings: Settings) -> int:
    """List the files under `paths` and the paths that cannot be had."""
    from keras_layer_lint.source.discover import discover

    files, errors = discover([path for path in paths if path != STDIN], settings)
    write(listed(map(str, files)))
    for path, message in errors:
        complain(f"{path}: {message}")
    return FAILED if errors else CLEAN


def publish(report: Report, options: Options, given: dict[str, Any], source_lines: SourceLines) -> bool:
    """Write the report in each format asked for; return whether it holds something to fail on."""
    quiet = given["quiet"]
    fail_on: Severity = options["fail-on"]
    failing = any(diagnostic.severity >= fail_on and not diagnostic.is_refuted for diagnostic in report.diagnostics)
    shown = tuple(item for item in report.diagnostics if item.severity >= options["min-severity"])
    hidden = [item for item in report.diagnostics if item.severity < options["min-severity"]]
    report = replace(report, diagnostics=shown)
    for error in report.errors:
        complain(f"{error.path}: {error.message}")
    to_stdout = has_summary = False
    for name, target in targets(options["output-format"], given["output_file"]):
        color = use_color(given["color"]) if target is None else given["color"] == "always"
        text = render(name, report, source_lines, color=color, quiet=quiet)
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


def file_lines(path: str) -> tuple[str, ...]:
    """Read the lines of a file that a frame shows."""
    return lines_of(lambda: read_source(Path(path)))


def lines_of(read: Callable[[], bytes]) -> tuple[str, ...]:
    """Split source into lines without their ends; none when it cannot be read as Python."""
    try:
        return tuple(line.rstrip("\r\n") for line in split_lines(decode(read())))
    except UnreadableFile:
        return ()


def use_color(choice: str) -> bool:
    """Decide whether standard output takes colours."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def write(text: str, stream: TextIO | None = None) -> None:
    """Print; a reader that has gone away, such as `head`, is no failure."""
    stream = sys.stdout if stream is None else stream
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # Python flushes again at exit, which would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def complain(message: str) -> None:
    """Print a line for people on standard error."""
    write(listed([f"klint: {message}"]), sys.stderr)


def save(path: str, text: str) -> None:
    """Write a report to a file."""
    try:
        Path(path).write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise KlintError(f"{path}: cannot be written: {error.strerror}") from error


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a test or an embedding program may have put another stream here
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    # Not an optional value of click's: that would take a path that follows.
    arguments = ["--confirm=flagged" if argument == "--confirm" else argument for argument in arguments]
    first = arguments[0] if arguments else ""
    if first not in klint.commands and first not in ("-h", "--help", "-V", "--version"):
        arguments = ["check", *arguments]
    try:
        return int(klint.main(list(arguments), "klint", standalone_mode=False) or CLEAN)
    except KlintError as error:
        complain(str(error))
    except click.ClickException as error:
        complain(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        complain(f"{type(error).__name__}: {error}; this is a bug in klint")
        if "--verbose" in arguments or "-v" in arguments:
            write(listed(traceback.format_exc().splitlines()), sys.stderr)
    return FAILED
