"""`python -m tests.proof.worker 2|3`: judges cases given as lines of JSON, each in a child of its own.

This process imports TensorFlow once and executes nothing: a child forked after the first operation would hang.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from typing import Any

from tests.proof.claim import Claim, Unproved
from tests.proof.example import Example
from tests.proof.framework import Framework, load
from tests.proof.good import prove_good
from tests.proof.oracles import ORACLES

TIME_LIMIT = 60


def judge(framework: Framework, case: dict[str, Any]) -> tuple[bool, str]:
    try:
        example = Example(framework, case["source"], case["marked"])
        if case["claim"] is None:
            return True, prove_good(example, case["class_name"])
        claim = Claim(**{**case["claim"], "errors": tuple(case["claim"]["errors"])})
        return True, ORACLES[claim.code](example, claim)
    except Unproved as error:
        return False, str(error)
    except BaseException:
        return False, traceback.format_exc()


def in_child(framework: Framework, case: dict[str, Any]) -> dict[str, Any]:
    started = time.monotonic()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        signal.alarm(TIME_LIMIT)
        proved, evidence = judge(framework, case)
        with os.fdopen(writer, "w") as pipe:
            json.dump([proved, evidence], pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if answer and status == 0:
        proved, evidence = json.loads(answer)
    else:
        proved, evidence = False, f"the child died, wait status {status} (14: time limit of {TIME_LIMIT} s)"
    return {
        "id": case["id"],
        "proved": proved,
        "evidence": evidence,
        "seconds": round(time.monotonic() - started, 2),
    }


def main(generation: str) -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the examples print
    framework = load(generation)
    for line in sys.stdin:
        print(json.dumps(in_child(framework, json.loads(line))), file=answers)


if __name__ == "__main__":
    main(sys.argv[1])
