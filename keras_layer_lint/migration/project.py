"""All files of a project, migrated in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.migration.migrator import Migrated, Migrator
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.decode import read_source


def migrated_files(
    files: Iterable[Path],
    settings: Settings,
    kept_back: Mapping[tuple[str, str], str] | None = None,
    *,
    any_backend: bool = False,
) -> list[Migrated]:
    """The files that change, or that leave something to a person.

    `any_backend`: functions of TensorFlow within Keras objects give way to those of Keras, where these are the same.
    `kept_back`: classes, by file and name, whose fixes are not made, and why.
    """
    migrator = Migrator(settings, any_backend=any_backend)
    found = []
    for file in files:
        path = file.as_posix()
        try:
            data = read_source(file)
        except (UnreadableFile, OSError):
            continue  # linting says so
        if b"keras" not in data:
            continue

        def refuses(each: Diagnostic, path: str = path) -> str:
            return (kept_back or {}).get((path, each.class_name or ""), "")

        migrated = migrator.migrated(data, path, refuses)
        if migrated is not None and (migrated.is_changed or migrated.left):
            found.append(migrated)
    return found
