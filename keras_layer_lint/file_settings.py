"""The settings of each file of a run: as the configuration nearest above it says, and its `overrides`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_layer_lint.config import COMMAND_LINE, ConfigFile, Options, file_in, resolve
from keras_layer_lint.option_values import OVERRIDABLE, patterns
from keras_layer_lint.settings import Settings

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

ADDED = frozenset({"extend-select", "ignore"})
"""What an override adds to; all else it replaces."""


class SettingsByFile:
    """`fixed`: with it, this one file (None: no file) is the configuration of all.

    `also` are rules that are selected besides, whatever a configuration says.
    """

    def __init__(
        self,
        command_line: Mapping[str, object],
        *,
        fixed: tuple[ConfigFile | None] | None = None,
        also: tuple[str, ...] = (),
    ) -> None:
        self._command_line = {key: value for key, value in command_line.items() if value is not None}
        self._fixed = fixed
        self._also = also
        self._files: dict[Path, ConfigFile | None] = {}
        """The configuration nearest above a folder."""
        self._options: dict[Path | None, Options] = {}
        self._specs: dict[Path | None, tuple[GitIgnoreSpec, ...]] = {}
        self._known: dict[tuple[object, ...], Settings] = {}

    def of(self, run: Settings, path: Path) -> Settings:
        """The settings of one file; what concerns the whole run is as that has it."""
        path = path.absolute()
        file = self.file_for(path)
        where = None if file is None else file.path
        options = self.options_of(file)
        held = self._overrides_for(where, options, path)
        key = (where, held, run.min_severity, run.any_use, run.default_backend, run.noqa)
        if key not in self._known:
            own = _with_overrides(options, held).settings()
            self._known[key] = replace(
                own,
                extend_select=own.extend_select + self._also,
                min_severity=run.min_severity,
                any_use=own.any_use or run.any_use,
                default_backend=run.default_backend,
                noqa=run.noqa,
            )
        return self._known[key]

    def exclude_in(self, folder: str) -> tuple[str, ...]:
        """What a configuration that lies in a folder excludes below it."""
        if self._fixed is not None:
            return ()
        file = self._nearest(Path(folder))
        if file is None or file.path.parent != Path(folder):
            return ()
        return self.options_of(file).settings().exclude

    def _nearest(self, folder: Path) -> ConfigFile | None:
        if folder not in self._files:
            found = file_in(folder)
            if found is None and folder != folder.parent:
                found = self._nearest(folder.parent)
            self._files[folder] = found
        return self._files[folder]

    def file_for(self, path: Path) -> ConfigFile | None:
        """The configuration that decides on a file; None where there is none."""
        return self._fixed[0] if self._fixed is not None else self._nearest(path.absolute().parent)

    def options_of(self, file: ConfigFile | None) -> Options:
        """What a configuration says, and the defaults where it says nothing."""
        where = None if file is None else file.path
        if where not in self._options:
            self._options[where] = resolve(self._command_line, file)
        return self._options[where]

    def _overrides_for(self, where: Path | None, options: Options, path: Path) -> tuple[int, ...]:
        """The numbers of the overrides that hold for a file."""
        tables = options["overrides"]
        if not tables:
            return ()
        if where not in self._specs:
            from pathspec import GitIgnoreSpec

            self._specs[where] = tuple(GitIgnoreSpec.from_lines(patterns(table["files"])) for table in tables)
        try:
            relative = os.path.relpath(path, options.root).replace(os.sep, "/")
        except ValueError:  # on another drive of Windows
            return ()
        return tuple(number for number, spec in enumerate(self._specs[where]) if spec.match_file(relative))


def _with_overrides(options: Options, held: tuple[int, ...]) -> Options:
    """The options of files for which some of the overrides hold, the later of them before the earlier."""
    values = dict(options.values)
    for number in held:
        table: dict[str, Any] = options["overrides"][number]
        for key, read in OVERRIDABLE.items():
            if key in table and values[key].source != COMMAND_LINE:
                value = read(table[key])
                added = values[key].value + value if key in ADDED else value
                values[key] = replace(values[key], value=added)
    return replace(options, values=values)
