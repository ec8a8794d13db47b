"""The pipeline from paths to diagnostics. The command line, flake8 and the public API all go through here."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from keras_layer_lint.diagnostic import Diagnostic, Limit, Span
from keras_layer_lint.errors import KlintError, UnreadableFile
from keras_layer_lint.findings import Chosen, FileError, Findings, Report, crash, place_of, shown, unreadable
from keras_layer_lint.model.inheritance import MAX_INHERITANCE
from keras_layer_lint.processes import in_deep_stack, in_processes, is_deep, without_collection, workers_for
from keras_layer_lint.selection import Selection
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.decode import decode, read_source
from keras_layer_lint.source.discover import discover
from keras_layer_lint.source.gate import may_define_layer
from keras_layer_lint.target import Generation, Version, generations_of, in_order, newest_of, written

if TYPE_CHECKING:
    from keras_layer_lint.checks.context import LayerContext
    from keras_layer_lint.keras.kinds import ClassKind
    from keras_layer_lint.model.class_graph import ClassInfo, ClassRef, Project
    from keras_layer_lint.model.code import CodeCache
    from keras_layer_lint.model.survey import Survey
    from keras_layer_lint.registry import RegisteredCheck
    from keras_layer_lint.source.module_index import ClassEntry, ModuleIndex

_ENCODING = re.compile(rb"\A((?:[^\r\n]*[\r\n]+)?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*)([-\w.]+)")
_NOQA = re.compile(rb"noqa[^\r\n]*")
_CODE = re.compile(rb"kll[0-9]")
_KLINT = re.compile(rb"klint:\s*ignore")
MAX_KEPT = 6 * 1024 * 1024
"""Bytes of source that is kept parsed, one to two thousand files: trees take some seventy times as much memory."""
_SURVEYS: dict[str, Survey] = {}
"""In a worker process, what was found out for the run that it was started for."""


def lint_paths(paths: Sequence[str | Path], settings: Settings | None = None) -> Report:
    """Lint every Python file under `paths`. A file that cannot be read becomes a diagnostic, the others are linted."""
    settings = settings or Settings()
    start = time.perf_counter()
    files, missing = discover(paths, settings)
    found = Findings(errors=[FileError(path, message) for path, message in missing])
    workers = workers_for(len(files), settings.jobs)
    if workers > 1:
        _lint_in_processes(files, settings, workers, found)
    else:
        found.add(_lint_files(settings, files))
    report = found.report(tuple(files), time.perf_counter() - start)
    return replace(report, searched=tuple(map(Path, paths)))


def lint_source(
    source: str | bytes, path: str | Path = "<stdin>", settings: Settings | None = None
) -> tuple[Diagnostic, ...]:
    """Lint one file's source as if it stood at `path`, which decides where its imports are looked for on disk.

    Raises KlintError where klint itself fails on a class of it.
    """
    report = report_of_source(source, path, settings)
    if report.errors:
        raise KlintError("; ".join(f"{error.path}: {error.message}" for error in report.errors))
    return report.diagnostics


def report_of_source(source: str | bytes, path: str | Path, settings: Settings | None = None) -> Report:
    """As `lint_source`, with how much was looked at."""
    return Linter(settings or Settings()).report(source, path)


def _encoded(text: str) -> bytes:
    """UTF-8 that says so: text is decoded already, whatever encoding its first lines declare."""
    data = text.encode("utf-8", "surrogatepass")
    return _ENCODING.sub(lambda match: match[1] + b"u8".ljust(len(match[2])), data, count=1)


def _lint_files(settings: Settings, files: Iterable[Path], run: str = "") -> Findings:
    """Lint files; calls for the same `run` in one process share what the files of the project say."""
    found = Findings()
    linter = Linter(settings)
    if run:
        linter.survey = _SURVEYS.setdefault(run, linter.survey)
    with without_collection():
        for path in files:
            _lint_file(linter, path, found)
    return found


def _lint_file(linter: Linter, path: Path, found: Findings) -> None:
    try:
        linter.lint(path, read_source(path), found)
    except UnreadableFile as error:
        found.diagnostics.extend(linter.selection.of_file([unreadable(path, error)], path))
    except OSError as error:
        found.errors.append(FileError(shown(path), f"cannot be read: {error.strerror or error}"))
    except Exception as error:  # one file must not end the run
        found.errors.append(crash(path, error))


def _lint_in_processes(files: list[Path], settings: Settings, workers: int, found: Findings) -> None:
    from keras_layer_lint.registry import registered

    registered()  # where processes are forked, they need not import it all again
    for chunk, part in in_processes(partial(_lint_files, settings, run=str(time.perf_counter_ns())), files, workers):
        if part is None:
            message = "not linted: a worker process died; `--jobs 1` shows at which file"
            found.errors.extend(FileError(shown(path), message) for path in chunk)
        else:
            found.add(part)


class Linter:
    """Lints files of one run, which share what was parsed: it is not read from disk again, should it change."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.selection = Selection(settings)
        self._code: dict[Project, CodeCache] = {}
        self._checks: dict[ClassKind | None, tuple[RegisteredCheck, ...]] = {}

    @cached_property
    def project(self) -> Project:
        """The modules of the run; most runs of few files need none."""
        from keras_layer_lint.model.class_graph import Project

        return Project(Path(self.settings.root), survey=self.survey)

    @cached_property
    def survey(self) -> Survey:
        """What the files of a project say together; it is not forgotten with what was parsed."""
        from keras_layer_lint.model.survey import Survey

        return Survey(Path(self.settings.root).absolute(), self.settings)

    def _code_of(self, project: Project) -> CodeCache:
        from keras_layer_lint.model.code import CodeCache

        if project not in self._code:
            self._code[project] = CodeCache(project)
        return self._code[project]

    def report(self, source: str | bytes, path: str | Path) -> Report:
        """Lint one file's source as if it stood at `path`."""
        start = time.perf_counter()
        found = Findings()
        self.lint(Path(path), _encoded(source) if isinstance(source, str) else source, found)
        return found.report((Path(path),), time.perf_counter() - start)

    def lint(self, path: Path, data: bytes, found: Findings) -> None:
        """Lint one file into `found`."""
        diagnostics: list[Diagnostic] = []
        try:
            if may_define_layer(data):
                diagnostics = self._at_any_depth(path, data, found)
        except UnreadableFile as error:
            diagnostics.append(unreadable(path, error))
        except RecursionError:
            diagnostics.append(unreadable(path, UnreadableFile("nested too deeply to be analysed")))
        is_read = all(diagnostic.code != "KLL001" for diagnostic in diagnostics)
        diagnostics = self.selection.of_file(diagnostics, path)
        if _names_klint(data) or (diagnostics and b"noqa" in data.lower()):
            diagnostics = self._not_suppressed(diagnostics, path, data, is_read)
        found.diagnostics.extend(d for d in diagnostics if d.severity >= self.settings.min_severity)

    def _not_suppressed(
        self, diagnostics: list[Diagnostic], path: Path, data: bytes, is_read: bool
    ) -> list[Diagnostic]:
        """What no comment silences; where the file could be read, also the comments that silence nothing."""
        from keras_layer_lint.source.suppressions import read_suppressions

        try:
            suppressions = read_suppressions(decode(data), path)
        except UnreadableFile:
            return diagnostics  # said already
        kept = [diagnostic for diagnostic in diagnostics if not suppressions.suppresses(diagnostic)]
        if is_read:
            from keras_layer_lint.unused_suppressions import unused

            dead = self._dead_lines(path, data)
            kept.extend(one for one in unused(suppressions, path, self.selection) if one.span.line not in dead)
        return kept

    def _dead_lines(self, path: Path, data: bytes) -> frozenset[int]:
        """Lines with code that some generation for which the file is linted does not have."""
        if not may_define_layer(data):
            return frozenset()
        whole = self.project.module_at(path, data)
        views = [self._project_under(whole, frozenset({each})) for each in self._generations(whole)]
        return frozenset(number for view in views for number in whole.changed_lines(view.module_at(whole.path)))

    def _at_any_depth(self, path: Path, data: bytes, found: Findings) -> list[Diagnostic]:
        """Code that is too deep for the thread that klint is called in is put to a thread of its own."""
        with suppress(RecursionError):
            return self._layers(path, data, found)
        if is_deep():
            raise RecursionError
        self._forget()  # what was begun may be half done
        return in_deep_stack(lambda: self._layers(path, data, found))

    def _layers(self, path: Path, data: bytes, found: Findings) -> list[Diagnostic]:
        whole = self.project.module_at(path, data)
        generations = self._generations(whole)
        here = self._classes(path, whole, generations)
        diagnostics = _without_repeats(here.diagnostics)
        if len(generations) > 1 and self.project.may_differ:  # each generation has code of its own
            each = {generation: self._classes(path, whole, frozenset({generation})) for generation in generations}
            diagnostics = _of_generations({key: _without_repeats(part.diagnostics) for key, part in each.items()})
        if here.layers and self.settings.keras is None:
            here.chosen[self._chosen(whole)] += 1
        here.diagnostics = []  # they have yet to be selected
        found.add(here)
        found.limits |= {Limit(shown(path), line, None, what) for path, line, what in self.project.limits_reached()}
        if self.project.size > MAX_KEPT:
            self._forget()
            gc.collect()  # it may be off
        return diagnostics

    def _forget(self) -> None:
        """Drop all that was parsed, so that memory does not grow with the number of files."""
        vars(self).pop("project", None)
        self._code.clear()

    def _classes(self, path: Path, whole: ModuleIndex, generations: frozenset[Generation]) -> Findings:
        """Lint the classes that a module has under some generations."""
        from keras_layer_lint.model.class_graph import ClassRef

        found = Findings()
        project = self._project_under(whole, generations)
        module = project.module_at(whole.path)
        for entry in module.classes.values():
            self._class(path, ClassRef(module, entry), project, generations, found)
        for info in self._functions(module, project, generations):
            with self._costs_only(path, info.ref.entry, "function", found):
                self._put_to_checks(path, info, project, generations, found)
        return found

    def _functions(
        self, module: ModuleIndex, project: Project, generations: frozenset[Generation]
    ) -> Iterator[ClassInfo]:
        """The functions that there are rules for, selected ones."""
        from keras_layer_lint.keras.kinds import ClassKind
        from keras_layer_lint.model.functions import traced_functions, wiring_functions

        if Generation.KERAS3 in generations and self._checks_of(ClassKind.FUNCTION):
            yield from wiring_functions(module)
        if self._checks_of(ClassKind.LOSS_FUNCTION):
            yield from traced_functions(module, project)

    def _chosen(self, module: ModuleIndex) -> Chosen:
        from keras_layer_lint.model.targets import choice_of
        from keras_layer_lint.model.tensorflow_1 import why_tensorflow_1
        from keras_layer_lint.model.versions import allowed_of

        choice = choice_of(module, self.project)
        why = choice.why
        newest = ""
        if len(choice.generations) == 1:
            allowed = allowed_of(module, next(iter(choice.generations)), self.project)
            if allowed.newest is not None:
                newest = written(allowed.newest)
                why += "" if allowed.why == choice.requirement else f"; `{allowed.why}` allows no newer one"
        if Generation.KERAS2 in choice.generations and (old := why_tensorflow_1(module, self.project)) is not None:
            why += f"; names of TensorFlow 1 are not reported: {old}"
        return Chosen(tuple(generation.value for generation in in_order(choice.generations)), why, newest)

    def _newest(self, module: ModuleIndex, generation: Generation) -> Version | None:
        """The newest Keras of a generation that a module is linted for; None: the newest that there is."""
        from keras_layer_lint.model.versions import allowed_of

        if self.settings.keras is not None:
            return newest_of(self.settings.keras, generation)
        return allowed_of(module, generation, self.project).newest

    def _generations(self, module: ModuleIndex) -> frozenset[Generation]:
        """What the module is linted for, where its classes do not say otherwise."""
        from keras_layer_lint.model.targets import of_module

        if self.settings.keras is not None:
            return generations_of(self.settings.keras)
        return of_module(module, self.project)

    def _project_under(self, module: ModuleIndex, generations: frozenset[Generation]) -> Project:
        """The project with the code that exists where a module is linted; all of its code for several generations."""
        from keras_layer_lint.model.backend import backend_of

        if len(generations) > 1:
            return self.project
        return self.project.under(next(iter(generations)), backend_of(module, self.settings, self.project))

    def _class(
        self, path: Path, ref: ClassRef, project: Project, generations: frozenset[Generation], found: Findings
    ) -> None:
        """Lint one class."""
        with self._costs_only(path, ref.entry, "class", found):
            self._analyse(path, ref, project, generations, found)

    @contextmanager
    def _costs_only(self, path: Path, entry: ClassEntry, what: str, found: Findings) -> Iterator[None]:
        """What fails in one class or function costs that one only."""
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

    def _analyse(
        self, path: Path, ref: ClassRef, project: Project, generations: frozenset[Generation], found: Findings
    ) -> None:
        from keras_layer_lint.keras.objects import LAYERS, OBJECTS
        from keras_layer_lint.model.class_graph import ClassRef
        from keras_layer_lint.model.targets import targets_of

        entry = ref.entry
        info = project.class_info(ref)
        if info.kind not in OBJECTS:
            return
        if info.is_too_deep:
            what = f"it inherits through more than {MAX_INHERITANCE} classes"
            found.limits.add(Limit(shown(path), entry.line, entry.name, what))
            return
        whole = self.project.module_at(ref.module.path)
        own = targets_of(whole, info, self.settings, self.project)
        if self.settings.keras is None and own != generations:
            # It is built on the other generation than its module.
            project, generations = self._project_under(whole, own), own
            if (there := project.module_at(whole.path).class_at(entry.line)) is None:
                return
            info = project.class_info(ClassRef(project.module_at(whole.path), there))
        found.layers += info.kind in LAYERS
        self._put_to_checks(path, info, project, generations, found)

    def _put_to_checks(
        self, path: Path, info: ClassInfo, project: Project, generations: frozenset[Generation], found: Findings
    ) -> None:
        entry = info.ref.entry
        context = self._context(path, info, project, generations)
        self._check(context, entry, path, found)
        found.limits |= {Limit(shown(path), line, context.class_name, what) for line, what in context.limits}

    def _context(
        self, path: Path, info: ClassInfo, project: Project, generations: frozenset[Generation]
    ) -> LayerContext:
        from keras_layer_lint.checks.context import LayerContext, OtherBackends
        from keras_layer_lint.model.backend import backend_of
        from keras_layer_lint.model.layer import LayerClass

        whole = self.project.module_at(info.ref.module.path)
        return LayerContext(
            LayerClass(info, self._code_of(project), generations),
            shown(path),
            backend_of(whole, self.settings, self.project),
            self.survey.use_of(whole.path),
            partial(self._newest, whole),
            OtherBackends(partial(self._several_backends, whole), partial(self._on_backend, path, info.ref)),
        )

    def _several_backends(self, module: ModuleIndex) -> str | None:
        """What says that the project of a module is for several backends."""
        from keras_layer_lint.model.several_backends import several_backends

        return several_backends(module, self.settings, self.project)

    def _on_backend(self, path: Path, ref: ClassRef, backend: str) -> LayerContext | None:
        """The class of Keras 3 as it is on a backend; None where it does not exist there, or is none of Keras's."""
        from keras_layer_lint.model.class_graph import ClassRef

        project = self.project.under(Generation.KERAS3, backend)
        module = project.module_at(ref.module.path)
        entry = module.class_at(ref.entry.line)
        info = None if entry is None else project.class_info(ClassRef(module, entry))
        if info is None or info.kind is None:
            return None
        return self._context(path, info, project, frozenset({Generation.KERAS3}))

    def _check(self, context: LayerContext, entry: ClassEntry, path: Path, found: Findings) -> None:
        """Put one class to each check. A check that crashes costs what it has to say of this class."""
        crashes: set[str] = set()
        for item in self._checks_of(context.layer.kind):
            try:
                found.diagnostics.extend([diagnostic for diagnostic in item.check(context) if diagnostic is not None])
            except (UnreadableFile, RecursionError):  # noqa: PERF203 (each check by itself)
                raise
            except Exception as error:
                place = place_of(error)
                if place in crashes:
                    return  # it is what all checks ask for that crashes, once was told
                crashes.add(place)
                where = "function" if context.class_name is None else "class"
                found.errors.append(crash(path, error, entry.line, f"{where} {entry.name}, {item.rule.code}"))

    def _checks_of(self, kind: ClassKind | None) -> tuple[RegisteredCheck, ...]:
        """The selected checks that are for a kind of class."""
        from keras_layer_lint.registry import checks_for

        if kind not in self._checks:
            self._checks[kind] = tuple(item for item in checks_for(kind) if self.selection.has(item.rule.code))
        return self._checks[kind]


