"""The pairs under "Fix" on the pages of rules: `--fix` turns one into the other, and then nothing is left to say."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

from keras_layer_lint import lint_source
from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.fixes.editing import edited
from keras_layer_lint.fixes.engine import Fixer, fix_source, registered, with_fixes
from tests.rule_pages import Block, FixedBlock, Page, read_pages, run_on
from tests.sampling import first_of_each

PAGES = read_pages()
PAIRS = [(pair, keras) for page in PAGES for pair in page.fixed for keras in reversed(pair.keras)]
FOLDER = Path(__file__).parent


def of_own_tests(case: tuple[FixedBlock, str]) -> str:
    """The page, or the word that the fix has a file of tests of its own, of which a first case is tried too."""
    page = Path(case[0].page).stem
    name = page.partition("-")[2].replace("-", "_")
    return "tested" if (FOLDER / f"test_{name}.py").exists() else page


FIXABLE = {page.code for page in PAGES if page.name in registered()}
BAD = [
    (block, keras)
    for page in PAGES
    for block in page.blocks
    for keras in block.keras
    if block.is_bad and page.code != "KLL001"
]


def test_each_rule_that_has_a_fix_shows_it() -> None:
    assert {page.code for page in PAGES if page.fixed} == FIXABLE
    assert len(FIXABLE) == len(registered())


@pytest.mark.parametrize(("pair", "keras"), first_of_each(PAIRS, of_own_tests), ids=str)
def test_pair(pair: FixedBlock, keras: str) -> None:
    settings = replace(run_on(pair.backend), keras=(keras,), extend_select=(pair.code,))
    found = lint_source(pair.before, "layers.py", settings)
    assert {each.code for each in found if each.severity > Severity.NOTE} <= {pair.code}
    assert pair.code in {each.code for each in found}
    assert fix_source(pair.before, "layers.py", settings) == (pair.before if pair.unsafe else pair.after)
    assert pair.before != pair.after
    if pair.unsafe:
        assert fix_source(pair.before, "layers.py", settings, unsafe=True) == pair.after
    assert [each for each in lint_source(pair.after, "layers.py", settings) if each.code == pair.code] == []


@pytest.mark.slow
@pytest.mark.parametrize(("block", "keras"), BAD, ids=str)
@pytest.mark.parametrize("unsafe", [False, True])
def test_no_fix_makes_anything_worse(block: Block, keras: str, unsafe: bool) -> None:
    settings = replace(run_on(block.backend), keras=(block.target(keras),), extend_select=(block.page[:6],))
    data = block.source.encode()
    done = Fixer(settings, unsafe=unsafe).fixed(data, Path("layers.py"))
    assert done.is_changed == bool(done.made)
    if not done.is_changed:
        assert done.after == data
        return  # all that follows would compare a text with itself
    ast.parse(done.after)
    before = sorted(each.code for each in lint_source(data, "layers.py", settings))
    after = [each.code for each in lint_source(done.after, "layers.py", settings) if each.severity > Severity.NOTE]
    for each in done.made:
        if each.code in before:  # others were laid bare by a fix, and fixed with it
            before.remove(each.code)
    assert [code for code in after if code not in before] == []
    again = Fixer(settings, unsafe=unsafe).fixed(done.after, Path("layers.py"))
    assert again.made == ()


@pytest.mark.parametrize(("pair", "keras"), PAIRS, ids=str)
def test_nothing_but_the_edits_changes(pair: FixedBlock, keras: str) -> None:
    """Comments, blank lines and quotes stay as they are: the edits alone make the difference."""
    data = pair.before.encode()
    settings = replace(run_on(pair.backend), keras=(keras,), extend_select=(pair.code,))
    found, _ = with_fixes(lint_source(data, "layers.py", settings), data)
    fixes = [each.fix for each in found if each.fix is not None]
    assert fixes
    for fix in fixes:
        assert edited(pair.before, fix.edits) != pair.before
        touched = sum(edit.span.end_line - edit.span.line + 1 for edit in fix.edits)
        assert touched <= 5


@pytest.mark.parametrize("page", [page for page in PAGES if not page.fixed], ids=lambda page: page.code)
def test_a_rule_without_a_fix_says_why(page: Page) -> None:
    section = page.path.read_text(encoding="utf-8").partition("## Fix\n")[2]
    assert re.search(r"^None\b|`--fix` writes none: \S|docs/confirm\.md", section, re.MULTILINE)
