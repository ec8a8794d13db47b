"""KLL122: Python prints a tensor, which it does while tracing only."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

END = "shows a symbolic tensor instead of values"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("print(x)  # here", END, END, ""),
    ("print('mean', tf.reduce_mean(x))  # here", END, END, ""),
    ("print(f'mean {ops.mean(x)}')  # here", END, END, ""),
    ("import logging\nlogging.warning('sum %s', ops.sum(x))  # here", END, END, ""),
    ("import logging\nlogger = logging.getLogger(__name__)\nlogger.info(str(x))  # here", END, END, ""),
    ("import warnings\nwarnings.warn(f'sum {ops.sum(x)}')  # here", END, END, ""),
    ("print(self.w)  # here", END, END, ""),
    ("self.show(x)", END, END, "def show(self, value):\n    print('value', value)  # here\n"),
]

SILENT = [
    ("print('tracing', x.shape, self.units)", ""),
    ("import logging\nlogging.info('called')", ""),
    ("tf.print('values', x)", ""),
    ("print(x.dtype, len(x.shape), training)", ""),
    ("print(self.name)", ""),
    ("x = tf.py_function(lambda v: print(v) or v, [x], tf.float32)", ""),
    ("if tf.executing_eagerly():\n    print(x)", ""),
    ("message = f'{x}'", ""),
    ("if len(x.shape) > 4:\n    raise ValueError(f'got {x}')", ""),
    ("print(self.of_somebody_else(x))", ""),
    ("pass", "def show(self, x):\n    print(self.w, x)\n"),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL122", layer(call=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL122", layer(call=body, methods=methods))
