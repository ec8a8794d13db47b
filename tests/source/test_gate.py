from __future__ import annotations

import pytest

from keras_layer_lint.source.gate import may_define_layer


@pytest.mark.parametrize(
    "source",
    [
        "class A(Layer):\n    def call(self, x): pass\n",
        "if x:\n\tclass A(tf.keras.layers.Layer):\n\t\tdef build(self, s): pass\n",
        "class A(\n    Base, Mixin\n):\n    async def call(self): pass\n",
        "class A[T](Base[T]):\n    def __init__(self): pass\n",
        "class A[T: (int, str)](Base):\n    def __init__(self): pass\n",
        "class \\\n  A(Base):\n    def get_config(self): pass\n",
        "class Ä(Base):\n    def call(self, x): pass\n",
        "\x0cclass A(Base):\n    def call(self, x): pass\n",
        "x = 1\rclass A(Base):\r    def call(self, x): pass\r",
        "class A(object, Base):\n    def call(self, x): pass\n",
        "class A(Exception): pass\nclass B(Base):\n    def call(self, x): pass\n",
        "class A(Base):\n    def _merge_function(self, inputs): pass\n",
        "class A(Base, metaclass=abc.ABCMeta):\n    def compute_mask(self, x): pass\n",
        "import tensorflow as tf\ndef wire():\n    x = tf.keras.Input((4,))\n",
        "import keras\ndef f(y, p):\n    pass\nmodel.compile('sgd', loss=f)\n",
        "import keras\ndef f(y, p):\n    pass\nmodel.compile('sgd', metrics=['mae', f])\n",
        "import keras\ndef f(x):\n    pass\ny = keras.layers.Lambda(f)(x)\n",
        "import keras\ndef f(x):\n    pass\ny = keras.layers.Dense(4, activation = f)\n",
        "class A(Base): pass\nfrom tensorflow.keras import Input\ndef wire():\n    x = Input (4)\n",
    ],
)
def test_passes(source: str) -> None:
    assert may_define_layer(source.encode())


@pytest.mark.parametrize(
    "source",
    [
        "",
        "def call(self, x): pass\n",
        "class A:\n    def call(self, x): pass\n",
        "class A():\n    def call(self, x): pass\n",
        "class A(object):\n    def call(self, x): pass\n",
        "class AError( ValueError ):\n    def __init__(self): pass\n",
        "class ATest(tf.test.TestCase):\n    def build(self): pass\n",
        "class A(Base):\n    x = 1\n",
        "class A(Base):\n    @staticmethod\n    def helper(x): pass\n",
        "class A(Base):\n    def test_it(self): pass\n    def helper(self): pass\n",
        "# class A(Base):\nx = 'def call('\n",
        "from keras import Input\ndef wire():\n    x = Input((4,))\n",
        "import tensorflow as tf\nx = tf.keras.Input((4,))\n",
        "import keras\ndef f(y, p):\n    pass\nmodel.compile('sgd', loss='f1')\n",
        "def f(y, p):\n    pass\nmodel.compile('sgd', loss=f)\n",
        "import tensorflow as tf\ndef wire():\n    x = tf.keras.InputLayer((4,))\n",
    ],
)
def test_drops(source: str) -> None:
    assert not may_define_layer(source.encode())
