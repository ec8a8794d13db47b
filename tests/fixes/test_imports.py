"""What a function of a library is called in a file, and the import that it takes where there is none."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m
import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.fixes.editing import edited
from keras_layer_lint.fixes.imports import meaning, written
from keras_layer_lint.fixes.place import FileTree, Place

LAYER = """\
class Gate({base}):
    def __init__(self, units=4, **kwargs):
        self.units = units

    def call(self, inputs):
        return inputs
"""


def place_in(head: str, base: str, keras: str = "3", body: str = "") -> Place:
    """The place of the KLL204 of the layer."""
    text = head + LAYER.format(base=base).replace("        self.units", f"{body}        self.units")
    found = [each for each in lint_source(text, "layers.py", Settings(keras=(keras,))) if each.code == "KLL204"]
    return Place(found[0], FileTree(text))


def as_written(place: Place, full: str) -> tuple[str, str] | None:
    """The name, and the line that is put in; and that the rest of the file stays."""
    found = written(place, full)
    if found is None:
        return None
    after = edited(place.tree.text, found.edits)
    before, new = place.tree.text.splitlines(), after.splitlines()
    more = list(new)
    for line in before:
        more.remove(line)
    assert after.replace("\n".join(more) + "\n", "", 1) == place.tree.text if more else after == place.tree.text
    return found.name, "\n".join(more)


@pytest.mark.parametrize(
    ("head", "base", "full", "name", "new"),
    [
        ("import keras\n", "keras.Layer", "keras.ops.where", "keras.ops.where", ""),
        ("import keras\nfrom keras import ops\n", "keras.Layer", "keras.ops.where", "ops.where", ""),
        ("import keras\nimport keras.ops as K\n", "keras.Layer", "keras.ops.where", "K.where", ""),
        ("import keras\nfrom keras.ops import where\n", "keras.Layer", "keras.ops.where", "where", ""),
        ("from keras import layers\n", "layers.Layer", "keras.ops.where", "ops.where", "from keras import ops"),
        ("from keras.layers import Layer\n", "Layer", "keras.saving.f", "saving.f", "from keras import saving"),
        ("from tensorflow import keras\n", "keras.layers.Layer", "keras.saving.f", "keras.saving.f", ""),
        ("import tensorflow as tf\n", "tf.keras.layers.Layer", "keras.saving.f", "tf.keras.saving.f", ""),
        (
            "import keras\nfrom tensorflow.keras.layers import Layer\n",
            "Layer",
            "keras.saving.f",
            "saving.f",
            "from tensorflow.keras import saving",
        ),
        ("import tf_keras\n", "tf_keras.layers.Layer", "keras.saving.f", "tf_keras.saving.f", ""),
        ("import tensorflow as tf\nimport keras\n", "keras.Layer", "tensorflow.math.sqrt", "tf.math.sqrt", ""),
        ("import keras\n", "keras.Layer", "tensorflow.shape", "tf.shape", "import tensorflow as tf"),
        ("import keras\nfrom tensorflow import shape\n", "keras.Layer", "tensorflow.shape", "shape", ""),
        ("import keras\nimport tensorflow.compat.v2 as tf\n", "keras.Layer", "tensorflow.shape", "tf.shape", ""),
        ("import keras\n", "keras.Layer", "numpy.eye", "np.eye", "import numpy as np"),
        # What the file calls something else.
        (
            "from keras import layers\n\nops = 3\n\n",
            "layers.Layer",
            "keras.ops.where",
            "keras.ops.where",
            "import keras",
        ),
        ("import keras\nfrom keras import ops\nops = ops or 2\n", "keras.Layer", "keras.ops.f", "keras.ops.f", ""),
        ("import keras\nfrom . import ops\n", "keras.Layer", "keras.ops.where", "keras.ops.where", ""),
        (
            "import keras\n\ntry:\n    from keras import ops\nexcept ImportError:\n    ops = None\n\n",
            "keras.Layer",
            "keras.ops.where",
            "keras.ops.where",
            "",
        ),
        (
            "import keras\nfrom keras import ops\n\n\ndef swap():\n    global ops\n    ops = None\n\n\n",
            "keras.Layer",
            "keras.ops.where",
            "keras.ops.where",
            "",
        ),
    ],
)
def test_written(head: str, base: str, full: str, name: str, new: str) -> None:
    assert as_written(place_in(head, base), full) == (name, new)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("import keras\ntf = None\n", ""),
        ("import keras\nimport tensorflow.compat.v1 as tf\n", ""),
        ("import keras\nimport tensorflow as tf\n", "        tf = units\n"),
        ("import keras\nimport tensorflow as tf\n", "        tf: int = units\n"),
        ("import keras\nimport tensorflow as tf\n", "        _ = [tf for tf in [units]]\n"),
        ("import keras\nimport tensorflow as tf\n", "        units = (tf := units)\n"),
        ("import keras\nimport tensorflow as tf\n", "        with open(units) as tf:\n            pass\n"),
        ("import keras\nimport tensorflow as tf\n", "        def tf(value):\n            return value\n"),
        ("import keras\nimport tensorflow as tf\n", "        _ = lambda tf: tf\n"),
        ("import keras\n", "        return tf\n"),
    ],
)
def test_names_that_are_something_else(head: str, body: str) -> None:
    assert written(place_in(head, "keras.Layer", body=body), "tensorflow.shape") is None


def test_a_name_that_another_function_has() -> None:
    head = "import keras\nimport tensorflow as tf\n\n\ndef of(tf):\n    return tf\n\n\n"
    assert as_written(place_in(head, "keras.Layer"), "tensorflow.shape") == ("tf.shape", "")


def test_an_import_of_the_function() -> None:
    place = place_in("import keras\n", "keras.Layer", body="        import tensorflow as flow\n")
    inner = place.method("__init__")
    assert inner is not None
    found = written(place, "tensorflow.shape", inner.body.body[1])
    assert found is not None
    assert (found.name, found.edits) == ("flow.shape", ())
    before = written(place, "tensorflow.shape", inner.body.body[0])
    assert before is not None
    assert before.name == "tf.shape"


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ('"""Text."""\n\nfrom __future__ import annotations\n\nimport keras\n\nX = 1\n', 6),
        ("import keras\n\n\ndef f():\n    import os\n\n\nimport os\n", 2),
        ("import keras; X = 1  # why\n", 2),
        ("from keras import (\n    layers,\n)\nimport keras\n", 5),
    ],
)
def test_where_an_import_goes(head: str, line: int) -> None:
    found = written(place_in(head, "keras.Layer"), "tensorflow.shape")
    assert found is not None
    (edit,) = found.edits
    assert (edit.span.line, edit.text) == (line, "import tensorflow as tf\n")


def test_without_any_import_of_keras() -> None:
    """A base class of the project says nothing of which Keras it is."""
    text = '"""Text."""\n' + LAYER.format(base="Base")
    for keras, name in (("3", "keras.ops.where"), ("2", None)):
        place = Place(place_in("import keras\n", "keras.Layer", keras).diagnostic, FileTree(text))
        found = written(place, "keras.ops.where")
        assert (None if found is None else found.name) == name
        if found is not None:
            assert edited(text, found.edits) == text.replace('"""\n', '"""\n\nimport keras\n', 1)


def test_meaning() -> None:
    place = place_in(
        "import keras\nfrom tensorflow.keras import backend as K\nfrom . import own\n",
        "keras.Layer",
        body="        x = K.shape(own.y)\n",
    )
    init = place.method("__init__")
    assert init is not None
    (call,) = m.findall(init.body.body[0], m.Call())
    assert isinstance(call, cst.Call)
    assert meaning(place, call.func) == "tensorflow.keras.backend.shape"
    assert meaning(place, call.args[0].value) is None
