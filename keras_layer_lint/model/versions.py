"""Which Keras a project allows, when the user does not say: by its lock files, else by what it requires."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.versions import LATEST
from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.model.requirements import locked, name_of, required, requirements
from keras_layer_lint.model.targets import TENSORFLOW, nearest
from keras_layer_lint.model.tensorflow_1 import why_tensorflow_1
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.source.project_root import is_installed
from keras_layer_lint.target import Generation, Version

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_MOST_PATCHES = 8
_LAST_OF_TENSORFLOW_1: Version = (1, 15)
"""Its Keras is Keras 2, too, and older than any that a fault came with."""
_PACKAGES = {Generation.KERAS2: TENSORFLOW | {"keras", "tf-keras"}, Generation.KERAS3: frozenset({"keras"})}
"""Whose version is that of Keras. A TensorFlow that brings Keras 3 takes any newer Keras, too."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The newest version of a generation that a project allows, None where that is the newest there is."""

    newest: Version | None = None
    why: str = ""
    """The requirement that allows no newer one, or of Keras 2 leads to the last; empty where any is allowed."""


ANY = Allowed()


def allowed_of(module: ModuleIndex, generation: Generation, project: Project) -> Allowed:
    """What the metadata nearest to a module allows."""
    known = project.folder_versions.setdefault(generation, {})
    found = nearest(module.path.parent, project, known, partial(_of_metadata, generation))
    if found is None and generation is Generation.KERAS2 and why_tensorflow_1(module, project) is not None:
        return Allowed(_LAST_OF_TENSORFLOW_1)
    return found or ANY


def _of_metadata(generation: Generation, folder: Path, package: str) -> Allowed | None:
    """What a lock file pins is what the project runs with; without one, all that its metadata lets in counts."""
    found = allowed(generation, locked(folder)) or allowed(generation, required(folder, package))
    if found is not None or generation is not Generation.KERAS2 or is_installed(folder):
        return found
    # Keras 2 has no new releases: the one that the README of a project names is the one that it is run with.
    return allowed(generation, filter(_is_one, requirements(folder, package)))


def _is_one(requirement: Requirement) -> bool:
    """Whether one version is asked for and no other."""
    return any(bound.operator == "==" for bound in requirement.specifier)


def allowed(generation: Generation, requirements: Iterable[Requirement]) -> Allowed | None:
    """The newest version that requirements allow, None where they do not speak of the generation.

    Of several requirements of one package that which allows most counts: files for other uses may be stricter. What
    each package allows must be allowed by all.
    """
    by_package: dict[str, list[Allowed]] = {}
    for requirement in requirements:
        name = name_of(requirement)
        if name in _PACKAGES[generation] and (found := _newest(generation, requirement)) is not None:
            by_package.setdefault("tensorflow" if name in TENSORFLOW else name, []).append(found)
    most = [max(found, key=lambda each: each.newest or _BEYOND) for found in by_package.values()]
    return min(most, key=lambda each: each.newest or _BEYOND, default=None)


_BEYOND = (9, 0)


def _newest(generation: Generation, requirement: Requirement) -> Allowed | None:
    """The newest release of a generation that a requirement allows, None where it allows none."""
    if all(bound.operator in (">", ">=", "!=") for bound in requirement.specifier):
        return ANY
    major, last = LATEST[generation]
    pinned = _pinned_before_release(requirement)
    for minor in range(last, -1, -1):
        patches = (f"{major}.{minor}.{patch}" for patch in range(_MOST_PATCHES))
        if (major, minor) == pinned or any(map(requirement.specifier.contains, patches)):
            is_newest = minor == last
            why = "" if is_newest and generation is Generation.KERAS3 else str(requirement)
            return Allowed(None if is_newest else (major, minor), why)
    if generation is Generation.KERAS2 and name_of(requirement) in TENSORFLOW and _allows_tensorflow_1(requirement):
        return Allowed(_LAST_OF_TENSORFLOW_1, str(requirement))
    return None


def _allows_tensorflow_1(requirement: Requirement) -> bool:
    last, patches = _LAST_OF_TENSORFLOW_1[1], range(_MOST_PATCHES)
    return any(requirement.specifier.contains(f"1.{minor}.{patch}") for minor in range(last + 1) for patch in patches)


def _pinned_before_release(requirement: Requirement) -> Version | None:
    """The release that a pinned candidate, such as `==2.1.0rc1`, leads to."""
    from packaging.version import InvalidVersion, Version

    for bound in requirement.specifier:
        try:
            version = Version(bound.version)
        except InvalidVersion:  # `===` takes any text, and `==` any last part
            continue
        if bound.operator in ("==", "===") and version.is_prerelease:
            return version.major, version.minor
    return None
