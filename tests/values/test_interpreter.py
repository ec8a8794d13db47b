"""What is certain and what is only possible in a run of layer code: one row a case.

In each the lines to be reported, and no others, end with `# KLLnnn`. `HEAD` stands before a body of `call`, `METHODS`
before whole methods.
"""

from __future__ import annotations

import re
import textwrap

import pytest

from keras_layer_lint import Settings, lint_source

HEAD = """
import types
import keras
import numpy as np
from contextlib import suppress
from keras import ops

LIMIT = None
NOTHING = (type(None), list)


class Subject(keras.layers.Layer):
"""
CALL = """
    def call(self, inputs, flag=False, count=3):
"""

CODE = re.compile(r"KLL\d{3}")


def check(source: str, keras: str = "3") -> None:
    found = {(d.span.line, d.code) for d in lint_source(source, "example.py", Settings(keras=(keras,)))}
    expected = {
        (number, code)
        for number, line in enumerate(source.splitlines(), 1)
        for code in CODE.findall(line.partition("#")[2])
    }
    watched = {"KLL101", "KLL102", "KLL103", "KLL206"}
    assert {item for item in found if item[1] in watched} == expected, source


IS_NONE = {
    "type(None)": """
        limit = None
        if isinstance(limit, type(None)):
            limit = 0.5
        else:
            limit = ops.mean(inputs)
        if limit > 0:
            inputs = -inputs
    """,
    "types.NoneType": """
        limit = None
        if not isinstance(limit, (list, types.NoneType)):
            limit = ops.mean(inputs)
        else:
            limit = 0.5
        if limit > 0:
            inputs = -inputs
    """,
    "None in a union of types": """
        limit = None
        limit = 0.5 if isinstance(limit, int | None) else ops.mean(inputs)
        if limit > 0:
            inputs = -inputs
    """,
    "types that are not written out": """
        limit = None
        limit = 0.5 if isinstance(limit, NOTHING) else ops.mean(inputs)
        if limit > 0:
            inputs = -inputs
    """,
    "object": """
        limit = None
        limit = 0.5 if isinstance(limit, object) else ops.mean(inputs)
        if limit > 0:
            inputs = -inputs
    """,
    "a number is not None": """
        limit = 0.5
        limit = ops.mean(inputs) if isinstance(limit, type(None)) else limit
        if limit > 0:
            inputs = -inputs
    """,
    "a tensor is not None": """
        limit = ops.mean(inputs)
        if isinstance(limit, type(None)):
            limit = 0.5
        if limit > 0:  # KLL101
            inputs = -inputs
    """,
    "None is not a list": """
        limit = None
        limit = 0.5 if isinstance(limit, list) else ops.mean(inputs)
        if limit > 0:  # KLL101
            inputs = -inputs
    """,
    "what is left is no longer None": """
        limit = ops.mean(inputs) if flag else None
        if isinstance(limit, type(None)):
            return inputs
        if limit > 0:  # KLL101
            inputs = -inputs
    """,
}

