"""The command line: arguments in, exit code out."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import click

from keras_layer_lint import __version__, known, lint
from keras_layer_lint.config import ConfigFile, Options, find_file, parse_file, resolve
from keras_layer_lint.errors import KlintError
from keras_layer_lint.exit_codes import CLEAN, FAILED, FOUND, INTERRUPTED
from keras_layer_lint.explain import Page, find_pages, pages
from keras_layer_lint.findings import Report
from keras_layer_lint.option_values import FORMATS, NOTES, SEVERITIES, STDIN
from keras_layer_lint.output import (
    complain,
    complain_of_nothing,
    file_bytes,
    file_lines,
    lines_of,
    publish,
    use_color,
    write,
)
from keras_layer_lint.report.escape import listed
from keras_layer_lint.settings import CACHE_FOLDER, Settings

WITH_FIXES = frozenset({"full", "json"})
"""Formats that show fixes."""
COLORS = ("auto", "always", "never")
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
@click.option(
    "--force-exclude", is_flag=True, default=None, help="Skip named files that match, too, as pre-commit needs."
)
@click.option("--allow-empty", is_flag=True, help="Exit with 0 where there is nothing to lint under a path.")
@click.option(
    "--keras", metavar="auto|2|3|2,3|3.6", help="Keras generations, or a version, to lint for.  [default: auto]"
)
@click.option(
    "--backend",
    metavar="auto|tensorflow|jax",
    help="What Keras 3 runs on; several: what code is for.  [default: auto]",
)
@several("--output-format", "FORMAT[=FILE]", f"{', '.join(FORMATS)}; repeat it to write several.  [default: full]")
@click.option("--output-file", type=click.Path(dir_okay=False), help="Write the report there, not to standard output.")
@click.option("--min-severity", metavar="|".join(SEVERITIES), help="Show nothing below this.  [default: note]")
@click.option("--notes", metavar="|".join(NOTES), help="How `full` shows notes.  [default: brief on a terminal]")
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
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=60,
    show_default=True,
    help="Seconds of processor time for each layer, and of waiting; by the clock it gets ten times as many.",
)
@click.option("--shard", metavar="I/N", help="Run and report only the I-th of N parts of what --confirm runs.")
@click.option("--scheduler", metavar="dask://HOST:PORT", help="Run layers on the workers of a Dask cluster.")
@click.option("--cache-dir", metavar="DIR", help=f"Where --confirm keeps verdicts.  [default: {CACHE_FOLDER}]")
@click.option("--no-cache", is_flag=True, help="Keep no verdicts, and run what is known, too.")
@click.option("--baseline", type=click.Path(dir_okay=False), help="Report nothing that this file knows.")
@click.option("--write-baseline", is_flag=True, help="Write what is found to the baseline, and report nothing.")
@click.option("--update-baseline", is_flag=True, help="Drop from the baseline what is found no longer.")
@click.option("--fix", is_flag=True, help="Make the fixes that are safe, and report what is left.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix, --fix-only and --diff: the others, too.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--fix-only", is_flag=True, help="Make the fixes, and report nothing else.")
@click.option("--show-fixes", is_flag=True, help="Name each fix that is made.")
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 where anything was fixed.")
@several("--fixable", "RULES", "Fix only these rules.  [default: all]")
@several("--unfixable", "RULES", "Do not fix these rules.")
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
    given["allow_empty"] |= not paths
    paths = paths or (".",)
    stdin_name = given["stdin_filename"]
    if STDIN in paths and len(paths) > 1:
        raise KlintError("`-` (standard input) cannot be mixed with other paths")
    if given["confirm"] and STDIN in paths:
        raise KlintError("--confirm needs files: what comes from standard input cannot be imported")
    if given["shard"] and not given["confirm"]:
        raise KlintError("--shard needs --confirm: it divides the layers that are run")
    if given["scheduler"] and not given["confirm"]:
        raise KlintError("--scheduler needs --confirm: linting runs on this machine")
    is_fixing = given["fix"] or given["fix_only"] or given["diff"]
    if is_fixing and given["shard"]:
        raise KlintError("--shard and fixes exclude each other: what a fix touches is run here")
    if not is_fixing and (given["unsafe_fixes"] or given["show_fixes"] or given["exit_non_zero_on_fix"]):
        raise KlintError("--unsafe-fixes, --show-fixes and --exit-non-zero-on-fix need --fix, --fix-only or --diff")
    for name in ("write_baseline", "update_baseline"):
        if given[name] and (STDIN in paths or is_fixing or given["confirm"]):
            raise KlintError(f"--{name.replace('_', '-')} is for a run that lints files and does nothing else")
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
    interrupted = is_empty = False
    settings = replace(options.settings(), min_severity=min(options["min-severity"], options["fail-on"]))
    if given["confirm"]:
        from keras_layer_lint.confirm.confirming import default_backend

        settings = replace(settings, default_backend=default_backend())
    if is_fixing:
        from keras_layer_lint import fixing

        return fixing.run(paths, settings, options, given)
    if STDIN in paths:
        data = sys.stdin.buffer.read()
        report = lint.report_of_source(data, stdin_name or "<stdin>", settings)
        report = with_fixes(report, options, lambda _: data)
        lines = lines_of(lambda: data)
        found = publish(report, options, given, lambda _: lines)
    else:
        report = lint.lint_paths(paths, settings)
        is_empty = complain_of_nothing(report, given)
        if given["write_baseline"]:
            known.write_all(report, options)
            return FAILED if report.errors or is_empty else CLEAN
        report = known.left_of(report, options, update=given["update_baseline"])
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


@klint.command()
@click.argument("paths", nargs=-1)
@click.option("--to", type=click.Choice(["3"]), default="3", show_default=True, help="The generation of Keras.")
@click.option(
    "--backend",
    type=click.Choice(["tensorflow", "jax", "torch", "any"]),
    default="tensorflow",
    show_default=True,
    help="Keep functions of TensorFlow, or let `keras.ops` take their places where it is the same.",
)
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@click.option(
    "--confirm",
    is_flag=True,
    help="Run each class under Keras 2 and Keras 3, and compare. This executes the code!",
)
@click.option("--device", type=click.Choice(DEVICES), default="auto", show_default=True, help="Where --confirm runs.")
@click.option("--timeout", type=click.FloatRange(min=1), default=60, show_default=True, help="Seconds for each class.")
@click.option("--jobs", "-j", type=int, help="Worker processes; 0 chooses.  [default: 0]")
@several("--exclude", "PATTERNS", "Skip files and folders that match, as in .gitignore.")
@click.option("--config", type=click.Path(dir_okay=False), help="Use this configuration file.")
@click.option("--isolated", is_flag=True, help="Use no configuration file.")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
def migrate(paths: tuple[str, ...], **given: Any) -> int:
    """Bring the layers and models under PATHS from Keras 2 to Keras 3."""
    from keras_layer_lint import migrating

    paths = paths or (".",)
    file = configuration(paths[0], given["config"], given["isolated"])
    options = resolve({key: value for key, value in given.items() if key in ("jobs", "exclude") and value != ()}, file)
    return migrating.run(paths, options.settings(), options, given)


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


@klint.command()
@click.argument("path", default=".")
@click.option("--cache-dir", metavar="DIR", help=f"The folder to delete.  [default: {CACHE_FOLDER}]")
@click.option("--config", type=click.Path(dir_okay=False), help="Use this configuration file.")
@click.option("--isolated", is_flag=True, help="Use no configuration file.")
@click.option("--quiet", "-q", is_flag=True, help="Do not say what was deleted.")
def clean(path: str, cache_dir: str | None, config: str | None, isolated: bool, quiet: bool) -> int:
    """Delete what klint keeps for the project around PATH (default: the working directory)."""
    from keras_layer_lint.cache.folder import NotACache, remove

    folder = resolve({"cache-dir": cache_dir}, configuration(path, config, isolated)).cache_folder
    try:
        is_gone = remove(folder)
    except NotACache as error:
        raise KlintError(str(error)) from error
    except OSError as error:
        raise KlintError(f"{folder}: cannot be deleted: {error.strerror or error}") from error
    if not quiet:
        complain(f"{folder}: deleted" if is_gone else f"{folder}: nothing is kept there")
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


def show_files(paths: Sequence[str], settings: Settings) -> int:
    """List the files under `paths` and the paths that cannot be had."""
    from keras_layer_lint.source.discover import discover

    files, errors = discover([path for path in paths if path != STDIN], settings)
    write(listed(map(str, files)))
    for path, message in errors:
        complain(f"{path}: {message}")
    return FAILED if errors else CLEAN


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a test or an embedding program may have put another stream here
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    first = arguments[0] if arguments else ""
    # These commands are younger than paths of their names: what lints them goes on to do so.
    is_path = first in ("clean", "migrate") and os.path.lexists(first)
    if (first not in klint.commands or is_path) and first not in ("-h", "--help", "-V", "--version"):
        arguments = ["check", *arguments]
    if arguments[0] == "check":
        # Not an optional value of click's: that would take a path that follows.
        arguments = ["--confirm=flagged" if argument == "--confirm" else argument for argument in arguments]
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
