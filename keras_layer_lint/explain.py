"""The page of a rule: in the wheel under `rule_pages`, in a checkout under `rules`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from keras_layer_lint.errors import KlintError
from keras_layer_lint.option_values import rule_hint
from keras_layer_lint.rule import RuleName

PACKAGE = Path(__file__).parent
PRECISION = PACKAGE / "measured_precision.json"


@dataclass(frozen=True, slots=True)
class Page:
    """A rule and the Markdown that explains it."""

    rule: RuleName
    path: Path

    @property
    def text(self) -> str:
        """The page's Markdown."""
        return self.path.read_text(encoding="utf-8")

    def section(self, heading: str) -> str:
        """What stands under a heading before the first example, on one line."""
        text = self.text.partition(f"\n## {heading}\n")[2]
        return " ".join(text.partition("\n## ")[0].partition("\n```")[0].split())


def pages() -> tuple[Page, ...]:
    """List every page, by code. File names say what a rule is called, so no check is imported for this."""
    folder = PACKAGE / "rule_pages"
    if not folder.is_dir():
        folder = PACKAGE.parent / "rules"
    files = sorted(folder.glob("KLL[0-9][0-9][0-9]-*.md"))
    if not files:
        raise KlintError(f"{folder}: the rule pages are missing from this installation")
    return tuple(Page(RuleName(file.stem[:6], file.stem[7:]), file) for file in files)


def measured() -> dict[str, tuple[int, int]]:
    """By code: how many findings on real packages were true, of how many judged."""
    return {code: (true, judged) for code, (true, judged) in json.loads(PRECISION.read_text(encoding="utf-8")).items()}


def find_pages(words: Sequence[str]) -> tuple[Page, ...]:
    """Return the page of each code or name, in the order asked for."""
    every = pages()
    known = {key: page for page in every for key in (page.rule.code.lower(), page.rule.name)}
    for word in words:
        if word.lower() not in known:
            raise KlintError(f"no rule is called `{word}`{rule_hint(word, [page.rule for page in every])}")
    return tuple(known[word.lower()] for word in words)