OUTER_NAMES = {
    "nonlocal": """
        limit = ops.mean(inputs)
        def choose():
            nonlocal limit
            limit = 3
        choose()
        if limit > 2:
            inputs = -inputs
    """,
    "nonlocal that makes a tensor": """
        limit = 3
        def choose():
            nonlocal limit
            limit = ops.mean(inputs)
        choose()
        if limit > 2:  # KLL101
            inputs = -inputs
    """,
    "nonlocal twice": """
        limit = ops.mean(inputs)
        def choose():
            nonlocal limit
            limit = 3
        choose()
        limit = ops.mean(inputs)
        choose()
        if limit > 2:
            inputs = -inputs
    """,
    "nonlocal of two functions around": """
        limit = ops.mean(inputs)
        def outer():
            def inner():
                nonlocal limit
                limit = 3
            inner()
        outer()
        if limit > 2:
            inputs = -inputs
    """,
    "nonlocal under a condition": """
        limit = 3
        def choose():
            nonlocal limit
            if flag:
                limit = ops.mean(inputs)
        choose()
        if limit > 2:
            inputs = -inputs
    """,
    "nonlocal behind a return": """
        limit = 3
        def choose():
            nonlocal limit
            if flag:
                return
            limit = ops.mean(inputs)
        choose()
        if limit > 2:
            inputs = -inputs
    """,
    "nonlocal in a function called under a condition": """
        limit = 3
        def choose():
            nonlocal limit
            limit = ops.mean(inputs)
        def maybe():
            if flag:
                choose()
        maybe()
        if limit > 2:
            inputs = -inputs
    """,
    "nonlocal called under a condition": """
        limit = 3
        def choose():
            nonlocal limit
            limit = ops.mean(inputs)
        if flag:
            choose()
        if limit > 2:
            inputs = -inputs
    """,
    "augmented": """
        limit = 3
        def grow():
            nonlocal limit
            limit += ops.mean(inputs)
        grow()
        if limit > 2:  # KLL101
            inputs = -inputs
    """,
    "unpacked": """
        limit = ops.mean(inputs)
        def choose():
            nonlocal limit
            limit, _ = 3, 4
        choose()
        if limit > 2:
            inputs = -inputs
    """,
    "bound by for": """
        limit = ops.mean(inputs)
        def choose():
            nonlocal limit
            for limit in (1, 2):
                pass
        choose()
        if limit > 2:
            inputs = -inputs
    """,
    "not nonlocal": """
        limit = ops.mean(inputs)
        def choose():
            limit = 3
            return limit
        choose()
        if limit > 2:  # KLL101
            inputs = -inputs
    """,
    "global": """
        global LIMIT
        LIMIT = 3
        limit = ops.mean(inputs) if LIMIT is None else 3
        if limit > 2:
            inputs = -inputs
    """,
    "global of a function inside": """
        def choose():
            global LIMIT
            LIMIT = 3
        choose()
        limit = ops.mean(inputs) if LIMIT is None else 3
        if limit > 2:
            inputs = -inputs
    """,
    "a global that nobody binds": """
        limit = ops.mean(inputs) if LIMIT is None else 3
        if limit > 2:  # KLL101
            inputs = -inputs
    """,
}

