"""Forks of an environment are dicts of their own, whatever is done to them in whatever order."""

from __future__ import annotations

import random

import pytest

from keras_layer_lint.values.environment import Environment
from keras_layer_lint.values.value import PythonValue, Value

NAMES = "abcdef"


@pytest.mark.slow
def test_forks_are_as_dicts() -> None:
    for seed in range(100):
        fork_at_random(seed)


def fork_at_random(seed: int) -> None:
    chance = random.Random(seed)
    pairs: list[tuple[Environment, dict[str, Value]]] = [(Environment(), {})]
    for step in range(300):
        env, expected = chance.choice(pairs)
        name = chance.choice(NAMES)
        match chance.randrange(6):
            case 0 if len(pairs) < 12:
                pairs.append((env.fork(), dict(expected)))
            case 1 if len(pairs) > 1:
                pairs.remove((env, expected))
            case 2:
                assert env.pop(name) is expected.pop(name, None)
            case 3:
                assert env.get(name) is expected.get(name)
                assert (name in env) is (name in expected)
            case 4:
                other, other_expected = chance.choice(pairs)
                changed = env.changed(other)
                different = {n for n in NAMES if expected.get(n) is not other_expected.get(n)}
                assert different <= set(changed) <= set(NAMES)
                assert len(changed) == len(set(changed))
            case _:
                env[name] = expected[name] = PythonValue(constant=step)
    for env, expected in pairs:
        assert (dict(env), len(env)) == (expected, len(expected))


def test_what_changed_is_no_more_than_what_was_done() -> None:
    start = Environment()
    start.update({name: PythonValue(constant=name) for name in NAMES})
    one, other = start.fork(), start.fork()
    one["a"] = other["b"] = PythonValue()
    assert start.changed(one) == ["a"]
    assert one.changed(other) == ["b", "a"]
    assert other.changed(one) == ["a", "b"]
    assert start.changed(start.fork()) == []


def test_environments_of_different_functions_differ_in_all_names() -> None:
    one, other = Environment(), Environment()
    one["a"] = other["b"] = PythonValue()
    assert one.changed(other) == ["a", "b"]


def test_unbound_names() -> None:
    env = Environment()
    assert (env.get("a"), env.pop("a")) == (None, None)
    with pytest.raises(KeyError):
        env["a"]
    with pytest.raises(KeyError):
        del env["a"]
    env["a"] = PythonValue()
    del env["a"]
    assert "a" not in env
