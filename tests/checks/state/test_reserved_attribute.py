"""KLL212: An attribute that Keras keeps for itself."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

END = "AttributeError"

REPORTED = [
    # the body, how the message ends in Keras 2 and in Keras 3, other methods
    ("self.weights = []  # here", END, END, ""),
    ("self.dtype = 'float32'  # here", END, END, ""),
    ("self.input_shape = (4,)  # here", END, "", ""),
    ("self.path = 'a'  # here", "", END, ""),
    ("self._layers = []  # here", "", "silently, weights are not saved", ""),
    ("self.name = 'fixed'  # here", END, "", ""),
    ("import threading\nself._lock = threading.Lock()  # here", "", "the first call raises RuntimeError", ""),
    ("self.losses, self.rate = [], 0.5  # here", END, END, ""),
    ("self.build = True  # here", "when it loads a `.keras` file: TypeError", "", ""),
    ("self.call = False  # here", "when it loads a `.keras` file: TypeError", "", ""),
    ("self.grow()", END, END, "def grow(self):\n    self.variables = []  # here\n"),
]

SILENT = [
    ("self.layers = []", ""),
    ("self.my_weights = []", ""),
    ("self._lock = False", ""),
    ("weights = []", ""),
    ("other = self.of_somebody_else()\nother.weights = []", ""),
    ("self._name = 'fixed'", ""),
    (
        "self.weights = []",
        ("@property\ndef weights(self):\n    return []\n\n@weights.setter\ndef weights(self, value):\n    pass\n"),
    ),
    ("self.trainable = False", ""),
    ("self.built = True", ""),
    ("self.call = functools.partial(self.call, training=False)", ""),
    ("self.build = self.make", "def make(self, shape):\n    pass\n"),
    ("self.activity_regularizer = None", ""),
    ("self.supports_masking = True", ""),
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3", "methods"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str, methods: str) -> None:
    assert_told("KLL212", layer(init=body, methods=methods), keras_2, keras_3)


@pytest.mark.parametrize(("body", "methods"), SILENT)
def test_silent(body: str, methods: str) -> None:
    assert_silent("KLL212", layer(init=body, methods=methods))


OF_KERAS = "of a `Dense` is a property in Keras 3 that cannot be set: AttributeError"
OF_WRAPPER = "`Dense`, `EinsumDense`: AttributeError"
SUBLAYER = """\
class Own(layers.Dense):
    pass


class Free(layers.Layer):
    pass


class Subject(layers.{base}):
    def __init__(self, layer=None, **kwargs):
        super().__init__({given}**kwargs)
        self.dense = layers.Dense(4)
        self.norm = layers.LayerNormalization()
        self.own = Own(4)
        self.free = Free()
        self.blocks = [layers.Dense(4) for _ in range(2)]

    def call(self, x):
        {body}
        return x
"""


@pytest.mark.parametrize(
    ("base", "body", "end"),
    [
        ("Layer", "self.dense.kernel = x  # here", OF_KERAS),
        ("Layer", "self.own.kernel = x  # here", OF_KERAS),
        ("Layer", "self.blocks[0].kernel = x  # here", OF_KERAS),
        ("Layer", "dense = self.dense\n        dense.kernel = x  # here", OF_KERAS),
        ("Wrapper", "self.layer.kernel = x  # here", OF_WRAPPER),
    ],
)
def test_weight_of_a_sublayer(base: str, body: str, end: str) -> None:
    given = "layer, " if base == "Wrapper" else ""
    assert_told("KLL212", SUBLAYER.format(base=base, body=body, given=given), "", end)


@pytest.mark.parametrize(
    ("base", "body"),
    [
        ("Layer", "self.dense.bias = x"),
        ("Layer", "self.dense._kernel = x"),
        ("Layer", "self.dense.kernel.assign(x)"),
        ("Layer", "self.norm.kernel = x"),
        ("Layer", "self.free.kernel = x"),
        ("Layer", "self.layer.kernel = x"),
        ("Wrapper", "self.layer.gamma = x"),
        ("Wrapper", "self.layer.cell.kernel = x"),
        ("Wrapper", "if self.is_plain:\n            self.layer.kernel = x"),
    ],
)
def test_what_can_be_set_on_a_sublayer(base: str, body: str) -> None:
    given = "layer, " if base == "Wrapper" else ""
    assert_silent("KLL212", SUBLAYER.format(base=base, body=body, given=given))
