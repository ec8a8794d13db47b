"""The pipeline from paths to diagnostics. The command line, flake8 and the public API all go through here."""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keras_layer_lint.diagnostic import Diagnostic, Severity, Span
from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.rule import Rule
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.decode import decode, read_source
from keras_layer_lint.source.discover import discover
from keras_layer_lint.source.gate import may_define_layer

if TYPE_CHECKING:
    from keras_layer_lint.model.class_graph import ClassInfo
    from keras_layer_lint.model.code import CodeCache
    from keras_layer_lint.source.suppressions import Suppressions

FILES_PER_WORKER = 400
"""Files that pay for one more process: starting it costs what linting about a hundred layers does."""
_ENCODING = re.compile(rb"\A((?:[^\r\n]*[\r\n]+)?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*)([-\w.]+)")
_NAMES_KLINT = re.compile(rb"noqa[^\r\n]*kll[0-9]|klint:\s*ignore")
_SHORTEST_OPT_IN = len("KLL30")
RECURSION_LIMIT = 12_000
"""For code as deep as `source.nesting` lets through: some ten Python frames a level."""


@dataclass(frozen=True, slots=True)
class FileError:
    """Something klint could not do for one path; the run ends with exit code 2."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found: diagnostics in report order, and how much was looked at. `seconds` is wall-clock time."""

    diagnostics: tuple[Diagnostic, ...]
    errors: tuple[FileError, ...]
    files: int
    layers: int
    seconds: float
    runs: tuple[Mapping[str, object], ...] = ()
    """With `--confirm`: what running each layer came to."""


@dataclass(slots=True)
class _Found:
    """What was found so far."""

    diagnostics: list[Diagnostic]
    errors: list[FileError]
    layers: int = 0


def lint_paths(paths: Sequence[str | Path], settings: Settings | None = None) -> Report:
    """Lint every Python file under `paths`. A file that cannot be read becomes a diagnostic, the others are linted."""
    settings = settings or Settings()
    start = time.perf_counter()
    files, missing = discover(paths, settings)
    found = _Found([], [FileError(path, message) for path, message in missing])
    workers = _workers(len(files), settings)
    if workers > 1:
        _lint_in_processes(files, settings, workers, found)
    else:
        with _without_collection():
            _lint_files(files, settings, found)
    return Report(
        diagnostics=tuple(sorted(found.diagnostics, key=lambda d: d.sort_key)),
        errors=tuple(found.errors),
        files=len(files),
        layers=found.layers,
        seconds=time.perf_counter() - start,
    )


def lint_source(
    source: str | bytes, path: str | Path = "<stdin>", settings: Settings | None = None
) -> tuple[Diagnostic, ...]:
    """Lint one file's source as if it stood at `path`, which decides where its imports are looked for on disk."""
    return report_of_source(source, path, settings).diagnostics


def report_of_source(source: str | bytes, path: str | Path, settings: Settings | None = None) -> Report:
    """As `lint_source`, with how much was looked at."""
    return Linter(settings or Settings()).report(source, path)


def _encoded(text: str) -> bytes:
    """UTF-8 that says so: text is decoded already, whatever encoding its first lines declare."""
    data = text.encode("utf-8", "surrogatepass")
    return _ENCODING.sub(lambda match: match[1] + b"u8".ljust(len(match[2])), data, count=1)


