from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint import lint
from keras_layer_lint.__main__ import main
from keras_layer_lint.diagnostic import Diagnostic, Limit, Note, Severity, Span
from keras_layer_lint.findings import FileError, Report
from keras_layer_lint.settings import Settings
from keras_layer_lint.source import code_slice
from keras_layer_lint.source.code_slice import trees_kept
from keras_layer_lint.source.positions import positions_of
from keras_layer_lint.source.quick_nodes import tell_apart_quickly
from tests import distribution, frameworks, sampling
from tests.held_zygotes import close_zygotes, held_zygotes

ROOT = Path(__file__).parent.parent

Make = Callable[..., Diagnostic]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if sampling.is_left_out(collection_path, config.option.markexpr) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    frameworks.mark(items)
    if hasattr(config, "workerinput"):
        distribution.longest_first(items)  # by tests that take long, of which many cases are none
    sampling.leave_the_most(items)


def pytest_sessionstart() -> None:
    tell_apart_quickly()  # half of the time of a parse goes to layout


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays: to look for garbage in between takes a fifth of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Thousands of tests outlive each collection of garbage, and so do the trees that are kept: it looks less often."""
    gc.freeze()
    gc.set_threshold(100_000, 5, 10)  # as it is set by default, it takes a fifth of the time


def pytest_runtest_setup(item: pytest.Item) -> None:
    frameworks.Running.item = item


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Tests of named files run in this process: they are done before others have started."""
    return 0 if config.args and all(is_file(argument) for argument in config.args) else None


def is_file(argument: str) -> bool:
    return Path(argument.partition("::")[0]).suffix == ".py"


@pytest.fixture(autouse=True, scope="session")
def parsed_once() -> Iterator[None]:
    """Most tests of a folder differ in a line or two, and lint for each generation: what is equal is parsed once.

    That is how an editor keeps trees, from file to file.
    """
    parsed = code_slice._kept.__wrapped__

    @lru_cache(maxsize=4096)
    def kept(text: str, is_spliced: bool) -> object:
        return parsed(text, is_spliced, Path())

    with pytest.MonkeyPatch.context() as patch, trees_kept():
        patch.setattr(code_slice, "_kept", lambda text, is_spliced, path: kept(text, is_spliced))
        patch.setattr(code_slice, "positions_of", lru_cache(maxsize=4096)(positions_of))
        yield


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


@pytest.fixture
def klint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Run the command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def run(*arguments: str, stdin: bytes = b"") -> Run:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(stdin)))
        code = main(arguments)
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return run


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Settings]]:
    """Let the pipeline find what a test says; returns the settings it was called with."""

    def find(
        diagnostics: Sequence[Diagnostic] = (), errors: Sequence[FileError] = (), limits: Sequence[Limit] = ()
    ) -> list[Settings]:
        seen: list[Settings] = []

        def lint_paths(paths: Sequence[Any], settings: Settings) -> Report:
            seen.append(settings)
            return Report(tuple(diagnostics), tuple(errors), files=3, layers=2, seconds=0.25, limits=tuple(limits))

        def report_of_source(source: Any, path: Any, settings: Settings) -> Report:
            return replace(lint_paths([path], settings), files=1, layers=1)

        monkeypatch.setattr(lint, "lint_paths", lint_paths)
        monkeypatch.setattr(lint, "report_of_source", report_of_source)
        return seen

    return find


@pytest.fixture
def make() -> Make:
    """Make a diagnostic, of a tensor-if unless said otherwise."""

    def diagnostic(line: int = 5, column: int = 12, *end: int, **fields: Any) -> Diagnostic:
        span = Span(line, column, *(end or (line, column + 9)))
        values: dict[str, Any] = {
            "code": "KLL101",
            "name": "tensor-if",
            "severity": Severity.ERROR,
            "message": "`if` on a tensor",
            "path": "layers.py",
            "span": span,
            "keras": ("3",),
        }
        return Diagnostic(**(values | fields))

    return diagnostic


def note(line: int, column: int, end_column: int, text: str) -> Note:
    return Note(Span(line, column, line, end_column), text)


@pytest.fixture
def zygotes_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is confirmed in this process is run by the processes that hold a framework for all the tests."""
    monkeypatch.setattr("keras_layer_lint.confirm.pool.Zygotes", lambda *_: nullcontext(held_zygotes("auto")))


def pytest_sessionfinish() -> None:
    """What holds frameworks for the tests ends with them."""
    close_zygotes()
