from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks import cases
from tests.checks.cases import assert_silent, assert_told, messages, write

CODE = "KLL123"
OUT_OF_USE = (
    "is a weight, and `call` binds it to a tensor: the weight is out of use, and the next trace raises TypeError, "
    "for a tensor of the last one is out of scope"
)
KEPT = "keeps a tensor for the next call: where that is another trace, the tensor is out of scope: TypeError"
COUNTED = (
    "changes while `call` is traced: once for each trace, not for each batch, and the graph keeps the value it had then"
)
GROWN = (
    "grows while `call` is traced: by one element for each trace, not for each batch, and what it holds belongs to "
    "that trace"
)


def layer(body: str, more: str = "") -> str:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return f"""
import collections

class Subject(layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.n = 0
        self.last = None
        self.h = []
        self.cache = {{}}
        self.pair = [None, None]
        self.ready = False
        self.first = True
        self.scale = 0.5
        self.counts = {{"n": 0}}
        self.state = {{"h": None}}
        self.queue = collections.deque(maxlen=3)

    def build(self, shape):
        self.w = self.add_weight(name="w", shape=(4,))
        self.v = self.w
        super().build(shape)

    def call(self, inputs, training=None):
{lines}
        return inputs

{more}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("inputs = inputs * self.w\nself.w = self.w * 0.5  # KLL123", f"error: `self.w` {OUT_OF_USE}"),
        ("inputs = inputs * self.w\nself.w = tf.reduce_mean(inputs)  # KLL123", f"error: `self.w` {OUT_OF_USE}"),
        ("self.n += 1  # KLL123", f"warning: `self.n` {COUNTED}"),
        ("self.n = self.n + 1  # KLL123", f"warning: `self.n` {COUNTED}"),
        ("if training:\n    self.n += 1  # KLL123", f"warning: `self.n` {COUNTED}"),
        ("n = self.n\nn += 1\nself.n = n  # KLL123", f"warning: `self.n` {COUNTED}"),
        ("n = self.n\nfor _ in self.pair:\n    n = n + 1\n    self.n = n  # KLL123", f"warning: `self.n` {COUNTED}"),
        (
            "x = inputs if self.last is None else self.last\nself.last = inputs * 2.0  # KLL123",
            f"warning: `self.last` {KEPT}",
        ),
        (
            "if training:\n    self.last = self.last + tf.reduce_sum(inputs)  # KLL123",
            f"warning: `self.last` {KEPT}",
        ),
        ("if self.last is None:\n    self.last = tf.range(4)  # KLL123", f"warning: `self.last` {KEPT}"),
        ("self.h.append(inputs)  # KLL123", f"warning: `self.h` {GROWN}"),
        ("self.h += [inputs]  # KLL123", f"warning: `self.h` {GROWN}"),
    ],
)
def test_reported(body: str, expected: str, keras: str) -> None:
    assert messages(CODE, layer(body), keras) == [expected]


def test_a_helper_is_part_of_call() -> None:
    source = layer("self._count()", "    def _count(self):\n        self.n += 1  # KLL123")
    assert messages(CODE, source, "3") == [f"warning: `self.n` {COUNTED}"]


def test_augmented_assignment_to_a_weight() -> None:
    source = layer("self.w += 1.0  # KLL123")
    refused = "error: `self.w` is a weight: `+=` on a variable raises RuntimeError in Keras 2"
    assert messages(CODE, source, "2") == [refused]
    assert messages(CODE, source, "3") == [f"error: `self.w` {OUT_OF_USE}"]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "body",
    [
        "self.w.assign(self.w * 0.5)",
        "self.w = self.w.assign_add(self.w)",
        "old = self.w\nself.w = old * 2.0\ninputs = inputs * self.w\nself.w = old",
        "self.w = tf.nn.l2_normalize(self.v)\ninputs = inputs * self.w",
        "self.last = inputs",
        "self.last = inputs\ninputs = inputs + self.last",
        "self.last = 0.0\nself.last += tf.reduce_sum(inputs)",
        "if self.n != inputs.shape[1]:\n    self.n = inputs.shape[1]",
        "self.n = self.units",
        "if not self.n:\n    self.n = 1",
        "self.h = []\nself.h.append(inputs)",
        "self.h.clear()\nself.h.append(inputs)",
        "h = []\nh.append(inputs)",
        "self.cache['x'] = inputs.shape[1]",
        "if self.last is None:\n    with tf.init_scope():\n        self.last = tf.range(4)",
        "self.last = tf.cast(self.last, inputs.dtype)",
        "if self.units == 4:\n    inputs = tf.cast(inputs, self.last.dtype)\n"
        "if self.units == 5:\n    self.last = tf.reduce_sum(inputs)\ninputs = inputs * self.last",
    ],
)
def test_silent(body: str, keras: str) -> None:
    assert messages(CODE, layer(body), keras) == []


def test_what_another_method_changes_is_silent() -> None:
    more = "    def step(self):\n        self.n += 1\n        self.h.append(self.n)"
    assert messages(CODE, layer("inputs = inputs * self.n", more), "3") == []


FLAG = "is set while `call` is traced for the first time: the graph keeps what was decided then, for all batches"


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "body",
    [
        "if not self.ready:\n    self.w.assign(tf.reduce_mean(inputs, axis=0))\n    self.ready = True  # KLL123",
        "if training and not self.ready:\n    self._start(inputs)\n    self.ready = True  # KLL123",
        "if self.first:\n    self.first = False  # KLL123\n    return inputs\ninputs = inputs * self.w",
        "if self.first:\n    inputs = inputs * 2.0\nself.first = False  # KLL123",
        "if self.ready is False:\n    s = inputs * 2.0\n    self.ready = True  # KLL123\n    inputs = inputs + s",
    ],
)
def test_flags(body: str, keras: str) -> None:
    start = "    def _start(self, x):\n        self.w.assign(tf.reduce_mean(x, axis=0))"
    name = "first" if "self.first" in body else "ready"
    assert messages(CODE, layer(body, start), keras) == [f"warning: `self.{name}` {FLAG}"]


@pytest.mark.parametrize(
    "body",
    [
        "if not self.ready:\n    print('traced')\n    self.ready = True",
        "if not self.ready:\n    self.width = inputs.shape[-1]\n    self.ready = True",
        "if not self.ready:\n    unread = inputs * 2.0\n    self.ready = True",
        "if self.ready:\n    return inputs * 2.0\nself.ready = True\ninputs = -inputs\nself.ready = False",
        "self.ready = False\nif not self.ready:\n    inputs = inputs * 2.0\n    self.ready = True",
        "if self.ready:\n    return inputs * 2.0",
        "if self.ready:\n    return inputs * 2.0\nself.ready = training",
    ],
)
def test_flags_that_change_no_graph(body: str) -> None:
    assert messages(CODE, layer(body, "    def arm(self):\n        self.ready = True"), "3") == []


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            'if "k" in self.cache:\n    inputs = inputs + self.cache["k"]\nself.cache["k"] = inputs  # KLL123',
            "cache['k']",
        ),
        ('k = self.cache.get("k")\nself.cache["k"] = inputs  # KLL123', "cache['k']"),
        ("old = self.cache[training]\nself.cache[training] = inputs * 2.0  # KLL123", "cache[training]"),
        ('old = list(self.cache.values())\nself.cache["k"] = inputs  # KLL123', "cache['k']"),
        ('old = self.cache["k"]\nself.cache.update(k=inputs)  # KLL123', "cache['k']"),
        ("old = self.pair[0]\nself.pair[0] = inputs  # KLL123", "pair[0]"),
        ("h, c = self.pair\nself.pair[1] = h + inputs  # KLL123", "pair[1]"),
        ("self.pair[0] += tf.reduce_sum(inputs)  # KLL123", "pair[0]"),
    ],
)
def test_tensors_in_containers(body: str, text: str, keras: str) -> None:
    (message,) = messages(CODE, layer(body), keras)
    assert message.replace('"', "'") == f"warning: `self.{text}` {KEPT}"


@pytest.mark.parametrize(
    "body",
    [
        'self.cache["k"] = inputs\ninputs = inputs + self.cache["k"]',
        'self.cache = {}\nk = self.cache.get("k")\nself.cache["k"] = inputs',
        'k = self.cache.get("other")\nself.cache["k"] = inputs',
        'self.cache["k"] = inputs',
        'if training:\n    self.cache["k"] = inputs\nelse:\n    inputs = self.cache["k"]',
        'k = self.cache.get("k")\nself.cache["k"] = inputs.shape[1]',
        'cache = {}\nk = cache.get("k")\ncache["k"] = inputs',
        'k = self.cache.get("k")\nwith tf.init_scope():\n    self.cache["k"] = tf.range(4)',
        "self.pair = [inputs, inputs]\nold = self.pair[0]\nself.pair[0] = old * 2.0",
    ],
)
def test_containers_that_keep_no_tensor_for_the_next_call(body: str) -> None:
    assert messages(CODE, layer(body), "3") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("n = self.n\nself.n = n + 1  # KLL123", f"`self.n` {COUNTED}"),
        ("n = self.n + 1\nm = 2 * n\nself.n = m  # KLL123", f"`self.n` {COUNTED}"),
        ("self.n, m = self.n + 1, 0  # KLL123", f"`self.n` {COUNTED}"),
        ("self.scale = max(0.1, self.scale * 0.9)  # KLL123", f"`self.scale` {COUNTED}"),
        ("self.ready = not self.ready  # KLL123", f"`self.ready` {COUNTED}"),
        ("self.counts['n'] += 1  # KLL123", f"`self.counts['n']` {COUNTED}"),
        ("self.h = self.h + [inputs]  # KLL123", f"`self.h` {KEPT}"),
        ("old = self.state['h']\nself.state = {'h': inputs}  # KLL123", f"`self.state` {KEPT}"),
        ("self.queue.append(inputs * 2.0)  # KLL123", f"`self.queue` {GROWN}"),
    ],
)
def test_attributes_bound_from_themselves(body: str, expected: str) -> None:
    assert messages(CODE, layer(body), "3") == [f"warning: {expected}"]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "body",
    [
        "self.h.append(inputs)\ninputs = tf.concat(self.h, 0)\nself.h.clear()",
        "self.h += [inputs]\nself.h.clear()",
        "self.h.append(inputs)\nself.h = []",
        "self.h.append(inputs)\ndel self.h[:]",
        "for _ in range(3):\n    self.h.append(inputs)\nself.h.clear()",
        "self.h.extend([inputs, inputs])\nself._empty()",
    ],
)
def test_a_list_that_is_emptied_does_not_grow(body: str, keras: str) -> None:
    assert messages(CODE, layer(body, "    def _empty(self):\n        self.h.clear()"), keras) == []


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "body",
    [
        "self.h.append(inputs)  # KLL123\nif training:\n    self.h.clear()",
        "self.h.append(inputs)  # KLL123\ndel self.h[0]",
        "self.h.append(inputs)  # KLL123\nself.h.reverse()",
        "self.h.append(inputs)  # KLL123\nself.cache.clear()",
    ],
)
def test_a_list_that_may_keep_something_grows(body: str, keras: str) -> None:
    assert messages(CODE, layer(body), keras) == [f"warning: `self.h` {GROWN}"]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "read",
    ["self.last.shape", "len(self.last.shape)", "self.last.dtype", "self.last.get_shape()", "self.last.shape[-1]"],
)
def test_of_what_is_kept_only_the_shape_is_read(read: str, keras: str) -> None:
    assert messages(CODE, layer(f"if self.last is not None:\n    s = {read}\nself.last = inputs * 2.0"), keras) == []


@pytest.mark.parametrize("read", ["self.last + 1.0", "tf.shape(self.last)", "(self.last.shape, self.last[0])"])
def test_more_than_the_shape_is_read(read: str) -> None:
    source = layer(f"if self.last is not None:\n    s = {read}\nself.last = inputs * 2.0  # KLL123")
    assert messages(CODE, source, "3") == [f"warning: `self.last` {KEPT}"]


def test_another_method_reads_more_than_the_shape() -> None:
    source = layer(
        "if self.last is not None:\n    s = self.last.shape\nself.last = inputs * 2.0  # KLL123",
        "    def compute_mask(self, inputs, mask=None):\n        return self.last",
    )
    assert messages(CODE, source, "3") == [f"warning: `self.last` {KEPT}"]


HELPERS = """
    def _with(self, value):
        old = self.last
        self.last = value
        y = self._use()
        self.last = old
        return y

    def _use(self):
        return self.last * 2.0

    def _set(self, value):
        self.last = value
