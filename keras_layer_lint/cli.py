"""The command line: arguments in, exit code out."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import click

from keras_layer_lint import __version__
from keras_layer_lint.checking import configuration
from keras_layer_lint.click_options import GroupedHelp, WithCommonOptions, all_options, decorated
from keras_layer_lint.config import resolve
from keras_layer_lint.errors import KlintError
from keras_layer_lint.exit_codes import CLEAN, FAILED, INTERRUPTED
from keras_layer_lint.explain import find_pages, pages
from keras_layer_lint.option_values import COLORS
from keras_layer_lint.output import complain, use_color, write
from keras_layer_lint.report.escape import listed
from keras_layer_lint.settings import CACHE_FOLDER


@click.group(cls=WithCommonOptions, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="klint %(version)s")
def klint() -> None:
    """Find what breaks a custom Keras layer before anyone trains it.

    `klint PATHS` is short for `klint check PATHS`.
    """


@klint.command(cls=GroupedHelp)
@click.argument("paths", nargs=-1)
@all_options
def check(paths: tuple[str, ...], **given: Any) -> int:
    """Lint the Python files under PATHS (default: the working directory; `-`: standard input)."""
    from keras_layer_lint import checking

    return checking.run(paths, given)


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
@decorated("device", "timeout", "jobs", "exclude", "config", "isolated", "quiet")
def migrate(paths: tuple[str, ...], **given: Any) -> int:
    """Bring the layers and models under PATHS from Keras 2 to Keras 3."""
    from keras_layer_lint import migrating

    paths = paths or (".",)
    if not given["confirm"] and (idle := next((key for key in ("device", "timeout") if given[key]), "")):
        raise KlintError(f"--{idle} needs --confirm: migrating runs nothing without it")
    file = configuration(paths[0], given["config"], given["isolated"])
    options = resolve({key: value for key, value in given.items() if key in ("jobs", "exclude") and value != ()}, file)
    return migrating.run(paths, options.settings(), options, given)


@klint.command()
@click.argument("rules", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every rule.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(COLORS), default="auto", show_default=True)
def rule(rules: tuple[str, ...], every: bool, output_format: str, color: str) -> int:
    """Explain rules, by code or by name; list those with a beginning of codes (KLL1), or all.

    The list says how severe a rule is in Keras 2, in Keras 3 and on JAX, whether it has a fix, and how many of its
    findings on real packages were true.
    """
    known = {word for page in pages() for word in (page.rule.code.lower(), page.rule.name)}
    is_table = not every and not (rules and all(word.lower() in known for word in rules))
    found = () if is_table else pages() if every else find_pages(rules)
    if output_format == "json":
        from keras_layer_lint.rule_table import rows_of

        texts = {page.rule.code: {"page": page.text} for page in found}
        shown = rows_of(() if every else rules)
        write(json.dumps([row.to_json() | texts.get(row.code, {}) for row in shown], indent=2) + "\n")
    elif is_table:
        from keras_layer_lint.rule_table import rows_of, table

        write(table(rows_of(rules), use_color(color)))
    elif use_color(color):
        write(rendered("\n\n".join(page.text for page in found)))
    else:
        write("\n".join(page.text for page in found))
    return CLEAN


@klint.command()
@click.argument("path", default=".")
@click.option("--cache-dir", metavar="DIR", help=f"The folder to delete.  [default: {CACHE_FOLDER}]")
@decorated("config", "isolated")
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


@klint.command()
def lsp() -> int:
    """Serve an editor by the language server protocol, on standard input and output."""
    try:
        from keras_layer_lint.lsp.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol", "cattrs"):
            raise
        raise KlintError(f"`klint lsp` needs {error.name}: pip install 'keras-layer-lint[lsp]'") from error
    serve()
    return CLEAN


def rendered(markdown: str) -> str:
    """Lay Markdown out for a terminal."""
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(force_terminal=True)
    with console.capture() as capture:
        console.print(Markdown(markdown))
    return capture.get()


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a test or an embedding program may have put another stream here
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    first = arguments[0] if arguments else ""
    # These commands are younger than paths of their names: what lints them goes on to do so.
    is_path = first in ("clean", "lsp", "migrate") and os.path.lexists(first)
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
