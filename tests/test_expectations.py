"""What a diagnostic says to people and what it says to `--confirm` are the same, and something can be done with it."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from keras_layer_lint import lint_source
from keras_layer_lint.confirm import hooks
from keras_layer_lint.confirm.oracles.untracked import EFFECTS
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.expectation import Effect, Expectation, expects
from keras_layer_lint.registry import rules
from tests.conftest import ROOT
from tests.rule_pages import read_pages, run_on

CODES = tuple(rule.code for rule in rules())
ORACLES = {rule.code: rule.confirm.oracle for rule in rules() if rule.confirm is not None}
LISTED = 6
"""Messages list as many names."""


@cache
def found() -> tuple[Diagnostic, ...]:
    """All that is reported of the examples on the pages, under each target."""
    return tuple(_found())


def _found() -> Iterator[Diagnostic]:
    for keras, backend in (("2", "tensorflow"), ("3", "tensorflow"), ("3", "jax"), ("3", "tensorflow,jax")):
        settings = replace(run_on(backend), keras=(keras,), extend_select=CODES)
        for page in read_pages():
            for block in page.blocks:
                yield from lint_source(block.source, "example.py", settings)


def facts(expectation: Expectation) -> list[str]:
    """What stands in a message, too."""
    said = [*expectation.errors, *expectation.arguments[:LISTED], *expectation.operations]
    said += [expectation.attribute] if expectation.attribute else []
    return said + ([] if expectation.seed is None else [str(expectation.seed)])


@pytest.mark.slow
def test_the_message_says_what_is_expected() -> None:
    missing = [
        (diagnostic.code, fact, diagnostic.message)
        for diagnostic in found()
        for fact in facts(diagnostic.expectation)
        if not re.search(rf"(?<!\w){re.escape(fact)}(?!\w)", diagnostic.message)
    ]
    assert missing == []
    assert sum(bool(facts(diagnostic.expectation)) for diagnostic in found()) > 100


@pytest.mark.slow
def test_a_reload_knows_what_to_look_for() -> None:
    """A warning that names no argument and no effect could not be decided on."""
    names = {rule.code: rule.name.replace("-", "_") for rule in rules()}
    observing = {name for name, each in hooks.registered().items() if each.observe is not None}
    aimless = [
        (diagnostic.code, diagnostic.message)
        for diagnostic in found()
        if ORACLES.get(diagnostic.code) == "reload"
        and diagnostic.severity.label == "warning"
        and names[diagnostic.code] not in observing
        and not diagnostic.expectation.arguments
        and not diagnostic.expectation.effects & (EFFECTS | {Effect.WEIGHTS_LOST})
    ]
    assert aimless == []


@pytest.mark.parametrize("effect", Effect, ids=lambda effect: effect.name)
def test_each_effect_is_filled_in_and_looked_for(effect: Effect) -> None:
    for part in ("checks", "confirm"):
        texts = [path.read_text(encoding="utf-8") for path in (ROOT / "keras_layer_lint" / part).rglob("*.py")]
        assert any(f"Effect.{effect.name}" in text for text in texts), part


def test_it_goes_to_other_processes() -> None:
    made = expects(Effect.NOT_SAVED, errors=("ValueError",), arguments=("units",), attribute="dense", seed=7)
    assert pickle.loads(pickle.dumps(made)) == made