"""
CHANGED = "self.last = self.last * inputs"


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "body",
    [
        f"old = self.last\n{CHANGED}\nx = self._use()\nself.last = old",
        f"old: object = self.last\n{CHANGED}\nself.last = old",
        f"old, n = self.last, self.n\n{CHANGED}\nself.n += 1\nself.last, self.n = old, n",
        f"old = self.last\ntry:\n    {CHANGED}\n    return self._use()\nfinally:\n    self.last = old",
        f"old = self.last\n{CHANGED}\ntry:\n    return self._use()\nfinally:\n    self.last = old",
        f"if training:\n    old = self.last\n    {CHANGED}\n    x = self._use()\n    self.last = old\n    return x",
        f"old = self.last\nif training:\n    {CHANGED}\nself.last = old",
        f"old = self.last\nfor _ in range(3):\n    {CHANGED}\n    if self.units:\n        break\nself.last = old",
        f"old = self.last\nwith tf.name_scope('a'):\n    {CHANGED}\nself.last = old",
        f"if training:\n    old = self.last\n    {CHANGED}\n    self.last = old\n"
        f"else:\n    old = self.last\n    {CHANGED}\n    self.last = old",
        "self._with(inputs * self.last)",
        "old = self.last\nself._set(inputs * self.last)\nx = self._use()\nself.last = old",
    ],
)
def test_what_is_put_back_is_kept_by_no_call(body: str, keras: str) -> None:
    assert messages(CODE, layer(body, HELPERS), keras) == []


@pytest.mark.parametrize(
    "body",
    [
        f"{CHANGED}  # KLL123\nold = self.last\nself.last = old",
        f"old = self.last\n{CHANGED}  # KLL123\nif training:\n    self.last = old",
        f"old = self.last\n{CHANGED}  # KLL123\nif training:\n    return inputs\nself.last = old",
        f"old = self.last\nif training:\n    {CHANGED}  # KLL123\n    return inputs\nself.last = old",
        f"old = self.last\nold = inputs\n{CHANGED}  # KLL123\nself.last = old",
        f"old = self.last\n{CHANGED}  # KLL123\nself.n = old",
        f"old = self.last\n{CHANGED}  # KLL123\nold = self.last\nself.last = old",
        f"old = self.scale\n{CHANGED}  # KLL123\nself.last = old",
        f"old = self.last\nself.last = old\n{CHANGED}  # KLL123",
    ],
)
def test_what_is_put_back_too_seldom_is_kept(body: str) -> None:
    assert messages(CODE, layer(body, HELPERS), "3") == [f"warning: `self.last` {KEPT}"]


COUNTS = (
    "self.n` changes while `call` is traced: once for each trace, not for each batch, and the graph keeps the value"
)


@pytest.mark.parametrize(
    ("body", "functions", "expected"),
    [
        (
            "x = counted(self, x)",
            "def counted(layer, value):\n    layer.n += 1  # KLL123\n    return value / layer.n",
            COUNTS,
        ),
        (
            "x = counted(x, self)",
            "def step(layer):\n    layer.n += 1  # KLL123\n\ndef counted(value, layer):\n"
            "    step(layer)\n    return value / layer.n",
            COUNTS,
        ),
        (
            "x = cached(self, x)",
            "def cached(layer, value):\n    if layer.last is None:\n"
            "        layer.last = tf.reduce_mean(value)  # KLL123\n    return value - layer.last",
            KEPT,
        ),
        (
            "x = annealed(self, x)",
            "def annealed(layer, value):\n    layer.scale = layer.scale * 0.9  # KLL123\n"
            "    return value * layer.scale",
            "self.scale` changes while `call` is traced",
        ),
        (
            "x = annealed(self, x)",
            "def annealed(layer, value):\n    new = layer.scale * 0.9\n    layer.scale = new  # KLL123\n"
            "    return value * layer.scale",
            "self.scale` changes while `call` is traced",
        ),
        (
            "x = counted(self, x)",
            'def counted(layer, value):\n    layer.counts["n"] += 1  # KLL123\n    return value / layer.counts["n"]',
            "changes while `call` is traced",
        ),
        (
            "x = remembered(self, x)",
            "def remembered(layer, value):\n    layer.h.append(tf.reduce_mean(value))  # KLL123\n"
            "    return value - layer.h[0]",
            "self.h` grows while `call` is traced",
        ),
        (
            "x = scaled(self, x)",
            "def scaled(layer, value):\n    old = layer.scale\n    layer.scale = layer.scale * 2\n"
            "    value = value * layer.scale\n    layer.scale = old\n    return value",
            "",
        ),
        (
            "x = scaled(self, tf.zeros((2,)))",
            "def scaled(layer, other):\n    other.scale = layer.scale * 0.9\n    return other.scale",
            "",
        ),
        (
            "x = counted(self, x)",
            'def counted(layer, value):\n    layer.counts = {"n": 0}\n    layer.counts["n"] += 1\n'
            '    return value / layer.counts["n"]',
            "",
        ),
        ("x = counted(self, x)", "def counted(layer, value):\n    layer.n = 1\n    return value", ""),
        ("x = counted(self, x)", "def counted(layer, value):\n    value.n = value\n    return value", ""),
        ("x = counted(self.scale, x)", "def counted(layer, value):\n    layer.n += 1\n    return value", ""),
    ],
)
def test_functions_change_the_layer_that_they_are_given(body: str, functions: str, expected: str) -> None:
    found = messages(CODE, layer(body) + "\n\n" + functions, "3")
    assert len(found) == bool(expected)
    assert all(expected in message for message in found)


@pytest.mark.parametrize(
    "function",
    [
        "layer.n += 1",
        "layer.scale = layer.scale * 0.9",
        'layer.counts["n"] += 1',
        "layer.h.append(value)",
    ],
)
def test_functions_of_another_file_change_the_layer(tmp_path: Path, function: str) -> None:
    reads = 'value * layer.n * layer.scale * layer.counts["n"] * len(layer.h)'
    write(tmp_path, {"helpers.py": f"def changed(layer, value):\n    {function}\n    return {reads}\n"})
    source = "from helpers import changed\n" + layer("inputs = changed(self, inputs)  # KLL123")
    (message,) = messages(CODE, source, "3", tmp_path / "example.py")
    assert message.startswith("warning: `changed()`, called here, has `")


def test_functions_of_another_file_put_back_what_they_change(tmp_path: Path) -> None:
    body = (
        "old = layer.n\n    layer.n = layer.n + 1\n    value = value * layer.n\n    layer.n = old\n    return value\n"
    )
    write(tmp_path, {"helpers.py": f"def changed(layer, value):\n    {body}"})
    source = "from helpers import changed\n" + layer("inputs = changed(self, inputs)")
    assert messages(CODE, source, "3", tmp_path / "example.py") == []


@pytest.mark.parametrize(
    "body",
    [
        "if training:\n    mean = tf.reduce_mean(inputs)\n    inputs = inputs - self.last\n"
        "    self.last = mean  # KLL123",
        "if training:\n    if self.last is None:\n        self.last = tf.reduce_mean(inputs)  # KLL123\n"
        "    inputs = inputs - self.last",
    ],
)
def test_read_and_stored_under_one_condition(body: str) -> None:
    assert messages(CODE, layer(body), "3") == [f"warning: `self.last` {KEPT}"]


@pytest.mark.parametrize(
    "body",
    [
        "if self.units > 4:\n    inputs = inputs - self.last\nelse:\n    self.last = tf.reduce_mean(inputs)",
        "if self.units > 4:\n    inputs = inputs - self.last\nif training:\n    self.last = tf.reduce_mean(inputs)",
    ],
)
def test_read_and_stored_under_two_conditions(body: str) -> None:
    assert messages(CODE, layer(body), "3") == []


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("lambda v: v * 2", [f"warning: `self.last` {KEPT}"]),
        ("tf.identity", [f"warning: `self.last` {KEPT}"]),
        ("lambda v: tuple(v.shape)", []),
        ("shape_of", []),
    ],
)
def test_what_a_function_makes_of_each_element(function: str, expected: list[str]) -> None:
    mark = f"  # {CODE}" if expected else ""
    body = f"if self.last is None:\n    self.last = tf.nest.map_structure({function}, inputs){mark}"
    source = "from elsewhere import shape_of\n" + layer(body)
    assert messages(CODE, source, "2") == expected


ARRAYS = [
    # what `call` does with a NumPy array on self, what is told
    ("self.array[0] += 1  # here", "`self.array[0]`"),
    ("self.array[:, 0] *= 0.9  # here", "`self.array[:, 0]`"),
    ("self.array += 1.0  # here", "`self.array`"),
    ("self.array = 0.9 * self.array + 0.1  # here", "`self.array`"),
    ("self.array[:] = self.array * 0.9  # here", "`self.array[:]`"),
    ("self.array[0] = self.array[1] + 1  # here", "`self.array[0]`"),
]
NO_STATE = [
    "x = x * self.array[0]",
    "self.array = np.zeros(4)\nx = x * self.array",
    "array = np.zeros(4)\narray[0] += 1\nx = x * array",
    "self.array = np.zeros(4)\nself.array[0] += 1\nx = x * self.array",
    "self.array[0] = 1.0",
]


@pytest.mark.parametrize(("body", "told"), ARRAYS)
def test_numpy_arrays(body: str, told: str) -> None:
    end = (
        f"{told} changes while `call` is traced: once for each trace, not for each batch, and the graph keeps the "
        "value it had then"
    )
    assert_told(
        "KLL123", cases.layer(init="self.array = np.zeros((4, 4))", call=f"{body}\nx = x * self.array"), end, end
    )


@pytest.mark.parametrize("body", NO_STATE)
def test_numpy_arrays_that_are_no_state(body: str) -> None:
    assert_silent("KLL123", cases.layer(init="self.array = np.zeros((4, 4))", call=body))


WITH = """
from contextlib import contextmanager