def _workers(files: int, settings: Settings) -> int:
    if settings.jobs:
        return min(settings.jobs, max(files, 1))
    return min(os.cpu_count() or 1, files // FILES_PER_WORKER + 1)


def _lint_files(files: Iterable[Path], settings: Settings, found: _Found) -> None:
    linter: Linter | None = None
    for path in files:
        try:
            data = read_source(path)
            if not may_define_layer(data) and not _names_klint(data):
                continue
            linter = linter or Linter(settings)
            linter.lint(path, data, found)
        except UnreadableFile as error:
            found.diagnostics.extend(_selected([_unreadable(path, error)], path, settings))
        except OSError as error:
            found.errors.append(FileError(_shown(path), f"cannot be read: {error.strerror or error}"))
        except Exception as error:  # one file must not end the run
            place = _innermost(error)
            message = f"{type(error).__name__}: {error} ({place}). This is a bug in klint, please report it"
            found.errors.append(FileError(_shown(path), message))


def _names_klint(data: bytes) -> bool:
    """Whether a comment may speak of klint's own codes."""
    text = data.lower()
    return (b"kll" in text or b"klint" in text) and _NAMES_KLINT.search(text) is not None


def _lint_in_processes(files: list[Path], settings: Settings, workers: int, found: _Found) -> None:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    from keras_layer_lint.registry import registered

    registered()  # where processes are forked, they need not import it all again
    # Neighbours import each other: a worker gets whole stretches of the sorted list.
    size = -(-len(files) // (workers * 4))
    chunks = [files[i : i + size] for i in range(0, len(files), size)]
    with ProcessPoolExecutor(workers, initializer=_end_on_interrupt) as pool:
        futures = [pool.submit(_lint_chunk, chunk, settings) for chunk in chunks]
        for chunk, future in zip(chunks, futures, strict=True):
            try:
                part = future.result()
            except BrokenProcessPool:
                message = "not linted: a worker process died; `--jobs 1` shows at which file"
                found.errors.extend(FileError(_shown(path), message) for path in chunk)
                continue
            found.diagnostics.extend(part.diagnostics)
            found.errors.extend(part.errors)
            found.layers += part.layers


def _end_on_interrupt() -> None:
    """Let Ctrl-C end a worker without a traceback: the process that started it says what there is to say."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _lint_chunk(files: list[Path], settings: Settings) -> _Found:
    found = _Found([], [])
    with _without_collection():
        _lint_files(files, settings, found)
    return found


def _innermost(error: BaseException) -> str:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return "no traceback"
    return f"{Path(traceback.tb_frame.f_code.co_filename).name}:{traceback.tb_lineno}"


class Linter:
    """Lints files of one run, which share what was parsed: it is not read from disk again, should it change."""

    def __init__(self, settings: Settings) -> None:
        from keras_layer_lint.model.class_graph import Project

        self.settings = settings
        self.project = Project(Path(settings.root))
        self._code: CodeCache | None = None

    def report(self, source: str | bytes, path: str | Path) -> Report:
        """Lint one file's source as if it stood at `path`."""
        start = time.perf_counter()
        found = _Found([], [])
        self.lint(Path(path), _encoded(source) if isinstance(source, str) else source, found)
        diagnostics = tuple(sorted(found.diagnostics, key=lambda d: d.sort_key))
        return Report(diagnostics, (), files=1, layers=found.layers, seconds=time.perf_counter() - start)

    def lint(self, path: Path, data: bytes, found: _Found) -> None:
        """Lint one file into `found`."""
        from keras_layer_lint.source.suppressions import read_suppressions

        diagnostics: list[Diagnostic] = []
        try:
            if may_define_layer(data):
                with _deep_recursion():
                    diagnostics = self._layers(path, data, found)
        except UnreadableFile as error:
            diagnostics.append(_unreadable(path, error))
        except RecursionError:
            diagnostics.append(_unreadable(path, UnreadableFile("nested too deeply to be analysed")))
        is_read = all(diagnostic.code != "KLL001" for diagnostic in diagnostics)
        diagnostics = _selected(diagnostics, path, self.settings)
        if _names_klint(data) or (diagnostics and b"noqa" in data.lower()):
            try:
                suppressions = read_suppressions(decode(data), path)
                diagnostics = [d for d in diagnostics if not suppressions.suppresses(d)]
                if is_read:
                    diagnostics.extend(_unused(suppressions, path, self.settings))
            except UnreadableFile:
                pass  # said already
        found.diagnostics.extend(d for d in diagnostics if d.severity >= self.settings.min_severity)

    def _layers(self, path: Path, data: bytes, found: _Found) -> list[Diagnostic]:
        from keras_layer_lint.model.backend import backend_of
        from keras_layer_lint.model.class_graph import ClassRef
        from keras_layer_lint.model.keras_objects import LAYERS, OBJECTS
        from keras_layer_lint.model.targets import targets_of

        module = self.project.module_at(path, data)
        diagnostics: list[Diagnostic] = []
        for entry in module.classes.values():
            info = self.project.class_info(ClassRef(module, entry))
            if info.kind not in OBJECTS:
                continue
            found.layers += info.kind in LAYERS
            keras = targets_of(module, info, self.settings, self.project)
            try:
                backend = backend_of(module, self.settings, self.project)
                diagnostics.extend(self._check(info, keras, backend, path))
            except UnreadableFile as error:
                diagnostics.append(_unreadable(path, error))
        return _without_repeats(diagnostics)

    def _check(self, info: ClassInfo, keras: frozenset[str], backend: str, path: Path) -> list[Diagnostic]:
        from keras_layer_lint.checks.context import LayerContext
        from keras_layer_lint.model.code import CodeCache
        from keras_layer_lint.model.layer import LayerClass
        from keras_layer_lint.registry import registered

        if self._code is None:
            self._code = CodeCache(self.project)
        context = LayerContext(LayerClass(info, self._code, keras), _shown(path), backend)
        checks = [
            item.check
            for item in registered()
            if info.kind in item.kinds and (item.rule.is_default or _is_selected(item.rule.code, self.settings))
        ]
        return [diagnostic for check in checks for diagnostic in check(context) if diagnostic is not None]


def _without_repeats(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """One diagnostic per rule and place: several classes can reach the same code."""
    first: dict[tuple[str, Span], Diagnostic] = {}
    for diagnostic in diagnostics:
        key = (diagnostic.code, diagnostic.span)
        if key not in first or diagnostic.severity > first[key].severity:
            first[key] = diagnostic
    return list(first.values())


def _unused(suppressions: Suppressions, path: Path, settings: Settings) -> Iterator[Diagnostic]:
    """A diagnostic for each comment that silenced nothing, as far as the rules that it names ran."""
    from keras_layer_lint.registry import UNUSED_SUPPRESSION as RULE
    from keras_layer_lint.registry import expand, opt_in

    ignored_here = tuple(_ignored_here(path, settings))

    def ran(selector: str) -> bool:
        codes = expand([selector])
        by_default = codes - opt_in() or codes
        return all(_is_selected(code, settings) and not code.startswith(ignored_here) for code in by_default)

    for entry, codes in suppressions.unused() if ran(RULE.code) else ():
        idle = [code for code in codes if ran(code) and not RULE.code.startswith(code)]
        if not idle and (codes or not ran("")):
            continue
        if any(RULE.code in other.codes and other.covers(entry.span.line) for other in suppressions.entries):
            continue
        is_all = len(idle) == len(entry.codes)
        yield Diagnostic(
            code=RULE.code,
            name=RULE.name,
            severity=Severity.WARNING,
            message=("this comment" if is_all else ", ".join(f"`{code}`" for code in idle)) + " silences nothing",
            help="remove the comment" if is_all else "remove what is not needed",
            path=_shown(path),
            span=entry.span,
        )


def _selected(diagnostics: list[Diagnostic], path: Path, settings: Settings) -> list[Diagnostic]:
    """What the settings ask for, of one file, whatever its severity."""
    if not diagnostics:
        return diagnostics
    ignored_here = tuple(_ignored_here(path, settings))
    return [
        diagnostic
        for diagnostic in diagnostics
        if _is_selected(diagnostic.code, settings) and not diagnostic.code.startswith(ignored_here)
    ]


def _is_selected(code: str, settings: Settings) -> bool:
    """The longest selector that fits decides; on a tie the rule is ignored, as in ruff."""
    chosen = [*(settings.select if settings.select is not None else ("",)), *settings.extend_select]
    if code != "KLL001" and _is_opt_in(code):
        chosen = [selector for selector in chosen if len(selector) >= _SHORTEST_OPT_IN]
    on = max((len(selector) for selector in chosen if code.startswith(selector)), default=-1)
    off = max((len(selector) for selector in settings.ignore if code.startswith(selector)), default=-1)
    return on > off


def _is_opt_in(code: str) -> bool:
    from keras_layer_lint.registry import opt_in

    return code in opt_in()


def _ignored_here(path: Path, settings: Settings) -> Iterator[str]:
    if not settings.per_file_ignores:
        return
    from pathspec import GitIgnoreSpec

    try:
        relative = os.path.relpath(path, settings.root).replace(os.sep, "/")
    except ValueError:  # on another drive of Windows
        return
    for pattern, selectors in settings.per_file_ignores.items():
        if GitIgnoreSpec.from_lines([pattern]).match_file(relative):
            yield from selectors


def _unreadable(path: Path, error: UnreadableFile) -> Diagnostic:
    rule = Rule("KLL001", "unreadable-file")
    return Diagnostic(
        code=rule.code,
        name=rule.name,
        severity=Severity.ERROR,
        message=f"not analysed: {error.reason}",
        path=_shown(path),
        span=Span(error.line, error.column, error.line, error.column),
    )


def _shown(path: Path) -> str:
    """A path as reported: relative to the working directory where it lies below it, with `/`."""
    if not path.is_absolute():
        return os.path.normpath(path).replace(os.sep, "/")
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


@contextmanager
def _without_collection() -> Iterator[None]:
    """Switch the garbage collector off: walking millions of live tree nodes again and again takes half of the run."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Let deeply nested code be analysed; the limit is put back for those who call klint from their own process."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
