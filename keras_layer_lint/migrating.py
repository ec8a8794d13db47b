"""The command `klint migrate`: a project for Keras 2 as it is for Keras 3, and a report of what was done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_layer_lint.config import Options
from keras_layer_lint.errors import KlintError
from keras_layer_lint.exit_codes import CLEAN, FAILED, FOUND, INTERRUPTED
from keras_layer_lint.fixes.files import diff_of_bytes
from keras_layer_lint.fixes.writing import replace_file
from keras_layer_lint.migration.migrator import Migrated
from keras_layer_lint.migration.project import migrated_files
from keras_layer_lint.output import complain, write
from keras_layer_lint.report.escape import listed
from keras_layer_lint.report.text import count
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.discover import search

if TYPE_CHECKING:
    from keras_layer_lint.confirm.generations import Crossing


def run(paths: Sequence[str], settings: Settings, options: Options, given: dict[str, Any]) -> int:
    """Migrate what is under the paths, report, and return the exit code."""
    found = search(paths, settings)
    troubles = [f"{path}: {message}" for path, message in found.errors]
    troubles += [f"{path}: nothing to migrate: {why}" for path, why in found.nothing]
    files = found.files
    migrated = migrated_files(files, settings, any_backend=_is_for_any(given))
    crossings: list[Crossing] = []
    if given["confirm"]:
        try:
            migrated, crossings = _verified(files, migrated, settings, options, given)
        except KeyboardInterrupt:
            complain("interrupted: nothing was written")
            return INTERRUPTED
    changed = [file for file in migrated if file.is_changed]
    if given["diff"]:
        write("".join(diff_of_bytes(file.path, file.before, file.after) for file in changed))
    else:
        troubles += [trouble for file in changed if (trouble := _written(file))]
    for trouble in troubles:
        complain(trouble)
    write(listed(_report(migrated, crossings, is_diff=given["diff"])))
    if troubles:
        return FAILED
    return FOUND if any(file.left for file in migrated) or (given["diff"] and changed) else CLEAN


def _is_for_any(given: dict[str, Any]) -> bool:
    """Whether the code is to run on more than TensorFlow: `keras.ops` is the way to each of the others."""
    return bool(given["backend"] != "tensorflow")


def _written(file: Migrated) -> str:
    """Why a file could not be written; empty where it was."""
    try:
        replace_file(Path(file.path), file.before, file.after)
    except KlintError as error:
        return f"{file.path}: {error}"
    except OSError as error:
        return f"{file.path}: cannot be written: {error.strerror or error}"
    return ""


def _verified(
    files: Sequence[Path], migrated: list[Migrated], settings: Settings, options: Options, given: dict[str, Any]
) -> tuple[list[Migrated], list[Crossing]]:
    """Run each class under both generations. What no longer gives the same, though it did, keeps its faults.

    Where that does not help, its file stays as it was.
    """
    crossings = _crossings(files, migrated, settings, options, given)
    if worse := _worse(crossings):
        migrated = migrated_files(files, settings, worse, any_backend=_is_for_any(given))
        crossings = _crossings(files, migrated, settings, options, given)
    if worse := _worse(crossings):
        whys = {path: f"`{name}`: {why}" for (path, name), why in worse.items()}
        migrated = [file.as_it_was(whys[file.path]) if file.path in whys else file for file in migrated]
        crossings = _crossings(files, migrated, settings, options, given)
    return migrated, crossings


def _worse(crossings: Sequence[Crossing]) -> dict[tuple[str, str], str]:
    """By file and class: what gave the same as it was and no longer does, and how."""
    return {
        (each.path, each.class_name.rpartition(".")[2]): f"it is no longer the same: it {each.migrated.text}"
        for each in crossings
        if each.untouched.is_equal and not each.migrated.is_equal
    }


def _crossings(
    files: Sequence[Path],
    migrated: Sequence[Migrated],
    settings: Settings,
    options: Options,
    given: dict[str, Any],
) -> list[Crossing]:
    from keras_layer_lint.confirm.generations import crossings
    from keras_layer_lint.confirmation import progress_of, request_of

    changed = {Path(each.path).absolute(): each.after for each in migrated if each.is_changed}
    with progress_of(given) as progress:
        request = request_of(settings, options, given)
        return crossings(files, settings, request, progress, changed)[0]


def _report(migrated: Sequence[Migrated], crossings: Sequence[Crossing], *, is_diff: bool) -> list[str]:
    """Done, verified, left for a person and why."""
    would = "would be " if is_diff else ""
    lines = []
    for file in migrated:
        if file.is_changed:
            names, problems = count(file.imports, "name"), count(len(file.made), "problem")
            masks = f", {count(file.masks, 'mask')} {would}taken as in Keras 2" if file.masks else ""
            packed = f", {count(file.packed, 'weight')} {would}read as a tensor" if file.packed else ""
            lines.append(f"{file.path}: {names} of Keras {would}rewritten, {problems} {would}fixed{masks}{packed}")
    lines += [f"{each.path}: {each.class_name} {each.migrated.text}" for each in crossings]
    left = [(file.path, each) for file in migrated for each in file.left]
    if left:
        lines += ["", "Left for a person:"]
    lines += [f"{path}:{each.line}: {each.what}: {each.why}" for path, each in left]
    changed = sum(file.is_changed for file in migrated)
    lines += ["", f"{count(changed, 'file')} {would or ''}changed, {count(len(left), 'place')} left for a person"]
    if crossings:
        lines.append(_counted(crossings))
    return lines[1:] if lines[0] == "" else lines


def _counted(crossings: Sequence[Crossing]) -> str:
    before, after, same = (
        sum(each)
        for each in (
            [not each.untouched.reason for each in crossings],
            [not each.migrated.reason for each in crossings],
            [each.migrated.gives_the_same for each in crossings],
        )
    )
    return (
        f"Classes that run under Keras 2: {len(crossings)}. Under Keras 3 {before} of them ran as they were, "
        f"{after} run migrated, and {same} give the same."
    )
