"""The table of options as options of click, and its help."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import click

from keras_layer_lint.errors import KlintError
from keras_layer_lint.option_table import BY_KEY, GROUPS, OPTIONS, Option

Command = TypeVar("Command", bound=Callable[..., Any])


def decorated(*keys: str) -> Callable[[Command], Command]:
    """Declare options of the table for a command."""

    def declare(command: Command) -> Command:
        for option in reversed([BY_KEY[key] for key in keys]):
            command = _declared(option)(command)
        return command

    return declare


def all_options(command: Command) -> Command:
    """Declare every option of the table."""
    return decorated(*(option.key for option in OPTIONS if option.on_command_line))(command)


def _declared(option: Option) -> Callable[[Command], Command]:
    names = [f"--{option.key}", *([f"-{option.short}"] if option.short else [])]
    text = option.help + (f"  [default: {option.shown_default}]" if option.shown_default else "")
    more: dict[str, Any] = {"help": text, "metavar": option.metavar or None}
    if option.kind == "flag":
        # Absent is not false, where a configuration may say otherwise.
        more |= {"is_flag": True, "default": None if option.in_file else False}
    elif option.kind == "list":
        more["multiple"] = True
    elif option.kind == "path":
        more["type"] = click.Path(dir_okay=False)
    elif option.kind == "whole":
        more["type"] = int
    elif option.kind == "number":
        more["type"] = float
    elif option.kind == "choice":
        more |= {"type": click.Choice(option.choices), "default": option.default}
    if option.read is not None and not option.in_file:
        more["callback"] = _reading(option)
    return click.option(*names, **more)


def _reading(option: Option) -> Callable[[click.Context, click.Parameter, Any], Any]:
    read = option.read
    assert read is not None

    def callback(_: click.Context, __: click.Parameter, value: Any) -> Any:
        try:
            return None if value is None else read(value)
        except ValueError as error:
            raise KlintError(f"--{option.key}: {error}") from error

    return callback


class GroupedHelp(click.Command):
    """A command whose help has the options of the table under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, group by group."""
        for group in GROUPS:
            options = [option for option in OPTIONS if option.group == group and option.on_command_line]
            write_options(ctx, formatter, group, options, self.get_params(ctx))
        known = {option.name for option in OPTIONS}
        others = [each.get_help_record(ctx) for each in self.get_params(ctx) if each.name not in known]
        with formatter.section("Other"):
            formatter.write_dl([record for record in others if record is not None])


class WithCommonOptions(click.Group):
    """The command `klint`, whose help also shows what most people need of `klint check`."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the common options of `check`, then the commands."""
        super().format_options(ctx, formatter)
        options = [option for option in OPTIONS if option.is_common]
        parameters = self.commands["check"].get_params(ctx)
        write_options(ctx, formatter, "Common options of check (`klint check --help` has all)", options, parameters)


def write_options(
    context: click.Context,
    formatter: click.HelpFormatter,
    title: str,
    options: Iterable[Option],
    parameters: Sequence[click.Parameter],
) -> None:
    """Write a section of the help."""
    by_name = {parameter.name: parameter for parameter in parameters}
    records = [by_name[option.name].get_help_record(context) for option in options]
    with formatter.section(title):
        formatter.write_dl([record for record in records if record is not None])
