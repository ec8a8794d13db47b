"""Several other arguments at once, for a line that stands under several conditions on them."""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from keras_layer_lint.confirm.oracles.arguments import given_in, init_parameters, other_values, owner_of, rearranged
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.planning.arguments import OF_EVERY_LAYER
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.planning.uses import bare, names, strings

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_MOST_VALUES, _MOST = 4, 16
"""Values of one argument, the one of the plan among them; plans."""
_AS_GIVEN, _BY_DEFAULT = "as it is given", "by default"


def with_guards_met(trial: Trial, plan: Plan, lines: set[int]) -> Iterator[Plan]:
    """The plan with other values for the arguments that conditions around the lines speak of, few changes first."""
    values = {name: _values(trial, plan, name, words) for name, words in _guards(trial, lines).items()}
    combined = sorted(itertools.product(*values.values()), key=lambda each: sum(text != _AS_GIVEN for text in each))
    for each in combined[1 : _MOST + 1]:  # the first is the plan itself
        chosen = dict(zip(values, each, strict=True))
        left = _without(plan, {name for name, text in chosen.items() if text == _BY_DEFAULT})
        yield rearranged(left, **{name: text for name, text in chosen.items() if text not in (_AS_GIVEN, _BY_DEFAULT)})


def _guards(trial: Trial, lines: set[int]) -> dict[str, list[str]]:
    """The parameters of the constructor in the tests around the lines, each with the words that it is compared with."""
    held = read(trial.cls, trial.framework.keras.layers.Layer).held
    found: dict[str, list[str]] = {}
    for node in ast.walk(trial.subject.source.tree):
        if not isinstance(node, ast.If) or lines.isdisjoint(range(node.lineno, (node.end_lineno or node.lineno) + 1)):
            continue
        for part in ast.walk(node.test):
            for own in names(part) if isinstance(part, ast.Attribute) else ():
                name = held.get(own) or bare(own)
                if owner_of(trial.cls, name) is not None and name not in OF_EVERY_LAYER:
                    found.setdefault(name, [])
        for compared in (part for part in ast.walk(node.test) if isinstance(part, ast.Compare)):
            words = [text for other in compared.comparators for text in strings(other)]
            for own in names(compared.left):
                name = held.get(own) or bare(own)
                if name in found:
                    found[name] += words
    return found


def _values(trial: Trial, plan: Plan, name: str, words: list[str]) -> list[str]:
    owner = owner_of(trial.cls, name)
    is_optional = init_parameters(owner)[name].default is not inspect.Parameter.empty
    by_default = [_BY_DEFAULT] if is_optional and name in given_in(plan.arguments) else []
    own = given_in(plan.arguments).get(name)
    others = [repr(word) for word in words if repr(word) != own]
    return list(dict.fromkeys([_AS_GIVEN, *others, *by_default, *other_values(trial, owner, name)]))[:_MOST_VALUES]


def _without(plan: Plan, left_out: set[str]) -> Plan:
    """The plan without arguments that are given by name."""
    call = ast.parse(f"_({plan.arguments}\n)", mode="eval").body
    assert isinstance(call, ast.Call)
    parts = [*map(ast.unparse, call.args), *(ast.unparse(word) for word in call.keywords if word.arg not in left_out)]
    return replace(plan, arguments=", ".join(parts))
