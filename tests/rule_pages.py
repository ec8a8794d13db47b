"""Reads the pages under `rules/`: titles, sections, and code blocks with the diagnostics they promise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from keras_layer_lint.settings import Settings
from keras_layer_lint.target import EVERY_VERSION, Version, Versions, since, until, written

RULES = Path(__file__).resolve().parent.parent / "rules"
SECTIONS = ("What to do", "Why", "Bad", "Good", "Severity", "Silent when", "Confirmed by", "Fix")
GENERATIONS = ("2", "3")

_TITLE = re.compile(r"# (?P<code>KLL\d{3}) (?P<name>[a-z0-9-]+)\n(?P<summary>\S.*\.)\n\n")
_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<source>.*?)^```$", re.MULTILINE | re.DOTALL)
_INFO = re.compile(
    r"python (?P<kind>bad|good|before(?P<unsafe> unsafe)?|after)"
    r"(?: keras=(?P<keras>[23])(?P<limits>\.\d+[+-](?:,(?P=keras)\.\d+[+-])*)?"
    r"(?: backend=(?P<backend>jax|tensorflow,jax))?)?"
)
_MARK = re.compile(r"#(?P<codes>(?: KLL\d{3})+)$")

Expected = frozenset[tuple[int, str]]
"""(line, code) of each diagnostic that must be reported, and of no other."""


@dataclass(frozen=True, slots=True)
class Block:
    """A Python example of a page: a whole module. `line` is where its first line stands in the page."""

    page: str
    line: int
    is_bad: bool
    keras: tuple[str, ...]
    source: str
    backend: str = "tensorflow"
    """What it runs on, or several backends that its project is for, as `--backend` takes it."""
    versions: Versions = EVERY_VERSION
    """Those of its one generation that it is so in."""

    def target(self, keras: str) -> str:
        """What it is linted for, as `--keras` takes it: a generation, or a version where it begins or ends."""
        return next(map(written, self.ends), keras)

    @property
    def ends(self) -> tuple[Version, ...]:
        """The versions where it begins or ends to be so."""
        return tuple(end for ends in self.versions.ranges for end in ends if end is not None)

    def is_for(self, version: str) -> bool:
        """Whether it speaks of a version of its generation, such as `3.12.4`."""
        major, minor, *_ = map(int, re.findall(r"\d+", version))
        return self.versions.has((major, minor))

    @property
    def expected(self) -> Expected:
        return marks(self.source)

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def run_on(backend: str) -> Settings:
    """The settings for one backend, or for a project that is for several: `tensorflow,jax`."""
    one, *more = backend.split(",")
    return Settings(backends=(one, *more)) if more else Settings(backend=one)


@dataclass(frozen=True, slots=True)
class FixedBlock:
    """A module before and after `klint --fix`, from the section on fixes."""

    page: str
    line: int
    keras: tuple[str, ...]
    before: str
    after: str
    unsafe: bool = False
    """It takes `--unsafe-fixes`."""
    backend: str = "tensorflow"
    """What its project is for, as `--backend` takes it."""

    @property
    def code(self) -> str:
        return self.page[:6]

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True, slots=True)
class Page:
    path: Path
    code: str
    name: str
    summary: str
    sections: tuple[str, ...]
    blocks: tuple[Block, ...]
    fixed: tuple[FixedBlock, ...] = ()


def marks(source: str) -> Expected:
    """The diagnostics that comments at line ends promise: `# KLL101`, or `# KLL103 KLL121` for several."""
    return frozenset(
        (number, code)
        for number, line in enumerate(source.splitlines(), 1)
        if (mark := _MARK.search(line))
        for code in mark["codes"].split()
    )


def read_page(path: Path) -> Page:
    text = path.read_text(encoding="utf-8")
    title = _TITLE.match(text)
    if title is None:
        raise ValueError(f"{path}: must open with '# CODE name', one sentence and an empty line")
    prose = _FENCE.sub("", text)
    return Page(
        path=path,
        code=title["code"],
        name=title["name"],
        summary=title["summary"],
        sections=tuple(re.findall(r"^## (.+)$", prose, re.MULTILINE)),
        blocks=tuple(_blocks(path, text)),
        fixed=tuple(_fixed(path, text)),
    )


def read_pages(folder: Path = RULES) -> tuple[Page, ...]:
    return tuple(read_page(path) for path in sorted(folder.glob("*.md")))


def _blocks(path: Path, text: str) -> list[Block]:
    blocks = []
    for fence in _FENCE.finditer(text):
        line = text.count("\n", 0, fence.start("source")) + 1
        info = _INFO.fullmatch(fence["info"])
        if info is None:
            raise ValueError(
                f"{path}:{line - 1}: a fence opens with 'python bad' or 'python good', then keras=2 or keras=3, "
                "or keras=3.6+, keras=3.6- or keras=2.15-,2.17+, and behind that backend=jax or backend=tensorflow,jax"
            )
        if info["kind"].startswith(("before", "after")):
            continue
        keras = (info["keras"],) if info["keras"] else GENERATIONS
        backend = info["backend"] or "tensorflow"
        versions = _versions(info["keras"] + info["limits"]) if info["limits"] else EVERY_VERSION
        blocks.append(Block(path.name, line, info["kind"] == "bad", keras, fence["source"], backend, versions))
    return blocks


def _fixed(path: Path, text: str) -> Iterator[FixedBlock]:
    fences = [(fence, _INFO.fullmatch(fence["info"])) for fence in _FENCE.finditer(text)]
    pairs = [
        (fence, info) for fence, info in fences if info is not None and info["kind"].startswith(("before", "after"))
    ]
    for (before, info), (after, other) in zip(pairs[::2], pairs[1::2], strict=True):
        line = text.count("\n", 0, before.start("source")) + 1
        is_pair = info["kind"].startswith("before") and other["kind"] == "after"
        if not is_pair or info["keras"] != other["keras"]:
            raise ValueError(f"{path}:{line - 1}: 'python before' and 'python after' come in pairs")
        keras = (info["keras"],) if info["keras"] else GENERATIONS
        is_unsafe, backend = info["unsafe"] is not None, info["backend"] or "tensorflow"
        yield FixedBlock(path.name, line, keras, before["source"], after["source"], is_unsafe, backend)


def _versions(limits: str) -> Versions:
    """`3.6+`, `3.6-`, or `2.15-,2.17+` with a gap."""
    ranges = [
        (until if limit.endswith("-") else since)(*map(int, limit.rstrip("+-").split(".")))
        for limit in limits.split(",")
    ]
    return reduce(Versions.__or__, ranges)
