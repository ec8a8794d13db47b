"""From a module to the findings in its classes and functions. What fails in one of them costs that one only."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from keras_layer_lint.checks.context import LayerContext, OtherBackends
from keras_layer_lint.checks.outcome import counted
from keras_layer_lint.diagnostic import Diagnostic, Limit, Severity
from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.findings import Findings, crash, place_of, shown, unreadable
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.objects import LAYERS, OBJECTS
from keras_layer_lint.model.backend import backend_of
from keras_layer_lint.model.class_graph import ClassInfo, ClassRef, Project
from keras_layer_lint.model.code import CodeCache
from keras_layer_lint.model.functions import traced_functions, wiring_functions
from keras_layer_lint.model.inheritance import MAX_INHERITANCE
from keras_layer_lint.model.layer import layer_of
from keras_layer_lint.model.linted_for import code_for, newest_for
from keras_layer_lint.model.several_backends import several_backends
from keras_layer_lint.model.survey import Survey
from keras_layer_lint.model.targets import targets_of
from keras_layer_lint.processes import is_deep
from keras_layer_lint.selection import Selection
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.module_entries import ClassEntry
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.target import Generation

_UNFINISHED = 3
"""A class that nothing runs, with so many different errors, has never been run by anybody."""


@dataclass(slots=True)
class _OfModule(Findings):
    """What was found in a module, by class as long as it is linted."""

    by_class: list[tuple[LayerContext, list[Diagnostic]]] = field(default_factory=list)

    def put_together(self) -> None:
        """Take what was found class by class; what nothing runs is counted where any of that is unfinished.

        The classes of a model that is being written stand in one file.
        """
        counts = any(_is_unfinished(told) and context.is_left_unused for context, told in self.by_class)
        for context, told in self.by_class:
            self.diagnostics += map(counted, told) if counts and told and context.is_left_unused else told
        self.by_class = []


def _is_unfinished(told: list[Diagnostic]) -> bool:
    return len({one.message for one in told if one.severity is Severity.ERROR}) >= _UNFINISHED


class ClassLinter:
    """Puts the classes of modules to the checks, as long as what was parsed of their project is kept."""

    def __init__(self, settings: Settings, selection: Selection, project: Project, survey: Survey) -> None:
        self._settings = settings
        self._selection = selection
        self._project = project
        self._survey = survey
        self._code: dict[Project, CodeCache] = {}

    def lint(
        self,
        path: Path,
        whole: ModuleIndex,
        generations: frozenset[Generation],
        names: Container[str] | None = None,
    ) -> Findings:
        """Lint what a module has under some generations.

        `path`: the file as the user names it; `names`: of the classes that are linted, None for all.
        """
        found = _OfModule()
        project = code_for(whole, self._settings, self._project, generations)
        module = project.module_at(whole.path)
        for entry in module.classes.values():
            if (names is None or entry.name in names) and not module.is_replaced(entry):
                with self._costs_only(path, entry, "class", found):
                    self._class(path, ClassRef(module, entry), project, generations, found)
        for info in self._functions(module, project, generations):
            with self._costs_only(path, info.ref.entry, "function", found):
                self._put_to_checks(path, info, project, generations, found)
        found.put_together()
        return found

    def _functions(
        self, module: ModuleIndex, project: Project, generations: frozenset[Generation]
    ) -> Iterator[ClassInfo]:
        """The functions that there are selected rules for."""
        if Generation.KERAS3 in generations and self._selection.checks_for(ClassKind.FUNCTION):
            yield from wiring_functions(module)
        if self._selection.checks_for(ClassKind.LOSS_FUNCTION):
            yield from traced_functions(module, project)

    @contextmanager
    def _costs_only(self, path: Path, entry: ClassEntry, what: str, found: Findings) -> Iterator[None]:
        try:
            yield
        except UnreadableFile as error:
            found.diagnostics.append(unreadable(path, error))
        except RecursionError:
            if not is_deep():
                raise
            deep = UnreadableFile(f"`{entry.name}` is nested too deeply to be analysed", entry.line)
            found.diagnostics.append(unreadable(path, deep))
        except Exception as error:
            found.errors.append(crash(path, error, entry.line, f"{what} {entry.name}"))

    def _class(
        self, path: Path, ref: ClassRef, project: Project, generations: frozenset[Generation], found: _OfModule
    ) -> None:
        entry = ref.entry
        info = project.class_info(ref)
        if info.kind not in OBJECTS:
            return
        if info.is_too_deep:
            what = f"it inherits through more than {MAX_INHERITANCE} classes"
            found.limits.add(Limit(shown(path), entry.line, entry.name, what))
            return
        whole = self._project.module_at(ref.module.path)
        own = targets_of(whole, info, self._settings, self._project)
        if self._settings.keras is None and own != generations:
            # It is built on the other generation than its module.
            project, generations = code_for(whole, self._settings, self._project, own), own
            if (there := project.module_at(whole.path).class_at(entry.line)) is None:
                return
            info = project.class_info(ClassRef(project.module_at(whole.path), there))
        found.layers += info.kind in LAYERS
        self._put_to_checks(path, info, project, generations, found)

    def _put_to_checks(
        self, path: Path, info: ClassInfo, project: Project, generations: frozenset[Generation], found: _OfModule
    ) -> None:
        context = self._context(path, info, project, generations)
        self._check(context, info.ref.entry, path, found)
        found.limits |= {Limit(shown(path), line, context.class_name, what) for line, what in context.limits}

    def _context(
        self, path: Path, info: ClassInfo, project: Project, generations: frozenset[Generation]
    ) -> LayerContext:
        whole = self._project.module_at(info.ref.module.path)
        if project not in self._code:
            self._code[project] = CodeCache(project)
        return LayerContext(
            layer_of(info, self._code[project], generations),
            shown(path),
            backend_of(whole, self._settings, self._project),
            self._survey.use_of(whole.path),
            partial(newest_for, whole, self._settings, self._project),
            OtherBackends(
                partial(several_backends, whole, self._settings, self._project),
                partial(self._on_backend, path, info.ref),
            ),
            tests_as_code=self._settings.tests_as_code,
        )

    def _on_backend(self, path: Path, ref: ClassRef, backend: str) -> LayerContext | None:
        """The class of Keras 3 as it is on a backend; None where it does not exist there, or is none of Keras's."""
        project = self._project.under(Generation.KERAS3, backend)
        module = project.module_at(ref.module.path)
        entry = module.class_at(ref.entry.line)
        info = None if entry is None else project.class_info(ClassRef(module, entry))
        if info is None or info.kind is None:
            return None
        return self._context(path, info, project, frozenset({Generation.KERAS3}))

    def _check(self, context: LayerContext, entry: ClassEntry, path: Path, found: _OfModule) -> None:
        """Put one class to each check. A check that crashes costs what it has to say of this class."""
        crashes: set[str] = set()
        told: list[Diagnostic] = []
        found.by_class.append((context, told))
        for item in self._selection.checks_for(context.layer.kind):
            try:
                told.extend([diagnostic for diagnostic in item.check(context) if diagnostic is not None])
            except (UnreadableFile, RecursionError):  # noqa: PERF203 (each check by itself)
                raise
            except Exception as error:
                place = place_of(error)
                if place in crashes:
                    return  # it is what all checks ask for that crashes, once was told
                crashes.add(place)
                where = "function" if context.class_name is None else "class"
                found.errors.append(crash(path, error, entry.line, f"{where} {entry.name}, {item.rule.code}"))
