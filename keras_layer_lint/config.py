"""The options of a run: from the command line, else from the nearest configuration file, else the default."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keras_layer_lint.errors import KlintError
from keras_layer_lint.option_table import IN_FILE
from keras_layer_lint.option_values import did_you_mean, show
from keras_layer_lint.settings import Settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

COMMAND_LINE = "command line"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A configuration file: its raw values, and its text to find the line of a wrong one."""

    path: Path
    values: Mapping[str, object]
    text: str

    def place(self, key: str) -> str:
        """Say where `key` is set: `klint.toml:3`."""
        in_table = self.path.name != "pyproject.toml"
        pattern = re.compile(rf"""\A\s*(?:tool\.)?(?:klint\.)?["']?{re.escape(key)}["']?\s*[=.]""")
        for number, line in enumerate(self.text.split("\n"), 1):
            if line.lstrip().startswith("["):
                if re.match(rf"""\s*\[\s*(?:tool\.klint\.)?["']?{re.escape(key)}["']?\s*\]""", line):
                    return f"{self.path}:{number}"
                in_table = re.match(r"\s*\[\s*tool\s*\.\s*klint\s*\]", line) is not None
            elif in_table and pattern.match(line):
                return f"{self.path}:{number}"
        return str(self.path)


@dataclass(frozen=True, slots=True)
class Value:
    """The value of an option and where it came from."""

    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Options:
    """All options of a run. `root` is the folder that patterns are relative to."""

    values: Mapping[str, Value]
    root: str

    def __getitem__(self, key: str) -> Any:
        return self.values[key].value

    @property
    def cache_folder(self) -> Path:
        """Where klint keeps what it need not find out again: what a file says of it is meant beside the file."""
        given = self.values["cache-dir"]
        return Path(given.value) if given.source == COMMAND_LINE else Path(self.root, given.value)

    @property
    def baseline(self) -> Path | None:
        """The file of findings that are known: what a configuration says of it is meant beside that."""
        given = self.values["baseline"]
        if given.value is None:
            return None
        return Path(given.value) if given.source == COMMAND_LINE else Path(given.source).parent / given.value

    def settings(self) -> Settings:
        """Return the part that the pipeline needs."""
        return Settings(
            select=self["select"],
            extend_select=self["extend-select"],
            ignore=self["ignore"],
            per_file_ignores=self["per-file-ignores"],
            keras=self["keras"],
            backend=self["backend"][0] if len(self["backend"]) == 1 else None,
            backends=self["backend"] if len(self["backend"]) > 1 else (),
            exclude=(*self["exclude"], *self["extend-exclude"]),
            respect_gitignore=self["respect-gitignore"],
            force_exclude=self["force-exclude"],
            root=self.root,
            min_severity=self["min-severity"],
            any_use=self["any-use"],
            jobs=self["jobs"],
        )

    def describe(self) -> str:
        """Write the options as a configuration file whose comments name where each value came from."""
        lines = []
        for key, item in self.values.items():
            value = item.value
            if key == "keras":
                value = "auto" if value is None else ",".join(value)
            elif key == "backend":
                value = ",".join(value) or "auto"
            if key == "notes" and value is None:
                lines.append(f"# notes: brief on a terminal, else full  # {item.source}")
            elif key == "select" and value is None:
                lines.append(f"# select: every rule that is on by default  # {item.source}")
            elif key == "baseline" and value is None:
                lines.append(f"# baseline: none  # {item.source}")
            elif key == "extend" and value is None:
                lines.append(f"# extend: nothing  # {item.source}")
            elif key == "fixable" and value is None:
                lines.append(f"# fixable: every rule that has a fix  # {item.source}")
            else:
                lines.append(f"{key} = {show(value)}  # {item.source}")
        return "\n".join(lines) + "\n"


def parse_file(path: Path) -> ConfigFile | None:
    """Read one configuration file; None when it is a pyproject.toml without a `[tool.klint]` table."""
    try:
        data = path.read_bytes()
        text = data.decode().replace("\r\n", "\n")
    except OSError as error:
        raise KlintError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise KlintError(f"{path}:{data[: error.start].count(10) + 1}: is not UTF-8") from error
    is_pyproject = path.name == "pyproject.toml"
    if is_pyproject and "klint" not in text:
        return None
    try:
        values: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).partition(" (at ")
        numbers = re.findall(r"\d+", place) or [str(text.count("\n") + 1)]
        raise KlintError(f"{path}:{':'.join(numbers)}: not valid TOML: {message}") from error
    if is_pyproject:
        for name in ("tool", "klint"):
            values = values.get(name) if isinstance(values, dict) else None
        if values is None:
            return None
    if not isinstance(values, dict):
        raise KlintError(f"{path}: `tool.klint` must be a table")
    return ConfigFile(path, values, text)


def find_file(start: Path) -> ConfigFile | None:
    """Find the nearest `klint.toml`, or pyproject.toml with a `[tool.klint]` table, from `start` upward."""
    start = start.absolute()
    return next((found for folder in [start, *start.parents] if (found := file_in(folder)) is not None), None)


def file_in(folder: Path) -> ConfigFile | None:
    """The configuration that lies in a folder."""
    for name in ("klint.toml", "pyproject.toml"):
        path = folder / name
        if path.is_file() and (found := parse_file(path)) is not None:
            return found
    return None


def resolve(command_line: Mapping[str, object], file: ConfigFile | None) -> Options:
    """Lay the command line over the file, over those that it extends, over the defaults.

    Keys are as in the file; None means not given.
    """
    files = _with_extended(file)
    for each in files:
        for key in each.values:
            if key not in IN_FILE:
                raise KlintError(f"{each.place(key)}: unknown key `{key}`{did_you_mean(key, IN_FILE)}")
    values = {}
    for key, option in IN_FILE.items():
        assert option.read is not None  # a test holds that
        own = next((each for each in files if key in each.values), None)
        if command_line.get(key) is not None:
            try:
                values[key] = Value(option.read(command_line[key]), COMMAND_LINE)
            except ValueError as error:
                raise KlintError(f"--{key}: {error}") from error
        elif own is not None:
            try:
                values[key] = Value(option.read(own.values[key]), str(own.path))
            except ValueError as error:
                raise KlintError(f"{own.place(key)}: {key}: {error}") from error
        else:
            values[key] = Value(option.default, DEFAULT)
    return Options(values, str(file.path.parent) if file else ".")


def _with_extended(file: ConfigFile | None) -> list[ConfigFile]:
    """The file, and those that it extends, one after the other."""
    files: list[ConfigFile] = []
    while file is not None:
        if any(file.path.samefile(each.path) for each in files):
            raise KlintError(f"{files[-1].place('extend')}: extend: {file.path} extends itself")
        files.append(file)
        name = file.values.get("extend")
        if name is None:
            break
        if not isinstance(name, str) or not name:
            raise KlintError(f"{file.place('extend')}: extend: must be the path of a file, not {show(name)}")
        path = file.path.parent / name
        extended = parse_file(path)
        if extended is None:
            raise KlintError(f"{file.place('extend')}: extend: {path} has no [tool.klint] table")
        file = extended
    return files
