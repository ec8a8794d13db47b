"""KLL215: a layer or a weight is added once the layer is built, which Keras 3 refuses."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

END = "Keras 3 then adds no layer or weight: this raises ValueError"

REPORTED = [
    # What is asked for says nothing of what is made, or need not be there.
    "def train_step(self, data):\n    if self.flag is None:\n        self.head = layers.Dense(4)  # here\n"
    "    return super().train_step(data)\n",
    "def compute_mask(self, x, mask=None):\n    if getattr(self, 'v', None) is None:\n"
    "        self.v = layers.Dense(4)  # here\n    return mask\n",
    "def grow(self):\n    self.v = self.add_weight(name='v', shape=self.w.shape)  # here\n",
    "def train_step(self, data):\n    self.head = layers.Dense(4)  # here\n    return super().train_step(data)\n",
    "def compute_mask(self, x, mask=None):\n    self.heads = [layers.Dense(4)]  # here\n    return mask\n",
]

SILENT = [
    # It may run before `build`.
    "def grow(self):\n    self.v = self.add_weight(name='v', shape=())\n",
    "def grow(self):\n    self.v = layers.Dense(self.units)\n",
    # It asks, or unlocks the tracker.
    "def grow(self):\n    if not self.built:\n        self.v = self.add_weight(name='v', shape=self.w.shape)\n",
    "def grow(self):\n    self._tracker.unlock()\n    self.v = self.add_weight(name='v', shape=self.w.shape)\n",
    # It is there by then.
    "def train_step(self, data):\n    if self.dense is None:\n        self.dense = layers.Dense(4)\n"
    "    return super().train_step(data)\n",
    "def train_step(self, data):\n    if self.w is None:\n        self.w = self.add_weight(name='w', shape=())\n"
    "    return super().train_step(data)\n",
    "def compute_mask(self, x, mask=None):\n    if not hasattr(self, 'dense'):\n"
    "        self.dense = layers.Dense(4)\n    return mask\n",
    "def compute_mask(self, x, mask=None):\n    if self.dense is not None:\n        return mask\n    else:\n"
    "        self.dense = layers.Dense(4)\n    return mask\n",
    # It adds no state.
    "def train_step(self, data):\n    self.seen = data\n    return super().train_step(data)\n",
    "def train_step(self, data):\n    head = layers.Dense(4)\n    return super().train_step(data)\n",
    "def grow(self):\n    self.size = self.w.shape\n",
    # Of `call` other rules speak.
    "def call(self, x):\n    self.v = self.add_weight(name='v', shape=self.w.shape)\n    return x\n",
]


@pytest.mark.parametrize("methods", REPORTED)
def test_reported(methods: str) -> None:
    assert_told("KLL215", layer(methods=methods), "", END)


@pytest.mark.parametrize("methods", SILENT)
def test_silent(methods: str) -> None:
    assert_silent("KLL215", layer(methods=methods))


def test_what_build_calls_runs_before() -> None:
    methods = "def grow(self):\n    self.v = self.add_weight(name='v', shape=self.w.shape)\n"
    assert_silent("KLL215", layer(build="self.grow()", methods=methods))


ONCE = """
class Subject(keras.layers.Layer):
    def __init__(self, units=4, part=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.late = None
        {init}

    def call(self, x):
        if {test}:
            self.late = {made}{mark}
        return self.used(x)

    def used(self, x):
        return x

    {methods}
"""
WEIGHT = "self.add_weight(name='late', shape=(x.shape[-1],))"


@pytest.mark.parametrize(
    ("init", "test", "made", "methods", "is_told"),
    [
        ("pass", "self.late is None", WEIGHT, "", True),
        ("pass", "self.late is None", "layers.Dense(self.units)", "", True),
        ("del self.late", "not hasattr(self, 'late')", WEIGHT, "", True),
        ("self.rates = [0.1, 0.2]", "self.late is None", WEIGHT, "", True),
        (
            "self.dense = layers.Dense(4)",
            "self.late is None",
            WEIGHT,
            "def build(self, s):\n        self.built = True",
            True,
        ),
        # Keras runs `call` to build these, and closes them afterwards.
        ("self.dense = layers.Dense(4)", "self.late is None", WEIGHT, "", False),
        ("self.blocks = [layers.Dense(4)]", "self.late is None", "layers.Dense(4)", "", False),
        ("self.part = part", "self.late is None", WEIGHT, "def used(self, x):\n        return self.part(x)", False),
        ("self.part = of_somebody_else()", "self.late is None", WEIGHT, "", False),
        # It is there by then, or the layer is open.
        ("self.late = of_somebody_else()", "self.late is None", WEIGHT, "", False),
        ("pass", "self.late is None", WEIGHT, "def build(self, s):\n        self.late = self.add_weight()", False),
        ("pass", "not self.built", WEIGHT, "", False),
        ("pass", "self.late is None", "tf.cast(x, 'float32')", "", False),
    ],
)
def test_what_the_first_call_adds(init: str, test: str, made: str, methods: str, is_told: bool) -> None:
    source = ONCE.format(init=init, test=test, made=made, methods=methods, mark="  # here" * is_told)
    assert_told("KLL215", source, "", "Keras 3 then adds none to a built layer: this raises ValueError" * is_told)


SWAPPED = """\
class Net(keras.Model):
    def __init__(self, classes=3, **kwargs):
        super().__init__(**kwargs)
        self.trunk = layers.Dense(8)
        self.head = layers.Dense(classes)

    def call(self, x):
        return self.head(self.trunk(x))

    def swap(self, classes):
        {swap}


def finetune(x, y):
    net = Net(3)
    {code}
"""
NEW_HEAD = "self.head = layers.Dense(classes)"


@pytest.mark.parametrize("build", ["net.build(x.shape)", "net.fit(x, y)", "out = net(x)", "out = net.predict(x)"])
def test_called_on_a_built_model(build: str) -> None:
    source = SWAPPED.format(swap=f"{NEW_HEAD}  # here", code=f"{build}\n    net.swap(4)")
    assert_told("KLL215", source, "", END)


@pytest.mark.parametrize(
    ("swap", "code"),
    [
        (NEW_HEAD, "net.swap(4)\n    net.fit(x, y)"),
        (NEW_HEAD, "net.fit(x, y)\n    net = Net(4)\n    net.swap(4)"),
        (NEW_HEAD, "net.fit(x, y)\n    if x is None:\n        net = Net(4)\n    net.swap(4)"),
        (NEW_HEAD, "net.fit(x, y)\n    other.swap(4)"),
        (NEW_HEAD, "net.compile('sgd')\n    net.swap(4)"),
        (f"if self.head is None:\n            {NEW_HEAD}", "net.fit(x, y)\n    net.swap(4)"),
        (f"self._tracker.unlock()\n        {NEW_HEAD}", "net.fit(x, y)\n    net.swap(4)"),
        ("self.classes = classes", "net.fit(x, y)\n    net.swap(4)"),
    ],
)
def test_not_called_on_a_built_model(swap: str, code: str) -> None:
    assert_silent("KLL215", SWAPPED.format(swap=swap, code=code))
