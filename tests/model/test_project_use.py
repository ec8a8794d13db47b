"""What the code of a project does with its layers, and which findings that leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.model.project_use import ProjectUse

WEIGHTS = "model.save_weights('a.weights.h5')\n"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([WEIGHTS], False),
        (["model.load_weights(path)\n"], False),
        (["tf.train.Checkpoint(model=model)\n"], False),
        (["ModelCheckpoint(path, save_weights_only=True)\n"], False),
        (["ModelCheckpoint(\n    os.path.join(folder, 'a'),\n    save_weights_only=True,\n)\n"], False),
        ([WEIGHTS, "np.save(path, x)\nfig.save('a')\nckpt_manager.save()\n"], False),
        ([WEIGHTS, "# model.save(path)\n"], False),
        ([WEIGHTS, "restored = try_load_model_weights(path)\n"], False),
        # Nothing is kept: who calls this is not seen.
        ([""], True),
        (["model.fit(x)\n"], True),
        # Saved as a whole.
        ([WEIGHTS, "model.save(path)\n"], True),
        ([WEIGHTS, "self.generator.save(path)\n"], True),
        ([WEIGHTS, "keras.models.load_model(path)\n"], True),
        ([WEIGHTS, "keras.models.clone_model(model)\n"], True),
        ([WEIGHTS, "ModelCheckpoint(path)\n"], True),
        ([WEIGHTS, "ModelCheckpoint(os.path.join(folder, 'a'), save_best_only=True)\n"], True),
        ([WEIGHTS, "Layer.from_config(config)\n"], True),
        ([WEIGHTS, "    def get_config(self): return {}\n"], True),
        ([WEIGHTS, "open('a.json', 'w').write(model.to_json())\n"], True),
        ([WEIGHTS, "path = 'best.keras'\n"], True),
    ],
)
def test_saves_models(texts: list[str], expected: bool) -> None:
    assert ProjectUse(lambda: texts).saves_models is expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["tf.train.Checkpoint(model=model)\n"], False),
        (["tf.train.Checkpoint(model=model)\n", "model.load_weights(path)\n"], False),
        (["tf.train.Checkpoint(model=model)\n", WEIGHTS], True),
        (["model.save(path)\n"], True),
        ([""], True),
    ],
)
def test_saves_by_name(texts: list[str], expected: bool) -> None:
    assert ProjectUse(lambda: texts).saves_by_name is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("layer.build((None, 4))\n", True),
        ("        self.dense.build(input_shape)\n", True),
        ("blocks[0].build([None, 4])\n", True),
        ("        super().build(input_shape)\n", False),
        ("        super(Gate, self).build(input_shape)\n", False),
        ("        tf.keras.layers.Layer.build(self, input_shape)\n", False),
        ("model.build((None, 4))\nmy_model.build(shape)\n", False),
        ("model = tuner.build(hp)\n", False),
        ("# layer.build((None, 4))\n", False),
        ("layer.build()\n", False),
    ],
)
def test_builds_by_hand(text: str, expected: bool) -> None:
    assert ProjectUse(lambda: [text]).builds_by_hand is expected


IN_A_CLASS = "class Net(Model):\n    def __init__(self):\n        self.gate = layers.Gate(4)\n"
PUBLIC = '__all__ = ["Gate"]\n'


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([IN_A_CLASS], True),
        (["import keras\n" + IN_A_CLASS, IN_A_CLASS], True),
        (["class Gate(Layer):\n    pass\n"], False),  # made nowhere: somebody else does
        ([IN_A_CLASS, "gate = Gate(4)\n"], False),
        ([IN_A_CLASS, "def net():\n    return Gate(4)(inputs)\n"], False),
        ([IN_A_CLASS + "\n\nGate(4)\n"], False),
        ([IN_A_CLASS + "    gate = Gate(\n4\n)\n"], True),
        (["class Net(Model):\n    def call(self, x): return MyGate(4)(x)\n"], False),
    ],
)
def test_is_part_of_classes(texts: list[str], expected: bool) -> None:
    assert ProjectUse(lambda: texts).is_part_of_classes("Gate", "") is expected


@pytest.mark.parametrize(
    ("package", "module", "expected"),
    [
        ("", "", True),
        ("from .nets import Net\n", "", True),
        ("from .gates import Gate\n", "", False),
        ("from .gates import *\n", "", False),
        ("from .gates import *\n", PUBLIC, False),
        ("from .gates import *\n", '__all__ = ["Net"]\n', True),
    ],
)
def test_what_a_library_hands_out_others_make(package: str, module: str, expected: bool) -> None:
    use = ProjectUse(lambda: [IN_A_CLASS], lambda: [package], is_library=True)
    assert use.is_part_of_classes("Gate", module) is expected


GATE = """
import keras


