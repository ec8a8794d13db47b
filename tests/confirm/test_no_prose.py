"""Confirm mode reads facts: neither the code of a rule nor the text of a diagnostic decides what it does."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from keras_layer_lint.confirm import hooks
from keras_layer_lint.confirm.oracles import ORDER
from keras_layer_lint.registry import rules
from keras_layer_lint.rule import Oracle
from tests.conftest import ROOT

CONFIRM = ROOT / "keras_layer_lint" / "confirm"
FILES = sorted(CONFIRM.rglob("*.py"))
BY_RULE_ONLY = {"train", "mask"}
"""Oracles that have no way of their own: each of their rules says what is looked at."""


def name_of(path: Path) -> str:
    return str(path.relative_to(CONFIRM))


def test_no_code_of_a_rule() -> None:
    found = {name_of(path): re.findall(r"KLL\d\w*", path.read_text(encoding="utf-8")) for path in FILES}
    assert {name: codes for name, codes in found.items() if codes} == {}


def reads_of_message(tree: ast.AST) -> list[str]:
    """Reads of an attribute `message`, also by its name as text; warnings have one of their own."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr="message", ctx=ast.Load(), value=ast.Name(id="warning")):
                pass
            case ast.Attribute(attr="message", ctx=ast.Load()):
                found.append(ast.unparse(node))
            case ast.MatchClass(kwd_attrs=names) if "message" in names:
                found.append(ast.unparse(node))
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value="message"), *_]):
                found.append(ast.unparse(node))
            case ast.Call(func=ast.Name(id="attrgetter"), args=args):
                found += [
                    ast.unparse(each)
                    for each in args
                    if isinstance(each, ast.Constant) and "message" in ast.unparse(each)
                ]
    return found


def test_no_message_is_read() -> None:
    """A file that does not hold the word need not be parsed."""
    texts = {name_of(path): path.read_text(encoding="utf-8") for path in FILES}
    found = {name: reads_of_message(ast.parse(text)) for name, text in texts.items() if "message" in text}
    assert {name: reads for name, reads in found.items() if reads} == {}


@pytest.mark.parametrize(
    "code",
    [
        "'kernel' in claim.message",
        "names_in(self.diagnostic.message)",
        "getattr(claim, 'message')",
        "match found:\n    case Diagnostic(message=text):\n        pass",
        "key = attrgetter('diagnostic.message')",
    ],
)
def test_a_read_is_seen(code: str) -> None:
    assert reads_of_message(ast.parse(code))


def test_each_module_of_a_rule_bears_its_name_and_does_something() -> None:
    confirmed = {rule.name.replace("-", "_"): rule.confirm for rule in rules() if rule.confirm is not None}
    assert hooks.registered().keys() <= confirmed.keys()
    assert hooks.registered().keys() == {path.stem for path in (CONFIRM / "rules").glob("*.py")} - {"__init__"}
    assert [name for name, found in hooks.registered().items() if found == hooks.Hooks()] == []


def test_every_rule_can_be_decided_on() -> None:
    """An oracle without a way of its own needs one of each of its rules."""
    own = {name for name, found in hooks.registered().items() if found.observe is not None}
    by_rule = {rule for rule in rules() if rule.confirm is not None and rule.confirm.oracle in BY_RULE_ONLY}
    assert {rule.name.replace("-", "_") for rule in by_rule} <= own
    assert set(ORDER) == set(get_args(Oracle))
