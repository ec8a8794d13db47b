"""What a run was asked to do. Filled by the command line, the configuration file or flake8; read by the pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from keras_layer_lint.diagnostic import Severity

BACKENDS = ("tensorflow", "jax")
"""What Keras 3 can run on, as far as outcomes differ."""
ALL_BACKENDS = (*BACKENDS, "torch")
"""What a project can be for, where it is for more than one."""
CACHE_FOLDER = ".klint_cache"
"""At the root of a project, unless told otherwise."""


class ByFile(Protocol):
    """What the configuration nearest to each file says of it."""

    def of(self, run: Settings, path: Path) -> Settings:
        """The settings of one file in a run: the same object for the same configuration."""

    def exclude_in(self, folder: str) -> tuple[str, ...]:
        """What a configuration that lies in a folder excludes below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Options of the pipeline. Rule selectors are codes or prefixes of codes (`KLL1`, `KLL101`), already validated."""

    select: tuple[str, ...] | None = None
    """Only these; None: every rule that is on by default."""
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """gitignore-style pattern, relative to `root`, to the selectors ignored there."""
    keras: tuple[str, ...] | None = None
    """Target generations ("2", "3"), or versions of them ("2.12", "3.6"). Keras 2 has the numbers of TensorFlow.

    None: found out per class and project (`--keras auto`).
    """
    backend: str | None = None
    """What Keras 3 runs on, one of `BACKENDS`; None: found out per module and project (`--backend auto`)."""
    backends: tuple[str, ...] = ()
    """What the project is for, some of `ALL_BACKENDS`; empty: found out. What a module runs on stays open."""
    default_backend: str = "tensorflow"
    """What Keras 3 runs on where nothing tells; Keras itself chooses TensorFlow."""
    exclude: tuple[str, ...] = ()
    """gitignore-style patterns, relative to `root`, added to the built-in ones."""
    respect_gitignore: bool = True
    force_exclude: bool = False
    """Excludes hold for files that are named, too."""
    root: str = "."
    """Folder that patterns are relative to: where the configuration file lies, else the working directory."""
    min_severity: Severity = Severity.NOTE
    any_use: bool = False
    """Whether notes speak of uses that a project does not make, too: others may, or its authors later."""
    noqa: bool = True
    """Whether `noqa` comments silence; False where the caller sees to that, as flake8 does."""
    tests_as_code: bool = False
    """Code of tests is linted as any other: who checks a layer that a test defines asks what is wrong with it."""
    jobs: int = 0
    """Worker processes; 0: chosen by the number of files, 1: none but this one."""
    by_file: ByFile | None = field(default=None, compare=False, repr=False)
    """Where each file has settings of its own; None: these are for all."""

    def of(self, path: Path) -> Settings:
        """The settings of one file."""
        return self if self.by_file is None else self.by_file.of(self, path)