METHODS = {
    "two layers of one class, one helper": """
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.plain = keras.layers.LSTM(4)
            self.stateful = keras.layers.LSTM(4, return_state=True)

        def _read(self, layer, inputs):
            return layer(inputs)

        def call(self, inputs):
            outputs = self._read(self.plain, inputs)
            more, hidden, carry = self._read(self.stateful, inputs)
            a, b = self._read(self.plain, inputs)  # KLL103
            return outputs + more + hidden + carry + a + b
    """,
    "lists that differ behind the thirty-second item": """
        def _last(self, values):
            return values[-1]

        def call(self, inputs):
            total = ops.mean(inputs)
            numbers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2]
            tensors = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, total]
            if self._last(tensors) > 0:  # KLL101
                return -inputs
            if self._last(numbers) > 0:
                return -inputs
            return inputs
    """,
    "1 is not True, and 0.0 not 0": """
        def _pick(self, value, inputs):
            return ops.mean(inputs) if isinstance(value, bool) else 3

        def call(self, inputs):
            if self._pick(True, inputs) > 2:  # KLL101
                inputs = -inputs
            if self._pick(1, inputs) > 2:
                inputs = -inputs
            return inputs
    """,
    "a dict with many keys": """
        def _pick(self, values):
            return values["j"]

        def call(self, inputs):
            some = {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1, "h": 1, "i": 1, "j": ops.mean(inputs)}
            if self._pick(some) > 0:  # KLL101
                return -inputs
            if self._pick({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1, "h": 1, "i": 1, "j": 2}) > 0:
                return -inputs
            return inputs
    """,
    "a helper that stores": """
        def _reset(self):
            self.total = 0.0

        def call(self, inputs):
            self._reset()
            self.total = ops.sum(inputs)
            outputs = inputs + self.total
            self._reset()
            if self.total > 0:
                outputs = outputs + 1
            return outputs
    """,
    "a helper that stores, twice in the same state": """
        def _reset(self):
            self.total = 0.0

        def call(self, inputs):
            total = ops.sum(inputs)
            self.total = total
            self._reset()
            self.total = total
            self._reset()
            if self.total > 0:
                inputs = -inputs
            return inputs
    """,
    "a helper of a helper that stores": """
        def _reset(self):
            self.total = 0.0

        def _begin(self):
            self._reset()

        def call(self, inputs):
            self._begin()
            self.total = ops.sum(inputs)
            outputs = inputs + self.total
            self._begin()
            if self.total > 0:
                outputs = outputs + 1
            return outputs
    """,
    "a helper that fills a dict": """
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.memory = {"total": 0.0}

        def _reset(self):
            self.memory["total"] = 0.0

        def call(self, inputs):
            self._reset()
            self.memory["total"] = ops.sum(inputs)
            self._reset()
            if self.memory["total"] > 0:
                inputs = -inputs
            return inputs
    """,
    "a helper that reads": """
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.value = 1.0

        def _current(self):
            return self.value

        def call(self, inputs):
            first = self.value
            self.value = ops.mean(inputs)
            outputs = inputs * self._current()
            if self._current() > 0:  # KLL101
                outputs = -outputs
            self.value = first
            if self._current() > 0:
                outputs = -outputs
            return outputs
    """,
    "a property that reads": """
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.value = 1.0

        @property
        def current(self):
            return self.value

        def call(self, inputs):
            first = self.value
            self.value = ops.mean(inputs)
            outputs = inputs * self.current
            self.value = first
            if self.current > 0:
                outputs = -outputs
            return outputs
    """,
    "a helper that calls what it is given": """
        def _run(self, function):
            return function()

        def call(self, inputs):
            limit = ops.mean(inputs)
            def read():
                return limit
            if self._run(read) > 0:  # KLL101
                inputs = -inputs
            limit = 3
            if self._run(read) > 0:
                inputs = -inputs
            return inputs
    """,
    "a helper that gives a function": """
        def _counter(self):
            count = 0
            def step(value):
                nonlocal count
                old, count = count, value
                return old
            return step

        def call(self, inputs):
            first = self._counter()
            first(ops.mean(inputs))
            second = self._counter()
            if second(1) > 0:
                inputs = -inputs
            if first(1) > 0:  # KLL101
                inputs = -inputs
            return inputs
    """,
    "an attribute bound on one path": """
        def __init__(self, flag=False, **kwargs):
            super().__init__(**kwargs)
            self.flag = flag
            self.value = 1.0

        def call(self, inputs):
            if self.flag:
                self.value = ops.mean(inputs)
            if self.value > 0:
                inputs = -inputs
            return inputs
    """,
    "an attribute bound by a helper on one path": """
        def __init__(self, flag=False, **kwargs):
            super().__init__(**kwargs)
            self.flag = flag
            self.value = 1.0

        def _take(self, inputs):
            self.value = ops.mean(inputs)

        def call(self, inputs):
            if self.flag:
                self._take(inputs)
            if self.value > 0:
                inputs = -inputs
            return inputs
    """,
    "an attribute bound on one path of a helper": """
        def __init__(self, flag=False, **kwargs):
            super().__init__(**kwargs)
            self.flag = flag
            self.value = 1.0

        def _take(self, inputs):
            if self.flag:
                return
            self.value = ops.mean(inputs)

        def call(self, inputs):
            self._take(inputs)
            if self.value > 0:
                inputs = -inputs
            return inputs
    """,
    "an attribute of the class bound on one path": """
        value = 1.0

        def __init__(self, flag=False, **kwargs):
            super().__init__(**kwargs)
            self.flag = flag

        def call(self, inputs):
            if self.flag:
                self.value = ops.mean(inputs)
            if self.value > 0:
                inputs = -inputs
            return inputs
    """,
    "an attribute bound on all paths": """
        def __init__(self, flag=False, **kwargs):
            super().__init__(**kwargs)
            self.flag = flag
            self.value = 1.0

        def call(self, inputs):
            if self.flag:
                self.value = ops.mean(inputs)
            else:
                self.value = ops.max(inputs)
            if self.value > 0:  # KLL101
                inputs = -inputs
            return inputs
    """,
    "an attribute bound in the other branch": """
        def __init__(self, flag=False, **kwargs):
            super().__init__(**kwargs)
            self.flag = flag
            self.value = 1.0

        def call(self, inputs):
            if self.flag:
                self.value = ops.mean(inputs)
            elif self.value > 0:
                inputs = -inputs
            return inputs
    """,
    "None until `build` binds a weight": """
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.scale = None

        def build(self, input_shape):
            self.scale = self.add_weight(shape=(1,), name="scale")

        def call(self, inputs):
            if self.scale > 0:  # KLL101
                inputs = -inputs
            return inputs
    """,
    "None until a helper of `build` binds a layer": """
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.dense = None

        def _make(self):
            self.dense = keras.layers.Dense(3)

        def build(self, input_shape):
            self._make()

        def call(self, inputs):
            if self.dense(inputs) > 0:  # KLL101
                inputs = -inputs
            return inputs
    """,
    "None until `build` binds a number": """
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.size = None
            self.given = 3

        def build(self, input_shape):
            self.size = input_shape[-1]
            self.given = self.add_weight(shape=(1,), name="given") if self.size else 2

        def call(self, inputs):
            if self.size > 1 and self.given > 1:
                inputs = -inputs
            return inputs
    """,
    "a condition on an attribute that a helper binds anew": """
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.value = None

        def _reset(self):
            self.value = 3

        def call(self, inputs):
            self.value = ops.mean(inputs) if inputs.shape[0] else None
            if self.value is not None:
                self._reset()
                if self.value > 0:
                    inputs = -inputs
            return inputs
    """,
    "bound by a part of a condition": """
        def __init__(self, flag=False, **kwargs):
            super().__init__(**kwargs)
            self.flag = flag
            self.value = 1.0

        def _take(self, inputs):
            self.value = ops.mean(inputs)
            return True

        def call(self, inputs):
            self.flag and self._take(inputs)
            if self.value > 0:
                inputs = -inputs
            return inputs
    """,
    "bound by one side of a conditional expression": """
        def call(self, inputs, flag=False):
            limit = 3
            more = (limit := ops.mean(inputs)) if flag else inputs
            if limit > 2:
                inputs = -inputs
            return inputs + more
    """,
}

