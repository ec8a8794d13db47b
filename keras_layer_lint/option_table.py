"""Every option of `klint check`: one table, from which come the command line, the configuration and its schema."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from keras_layer_lint import option_values as values
from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.settings import ALL_BACKENDS, BACKENDS, CACHE_FOLDER

Kind = Literal["value", "list", "flag", "path", "whole", "number", "choice"]
"""What the command line takes: text, such text again and again, nothing, a path, a number or one of some words."""

RULES = "Rules"
FILES = "Files"
TARGET = "Target"
REPORT = "Report"
KNOWN = "Starting on old code"
FIXES = "Fixes"
CONFIRM = "Confirm"
SETTINGS = "Configuration"
GROUPS = (RULES, FILES, TARGET, REPORT, KNOWN, FIXES, CONFIRM, SETTINGS)
"""The headings of `klint check --help`, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option. `read` takes what was given, from wherever, and raises ValueError where that is wrong."""

    key: str
    help: str = ""
    group: str = SETTINGS
    kind: Kind = "value"
    metavar: str = ""
    short: str = ""
    choices: Sequence[str] = ()
    read: Callable[[object], Any] | None = None
    default: Any = None
    shown_default: str = ""
    in_file: bool = False
    """Whether a configuration may set it."""
    on_command_line: bool = True
    is_common: bool = False
    """Whether `klint --help` shows it."""
    needs: Sequence[str] = ()
    """Options of which one has to be given with it."""
    why: str = ""
    """Why it needs them."""
    schema: dict[str, Any] = field(default_factory=dict)
    """What a configuration may hold, as JSON Schema."""

    @property
    def name(self) -> str:
        """The keyword under which click hands it on."""
        return self.key.replace("-", "_")


_TEXTS = {"type": "array", "items": {"type": "string"}}
_TEXT_OR_TEXTS = {"anyOf": [{"type": "string"}, _TEXTS]}
_FORMAT = {"type": "string", "pattern": f"^({'|'.join(values.FORMATS)})(=.+)?$"}
_PATH = {"type": "string", "minLength": 1}
_BOOLEAN = {"type": "boolean"}
_FIXING = ("fix", "fix-only", "diff")


def _rules(key: str, text: str, group: str = RULES, *, default: Any = (), common: bool = False) -> Option:
    return Option(
        key=key, help=text, group=group, kind="list", metavar="RULES", read=values.selectors, default=default,
        in_file=True, is_common=common, schema=_TEXT_OR_TEXTS,
    )  # fmt: skip


def _flag(key: str, text: str, group: str, **more: Any) -> Option:
    return Option(key=key, help=text, group=group, kind="flag", **more)


def _word(key: str, text: str, words: Sequence[str], read: Callable[[object], Any], default: Any, shown: str) -> Option:
    return Option(
        key=key, help=text, group=REPORT, metavar="|".join(words), read=read, default=default, shown_default=shown,
        in_file=True, schema={"enum": list(words)},
    )  # fmt: skip


OPTIONS: tuple[Option, ...] = (
    _rules("select", "Run only these rules: codes, prefixes of codes, or names.", default=None, common=True),
    _rules("extend-select", "Run these rules, too."),
    _rules("ignore", "Leave these rules out.", common=True),
    Option(
        key="per-file-ignores", help="Leave rules out in the files that match a pattern.", group=RULES, kind="list",
        metavar="PATTERN:RULES", read=values.per_file_ignores, default={}, in_file=True,
        schema={"anyOf": [{"type": "object", "additionalProperties": _TEXT_OR_TEXTS}, _TEXTS]},
    ),
    Option(
        key="exclude", help="Skip files and folders that match, as in .gitignore.", group=FILES, kind="list",
        metavar="PATTERNS", read=values.patterns, default=(), in_file=True, is_common=True, schema=_TEXT_OR_TEXTS,
    ),
    Option(
        key="extend-exclude", help="Skip these, too.", group=FILES, kind="list", metavar="PATTERNS",
        read=values.patterns, default=(), in_file=True, schema=_TEXT_OR_TEXTS,
    ),
    _flag(
        "force-exclude", "Skip named files that match, too, as pre-commit needs.", FILES, read=values.boolean,
        default=False, in_file=True, schema=_BOOLEAN,
    ),
    Option(
        key="respect-gitignore", read=values.boolean, default=True, in_file=True, on_command_line=False,
        schema=_BOOLEAN,
    ),
    _flag("allow-empty", "Exit with 0 where there is nothing to lint under a path.", FILES),
    Option(
        key="stdin-filename", help="Where the source read for the path `-` belongs.", group=FILES, metavar="PATH"
    ),
    _flag("show-files", "Print the files that would be linted, then stop.", FILES),
    Option(
        key="keras", help="Keras generations, or a version, to lint for.", group=TARGET, metavar="auto|2|3|2,3|3.6",
        read=values.keras, shown_default="auto", in_file=True, is_common=True,
        schema={"anyOf": [
            {"enum": ["auto", 2, 3]},
            {"type": "string", "pattern": r"^[\s,]*[23](\.[0-9]{1,3})?([\s,]+[23](\.[0-9]{1,3})?)*[\s,]*$"},
            {"type": "array", "minItems": 1,
             "items": {"anyOf": [{"enum": [2, 3]}, {"type": "string", "pattern": r"^[23](\.[0-9]{1,3})?$"}]}},
        ]},
    ),
    Option(
        key="backend", help="What Keras 3 runs on; several: what code is for.", group=TARGET,
        metavar="auto|tensorflow|jax", read=values.backend, default=(), shown_default="auto", in_file=True,
        schema={"anyOf": [
            {"enum": ["auto", *BACKENDS]},
            {"type": "array", "minItems": 1, "items": {"enum": list(ALL_BACKENDS)}},
            {"type": "string", "pattern": "[ ,]"},
        ]},
    ),
    Option(
        key="output-format", help=f"{', '.join(values.FORMATS)}; repeat it to write several.", group=REPORT,
        kind="list", metavar="FORMAT[=FILE]", read=values.formats, default=("full",), shown_default="full",
        in_file=True, is_common=True,
        schema={"anyOf": [_FORMAT, {"type": "array", "minItems": 1, "items": _FORMAT}]},
    ),
    Option(
        key="output-file", help="Write the report there, not to standard output.", group=REPORT, kind="path",
        metavar="FILE",
    ),
    _word("min-severity", "Show nothing below this.", values.SEVERITIES, values.severity, Severity.NOTE, "note"),
    _flag(
        "any-use", "Note what takes a use that the project does not make, too; in a library others may.", REPORT,
        read=values.boolean, default=False, in_file=True, schema=_BOOLEAN,
    ),
    _word("notes", "How `full` shows notes.", values.NOTES, values.notes, None, "brief on a terminal"),
    _word("fail-on", "Exit with 1 from this on.", values.SEVERITIES, values.severity, Severity.WARNING, "warning"),
    _flag("exit-zero", "Exit with 0 whatever was found.", REPORT),
    _flag("statistics", "Count what was found, by rule.", REPORT),
    Option(
        key="color", help="Colour the report.", group=REPORT, kind="choice", choices=values.COLORS, default="auto",
        shown_default="auto",
    ),
    _flag("quiet", "Print diagnostics only.", REPORT, short="q"),
    _flag("verbose", "Say what is done, and show the traceback of a failure.", REPORT, short="v"),
    Option(
        key="baseline", help="Report nothing that this file knows.", group=KNOWN, kind="path", metavar="FILE",
        read=values.file, in_file=True, schema=_PATH,
    ),
    _flag("write-baseline", "Write what is found to the baseline, and report nothing.", KNOWN),
    _flag("update-baseline", "Drop from the baseline what is found no longer.", KNOWN),
    Option(
        key="diff-base", help="Report only what touches lines that have changed since this revision of git.",
        group=KNOWN, metavar="REVISION",
    ),
    _flag("changed-only", "The same since the last commit: `--diff-base HEAD`.", KNOWN),
    _flag("add-noqa", "Silence what is found with `noqa` comments, and report nothing.", KNOWN),
    Option(
        key="add-ignore", help="Silence it with comments of klint that give this reason.", group=KNOWN,
        metavar="REASON",
    ),
    _flag("fix", "Make the fixes that are safe, and report what is left.", FIXES, is_common=True),
    _flag(
        "unsafe-fixes", "With --fix, --fix-only and --diff: the others, too.", FIXES, is_common=True, needs=_FIXING,
    ),
    _flag("diff", "Show what --fix would change, and change nothing.", FIXES, is_common=True),
    _flag("fix-only", "Make the fixes, and report nothing else.", FIXES),
    _flag("show-fixes", "Name each fix that is made.", FIXES, needs=_FIXING),
    _flag("exit-non-zero-on-fix", "Exit with 1 where anything was fixed.", FIXES, needs=_FIXING),
    _rules("fixable", "Fix only these rules.  [default: all]", FIXES, default=None),
    _rules("unfixable", "Do not fix these rules.", FIXES),
    Option(
        key="confirm", group=CONFIRM, kind="choice", choices=("flagged", "all"), metavar="[=all]", is_common=True,
        help="Run the layers with findings (=all: every layer) and give each finding a verdict. "
        "This executes their code!",
    ),
    Option(
        key="device", help="Where --confirm runs.", group=CONFIRM, kind="choice", choices=values.DEVICES,
        shown_default="auto", needs=("confirm",), why="linting runs nothing",
    ),
    Option(
        key="timeout", group=CONFIRM, kind="number", metavar="SECONDS", read=values.seconds, shown_default="60",
        help="Seconds of processor time for each layer, and of waiting; by the clock it gets ten times as many.",
        needs=("confirm",), why="linting runs nothing",
    ),
    Option(
        key="shard", help="Run and report only the I-th of N parts of what --confirm runs.", group=CONFIRM,
        metavar="I/N", needs=("confirm",), why="it divides the layers that are run",
    ),
    Option(
        key="scheduler", help="Run layers on the workers of a Dask cluster.", group=CONFIRM,
        metavar="dask://HOST:PORT", needs=("confirm",), why="linting runs on this machine",
    ),
    Option(
        key="cache-dir", help="Where --confirm keeps verdicts.", group=CONFIRM, metavar="DIR", read=values.folder,
        default=CACHE_FOLDER, shown_default=CACHE_FOLDER, in_file=True, schema=_PATH,
    ),
    _flag("no-cache", "Keep no verdicts, and run what is known, too.", CONFIRM, needs=("confirm",),
          why="linting keeps none"),
    Option(
        key="recipes", read=values.recipes, default={}, in_file=True, on_command_line=False,
        schema={"type": "object", "additionalProperties": {
            "type": "object", "additionalProperties": False,
            "properties": {key: {"type": "string"} for key in values.RECIPE_KEYS},
        }},
    ),
    Option(
        key="jobs", help="Worker processes; 0 chooses.", kind="whole", short="j", read=values.jobs, default=0,
        shown_default="0", in_file=True, schema={"type": "integer", "minimum": 0},
    ),
    Option(
        key="overrides", read=values.overrides, default=(), in_file=True, on_command_line=False,
        schema={"type": "array", "items": {"$ref": "#/$defs/override"}},
    ),
    Option(key="extend", read=values.file, in_file=True, on_command_line=False, schema=_PATH),
    Option(key="config", help="Use this configuration file.", kind="path", metavar="FILE", is_common=True),
    _flag("isolated", "Use no configuration file.", SETTINGS),
    _flag("show-settings", "Print each option and where its value came from, then stop.", SETTINGS),
)  # fmt: skip
"""In the order of `klint check --help` within each group."""

BY_KEY = {option.key: option for option in OPTIONS}
IN_FILE = {option.key: option for option in OPTIONS if option.in_file}
"""Every option that a configuration file may set."""


def missing_company(given: Callable[[str], object]) -> str:
    """What is wrong with the options given together; empty where nothing is. `given` tells by key whether one is."""
    for option in OPTIONS:
        if option.needs and given(option.key) and not any(map(given, option.needs)):
            others = [f"--{key}" for key in option.needs]
            needed = " or ".join([", ".join(others[:-1]), others[-1]] if others[1:] else others)
            return f"--{option.key} needs {needed}" + (f": {option.why}" if option.why else "")
    return ""
