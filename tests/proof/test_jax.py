"""What klint says of layers on JAX is what Keras does there."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

import pytest

from keras_layer_lint import Settings, lint_source
from tests.conftest import ROOT
from tests.jax_cases import CASES, JaxCase
from tests.rule_pages import Block, read_pages

Answers = dict[str, dict[str, Any]]

DRAWN_OR_MADE = {"KLL115", "KLL132"}
ENDLESS = ("KLL103", "KLL104")
"""Where the batch size is known, the loop over it ends, and the one over a weight does not."""
BLOCKS = [block for page in read_pages() for block in page.blocks if block.backend == "jax"]
EXAMPLES = [
    (block, node.name) for block in BLOCKS for node in ast.parse(block.source).body if isinstance(node, ast.ClassDef)
]
_RAISED = re.compile(r"\b[A-Z]\w*(?:Error|Operation)\b")


@dataclass(frozen=True, slots=True)
class Request:
    id: str
    source: str
    class_name: str
    shape: tuple[int, ...]
    subclass: bool = False
    endless: bool = False


def requests() -> list[Request]:
    return [
        *(Request(str(case), case.source, "Subject", (3, 4), case.subclass, case.endless) for case in CASES),
        *(
            Request(f"{block} {name} {subclass}", block.source, name, (4,), subclass)
            for block, name in EXAMPLES
            for subclass in ((False,) if block.page.startswith(ENDLESS) else (False, True))
        ),
    ]


@pytest.fixture(scope="module")
def answers() -> Answers:
    missing = [name for name in ("jax", "keras") if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"running layers on JAX needs {' and '.join(missing)}: pip install keras jax")
    done = subprocess.run(
        [sys.executable, "-m", "tests.proof.jax_worker"],
        cwd=ROOT,
        env=os.environ | {"JAX_PLATFORMS": "cpu", "TF_CPP_MIN_LOG_LEVEL": "3"},
        input="".join(json.dumps(asdict(request)) + "\n" for request in requests()),
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {answer["id"]: answer for line in done.stdout.splitlines() if (answer := json.loads(line))}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_keras_on_jax_does_it(case: JaxCase, answers: Answers) -> None:
    answer = answers[str(case)]
    if case.endless:
        assert answer["elements"] == 20
    elif case.raises:
        assert case.raises in answer["raised"]
    else:
        assert answer["raised"] == []


def test_what_goes_wrong_silently(answers: Answers) -> None:
    """A seed made while tracing draws the same for every batch; a layer made there has weights that nobody keeps."""
    silent = {case: answers[str(case)] for case in CASES if case.code in DRAWN_OR_MADE and not case.raises}
    for case, answer in silent.items():
        if "Dense" in case.call:
            assert (answer["weights"], answer["same_for_each_size"]) == (3, False)
        else:
            assert answer["same_for_each_batch"] is (case.severity is not None), case


@pytest.mark.parametrize(("block", "name"), EXAMPLES, ids=str)
def test_the_examples_of_the_pages(block: Block, name: str, answers: Answers) -> None:
    """A good example trains; a bad one raises what its diagnostics name, or trains where they name nothing."""
    functional = answers[f"{block} {name} False"]["raised"]
    subclassed = functional if block.page.startswith(ENDLESS) else answers[f"{block} {name} True"]["raised"]
    found = lint_source(block.source, "example.py", Settings(keras=("3",), backend="jax"))
    named = {error for item in found if item.class_name == name for error in _RAISED.findall(item.message)}
    if named:
        assert named & {*functional, *subclassed}
    else:
        assert functional == subclassed == []


def test_a_model_that_does_not_pass_training_on_learns_no_statistics(answers: Answers) -> None:
    examples = [(block, name) for block, name in EXAMPLES if "KLL142" in block.page]
    learned = {block.is_bad: answers[f"{block} {name} False"]["statistics"] for block, name in examples}
    assert learned == {True: False, False: True}
