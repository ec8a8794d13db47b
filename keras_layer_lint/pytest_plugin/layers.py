"""Which layers there are under some paths, and in which ways each is run: found without running any."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from keras_layer_lint import lint
from keras_layer_lint.config import ConfigFile, Options, find_file, resolve
from keras_layer_lint.confirm.confirming import check_installed, default_backend
from keras_layer_lint.confirm.probe import Probe
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request, recipes_of
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.file_settings import SettingsByFile
from keras_layer_lint.findings import Report
from keras_layer_lint.report.concise import header
from keras_layer_lint.rule import UNREADABLE_FILE
from keras_layer_lint.settings import Settings


@dataclass(frozen=True, eq=False)
class LayerCase:
    """A class of a file, with all that is needed to run it."""

    name: str
    """Its qualified name."""
    line: int
    probes: tuple[Probe, ...]
    """One for each generation of Keras, and for a backend that a finding asks for."""
    findings: tuple[Diagnostic, ...]
    """What linting says of it and a run decides."""

    @property
    def oracles(self) -> tuple[str, ...]:
        """In which ways it is run, and by which others its findings are decided."""
        ways = [way for probe in self.probes for way in probe.ways]
        claimed = [claim.oracle for probe in self.probes for claim in probe.claims]
        return tuple(dict.fromkeys([*ways, *claimed]))


@dataclass(frozen=True)
class FoundLayers:
    """The layers under the paths of a run."""

    request: Request
    fail_on: Severity
    by_file: Mapping[Path, tuple[LayerCase, ...]]
    """In the order in which they stand there."""
    unread: Mapping[Path, Sequence[str]]
    """Of files that could not be read: why."""


def options_for(paths: Sequence[Path]) -> Options:
    """The configuration of the project. Raises KlintError for one that is wrong, or where no layer can be run."""
    options = resolve({}, _configuration(paths))
    check_installed(options.settings())
    return options


def find_layers(paths: Sequence[Path], options: Options, timeout: float, cache: Path | None) -> FoundLayers:
    """Lint what stands under the paths, as `klint --confirm=all` would before it runs anything."""
    lowest = min(options["min-severity"], options["fail-on"])
    settings = replace(
        options.settings(),
        default_backend=default_backend(),
        min_severity=lowest,
        any_use=True,
        by_file=SettingsByFile({}),
    )
    request = Request(everything=True, timeout=timeout, cache=cache, recipes=recipes_of(options["recipes"]))
    report = lint.lint_paths([_relative(path) for path in paths], settings)
    fail_on: Severity = options["fail-on"]
    return FoundLayers(request, fail_on, _cases(report, settings, request), _unread(report, fail_on))


def _configuration(paths: Sequence[Path]) -> ConfigFile | None:
    start = paths[0] if paths else Path()
    return find_file(start if start.is_dir() else start.parent)


def _relative(path: Path) -> Path:
    """As klint shows it: relative to the working directory, where it lies there."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _cases(report: Report, settings: Settings, request: Request) -> dict[Path, tuple[LayerCase, ...]]:
    probes: dict[tuple[str, str], list[Probe]] = defaultdict(list)
    for probe in probes_of(report, settings, request):
        probes[probe.path, probe.class_name].append(probe)
    by_file: dict[Path, list[LayerCase]] = defaultdict(list)
    for (path, name), own in probes.items():
        claimed = {(claim.code, claim.line, claim.column) for probe in own for claim in probe.claims}
        findings = tuple(
            each
            for each in report.diagnostics
            if each.path == own[0].shown and (each.code, each.span.line, each.span.column) in claimed
        )
        by_file[Path(path)].append(LayerCase(name, own[0].line, tuple(own), findings))
    return {path: tuple(sorted(cases, key=lambda case: (case.line, case.name))) for path, cases in by_file.items()}


def _unread(report: Report, fail_on: Severity) -> dict[Path, list[str]]:
    unread: dict[Path, list[str]] = defaultdict(list)
    for error in report.errors:
        unread[Path(error.path).absolute()].append(f"{error.path}:{error.line}: {error.message}")
    for each in report.diagnostics:
        if each.code == UNREADABLE_FILE.code and each.severity >= fail_on:
            unread[Path(each.path).absolute()].append(header(each, each.message))
    return unread
