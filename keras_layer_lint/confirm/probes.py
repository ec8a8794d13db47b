"""From a report to probes: which classes to run, and under which generation."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from keras_layer_lint.confirm.importable import Importable
from keras_layer_lint.confirm.probe import Claim, Derived, FoundCall, Probe, User
from keras_layer_lint.confirm.project_calls import ProjectCalls, project_folder
from keras_layer_lint.confirm.request import Request
from keras_layer_lint.confirm.users import users_of
from keras_layer_lint.diagnostic import Diagnostic, Severity, Span
from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.findings import Report
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.lint import Linter
from keras_layer_lint.model.backend import backend_of
from keras_layer_lint.model.class_graph import ClassRef, Project
from keras_layer_lint.model.saving import Kept
from keras_layer_lint.model.survey import Survey
from keras_layer_lint.model.targets import targets_of
from keras_layer_lint.registry import rules
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.decode import decode, read_source
from keras_layer_lint.source.discover import discover
from keras_layer_lint.source.gate import may_define_layer
from keras_layer_lint.source.module_index import LOCALS, ClassEntry, ModuleIndex
from keras_layer_lint.source.notebook import is_notebook
from keras_layer_lint.target import Generation, generations_of, in_order

_MOST_DERIVED = 3
"""So many classes are run in place of one that cannot be run by itself."""
_MOST_USERS = 6
"""So much is run to see how a class is made and called."""


def probes_of(
    report: Report, settings: Settings, request: Request, sources: Mapping[str, bytes] | None = None
) -> Iterator[Probe]:
    """A probe for each class to be run and each generation it is run under.

    `sources` has what stands in for files, by their absolute paths.
    """
    return _Probes(report, settings, request, sources or {}).probes()


class _Probes:
    """Which classes to run."""

    def __init__(self, report: Report, settings: Settings, request: Request, sources: Mapping[str, bytes]) -> None:
        self._report = report
        self._sources = sources
        self._settings = settings
        self._request = request
        root = Path(settings.root).absolute()
        self._survey = Survey(root, settings)
        self._project = Project(root, survey=self._survey)
        self._importable = Importable()
        self._calls_in: dict[Path, ProjectCalls] = {}
        self._confirmations = {rule.code: rule.confirm for rule in rules() if rule.confirm is not None}

    def probes(self) -> Iterator[Probe]:
        """A probe for each class and generation."""
        by_file: dict[str, list[Diagnostic]] = defaultdict(list)
        for diagnostic in self._report.diagnostics:
            if diagnostic.code in self._confirmations and diagnostic.class_name:
                by_file[diagnostic.path].append(diagnostic)
        paths = {os.path.abspath(path): path for path in by_file}  # noqa: PTH100 (links stay)
        if self._request.everything:
            paths = {os.path.abspath(file): _shown_as(file, paths) for file in self._report.paths} | paths  # noqa: PTH100
        for absolute, shown in paths.items():
            if is_notebook(absolute):
                continue  # running one would run all of its cells
            yield from self._of_file(absolute, shown, by_file.get(shown, []))

    def _of_file(self, path: str, shown: str, diagnostics: list[Diagnostic]) -> Iterator[Probe]:
        try:
            data = self._sources.get(path) or read_source(Path(path))
            if not diagnostics and not may_define_layer(data):
                return
            module = self._project.module_at(Path(path), data)
        except (UnreadableFile, OSError):
            return
        generations = in_order(Generation(keras) for diagnostic in diagnostics for keras in diagnostic.keras)
        exact = {generation: self._exactly(diagnostics, generation, data, path) for generation in generations}
        wanted: dict[tuple[str, Generation, str], list[Claim]] = defaultdict(list)
        for diagnostic in diagnostics:
            entry = entry_of(module, diagnostic)
            for generation in map(Generation, diagnostic.keras):
                found = exact[generation].get((diagnostic.code, diagnostic.span), diagnostic)
                claim = self._claim(found)
                wanted[entry, generation, claim.expects.backend].append(claim)
        if self._request.everything:
            for name, entry_found in module.classes.items():
                info = self._project.class_info(ClassRef(module, entry_found))
                if info.kind in OBJECTS and "#" not in name and self._is_asked_for(path, name):
                    for generation in targets_of(module, info, self._settings.of(module.path), self._project):
                        wanted[entry_found.qualname, generation, ""] += []
        for (name, generation, backend), claims in wanted.items():
            probe = self._probe(module, path, shown, name, generation, claims)
            yield replace(probe, backend=backend, everything=False) if backend else probe

    def _is_asked_for(self, path: str, name: str) -> bool:
        return self._request.shard is None or self._request.shard.holds(path, name)

    def _exactly(
        self, diagnostics: Iterable[Diagnostic], generation: Generation, data: bytes, path: str
    ) -> dict[tuple[str, Span], Diagnostic]:
        """What the diagnostics say of one generation alone, where they speak of both."""
        if all(len(diagnostic.keras) == 1 for diagnostic in diagnostics):
            return {}
        settings = self._settings.of(Path(path))
        asked = settings.keras or ()
        own = tuple(word for word in asked if generations_of([word]) == {generation}) or (generation.value,)
        one = replace(settings, keras=own, min_severity=Severity.NOTE, any_use=True)
        return {(found.code, found.span): found for found in Linter(one).report(data, path).diagnostics}

    def _claim(self, diagnostic: Diagnostic) -> Claim:
        span = diagnostic.span
        return Claim(
            code=diagnostic.code,
            name=diagnostic.name,
            confirm=self._confirmations[diagnostic.code],
            severity=diagnostic.severity.label,
            expects=diagnostic.expectation,
            line=span.line,
            column=span.column,
            end_line=span.end_line,
            end_column=span.end_column,
        )

    def _probe(
        self, module: ModuleIndex, path: str, shown: str, name: str, generation: Generation, claims: list[Claim]
    ) -> Probe:
        request = self._request
        root, dotted = self._importable.name_of(module)
        return Probe(
            path=path,
            shown=shown,
            source=decode(self._sources[path]) if path in self._sources else "",
            root=str(root),
            search=self._project.search_roots(module)[1:],
            module=dotted,
            class_name=name,
            line=module.classes[name].line if name in module.classes else 1,
            built_on=self._built_on(module, name),
            generation=generation,
            backend="tensorflow"
            if generation is Generation.KERAS2
            else backend_of(module, self._settings.of(module.path), self._project),
            device=request.device,
            claims=tuple(dict.fromkeys(claims)),
            recipe=request.recipes.get(f"{dotted}.{name}") or request.recipes.get(f"{module.name}.{name}"),
            calls=self._calls(module, name),
            derived=tuple(islice(self._derived(module, name, str(root)), _MOST_DERIVED)),
            users=tuple(self._users(module, name)),
            everything=request.everything,
            saves_weights_only=self._saves_weights_only(module, name),
        )

    def _derived(self, module: ModuleIndex, name: str, root: str) -> Iterator[Derived]:
        """The classes of the project that derive from one: those of its own module first."""
        entry = module.classes.get(name)
        if entry is None or LOCALS in name:
            return
        own = [(module, ref.entry.qualname) for ref in self._project.subclasses_in_module(ClassRef(module, entry))]
        use = self._survey.use_of(module.path)
        others = [] if use is None else use.makers.derived_from(module.path, name)
        elsewhere = ((self._project.module_at(path), other) for path, other in others if path != module.path and other)
        for where, derived in chain(own, elsewhere):
            folder, dotted = self._importable.name_of(where)
            if str(folder) == root and derived in where.classes:
                full = f"{dotted}.{derived}"
                calls = self._calls(where, derived)
                recipe = self._request.recipes.get(full)
                yield Derived(module=dotted, class_name=derived, calls=calls, recipe=recipe)

    def _saves_weights_only(self, module: ModuleIndex, name: str) -> bool:
        use = self._survey.use_of(module.path)
        return use is not None and use.saving.of(module.path, name) is Kept.WEIGHTS

    def _built_on(self, module: ModuleIndex, name: str) -> ClassKind | None:
        entry = module.classes.get(name)
        kind = None if entry is None else self._project.class_info(ClassRef(module, entry)).kind
        return kind if kind in OBJECTS else None

    def _users(self, module: ModuleIndex, name: str) -> Iterator[User]:
        """What in the project makes objects of the class."""
        naming = self._calls_of(module).naming
        for user in users_of(name.rpartition(".")[2], naming, _MOST_USERS):
            try:
                where = self._project.module_at(user.path)
            except UnreadableFile:
                continue
            folder, dotted = self._importable.name_of(where)
            calls = self._calls(where, user.name) if user.kind == "class" else ()
            yield User(module=dotted, name=user.name, root=str(folder), kind=user.kind, calls=calls)

    def _calls(self, module: ModuleIndex, name: str) -> tuple[FoundCall, ...]:
        return self._calls_of(module).of(name.rpartition(".")[2])

    def _calls_of(self, module: ModuleIndex) -> ProjectCalls:
        folder = project_folder(module.root)
        if folder not in self._calls_in:
            self._calls_in[folder] = ProjectCalls(self._files_in(folder), folder)
        return self._calls_in[folder]

    def _files_in(self, folder: Path) -> list[Path]:
        """The files of a project: those of the run, where it searched all of the folder."""
        if any(folder.is_relative_to(_absolute(searched)) for searched in self._report.searched):
            return [file for file in self._report.paths if _absolute(file).is_relative_to(folder)]
        return discover([folder], self._settings)[0]


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 (links stay)


def _shown_as(file: Path, paths: Mapping[str, str]) -> str:
    return paths.get(os.path.abspath(file), file.as_posix())  # noqa: PTH100


def entry_of(module: ModuleIndex, diagnostic: Diagnostic) -> str:
    """The qualified name of the class a diagnostic speaks of."""
    named = [entry for entry in module.classes.values() if entry.name == diagnostic.class_name]
    around: list[ClassEntry] = [entry for entry in named if entry.line <= diagnostic.span.line <= entry.end_line]
    found = next(iter([*around, *named]), None)
    return found.qualname if found is not None else diagnostic.class_name or ""