def _names_klint(data: bytes) -> bool:
    """Whether a comment may speak of klint's own codes."""
    text = data.lower()
    if b"kll" in text and any(_CODE.search(text, *match.span()) for match in _NOQA.finditer(text)):
        return True
    return b"klint" in text and _KLINT.search(text) is not None


def _without_repeats(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """One diagnostic per rule and place: several classes can reach the same code."""
    first: dict[tuple[str, Span], Diagnostic] = {}
    for diagnostic in diagnostics:
        key = (diagnostic.code, diagnostic.span)
        if key not in first or diagnostic.severity > first[key].severity:
            first[key] = diagnostic
    return list(first.values())


def _of_generations(each: Mapping[Generation, Sequence[Diagnostic]]) -> list[Diagnostic]:
    """Put together what was found under each generation: the worst of each rule and place, and where that holds."""
    found: dict[tuple[str, Span], dict[Generation, Diagnostic]] = {}
    for generation in in_order(each):
        for diagnostic in each[generation]:
            found.setdefault((diagnostic.code, diagnostic.span), {})[generation] = diagnostic
    diagnostics = []
    for by_generation in found.values():
        worst = max(by_generation.values(), key=lambda diagnostic: diagnostic.severity)
        alike = [
            key.value
            for key, one in by_generation.items()
            if (one.severity, one.message) == (worst.severity, worst.message)
        ]
        message = f"{worst.message} (Keras {' and '.join(alike)})"
        diagnostics.append(replace(worst, message=message, keras=tuple(key.value for key in by_generation)))
    return diagnostics
