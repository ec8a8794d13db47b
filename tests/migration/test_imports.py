"""Imports of Keras 2, and what is used of them, as Keras 3 has them."""

from __future__ import annotations

import ast

import pytest

from keras_layer_lint.fixes.editing import edited
from keras_layer_lint.migration.imports import keras_3_imports

PAIRS = {
    "module": ("from tensorflow import keras\nkeras.layers.Dense(1)\n", "import keras\nkeras.layers.Dense(1)\n"),
    "module under another name": (
        "import tensorflow.keras as tk\ntk.layers.Dense(1)\n",
        "import keras as tk\ntk.layers.Dense(1)\n",
    ),
    "class": (
        "from tensorflow.keras.layers import Dense, Layer as Base\nDense(1), Base()\n",
        "from keras.layers import Dense, Layer as Base\nDense(1), Base()\n",
    ),
    "tf_keras": ("import tf_keras as keras\nkeras.Model()\n", "import keras\nkeras.Model()\n"),
    "one of several": (
        "from tensorflow import keras, nn\nkeras.Model(), nn.relu(1)\n",
        "from tensorflow import nn\nimport keras\nkeras.Model(), nn.relu(1)\n",
    ),
    "dotted": (
        "import tensorflow as tf\n\n\nclass A(tf.keras.layers.Layer):\n    pass\n",
        "import keras\nimport tensorflow as tf\n\n\nclass A(keras.layers.Layer):\n    pass\n",
    ),
    "dotted, with keras there": (
        "import keras\nimport tensorflow as tf\ntf.keras.Model(), keras\n",
        "import keras\nimport tensorflow as tf\nkeras.Model(), keras\n",
    ),
    "a private module": (
        "from tensorflow.python.keras.engine import base_layer\n\n\nclass A(base_layer.Layer):\n    pass\n",
        "import keras\npass\n\n\nclass A(keras.layers.Layer):\n    pass\n",
    ),
    "private modules by version": (
        "import tensorflow as tf\nif tf.VERSION:\n    from keras.src.engine import keras_tensor\nelse:\n"
        "    from tensorflow.python.keras.engine import keras_tensor\nkeras_tensor.KerasTensor\n",
        "import keras\nimport tensorflow as tf\nif tf.VERSION:\n    pass\nelse:\n    pass\nkeras.KerasTensor\n",
    ),
    "elsewhere in Keras 3": (
        "from tensorflow.keras.layers.experimental import preprocessing\npreprocessing.Rescaling(1)\n",
        "import keras\npass\nkeras.layers.Rescaling(1)\n",
    ),
    "keras that stays in TensorFlow": (
        "import tensorflow as tf\nfrom tensorflow import keras\n\n\n@tf.keras.utils.register_keras_serializable()\n"
        "class A(tf.keras.layers.Layer):\n    def call(self, x):\n        return keras.backend.dot(x, x)\n",
        "import tensorflow as tf\nfrom tensorflow import keras\n\n\n@tf.keras.utils.register_keras_serializable()\n"
        "class A(keras.layers.Layer):\n    def call(self, x):\n        return keras.backend.dot(x, x)\n",
    ),
    "under another name": (
        "import tensorflow as tf\nrate = tf.keras.experimental.CosineDecay(0.1, 5)\n",
        "import keras\nimport tensorflow as tf\nrate = keras.optimizers.schedules.CosineDecay(0.1, 5)\n",
    ),
    "a constant": (
        "import tensorflow as tf\nkind = tf.keras.losses.Reduction.AUTO\n",
        'import tensorflow as tf\nkind = "sum_over_batch_size"\n',
    ),
    "an imported constant": (
        "from tensorflow.python.keras.utils import losses_utils\nkind = losses_utils.ReductionV2.NONE\n",
        'pass\nkind = "none"\n',
    ),
    "in a function": (
        "def f():\n    from tensorflow.keras import layers\n    return layers.Dense(1)\n",
        "def f():\n    from keras import layers\n    return layers.Dense(1)\n",
    ),
    "comments": (
        "from tensorflow.keras.layers import (\n    Dense,  # one\n    LSTM,\n)\nDense, LSTM\n",
        "from keras.layers import (\n    Dense,  # one\n    LSTM,\n)\nDense, LSTM\n",
    ),
}
STAY = {
    "what only tf.keras has": "from tensorflow.keras import backend as K\nK.sum(1)\n",
    "the same, dotted": "import tensorflow as tf\ntf.keras.backend.sum(1)\n",
    "a whole module": "import tensorflow as tf\ntfk = tf.keras\ntfk.backend.sum(1)\n",
    "a whole module, imported": "from tensorflow import keras\ntfk = keras\ntfk.backend.sum(1)\n",
    "another keras": "import tensorflow as tf\nkeras = 1\ntf.keras.Model()\n",
    "what is no module": "def f(tf):\n    return tf.keras.Model()\n",
    "of another package": "from mine import keras\nkeras.Model()\n",
    "relative": "from . import keras\nkeras.Model()\n",
    "a star": "from tensorflow.keras.layers import *\n",
}


@pytest.mark.parametrize("name", PAIRS)
def test_rewritten(name: str) -> None:
    before, after = PAIRS[name]
    new = edited(before, keras_3_imports(before).edits)
    ast.parse(new)
    assert new == after
    assert edited(new, keras_3_imports(new).edits) == new


@pytest.mark.parametrize("name", STAY)
def test_stays(name: str) -> None:
    assert keras_3_imports(STAY[name]).edits == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("from tensorflow.keras import backend as K\nK.sum(1)\n", (2, "tensorflow.keras.backend.sum")),
        (
            "import tensorflow as tf\ntf.keras.layers.LocallyConnected1D\n",
            (2, "tensorflow.keras.layers.LocallyConnected1D"),
        ),
        ("from tensorflow.keras.layers import LocallyConnected1D\n", (1, "tensorflow.keras.layers.LocallyConnected1D")),
    ],
)
def test_what_is_left_is_named(text: str, left: tuple[int, str]) -> None:
    assert keras_3_imports(text).left == (left,)


def test_only_what_fails() -> None:
    private = "from keras.src.engine import keras_tensor\nkeras_tensor.KerasTensor, layers\n"
    text = f"from tensorflow.keras import layers\n{private}"
    new = edited(text, keras_3_imports(text, only_gone=True).edits)
    assert new == "import keras\nfrom tensorflow.keras import layers\npass\nkeras.KerasTensor, layers\n"
