"""Which lines of files have changed since a revision of git, and the findings that touch these."""

from __future__ import annotations

import ast
import codecs
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.errors import KlintError, UnreadableFile
from keras_layer_lint.findings import Report
from keras_layer_lint.rule import UNREADABLE_FILE
from keras_layer_lint.source.decode import decode, read_source, split_lines
from keras_layer_lint.source.module_index import parse
from keras_layer_lint.source.notebook import is_notebook, lines_in_file, read_module
from keras_layer_lint.source.notebook_json import MOST_BYTES

# A repository that was downloaded may name programs in its configuration: git runs none of them.
_SAFE = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.quotePath=false")
_DIFF = (
    "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--text", "--unified=0", "--inter-hunk-context=0",
    "--find-renames", "--ignore-submodules=all", "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")
"""What git tells its hooks of one repository; files may be of another."""
_HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True)
class Lines:
    """The changed lines of one file, as ranges."""

    ranges: tuple[tuple[int, int], ...] = ()
    cuts: tuple[int, ...] = ()
    """Lines behind which others were deleted, and none put in their place."""
    is_new: bool = False
    """All of it."""

    @property
    def is_changed(self) -> bool:
        """Whether anything in it has changed."""
        return self.is_new or bool(self.ranges or self.cuts)

    def touches(self, first: int, last: int) -> bool:
        """Whether any of some lines has changed, or one beside them is gone."""
        return (
            self.is_new
            or any(begin <= last and first <= end for begin, end in self.ranges)
            or self.lacks(first, last + 1)
        )

    def lacks(self, first: int, last: int) -> bool:
        """Whether lines between some lines, or right before or behind these, were deleted."""
        return any(first - 1 <= cut <= last for cut in self.cuts)


