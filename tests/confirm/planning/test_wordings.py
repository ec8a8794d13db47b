"""The samples of the repair tables are raised anew: the frameworks that are installed still say it in these words."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
import sys

import pytest

from keras_layer_lint.confirm.zygotes import environment
from keras_layer_lint.target import Generation
from tests.confirm.planning.replay import SAMPLES
from tests.conftest import ROOT
from tests.frameworks import needs

RAISED = [number for number, each in enumerate(SAMPLES) if each.sample.raised_by]


@pytest.fixture(scope="module")
def wordings() -> dict[int, str]:
    needs("2", "3")
    needs("3", backend="jax")
    done = subprocess.run(
        [sys.executable, "-m", "tests.confirm.planning.provoke"],
        cwd=ROOT,
        env=environment(Generation.KERAS3, "tensorflow", "cpu") | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(line) for line in done.stdout.splitlines())


def installed(name: str) -> tuple[int, ...]:
    version = platform.python_version() if name == "python" else importlib.metadata.version(name)
    return numbers(version)


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3] if part.isdigit())


@pytest.mark.parametrize("number", RAISED, ids=lambda number: str(SAMPLES[number]))
def test_the_wording_is_what_the_sample_says(number: int, wordings: dict[int, str]) -> None:
    """Where a release after the one of the sample says it otherwise, a row must make the same of it."""
    each, said = SAMPLES[number], wordings[number]
    name, _, seen = each.sample.seen.partition(" ")
    if installed(name) < numbers(seen):
        pytest.skip(f"{name} is older than {seen}, where the sample was seen")
    if installed(name) == numbers(seen):
        assert each.sample.text in said
    made = [made for _, made in each.offers(said)]
    assert each.sample.becomes in made[:1], f"{name} says `{said[:300]}`; the tables make {made[:1]} of it"
