"""klint as a plugin of flake8, which does the selection and the `# noqa` of its own run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from keras_layer_lint import __version__, baseline
from keras_layer_lint.baseline import Baseline
from keras_layer_lint.config import find_file, parse_file, resolve
from keras_layer_lint.errors import KlintError
from keras_layer_lint.file_settings import SettingsByFile
from keras_layer_lint.lint import Linter
from keras_layer_lint.registry import rules
from keras_layer_lint.report.escape import one_line
from keras_layer_lint.settings import Settings


class KerasLayerPlugin:
    """Lints one file. flake8 hands over its tree, which is not used, so that the class runs once a file."""

    name = "klint"
    version = __version__
    settings: ClassVar[Settings] = Settings()
    linter: ClassVar[Linter | None] = None
    """One for all files of a process: they import each other."""
    known: ClassVar[tuple[Baseline, Path] | None] = None
    """What is not reported again, and the folder that its paths begin at."""
    stdin_name: ClassVar[str] = "<stdin>"

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        self.filename = self.stdin_name if filename in ("-", "stdin") else filename
        self.lines = lines

    @staticmethod
    def add_options(manager: Any) -> None:
        """Declare the options; flake8 also reads them from its own configuration file."""
        manager.add_option(
            "--klint-keras",
            metavar="auto|2|3|2,3|3.6",
            parse_from_config=True,
            help="Which Keras to lint for (default: as klint is configured, else auto)",
        )
        manager.add_option(
            "--klint-backend",
            metavar="auto|tensorflow|jax",
            parse_from_config=True,
            help="What Keras 3 runs on, or several that code is for (default: as klint is configured, else auto)",
        )
        manager.add_option(
            "--klint-config",
            metavar="FILE",
            parse_from_config=True,
            normalize_paths=True,
            help="klint.toml or pyproject.toml to read (default: the nearest above the working directory)",
        )

    @classmethod
    def parse_options(cls, options: Any) -> None:
        """Read the options once a process; flake8 repeats this in each worker that it spawns."""
        try:
            file = parse_file(Path(options.klint_config)) if options.klint_config else find_file(Path())
            given = {"keras": options.klint_keras, "backend": options.klint_backend}
            resolved = resolve(given, file)
            settings = resolved.settings()
            path = resolved.baseline
            cls.known = None if path is None else (baseline.read(path), path.parent)
        except KlintError as error:
            from flake8.exceptions import ExecutionError

            raise ExecutionError(f"klint: {error}") from error
        asked = [*(options.select or ()), *(getattr(options, "extend_select", None) or ())]
        # flake8 only selects from what is yielded: a rule that is off by default has to be asked for by its whole code.
        codes = {rule.code for rule in rules()} if any(code.startswith("KLL") for code in asked) else set()
        opted_in = tuple(code for code in asked if code in codes)
        # flake8 reads `noqa` itself, or with --disable-noqa leaves it out of account.
        by_file = SettingsByFile(given, fixed=(file,) if options.klint_config else None, also=opted_in)
        extend_select = settings.extend_select + opted_in
        cls.settings = replace(settings, extend_select=extend_select, jobs=1, noqa=False, by_file=by_file)
        cls.linter = None
        cls.stdin_name = options.stdin_display_name

    def run(self) -> Iterator[tuple[int, int, str, type[KerasLayerPlugin]]]:
        """Yield what flake8 wants: line, 0-based column, text, and the plugin itself."""
        try:
            linter = type(self).linter = self.linter or Linter(self.settings)
            report = linter.report("".join(self.lines), self.filename)
            for failure in report.errors:
                yield failure.line, 0, f"KLL001 klint failed: {' '.join(failure.message.split())}", type(self)
            if self.known is not None:  # a baseline has its entries file by file, and so has flake8
                lines = [line.rstrip("\r\n") for line in self.lines]
                report, _ = self.known[0].without_known(report, self.known[1], lambda _: lines)
            for item in report.diagnostics:
                if item.severity >= self.settings.min_severity:
                    text = f"{item.code} {one_line(item.message)} [{item.name}]"
                    yield item.span.line, item.span.column - 1, text, type(self)
        except Exception as error:  # an error in one plugin would end the whole run of flake8
            text = f"KLL001 klint failed on this file: {type(error).__name__}: {one_line(str(error))}"
            yield 1, 0, f"{text}; this is a bug in klint", type(self)