NONE = Lines()
ALL = Lines(is_new=True)


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed in the work tree of one repository since a revision."""

    lines: Mapping[str, Lines]
    """By path from the root of the work tree."""
    tracked: frozenset[str]
    remark: str = ""
    """What to say of how it was found out."""

    def of(self, path: str) -> Lines:
        """The changed lines of one file."""
        return self.lines.get(path, NONE if path in self.tracked else ALL)


def only_changed(report: Report, revision: str) -> tuple[Report, tuple[str, ...]]:
    """The findings that touch changed lines; and remarks. Raises KlintError where git cannot tell.

    A finding touches a line where it stands there, or names it to explain itself. One at the head of a function touches
    all lines of the function; one at the head of a class those that were deleted from it.
    """
    known: dict[Path, Changes] = {}
    kept = []
    for path, found in _by_file(report.diagnostics):
        real = Path(os.path.realpath(path))
        root = _root_of(real)
        if root not in known:
            known[root] = changes_since(revision, root)
        lines = known[root].of(real.relative_to(root).as_posix())
        if is_notebook(path) and (lines.ranges or lines.cuts):
            lines = _in_module(lines, real)
        heads = _heads(real) if lines.ranges or lines.cuts else {}
        kept += [each for each in found if _touches(each, lines, heads)]
    if not known:  # nothing was found: a revision that is not there is told all the same
        for root in dict.fromkeys(_root_of(Path(os.path.realpath(path))) for path in report.paths[:1]):
            known[root] = changes_since(revision, root)
    remarks = tuple(change.remark for change in known.values() if change.remark)
    dropped = len(report.diagnostics) - len(kept)
    return replace(report, diagnostics=tuple(kept), unchanged=dropped), remarks


def changes_since(revision: str, root: Path) -> Changes:
    """What has changed since the last commit that a revision and HEAD have in common."""
    if revision.startswith("-"):
        raise KlintError(f"--diff-base: `{revision}` is no revision")
    try:
        sha = _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    except _GitFailed as error:
        if error.told:
            raise KlintError(f"{root}: {error}") from error
        hint = " (the clone is shallow: fetch more of it)" if _is_shallow(root) else ""
        raise KlintError(f"{root}: git knows no revision `{revision}`{hint}") from error
    try:
        base, remark = _git(root, "merge-base", sha, "HEAD").decode().strip(), ""
    except _GitFailed:
        why = "in this shallow clone" if _is_shallow(root) else "for there is none"
        base, remark = sha, f"compared with `{revision}` itself: git finds no commit that it shares with HEAD {why}"
    try:
        lines = dict(_lines_of(_git(root, *_DIFF, base, "--")))
        tracked = _git(root, "ls-files", "-z").decode("utf-8", "surrogateescape").split("\0")
    except _GitFailed as error:
        raise KlintError(f"{root}: {error}") from error
    return Changes(lines, frozenset(tracked), remark)


class _GitFailed(Exception):
    """git did not do what it was asked."""

    def __init__(self, told: str) -> None:
        super().__init__(f"git: {told}")
        self.told = told


def _git(root: Path, *arguments: str) -> bytes:
    environment = {key: value for key, value in os.environ.items() if key not in _OF_A_HOOK}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", *_SAFE, *arguments]
    try:
        done = subprocess.run(command, cwd=root, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
    except FileNotFoundError as error:
        raise KlintError("--diff-base needs git, which is not installed") from error
    except OSError as error:
        raise KlintError(f"git cannot be run: {error.strerror or error}") from error
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().split("\n")
        raise _GitFailed(told[0].removeprefix("fatal: "))
    return done.stdout


def _is_shallow(root: Path) -> bool:
    try:
        return _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
    except _GitFailed:
        return False


def _root_of(path: Path) -> Path:
    for folder in path.parents:
        if (folder / ".git").exists():
            return folder
    raise KlintError(f"{path}: is in no git repository, so what has changed in it is not known")


def _lines_of(diff: bytes) -> Iterator[tuple[str, Lines]]:
    """The changed lines of each file of a diff."""
    for part in re.split(rb"^(?=diff --git )", diff, flags=re.MULTILINE):
        head, separator, rest = part.partition(b"\n+++ ")
        if not separator or b"\n@@ " in head:
            continue  # deleted, or renamed only
        name, _, hunks = rest.partition(b"\n")
        places = [_range(match) for match in map(_HUNK.match, hunks.split(b"\n")) if match]
        ranges = tuple((first, first + number - 1) for first, number in places if number)
        yield _path(name), Lines(ranges, tuple(first for first, number in places if not number))


def _range(match: re.Match[bytes]) -> tuple[int, int]:
    return int(match[1]), 1 if match[2] is None else int(match[2])


def _path(name: bytes) -> str:
    name = name.rstrip(b"\t\r")
    if name.startswith(b'"'):
        name = codecs.escape_decode(name[1:-1])[0]
    return name.removeprefix(b"b/").decode("utf-8", "surrogateescape")


def _touches(diagnostic: Diagnostic, lines: Lines, heads: Mapping[int, tuple[bool, int]]) -> bool:
    if diagnostic.code == UNREADABLE_FILE.code:
        return lines.is_changed
    span = diagnostic.span
    spans = [span, *(note.span for note in diagnostic.notes)]
    if any(lines.touches(each.line, each.end_line) for each in spans):
        return True
    is_class, last = heads.get(span.line, (False, 0))
    return lines.lacks(span.line, last) if is_class else bool(last) and lines.touches(span.line, last)


def _in_module(lines: Lines, path: Path) -> Lines:
    """The changed lines of a notebook as lines of its module."""
    try:
        places = lines_in_file(read_source(path, MOST_BYTES))
    except (UnreadableFile, ValueError, LookupError):
        return ALL
    ranges = tuple((number, number) for number, line in places.items() if lines.touches(line, line))
    cuts = tuple(number for number, line in places.items() if line in lines.cuts)
    return Lines(ranges, cuts)


def _heads(path: Path) -> dict[int, tuple[bool, int]]:
    """The lines at which functions and classes begin: whether it is a class, then with blank lines; where it ends."""
    try:
        text = decode(read_module(path))
        tree = parse(text)
    except UnreadableFile:
        return {}
    lines = split_lines(text)

    def end(last: int) -> int:
        return next((number for number in range(last, len(lines)) if lines[number].strip()), len(lines))

    found: dict[int, tuple[bool, int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            found[node.lineno] = True, end(node.end_lineno or node.lineno)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found[node.lineno] = False, node.end_lineno or node.lineno
    return found


def _by_file(diagnostics: Sequence[Diagnostic]) -> Iterable[tuple[str, list[Diagnostic]]]:
    found: dict[str, list[Diagnostic]] = {}
    for each in diagnostics:
        found.setdefault(each.path, []).append(each)
    return found.items()
