"""`python -m tests.proof.worker 2|3 FOLDER`: judges the cases of an example, given as a line of JSON, in a child.

What the examples write goes to FOLDER. This process imports TensorFlow once and executes nothing: a child forked
after the first operation would hang.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from typing import Any

from tests.proof.claim import Claim, Unproved
from tests.proof.example import Example
from tests.proof.framework import Framework, load
from tests.proof.good import prove_good
from tests.proof.oracles import ORACLES

TIME_LIMIT = 300


def judge(framework: Framework, case: dict[str, Any], folder: str) -> tuple[bool, str]:
    try:
        example = Example(framework, case["source"], case["marked"], folder)
        if case["claim"] is None:
            return True, prove_good(example, case["class_name"], case["code"])
        claim = Claim(**{**case["claim"], "errors": tuple(case["claim"]["errors"])})
        if claim.code not in ORACLES:
            return False, f"no oracle for {claim.code}: tests/proof/oracles.py needs one"
        return True, ORACLES[claim.code](example, claim)
    except Unproved as error:
        return False, str(error)
    except BaseException:
        return False, traceback.format_exc()


def in_children(framework: Framework, cases: list[dict[str, Any]], folder: str) -> Iterator[dict[str, Any]]:
    """Judge the cases of one example in one child; where it dies, the rest in another."""
    while cases:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            with os.fdopen(writer, "w", buffering=1) as pipe:
                for case in cases:
                    signal.alarm(TIME_LIMIT)
                    pipe.write(json.dumps(judge(framework, case, folder)) + "\n")
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            for answer in pipe:
                proved, evidence = json.loads(answer)
                yield {"id": cases.pop(0)["id"], "proved": proved, "evidence": evidence}
        _, status = os.waitpid(child, 0)
        if cases:
            case = cases.pop(0)
            claimed = case["claim"] is not None and "ends the process" in case["claim"]["message"]
            evidence = f"the child died, wait status {status} (14: time limit of {TIME_LIMIT} s)"
            yield {"id": case["id"], "proved": claimed and status == signal.SIGABRT, "evidence": evidence}


def main(generation: str, folder: str) -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the examples print
    framework = load(generation)
    for line in sys.stdin:
        for answer in in_children(framework, json.loads(line), folder):
            print(json.dumps(answer), file=answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
