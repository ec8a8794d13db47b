"""Whether the Keras of a project makes the config of a layer without `get_config` by itself.

Up to Keras 2.6 none is made: `Layer.get_config` raises NotImplementedError ("has arguments in `__init__` and therefore
must override `get_config`") where `__init__` has an argument by position that the base config does not hold, and
`Model.get_config` always does. That is what its source and reports of users say; it was not run.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.model.requirements import name_of, requirements
from keras_layer_lint.model.targets import TENSORFLOW, nearest
from keras_layer_lint.model.tensorflow_1 import why_tensorflow_1
from keras_layer_lint.source.module_index import ModuleIndex

if TYPE_CHECKING:
    from packaging.requirements import Requirement
    from packaging.specifiers import Specifier

_LAST_WITHOUT = (2, 6)
"""The release of Keras, and of TensorFlow that brings it."""


@dataclass(frozen=True, slots=True)
class OldKeras:
    """A Keras that makes no config by itself: what says so, and whether it may be one of TensorFlow 1.

    The first releases of that saved the base config alone.
    """

    why: str
    of_tensorflow_1: bool


def old_keras(module: ModuleIndex, project: Project) -> OldKeras | None:
    """The Keras of a module, where it makes no config by itself; None where it may."""
    old = nearest(module.path.parent, project, project.folder_old_keras, _of_metadata)
    if old is not None and old[0]:
        return OldKeras(f"the project requires `{old[0]}`", old[1])
    why = why_tensorflow_1(module, project)
    return None if why is None else OldKeras(why, True)


def _of_metadata(folder: Path, package: str) -> tuple[str, bool] | None:
    """The requirement by which a project has an old Keras, and whether that is of TensorFlow 1.

    An empty text where others allow a newer one.
    """
    found = None
    for requirement in requirements(folder, package):
        if name_of(requirement) != "keras" and name_of(requirement) not in TENSORFLOW:
            continue
        if any(map(_is_old, requirement.specifier)):
            found = found or (str(requirement), _is_of_tensorflow_1(requirement))
        elif requirement.specifier:
            return "", False
    return found


def _is_of_tensorflow_1(requirement: Requirement) -> bool:
    return name_of(requirement) in TENSORFLOW and any(bound.version.startswith("1.") for bound in requirement.specifier)


def _is_old(bound: Specifier) -> bool:
    """Whether a bound keeps all newer releases out."""
    from packaging.version import InvalidVersion, Version

    try:
        version = Version(bound.version.removesuffix(".*"))
    except InvalidVersion:  # `===` takes any text
        return False
    release = (version.major, version.minor)
    after = (_LAST_WITHOUT[0], _LAST_WITHOUT[1] + 1)
    match bound.operator:
        case "==" | "===" | "<=":
            return release <= _LAST_WITHOUT
        case "~=":  # `~=2.6` lets 2.7 in, `~=2.6.0` does not
            return release <= _LAST_WITHOUT and (len(version.release) > 2 or version.major < _LAST_WITHOUT[0])
        case "<":
            return release <= _LAST_WITHOUT or (release == after and version.micro == 0)
        case _:
            return False