LOOPS = {
    "a loop that may run zero times": """
        total = 0.0
        for _ in range(count):
            total = ops.mean(inputs)
        if total > 0:
            inputs = -inputs
    """,
    "a loop that adds up, and may run zero times": """
        total = 0.0
        for _ in range(count):
            total = total + ops.mean(inputs)
        if total > 0:
            inputs = -inputs
    """,
    "a loop that certainly runs": """
        total = 0.0
        for _ in range(3):
            total = total + ops.mean(inputs)
        if total > 0:  # KLL101
            inputs = -inputs
    """,
    "a loop over a tuple": """
        total = 0.0
        for scale in (1, 2):
            total = total + ops.mean(inputs) * scale
        if total > 0:  # KLL101
            inputs = -inputs
    """,
    "a loop over no items": """
        total = 0.0
        for scale in ():
            total = total + ops.mean(inputs) * scale
        if total > 0:
            inputs = -inputs
    """,
    "a loop over a list made in a loop that certainly runs": """
        total = 0.0
        for scale in [2 * i for i in range(1, 3)]:
            total = total + ops.mean(inputs) * scale
        if total > 0:  # KLL101
            inputs = -inputs
    """,
    "a loop over what is left of a list": """
        total = 0.0
        for scale in [2 * i for i in range(1, 3) if i > count]:
            total = total + ops.mean(inputs) * scale
        if total > 0:
            inputs = -inputs
    """,
    "a while loop that may run zero times": """
        total = 0.0
        while count > 0:
            count -= 1
            total = ops.mean(inputs)
        if total > 0:
            inputs = -inputs
    """,
    "a value of the iteration before the last": """
        last = before = 0.0
        for _ in range(3):
            before = last
            last = ops.mean(inputs)
        if last > 0:  # KLL101
            inputs = -inputs
        if before > 0:
            inputs = -inputs
    """,
    "a chain of values as long as the loop": """
        a = b = c = d = 0.0
        for _ in range(3):
            if d > 0:
                inputs = -inputs
            d = c
            c = b
            b = a
            a = ops.mean(inputs)
        if a > 0:  # KLL101
            inputs = -inputs
    """,
    "break before the binding": """
        total = 0.0
        for i in range(3):
            if flag:
                break
            total = ops.mean(inputs)
        if total > 0:
            inputs = -inputs
    """,
    "continue before the binding": """
        total = 0.0
        for i in range(3):
            if flag:
                continue
            total = ops.mean(inputs)
        if total > 0:
            inputs = -inputs
    """,
    "break behind the binding": """
        total = 0.0
        for i in range(3):
            total = ops.mean(inputs)
            if flag:
                break
        if total > 0:  # KLL101
            inputs = -inputs
    """,
    "break out of a loop over names": """
        total = 0.0
        for name in ("a", "b"):
            if flag:
                break
            total = ops.mean(inputs)
        if total > 0:
            inputs = -inputs
    """,
    "continue in a loop over names": """
        total = 0.0
        for name in ("a", "b"):
            if name == "a":
                continue
            total = ops.mean(inputs)
        if total > 0:  # KLL101
            inputs = -inputs
    """,
    "else of a loop that is left": """
        total = ops.mean(inputs)
        for i in range(3):
            if flag:
                break
        else:
            total = 0.0
        if total > 0:
            inputs = -inputs
    """,
    "while True that is left": """
        total = 0.0
        while True:
            total = ops.mean(inputs)
            if flag:
                break
        if total > 0:  # KLL101
            inputs = -inputs
    """,
    "while True that may be left at once": """
        total = 0.0
        while True:
            if flag:
                break
            total = ops.mean(inputs)
        if total > 0:
            inputs = -inputs
    """,
    "until it is bound": """
        total = None
        while total is None:
            total = ops.mean(inputs)
        if total > 0:  # KLL101
            inputs = -inputs
    """,
    "a container that grows by itself": """
        nest = ops.mean(inputs)
        for _ in range(count):
            nest = (nest, nest)
        if flag:
            inputs = -inputs
    """,
    "bound in try": """
        total = 0.0
        try:
            total = ops.mean(inputs)
            total = ops.max(inputs)
        except ValueError:
            pass
        if total > 0:
            inputs = -inputs
    """,
    "bound in with": """
        total = 0.0
        with suppress(ValueError):
            total = ops.mean(inputs)
        if total > 0:
            inputs = -inputs
    """,
    "bound under another name of suppress": """
        total = 0.0
        ignoring = suppress
        with ignoring(ValueError):
            total = ops.mean(inputs)
        if total > 0:
            inputs = -inputs
    """,
    "bound in a scope": """
        total = 0.0
        with keras.name_scope("scope"):
            total = ops.mean(inputs)
        if total > 0:  # KLL101
            inputs = -inputs
    """,
}

BODIES = {**IS_NONE, **OUTER_NAMES, **LOOPS}


def body_source(name: str) -> str:
    body = textwrap.dedent(BODIES[name]).strip("\n") + "\nreturn inputs\n"
    return HEAD + CALL + textwrap.indent(body, " " * 8)


def methods_source(name: str) -> str:
    return HEAD + "\n" + textwrap.indent(textwrap.dedent(METHODS[name]).strip("\n"), " " * 4) + "\n"


@pytest.mark.parametrize("name", BODIES)
def test_body(name: str) -> None:
    check(body_source(name))


@pytest.mark.parametrize("name", METHODS)
def test_methods(name: str) -> None:
    check(methods_source(name))
