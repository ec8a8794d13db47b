"""Modules that a package imports under one generation of Keras only, each in the place of another one."""

from __future__ import annotations

from pathlib import Path

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.model.idioms import Choice, choice
from keras_layer_lint.model.installation import asks
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.target import Generation


def of_alternatives(module: ModuleIndex, project: Project) -> Choice | None:
    """The one generation under which the packages around a module import it, or the folder that it stands in.

    `if keras.__version__ < "3": from .old import Net`, with `else: from .new import Net`, says that `old` is for
    Keras 2 and `new` for Keras 3. None where no package says so.
    """
    below = module.path if module.path.name != "__init__.py" else module.path.parent
    while (below.parent / "__init__.py").is_file():
        found = _said(below.parent / "__init__.py", below.stem, project)
        if found is not None:
            return found
        below = below.parent
    return None


def _said(path: Path, branch: str, project: Project) -> Choice | None:
    """What the module of a package says of what stands in it under a name."""
    try:
        package = project.module_at(path)
    except UnreadableFile:
        return None
    if branch not in package.text or not asks(package):
        return None
    by_generation = {each: _branches(project.under(each, "tensorflow").module_at(path)) for each in Generation}
    if by_generation[Generation.KERAS2] == by_generation[Generation.KERAS3]:
        return None
    for generation, other in ((Generation.KERAS2, Generation.KERAS3), (Generation.KERAS3, Generation.KERAS2)):
        bound = {local for local, name in by_generation[generation] if name == branch}
        elsewhere = {local for local, name in by_generation[other] if name != branch}
        if bound & elsewhere and not any(name == branch for _, name in by_generation[other]):
            return choice(generation, f"`{path.parent.name}/{path.name}` imports `{branch}` for it only")
    return None


def _branches(package: ModuleIndex) -> frozenset[tuple[str, str]]:
    """What a package imports from below itself: the local names, and the module or folder each comes from."""
    begin = package.name + "."
    return frozenset(
        (local, target[len(begin) :].partition(".")[0])
        for local, targets in package.imports.items()
        for target in targets
        if target.startswith(begin)
    )
