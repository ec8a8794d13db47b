from __future__ import annotations

import pytest

from tests.checks.cases import messages

CODE = "KLL114"
WHEN = "runs while `call` is traced, not with every batch"
RANDOM = "one random value is used for all of them"
TIME = "the time of tracing is used for all of them"
SETTING = "a later change of the variable has no effect"


def layer(line: str) -> str:
    return f"""
import datetime as dt
import os
import random
import secrets
import time
import uuid
from datetime import datetime
from random import choice
import numpy as np

class Subject(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.start = time.time()
        self.noise = np.random.rand()

    def call(self, inputs):
        {line}
        return inputs
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("line", "called", "effect"),
    [
        ("inputs = inputs * np.random.rand()", "np.random.rand()", RANDOM),
        ("inputs = inputs * np.random.uniform(0.0, 1.0)", "np.random.uniform(...)", RANDOM),
        ("rng = np.random.default_rng()", "np.random.default_rng()", RANDOM),
        ("if random.random() > 0.5: inputs = -inputs", "random.random()", RANDOM),
        ("scale = choice([1.0, 2.0])", "choice(...)", RANDOM),
        ("key = uuid.uuid4()", "uuid.uuid4()", RANDOM),
        ("key = secrets.token_hex(4)", "secrets.token_hex(...)", RANDOM),
        ("key = os.urandom(4)", "os.urandom(...)", RANDOM),
        ("now = time.time()", "time.time()", TIME),
        ("now = time.perf_counter_ns()", "time.perf_counter_ns()", TIME),
        ("now = time.localtime()", "time.localtime()", TIME),
        ("now = datetime.now()", "datetime.now()", TIME),
        ("now = dt.date.today()", "dt.date.today()", TIME),
        ("flag = os.environ.get('FLAG')", "os.environ.get(...)", SETTING),
        ("flag = os.getenv('FLAG')", "os.getenv(...)", SETTING),
        ("flag = os.environ['FLAG']", "os.environ['FLAG']", SETTING),
    ],
)
def test_reported(line: str, called: str, effect: str, keras: str) -> None:
    severity = "note" if effect == SETTING else "warning"
    assert messages(CODE, layer(f"{line}  # KLL114"), keras) == [f"{severity}: `{called}` {WHEN}: {effect}"]


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ("def later():\n    os.environ['FLAG'] = '1'\n", "warning"),
        ("def later():\n    os.environ.setdefault('FLAG', '1')\n", "warning"),
        ("def later():\n    os.environ['OTHER'] = '1'\n", "note"),
        ("os.environ['FLAG'] = '1'\n", "note"),  # before anything is traced
        ("def later():\n    return os.environ['FLAG'] == '1'\n", "note"),
    ],
)
def test_a_setting_that_changes(more: str, severity: str) -> None:
    source = f"{layer('flag = os.environ.get(str())').replace('str()', repr('FLAG'))}\n{more}"
    told = messages(CODE, source.replace("get('FLAG')", "get('FLAG')  # KLL114"), "3")
    assert told == [f"{severity}: `os.environ.get(...)` {WHEN}: {SETTING}"]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "line",
    [
        "flag = os.environ['TF_DETERMINISTIC_OPS']",
        "flag = os.environ.get('KERAS_BACKEND') == 'torch'",
        "rng = np.random.RandomState(3)",
        "rng = np.random.default_rng(seed=3)",
        "random.seed(3)",
        "time.sleep(0.1)",
        "then = time.localtime(0)",
        "inputs = inputs + tf.random.normal((4,))",
        "inputs = inputs * self.noise + self.start",
        "inputs = tf.py_function(lambda v: v * np.random.rand(), [inputs], tf.float32)",
        "if tf.executing_eagerly(): print(time.time())",
        "path = os.path.join('a', 'b')",
        "name = 'scale_' + str(uuid.uuid4())",
        "name = f'scale_{uuid.uuid1()}'",
        "name = uuid.uuid4().hex",
    ],
)
def test_silent(line: str, keras: str) -> None:
    assert messages(CODE, layer(line), keras) == []
