"""Each page under `rules/` is a test: its bad examples give the marked diagnostics and no other, its good ones none."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import replace

import pytest

from keras_layer_lint import Settings, lint_source, registry
from tests.conftest import ROOT
from tests.rule_pages import RULES, SECTIONS, Block, Page, read_pages, run_on
from tests.sampling import first_of_each

PAGES = read_pages()
CHECKS = ROOT / "keras_layer_lint" / "checks"
TESTS = ROOT / "tests" / "checks"
WITHOUT_CHECK = {"KLL001", "KLL002", "KLL900"}
ORACLES = {"graph", "purity", "xla", "train", "build", "reload", "mask", "mixed precision"}
LINTED = [block for page in PAGES if page.code != "KLL900" for block in page.blocks]
CASES = [(block, keras) for block in LINTED for keras in reversed(block.keras)]
"""The page of KLL900 shows what linting does not see."""


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert {page.path.stem for page in PAGES} == {rule.slug for rule in registry.rules()}


def test_every_check_has_a_test_of_its_name_and_every_such_test_a_check() -> None:
    """Tests of several rules have a name that is none of a check."""
    checks = {path.relative_to(CHECKS) for path in CHECKS.glob("*/*.py") if "\nRULE = Rule(" in path.read_text("utf-8")}
    assert len(checks) + len(WITHOUT_CHECK) == len(registry.rules())
    tests = {path.relative_to(TESTS).with_name(path.name.removeprefix("test_")) for path in TESTS.glob("*/test_*.py")}
    assert checks - tests == set()
    of_several = {"call/dynamic.py", "call/xla.py", "config/objects.py", "state/init_and_build.py"}
    assert {path.as_posix() for path in tests - checks} == of_several


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_page_form(page: Page) -> None:
    assert page.path == RULES / f"{page.code}-{page.name}.md"
    assert page.sections == SECTIONS
    bad = [block for block in page.blocks if block.is_bad]
    good = [block for block in page.blocks if not block.is_bad]
    assert bad, "a page needs a bad example"
    assert good, "a page needs a good example"
    for block in bad:
        assert page.code in {code for _, code in block.expected}, f"{block}: no line is marked with {page.code}"
    for block in good:
        assert not block.expected, f"{block}: a good example marks a line"
    for block in page.blocks:
        if (page.code, block.is_bad) != ("KLL001", True):
            ast.parse(block.source)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_oracle(page: Page) -> None:
    rule = next(rule for rule in registry.rules() if rule.code == page.code)
    confirmed_by = page.path.read_text(encoding="utf-8").partition("## Confirmed by\n")[2].partition("\n## ")[0]
    named = [word for word in re.findall("`([^`]+)`", confirmed_by) if word in ORACLES]
    assert ("" if rule.confirm is None else rule.confirm.oracle,) == (*named, "")[:1]


def settings(block: Block, keras: str, backend: str) -> Settings:
    return replace(run_on(backend), keras=(block.target(keras),), extend_select=(block.page[:6],))


@pytest.mark.parametrize(
    ("block", "keras"), first_of_each(CASES, lambda case: (case[0].page, case[0].is_bad)), ids=lambda value: str(value)
)
def test_example(block: Block, keras: str) -> None:
    found = lint_source(block.source, "example.py", settings(block, keras, block.backend))
    reported = Counter((diagnostic.span.line, diagnostic.code) for diagnostic in found)
    assert reported == Counter(block.expected), "\n".join(
        f"{block.page}:{block.line + diagnostic.span.line - 1}: {diagnostic.code} {diagnostic.message}"
        for diagnostic in found
    )


LIMITED = [block for block, _ in CASES if block.is_bad and block.ends]


@pytest.mark.parametrize("block", LIMITED, ids=str)
def test_limit_of_versions(block: Block) -> None:
    """Message and page name it, and beyond it nothing is said."""
    for major, minor in block.ends:
        at, *beyond = (
            replace(settings(block, "", block.backend), keras=(f"{major}.{minor + by}",)) for by in (0, -1, 1)
        )
        found = lint_source(block.source, "example.py", at)
        assert all(diagnostic.message.endswith(f"({block.versions})") for diagnostic in found)
        outside = [version for version in beyond if not block.is_for(str(version.keras))]
        assert [lint_source(block.source, "example.py", version) for version in outside] == [()]
    assert str(block.versions).replace("Keras ", "") in (RULES / block.page).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "block",
    [block for block, keras in CASES if keras == "3" and not block.is_bad and "tensorflow" not in block.source],
    ids=str,
)
def test_what_is_good_with_keras_3_is_good_on_jax(block: Block) -> None:
    """A limit lets TensorFlow differentiate a `while_loop`; JAX does not do it at all."""
    found = lint_source(block.source, "example.py", settings(block, "3", "jax"))
    assert {diagnostic.code for diagnostic in found} <= {"KLL152"}, found