class Gate(keras.layers.Layer):
    def __init__(self, inner: keras.layers.Layer, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def call(self, inputs):
        return self.inner(inputs)


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.gate = Gate(keras.layers.Dense(4))

    def call(self, inputs):
        return self.gate(inputs)
"""


@pytest.mark.parametrize(("more", "severity"), [("", "NOTE"), ("\ngate = Gate(keras.layers.Dense(4))\n", "ERROR")])
def test_a_layer_that_only_classes_make_is_not_asked(tmp_path: Path, more: str, severity: str) -> None:
    (tmp_path / "a.py").write_text(GATE + more)
    report = lint_paths([str(tmp_path)], Settings(keras=("3",), select=("KLL301",), root=str(tmp_path)))
    assert [item.severity.name for item in report.diagnostics] == [severity]
    assert [item.message.endswith("the classes that make it") for item in report.diagnostics] == [severity == "NOTE"]


BUILT = """
from tensorflow import keras


class Gate(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(name="w", shape=(4,))

    def call(self, inputs):
        return inputs * self.w
"""


@pytest.mark.parametrize(
    ("more", "severity"),
    [("", "NOTE"), ("\nGate().build((None, 4))\n", "WARNING"), ("\ngate = Gate()\ngate.build((None, 4))\n", "WARNING")],
)
def test_weights_are_lost_where_somebody_builds_by_hand(tmp_path: Path, more: str, severity: str) -> None:
    (tmp_path / "a.py").write_text(BUILT + more)
    report = lint_paths([str(tmp_path)], Settings(keras=("2",), select=("KLL202",), root=str(tmp_path)))
    assert [item.severity.name for item in report.diagnostics] == [severity]


OWN_LOOP = """
@tf.function
def step(x):
    with tf.GradientTape() as tape:
        loss = layer(x)
    optimizer.apply_gradients(zip(tape.gradient(loss, layer.trainable_variables), layer.trainable_variables))
"""


@pytest.mark.parametrize(
    ("texts", "asks", "refuses"),
    [
        (["model.compile(jit_compile=True)\n"], True, False),
        (["model.compile(jit_compile=False)\n"], False, True),
        (["model.compile(jit_compile=False)\n", "tf.function(f, jit_compile = True)\n"], True, False),
        (["model.compile(jit_compile=flags.xla)\n"], False, False),
        (["# model.compile(jit_compile=True)\n"], False, False),
        (["tf.function(f, experimental_compile=True)\n"], True, False),
        # Without `compile`, `fit` and `predict` nothing asks for XLA.
        ([OWN_LOOP], False, True),
        ([OWN_LOOP, "word = re.compile('a')\n# model.fit(x)\n"], False, True),
        ([OWN_LOOP, "tf.function(step, jit_compile=True)\n"], True, False),
        ([OWN_LOOP, "model.compile('adam')\nmodel.fit(x)\n"], False, False),
        ([OWN_LOOP, "y = self.model.predict(x)\n"], False, False),
        ([OWN_LOOP, "y = net.predict(x)\n", "class Net:\n    def predict(self, x): ...\n"], False, True),
        ([OWN_LOOP, "net.fit(x)\n", "class Net(Model):\n  def fit(self, x):\n    super().fit(x)\n"], False, False),
        (["x = 1\n"], False, False),
    ],
)
def test_xla(texts: list[str], asks: bool, refuses: bool) -> None:
    use = ProjectUse(lambda: texts)
    assert (use.asks_for_xla, use.refuses_xla) == (asks, refuses)


def codes(root: Path, files: dict[str, str], keras: str, *selected: str) -> list[str]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    settings = Settings(root=str(root), keras=(keras,), select=selected)
    found = lint_paths([root], settings).diagnostics
    return [f"{one.severity.label} {one.code}" for one in found]


UNSAVED = """\
import keras
class Gate(keras.layers.Layer):
    def __init__(self, inner: keras.layers.Layer, units=2):
        super().__init__()
        self.inner = inner
    def call(self, inputs):
        return self.inner(inputs)
class Power(keras.layers.Layer):
    def __init__(self):
        super().__init__()
    def call(self, inputs):
        return inputs
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.py": UNSAVED, "train.py": WEIGHTS}, []),
        ({"pkg/__init__.py": "", "pkg/a.py": UNSAVED, "train.py": WEIGHTS}, []),
        ({"setup.py": "", "a.py": UNSAVED, "train.py": WEIGHTS}, []),  # a script beside the package
        ({"a.py": UNSAVED}, ["error KLL301", "error KLL306"]),
        ({"a.py": UNSAVED, "train.py": WEIGHTS, "b/c.py": "model.save(x)\n"}, ["error KLL301", "error KLL306"]),
        # Others save what a library has.
        (
            {"setup.py": "", "pkg/__init__.py": "", "pkg/a.py": UNSAVED, "train.py": WEIGHTS},
            ["error KLL301", "error KLL306"],
        ),
    ],
)
def test_what_only_saving_shows(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert codes(tmp_path, files, "3", "KLL301", "KLL306") == expected


UNNAMED = """\
import tensorflow as tf
class Affine(tf.keras.layers.Layer):
    def build(self, shape):
        self.a = self.add_weight(shape=(1,))
        self.b = self.add_weight(shape=(1,))
    def call(self, inputs):
        return inputs * self.a + self.b
"""


@pytest.mark.parametrize(
    ("train", "expected"),
    [("tf.train.Checkpoint(m=m)\n", []), (WEIGHTS, ["warning KLL209"]), ("m.fit(x)\n", ["warning KLL209"])],
)
def test_names_of_weights_where_they_are_saved_by_name(tmp_path: Path, train: str, expected: list[str]) -> None:
    assert codes(tmp_path, {"a.py": UNNAMED, "train.py": train}, "2", "KLL209") == expected


PRINTS = """\
import tensorflow as tf
class Shown(tf.keras.layers.Layer):
    def call(self, inputs):
        tf.print(inputs)
        tf.print(tf.shape(inputs))
        return inputs
"""
LIBRARY = {"setup.py": "", "pkg/__init__.py": "", "pkg/a.py": PRINTS}


@pytest.mark.parametrize(
    ("files", "keras", "expected"),
    [
        ({"a.py": PRINTS}, "2", []),
        ({"a.py": PRINTS, "b.py": "m.compile(jit_compile=True)\n"}, "2", ["note KLL151"]),
        ({"a.py": PRINTS + "tf.function(f, jit_compile=True)\n"}, "2", ["warning KLL151"] * 2),
        ({"a.py": PRINTS}, "3", ["warning KLL151"] * 2),
        ({"a.py": PRINTS, "b.py": "m.compile(jit_compile=False)\n"}, "3", []),
        (
            {"a.py": PRINTS, "b.py": "m.compile(jit_compile=False)\nm.compile(jit_compile=True)\n"},
            "3",
            ["warning KLL151"] * 2,
        ),
        # Of notes one for a class; a library may be compiled by who uses it.
        (LIBRARY, "2", ["note KLL151"]),
        ({**LIBRARY, "b.py": "m.compile(jit_compile=False)\n"}, "3", ["warning KLL151"] * 2),
    ],
)
def test_xla_in_a_project(tmp_path: Path, files: dict[str, str], keras: str, expected: list[str]) -> None:
    assert codes(tmp_path, files, keras, "KLL151") == expected
