"""What a module is linted for: generations and versions of Keras, by the settings or else as its project says."""

from __future__ import annotations

from keras_layer_lint.model.backend import backend_of
from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.model.idioms import Choice
from keras_layer_lint.model.targets import choice_of, of_module
from keras_layer_lint.model.tensorflow_1 import why_tensorflow_1
from keras_layer_lint.model.versions import allowed_of
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.target import Generation, Version, generations_of, newest_of, written


def generations_for(module: ModuleIndex, settings: Settings, project: Project) -> frozenset[Generation]:
    """What a module is linted for, where its classes do not say otherwise."""
    return of_module(module, project) if settings.keras is None else generations_of(settings.keras)


def newest_for(module: ModuleIndex, settings: Settings, project: Project, generation: Generation) -> Version | None:
    """The newest Keras of a generation that a module is linted for; None: the newest that there is."""
    if settings.keras is not None:
        return newest_of(settings.keras, generation)
    return allowed_of(module, generation, project).newest


def code_for(module: ModuleIndex, settings: Settings, project: Project, generations: frozenset[Generation]) -> Project:
    """The project with the code that exists where a module is linted; all of its code for several generations."""
    if len(generations) > 1:
        return project
    return project.under(next(iter(generations)), backend_of(module, settings, project))


def told_choice(module: ModuleIndex, project: Project) -> tuple[Choice, str]:
    """What is chosen for a module where no setting decides, and why, as the summary says it; and the newest version.

    The version is the newest that the project allows, as `3.6`; empty where that is the newest of all.
    """
    choice = choice_of(module, project)
    why = choice.why
    newest = ""
    if len(choice.generations) == 1:
        allowed = allowed_of(module, next(iter(choice.generations)), project)
        if allowed.newest is not None:
            newest = written(allowed.newest)
            why += "" if allowed.why in ("", choice.requirement) else f"; `{allowed.why}` allows no newer one"
    if Generation.KERAS2 in choice.generations and (old := why_tensorflow_1(module, project)) is not None:
        why += f"; names of TensorFlow 1 are not reported: {old}"
    return Choice(choice.generations, why, choice.requirement), newest
