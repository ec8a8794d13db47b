"""What klint says of layers on JAX is what Keras does there."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.jax_cases import CASES, JaxCase

FIXED_RANDOMNESS = {"KLL115", "KLL132"}


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    missing = [name for name in ("jax", "keras") if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"running layers on JAX needs {' and '.join(missing)}: pip install keras jax")
    requests = [
        {"id": str(case), "source": case.source, "subclass": case.subclass, "endless": case.endless} for case in CASES
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.proof.jax_worker"],
        cwd=ROOT,
        env=os.environ | {"JAX_PLATFORMS": "cpu", "TF_CPP_MIN_LOG_LEVEL": "3"},
        input="".join(json.dumps(request) + "\n" for request in requests),
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {answer["id"]: answer for line in done.stdout.splitlines() if (answer := json.loads(line))}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_keras_on_jax_does_it(case: JaxCase, answers: dict[str, dict[str, Any]]) -> None:
    answer = answers[str(case)]
    if case.endless:
        assert answer["elements"] == 20
    elif case.raises:
        assert case.raises in answer["raised"]
    else:
        assert answer["raised"] == []


def test_what_goes_wrong_silently(answers: dict[str, dict[str, Any]]) -> None:
    """A seed made while tracing draws the same for every batch; a layer made there has weights that nobody keeps."""
    silent = {case: answers[str(case)] for case in CASES if case.code in FIXED_RANDOMNESS and not case.raises}
    for case, answer in silent.items():
        if "Dense" in case.call:
            assert (answer["weights"], answer["same_for_each_size"]) == (3, False)
        else:
            assert answer["same_for_each_batch"] is (case.severity is not None), case