@contextmanager
def replaced(layer):
    old = layer.kernel
    layer.kernel = tf.abs(layer.kernel){mark}
    try:
        yield
    finally:
        layer.kernel = {back}

class Positive(layers.Dense):
    def call(self, inputs):
        with replaced(self):
            return super().call(inputs)
"""


def test_a_context_that_puts_a_weight_back() -> None:
    assert messages(CODE, WITH.format(mark="", back="old"), "2") == []
    assert len(messages(CODE, WITH.format(mark="  # KLL123", back="tf.abs(old)"), "2")) == 1


BY_KEY = """
class Cached(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.cache = {{}}

    def call(self, inputs):
        key = {key}
        if key not in self.cache:
            self.cache[key] = tf.reduce_sum(inputs){mark}
        return inputs - self.cache[key]
"""


@pytest.mark.parametrize(
    ("key", "is_own"),
    [
        ("id(inputs)", True),
        ("hash(inputs.ref())", True),
        ("(id(inputs), inputs.shape[1])", True),
        ("inputs.ref()", True),
        ("inputs.shape[1]", False),
        ("inputs.id", False),
    ],
)
def test_what_is_kept_for_one_tensor(key: str, is_own: bool) -> None:
    mark = "" if is_own else "  # KLL123"
    assert len(messages(CODE, BY_KEY.format(key=key, mark=mark), "2")) == (not is_own)


@pytest.mark.parametrize(("code", "keras"), [("KLL123", "2"), ("KLL132", "2"), ("KLL132", "3")])
def test_layers_that_are_kept(code: str, keras: str) -> None:
    kept = f"self.h.append(layers.Dense(4))  # {code}\ninputs = self.h[-1](inputs)"
    assert messages(code, layer(kept), keras)


def test_keras_3_refuses_layers_at_the_line() -> None:
    """KLL132 says so: nothing grows."""
    assert messages(CODE, layer("self.h.append(layers.Dense(4))\ninputs = self.h[-1](inputs)"), "3") == []


KEEPING = """
class Subject(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.kept = None

    def call(self, x, training=None):
        {code}
        return x
"""
KEEPS_WHILE_TRAINING = [
    "if training:\n    self.kept = tf.reduce_mean(x)  # here\nx = x - self.kept",
    "if training is None or training:\n    self.kept = tf.reduce_mean(x)  # here\nx = x - self.kept",
    "if training:\n    self.kept = tf.abs(x)  # here\nif self.kept is None:\n    self.kept = 0.0\nx = x - self.kept",
    "if training:\n    self.kept = tf.abs(x)  # here\nif self.kept is not None:\n    x = x - self.kept",
    "if training:\n    mean = tf.abs(x)\n    self.kept = mean  # here\nelse:\n    mean = self.kept\nx = x - mean",
]
BINDS_IT_FIRST = [
    "if training:\n    self.kept = tf.abs(x)\nelse:\n    self.kept = tf.exp(x)\nx = x - self.kept",
    "if training:\n    self.kept = tf.abs(x)\n    x = x - self.kept",
    "if training:\n    self.kept = tf.abs(x)\nself.kept = tf.exp(x)\nx = x - self.kept",
    "if not training:\n    self.kept = tf.abs(x)\nelse:\n    x = x - 1.0",
    "if training:\n    self.kept = x.shape[-1]\nx = x - self.kept",
    "if training:\n    self.kept = tf.abs(x)\nif self.kept is None:\n    x = x - 1.0",
    "if self.wide:\n    self.kept = tf.abs(x)\nx = x - self.kept",
]


def kept(code: str) -> str:
    return KEEPING.format(code=code.replace("\n", "\n        "))


@pytest.mark.parametrize("code", KEEPS_WHILE_TRAINING)
def test_kept_while_training(code: str) -> None:
    assert_told(CODE, kept(code), KEPT, KEPT)


@pytest.mark.parametrize("code", BINDS_IT_FIRST)
def test_bound_in_the_same_call(code: str) -> None:
    assert_silent(CODE, kept(code))
