"""What the code of a project does with its layers, and which findings that leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.model.mentions import SourceText
from keras_layer_lint.model.project_use import ProjectUse

WEIGHTS = "model.save_weights('a.weights.h5')\n"


ONE = {"requirements.txt": ""}
"""Says that a folder holds one project: else files of many may stand side by side in it."""


def codes(root: Path, files: dict[str, str], keras: str, *selected: str, any_use: bool = False) -> list[str]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    settings = Settings(root=str(root), keras=(keras,), select=selected, any_use=any_use)
    report = lint_paths([root], settings)
    assert report.errors == ()
    return [f"{one.severity.label} {one.code}" for one in report.diagnostics]


def use_of(texts: list[str], **kinds: bool) -> ProjectUse:
    return ProjectUse(lambda: [SourceText(Path(f"{number}.py"), text, **kinds) for number, text in enumerate(texts)])


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
        ([WEIGHTS, "tf.saved_model.save(model, path)\n"], False),
        # A SavedModel is loaded without the config.
        (["model.save(path, include_optimizer=False, save_format='tf')\n"], False),
        ([WEIGHTS, 'model.save(path, save_format="tf")\n'], False),
        (["model.save(path, save_format='h5')\n"], True),
        ([WEIGHTS, '"""\nmodel.save(path)\n"""\n'], False),
        (['"""\nmodel.save(path, save_format="tf")\n"""\n'], True),
        ([WEIGHTS, "evaluator.save()\n"], False),  # a model takes a path
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
        ([WEIGHTS, "config = model.get_config()\n"], True),
        ([WEIGHTS, "    def get_config(self): return {**super().get_config()}\n"], False),
        ([WEIGHTS, "config = get_config()\nself.get_config_info()\nsuper(A, self).get_config()\n"], False),
        ([WEIGHTS, "def load_model(self, path):\n    self.load_weights(path)\n\nself.load_model(path)\n"], False),
        ([WEIGHTS, "def save_model(path): keras.models.save_model(model, path)\n"], True),
        ([WEIGHTS, "def save_model(a): pass\n", "from keras.models import save_model\nsave_model(a, b)\n"], True),
        ([WEIGHTS, "def load_model(a): pass\n", "from nets.load_model import load_model\nload_model(a, b)\n"], False),
        (["tf.saved_model.save(model, 'a.keras')\ntf.saved_model.load('a.keras')\n"], False),
        ([WEIGHTS, "open('a.json', 'w').write(model.to_json())\n"], True),
        ([WEIGHTS, "path = 'best.keras'\n"], True),
        ([WEIGHTS, "name = 'tf.keras'\nlong = 'tensorflow.keras'\n"], False),
        ([WEIGHTS, "model_from_rules = Net()\n"], False),
        ([WEIGHTS, "model = model_from_json(text)\n"], True),
    ],
)
def test_saves_models(texts: list[str], expected: bool) -> None:
    assert use_of(texts).saving.saves_models is expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ["encoder.save('a.keras')\n", "vae.decoder.save(path)\nkeras.models.load_model(path)\nfig.save(path)\n"],
            True,
        ),
        (["encoder.save('a.keras')\nvae.save(path)\n"], False),
        (["encoder.save('a.keras')\nModelCheckpoint(path)\n"], False),
        (["encoder.save('a.keras')\nModelCheckpoint(path, save_weights_only=True)\n"], True),
        (["vae.save_weights('a.weights.h5')\n"], False),
        ([""], False),
    ],
)
def test_saves_only_parts(texts: list[str], expected: bool) -> None:
    assert use_of(texts).saving.saves_only(frozenset({"encoder", "decoder"})) is expected
    assert not ProjectUse(lambda: [SourceText(Path("a.py"), texts[0])], is_library=True).saving.saves_only(
        frozenset({"encoder"})
    )


VAE = """
import keras


class Vae(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder

    def call(self, inputs):
        return self.decoder(self.encoder(inputs))

    def train_step(self, data):
        return {"loss": self(data)}


def train(encoder, decoder, data):
    vae = Vae(encoder, decoder)
    vae.fit(data)
"""


@pytest.mark.parametrize(("saved", "told"), [("encoder", []), ("vae", ["error KLL301"])])
def test_a_model_whose_parts_are_saved(tmp_path: Path, saved: str, told: list[str]) -> None:
    assert codes(tmp_path, {**ONE, "vae.py": f"{VAE}    {saved}.save('a.keras')\n"}, "3", "KLL301") == told


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
    assert use_of(texts).saving.saves_by_name is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gate.build((None, 4))\n", True),
        ("        self.gate.build(input_shape)\n", True),
        ("gates[0].build([None, 4])\n", True),
        ("for each in self.gates:\n    each.build(input_shape)\n", True),
        ("blocks.append(\n    Gate())\nblocks[0].build(shape)\n", True),
        ("layers.Gate(4).build(shape)\n", True),
        ("gate.build(input_shape=shape)\n", True),
        ("self.gate.build(shape)\nself.gate = None\nself.other.built = True\n", True),
        ("self.gate.build(shape)\nself.gate.built = True\nself.gate.build(shape)\n", True),
        # It is marked as built by whoever builds it.
        ("self.gate.build((None, len(shape)))\nself.gate.built = True\n", False),
        ("self.gate.build(\n    (None, 4),\n)\n\nself.gate.built=True\n", False),
        # Something else is built.
        ("layer.build((None, 4))\n", False),
        ("        super().build(input_shape)\n", False),
        ("        super(Gate, self).build(input_shape)\n", False),
        ("        tf.keras.layers.Layer.build(self, input_shape)\n", False),
        ("gate_model = Gate()\ngate_model.build(shape)\n", False),
        ("gate = tuner.build(hp)\n", False),
        ("# gate.build((None, 4))\n", False),
        ("gate.build()\n", False),
        ("gate.build(input_fn=batches)\n", False),
    ],
)
def test_builds_by_hand(text: str, expected: bool) -> None:
    made = "gate = layers.Gate(4)\nself.gates: list = [Gate(2), Gate(3)]\n"
    assert use_of([made + text]).builds_by_hand("Gate") is expected


def test_a_test_builds_what_it_throws_away() -> None:
    assert not use_of(["gate = Gate()\ngate.build((None, 4))\n"], is_test=True).builds_by_hand("Gate")


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
PACKAGE = {"setup.py": "", "pkg/__init__.py": ""}
REBUILT = "\n    def get_config(self):\n        return {}\n"


def test_a_layer_of_what_is_rebuilt_is_not_asked(tmp_path: Path) -> None:
    assert codes(tmp_path, {"a.py": GATE + REBUILT}, "3", "KLL301") == []


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.py": GATE}, ["note KLL301"]),
        ({**ONE, "a.py": GATE, "train.py": "net.fit(x)\n"}, []),
        ({"a.py": GATE, "train.py": "net.fit(x)\n"}, ["note KLL301"]),
        ({"a.py": f"{GATE}\ngate = Gate(keras.layers.Dense(4))\n"}, ["error KLL301"]),
        # Those who use a library may make it by itself, unless it is not handed out.
        ({**PACKAGE, "pkg/a.py": GATE}, ["note KLL301"]),
        ({**PACKAGE, "pkg/a.py": f"__all__ = ['Gate']\n{GATE}"}, ["error KLL301"]),
    ],
)
def test_a_layer_that_only_classes_make_is_not_asked(tmp_path: Path, files: dict[str, str], told: list[str]) -> None:
    assert codes(tmp_path, files, "3", "KLL301", any_use="setup.py" in files) == told


NARROW = """
import keras


class Gate(keras.layers.Layer):
    def __init__(self, units=4):
        super().__init__()
        self.units = units

    def call(self, inputs):
        return inputs * self.units


class Net(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.gate = Gate(2)

    def call(self, inputs):
        return self.gate(inputs)
"""


@pytest.mark.parametrize(
    ("more", "told"),
    [("\nnet.fit(x)\n", []), ("\ngate = Gate(4)\n", ["error KLL306"]), (REBUILT.replace("{}", "{'n': 1}"), [])],
)
def test_arguments_of_the_base_where_only_classes_make_a_layer(tmp_path: Path, more: str, told: list[str]) -> None:
    assert codes(tmp_path, {**ONE, "a.py": NARROW + more}, "3", "KLL306") == told
    named = NARROW.replace("units=4)", "units=4, name='', **kwargs)").replace("__init__()", "__init__(**kwargs)")
    assert codes(tmp_path, {"a.py": named + more}, "3", "KLL306") == ["warning KLL306"] * (told == ["error KLL306"])


BUILT = """
from tensorflow import keras


class Gate(keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(name="w", shape=(4,))

    def call(self, inputs):
        return inputs * self.w
"""


BY_HAND = "gate = Gate()\ngate.build((None, 4))\n"
IN_INIT = BUILT.replace(
    "    def build", "    def __init__(self):\n        super().__init__()\n        self.build(4)\n\n    def build"
)
SKIPS = BUILT.replace("layers.Layer", "layers.Dense").replace("return inputs", "return super().call(inputs)")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.py": BUILT}, []),  # nobody builds it by hand, and nobody else has it
        ({"a.py": BUILT, "tests/test_a.py": BY_HAND}, []),
        ({"a.py": BUILT + BY_HAND}, ["warning KLL202"]),
        ({"a.py": BUILT, "b.py": "Gate().build((None, 4))\n"}, ["warning KLL202"]),
        ({"a.py": IN_INIT}, ["warning KLL202"]),
        ({"a.py": BUILT, "b.py": "def make(layer):\n    layer.build(4)\n"}, []),  # of what class, nobody can tell
        # Others may build what a library has.
        ({**PACKAGE, "pkg/a.py": BUILT}, ["note KLL202"]),
        ({**PACKAGE, "pkg/a.py": BUILT, "tests/test_a.py": BY_HAND}, ["note KLL202"]),
        ({**PACKAGE, "pkg/a.py": BUILT, "pkg/b.py": BY_HAND}, ["warning KLL202"]),
        # The first call raises, whoever builds.
        ({"a.py": SKIPS}, ["error KLL202"]),
    ],
)
def test_weights_are_lost_where_somebody_builds_by_hand(
    tmp_path: Path, files: dict[str, str], expected: list[str]
) -> None:
    assert codes(tmp_path, files, "2", "KLL202", any_use="setup.py" in files) == expected


OWN_LOOP = """
@tf.function
def step(x):
    with tf.GradientTape() as tape:
        loss = layer(x)
    optimizer.apply_gradients(zip(tape.gradient(loss, layer.trainable_variables), layer.trainable_variables))
"""


EPOCH = "\n\n@tf.function\ndef epoch():\n    for x in data:\n        step(x)\n"
EAGER_LOOP = OWN_LOOP.replace("@tf.function\n", "# @tf.function\n")
BY_BATCH = "class Net(Model):\n    def train_on_batch(self, x):\n        pass\nnet.train_on_batch(x)\n"
ROWS = """
import tensorflow as tf


class Rows(tf.keras.layers.Layer):
    def call(self, inputs):
        return tf.reshape(inputs, [inputs.shape[0], -1])


layer = Rows()
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.py": ROWS, "train.py": EAGER_LOOP}, []),
        ({"a.py": ROWS}, ["warning KLL141"]),
        ({"a.py": ROWS, "train.py": OWN_LOOP}, []),  # it is traced for each size that it is called with
        ({"a.py": ROWS, "train.py": OWN_LOOP + EPOCH}, ["warning KLL141"]),
        ({"a.py": ROWS, "train.py": EAGER_LOOP, "b.py": "x = keras.Input((4,))\n"}, ["warning KLL141"]),
        ({"a.py": ROWS, "train.py": EAGER_LOOP, "b.py": "tf.saved_model.save(net, path)\n"}, ["warning KLL141"]),
        ({"a.py": ROWS, "train.py": EAGER_LOOP, "b.py": "net.predict(x)\n"}, ["warning KLL141"]),
        ({**PACKAGE, "pkg/a.py": ROWS, "pkg/train.py": EAGER_LOOP}, ["warning KLL141"]),
        # `compile` runs nothing by itself, and `train_on_batch` is a method of the project.
        ({"a.py": ROWS, "train.py": EAGER_LOOP, "b.py": "net.compile(loss=loss)\n"}, []),
        ({"a.py": ROWS, "train.py": EAGER_LOOP, "b.py": f"net.compile(loss=loss)\n{BY_BATCH}"}, []),
        ({"a.py": ROWS, "train.py": EAGER_LOOP + BY_BATCH, "b.ipynb": "net.train_on_batch(x)\n"}, []),
        ({"a.py": ROWS, "train.py": EAGER_LOOP, "b.ipynb": "net.train_on_batch(x)\n"}, ["warning KLL141"]),
        ({"a.py": ROWS, "train.py": EAGER_LOOP, "b.py": "net.compile()\nnet.fit(x)\n"}, ["warning KLL141"]),
    ],
)
def test_where_nothing_is_traced(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert codes(tmp_path, {**ONE, **files}, "2", "KLL141") == expected


OTHER = "class Other(tf.keras.Model):\n    pass\n\n\nmodel = Other()\nmodel.compile('sgd')\nmodel.fit(x)\n"
BY_LOOP = ROWS + EAGER_LOOP


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # Other files have Keras run their own models.
        ({"a.py": BY_LOOP, "b.py": OTHER}, []),
        ({"a.py": BY_LOOP + "words.fit(path)\n", "b.py": OTHER + "class Words:\n    def fit(self): pass\n"}, []),
        ({"a.py": BY_LOOP, "b.py": "from a import Rows\n" + OTHER + "model.rows = Rows()\n"}, ["warning KLL141"]),
        ({"a.py": BY_LOOP, "b.py": "from a import Rows\n\nf = tf.function(Rows())\n"}, ["warning KLL141"]),
        ({"a.py": BY_LOOP + "words.fit(path)\n", "b.py": OTHER}, ["warning KLL141"]),
        # What a file looks up by name is what it has.
        ({"a.py": BY_LOOP, "b.py": OTHER + "size = eval(text)\n"}, []),
        ({"a.py": BY_LOOP, "b.py": OTHER + "from a import Rows\nmodel.rows = eval(text)\n"}, ["warning KLL141"]),
        ({"a.py": BY_LOOP, "b.py": OTHER + "from a import *\nmodel.rows = globals()[name]()\n"}, ["warning KLL141"]),
        ({"a.py": BY_LOOP, "b.py": OTHER + "model.rows = import_module(name).Rows()\n"}, ["warning KLL141"]),
        ({"a.py": BY_LOOP, "b.py": OTHER, "c.ipynb": "Rows()(keras.Input((3,)))\n"}, ["warning KLL141"]),
        ({"a.py": ROWS, "train.py": EAGER_LOOP, "b.py": OTHER}, ["warning KLL141"]),
        ({**PACKAGE, "pkg/a.py": BY_LOOP, "pkg/b.py": OTHER}, ["warning KLL141"]),
    ],
)
def test_what_only_its_own_file_calls(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert codes(tmp_path, {**ONE, **files}, "2", "KLL141") == expected


@pytest.mark.parametrize(
    ("made", "expected"), [("Dense(4)", ["error KLL132"]), ("Dropout(0.5)", []), ("Flatten()", [])]
)
def test_layers_with_weights_in_an_eager_call(tmp_path: Path, made: str, expected: list[str]) -> None:
    """They are new each time, in whatever mode."""
    source = BY_LOOP.replace("tf.reshape(inputs, [inputs.shape[0], -1])", f"tf.keras.layers.{made}(inputs)")
    assert codes(tmp_path, {**ONE, "a.py": source, "b.py": OTHER}, "3", "KLL132") == expected


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
        ([OWN_LOOP, "class Net(Model):\n    def train_step(self, data):\n        ...\n"], False, False),
        ([OWN_LOOP, "class Net(Model):\n    def train_step(self, x, y):\n        ...\n"], False, True),
        (["x = 1\n"], False, False),
    ],
)
def test_xla(texts: list[str], asks: bool, refuses: bool) -> None:
    use = use_of(texts)
    assert (use.asks_for_xla, use.refuses_xla) == (asks, refuses)


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
        # Others save what a library has, unless it shows how to do without.
        ({**PACKAGE, "pkg/a.py": UNSAVED}, ["error KLL301", "error KLL306"]),
        ({**PACKAGE, "pkg/a.py": UNSAVED, "train.py": WEIGHTS}, ["note KLL301", "note KLL306"]),
        (
            {**PACKAGE, "pkg/a.py": UNSAVED, "train.py": WEIGHTS, "tests/test_a.py": "model.save(x)\n"},
            ["error KLL301", "error KLL306"],
        ),
        (
            {**PACKAGE, "pkg/a.py": UNSAVED, "train.py": WEIGHTS, "a.ipynb": "model.save(x)\n"},
            ["error KLL301", "error KLL306"],
        ),
    ],
)
def test_what_only_saving_shows(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert (
        codes(tmp_path, files, "3", "KLL301", "KLL306", any_use="pkg/a.py" in files and "setup.py" in files) == expected
    )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("scipy.io.savemat(path, values)\n", []),
        ("model.save(path)\n", ["error KLL301", "error KLL306"]),
    ],
)
def test_where_nothing_is_saved_it_is_no_matter_who_makes_a_class(
    tmp_path: Path, more: str, expected: list[str]
) -> None:
    train = f"model = getattr(import_module('a'), name)()\noptimizer.apply_gradients(zip(gradients, variables))\n{more}"
    assert codes(tmp_path, {**ONE, "a.py": UNSAVED, "train.py": train}, "3", "KLL301", "KLL306") == expected


LEFT_OUT = """\
import keras
class Gate(keras.layers.Layer):
    def __init__(self, inner: keras.layers.Layer, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner
    def call(self, inputs):
        return self.inner(inputs)
class Net(keras.Model):
    def __init__(self, inner: keras.layers.Layer):
        super().__init__()
        self.inner = inner
    def call(self, inputs):
        return self.inner(inputs)
"""
LAYER = "class {}(keras.layers.Layer):\n    def call(self, inputs):\n        return inputs\n"
KEEPS = "    def get_config(self):\n        return super().get_config()\n"
BOTH = ["error KLL301", "error KLL301"]


@pytest.mark.parametrize(
    ("rest", "files", "expected"),
    [
        # Nothing is saved, and no class of the project has a config.
        (LAYER.format("A"), {}, []),
        (LAYER.format("A"), PACKAGE, []),
        ("", PACKAGE, ["error KLL301"]),  # a layer: two classes tell nothing about layers, and Models have none
        (LAYER.format("A") + LAYER.format("B") + LAYER.format("C") + KEEPS, PACKAGE, []),
        (LAYER.format("A") + KEEPS, {}, BOTH),
        (LAYER.format("A") + KEEPS, PACKAGE, BOTH),
        (LAYER.format("A"), {**PACKAGE, "tests/test_a.py": "model.save(path)\n"}, BOTH),
        (LAYER.format("A"), {**PACKAGE, "a.ipynb": "model.save(path)\n"}, BOTH),
        (LAYER.format("A"), {**PACKAGE, "b.py": "Gate.from_config(config)\n"}, BOTH),
        # What is made from a file of settings is no layer, and other libraries save what is theirs.
        (LAYER.format("A"), {**PACKAGE, "b.py": "run = Checkpoint.from_config(\n    config, model)\n"}, []),
        (LAYER.format("A"), {**PACKAGE, "b.py": "onnx.save_model(graph, path)\nonnx.save(graph, path)\n"}, []),
        # What is registered is meant to be loaded.
        ("@keras.saving.register_keras_serializable()\n" + LAYER.format("A"), {}, BOTH),
    ],
)
def test_where_no_class_has_a_config(tmp_path: Path, rest: str, files: dict[str, str], expected: list[str]) -> None:
    name = "pkg/a.py" if PACKAGE.keys() <= files.keys() else "a.py"
    assert codes(tmp_path, {**ONE, **files, name: LEFT_OUT + rest}, "3", "KLL301") == expected


SAVES = "model = train()\nmodel.save(path)\n"
NET = """\
from a import Gate as G
class Net(keras.Model):
    def __init__(self):
        self.gate = G(1)
"""
MAKES = "from a import Gate\n\n\ndef train():\n    model = net(Gate(1))\n    model.fit(x)\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # The script that makes it saves a whole model, and so does what it calls.
        ({"train.py": f"{MAKES}    model.save(path)\n"}, "error"),
        (
            {
                "train.py": f"{MAKES}    keep(model)\n",
                "b.py": "from train import train\nmodel = train()\nmodel.save(path)\n",
            },
            "error",
        ),
        (
            {
                "train.py": f"{MAKES}    keep(model)\n",
                "b.py": "import train as t\nmodel = t.train()\nmodel.save(path)\n",
            },
            "error",
        ),
        (
            {"train.py": f"from b import keep\n{MAKES}    keep(model)\n", "b.py": "def keep(m):\n    m.save(path)\n"},
            "error",
        ),
        (
            {
                "train.py": f"import b\n{MAKES}    b.Keeper(model).keep()\n",
                "b.py": "class Keeper:\n    def keep(self):\n        self.model.save(path)\n",
            },
            "error",
        ),
        # A model that holds it is saved elsewhere.
        (
            {
                "nets.py": NET,
                "b.py": "from nets import *\nnet = Net()\nnet.save(path)\n",
            },
            "error",
        ),
        ({"train.py": MAKES, "b.py": "from train import train\ntrain()\nmodel.save(path)\n"}, "error"),
        ({"train.py": MAKES, "tests/test_a.py": "from a import Gate\nmodel.save(path)\n"}, "error"),
        ({"train.py": MAKES, "a.ipynb": "from a import Gate\nmodel.save(path)\n"}, "error"),
        # Who makes it is looked up.
        ({"train.py": MAKES, "b.py": "import a\nmodel = getattr(a, name)()\nother.save(path)\n"}, "error"),
        ({"train.py": MAKES, "b.py": "model = import_module(name).Net()\nmodel.save(path)\n"}, "error"),
        ({"train.py": MAKES.replace("def t", "@register\ndef t"), "b.py": "other.save(path)\n"}, "error"),
        # Something else is saved.
        ({"train.py": MAKES, "b.py": "def train(other):\n    other.save(path)\n"}, None),
        ({"train.py": MAKES, "b.py": "from c import Net\nnet = Net()\nnet.save(path)\n"}, None),
        ({"train.py": MAKES, "b.py": "other.save(path)\nother.train()\n"}, None),
        ({"train.py": f"{MAKES}    model.save_weights(path)\n", "b.py": "other.save(path)\n"}, None),
        # Nothing is saved at all.
        ({"train.py": MAKES}, None),
        ({"b.py": "from a import Gate\ngate = Gate(1)\n"}, "error"),
        ({"train.py": MAKES, "setup.py": "", "__init__.py": ""}, "error"),  # others may save it
    ],
)
def test_what_is_saved_of_the_models_that_hold_a_class(
    tmp_path: Path, files: dict[str, str], expected: str | None
) -> None:
    told = [f"{expected} KLL301"] if expected else []
    assert codes(tmp_path, {**ONE, "a.py": UNSAVED, **files}, "3", "KLL301") == told


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
    [
        ("tf.train.Checkpoint(m=m)\n", []),
        (WEIGHTS, ["warning KLL209"]),
        ("checkpoint = 'a.HDF5'\n", ["warning KLL209"]),
        ("m.save(path, save_format='h5')\n", ["warning KLL209"]),
        # Nothing names such a file of a model.
        ("m.fit(x)\n", []),
        ("m.fit(h5py.File('a.h5')['x'])\n", []),
        ("# m.save('a.h5')\n", []),
        ('def draw(path):\n    """Write \'rates.h5\'. Ignored if `save` is False."""\n', []),
        ("rates = read(os.path.join(model_dir, 'rates.h5'))\n", []),
        ("best = os.path.join(model_dir, 'weights.h5')\n", ["warning KLL209"]),
    ],
)
def test_names_of_weights_where_they_are_saved_by_name(tmp_path: Path, train: str, expected: list[str]) -> None:
    assert codes(tmp_path, {**ONE, "a.py": UNNAMED, "train.py": train}, "2", "KLL209") == expected


@pytest.mark.parametrize(("test", "severity"), [("m.save('a.h5')\n", "warning"), ("m.save('a.keras')\n", "note")])
def test_names_of_weights_in_a_library(tmp_path: Path, test: str, severity: str) -> None:
    files = {**PACKAGE, "pkg/a.py": UNNAMED, "tests/test_a.py": test}
    assert codes(tmp_path, files, "2", "KLL209", any_use=True) == [f"{severity} KLL209"]


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
    assert codes(tmp_path, files, keras, "KLL151", any_use="setup.py" in files) == expected


PRINTING = """\
import tensorflow as tf
class Watched(tf.keras.layers.Layer):
    def call(self, inputs):
        tf.print(inputs)
        return inputs
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ["warning KLL151"]),
        ({"train.py": OWN_LOOP}, []),
        ({"train.py": OWN_LOOP, "demo.ipynb": '{"source": [\n"layer(x)\\n"]}'}, []),
        ({"train.py": OWN_LOOP, "demo.ipynb": '{"source": [\n"model.fit(x)\\n"]}'}, ["warning KLL151"]),
        ({"train.py": OWN_LOOP, "notebooks/a.ipynb": '{"source": [\n"model.fit(x)\\n"]}'}, ["warning KLL151"]),
        ({"setup.py": "", "pkg/__init__.py": "", "pkg/a.py": PRINTING, "train.py": OWN_LOOP}, ["warning KLL151"]),
    ],
)
def test_what_only_xla_shows(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    own = {} if "pkg/a.py" in files else {"a.py": PRINTING}
    assert codes(tmp_path, {**own, **files}, "3", "KLL151") == expected


LOST = """
import keras


class Huber(keras.losses.Loss):
    def __init__(self, delta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.delta = delta

    def call(self, y_true, y_pred):
        return self.delta * (y_true - y_pred)
"""
TRAIN = "import keras\nmodel = keras.Sequential()\nmodel.compile(loss={})\nmodel.fit(x, y)\nmodel.save('a.keras')\n"


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({}, "warning"),  # nothing is known of who trains
        ({"train.py": TRAIN.format("'mse'")}, None),
        (
            {"train.py": TRAIN.format("'mse'"), "requirements.txt": None},
            "warning",
        ),  # side by side
        ({"train.py": TRAIN.format("'mse'"), "tests/test_a.py": "from losses import Huber\nHuber()\n"}, None),
        ({"train.py": TRAIN.format("'mse'"), "a.ipynb": '{"cells": ["Huber(2.0)"]}'}, None),
        ({"train.py": "from losses import Huber\n" + TRAIN.format("Huber(2.0)")}, "warning"),
        ({"train.py": "import losses\n" + TRAIN.format("getattr(losses, name)()")}, "warning"),
        ({"setup.py": "", "__init__.py": "", "train.py": TRAIN.format("'mse'")}, "warning"),  # others use a library
    ],
)
def test_what_nobody_makes_is_not_saved(tmp_path: Path, files: dict[str, str | None], severity: str | None) -> None:
    marked = {"requirements.txt": "", **files}
    others = {name: text for name, text in marked.items() if text is not None}
    assert codes(tmp_path, {"losses.py": LOST, **others}, "3", "KLL301") == ([f"{severity} KLL301"] if severity else [])
    meant = LOST + "\n    def get_config(self):\n        return super().get_config()\n"
    assert codes(tmp_path, {"losses.py": meant, **others}, "3", "KLL302") == ["warning KLL302"]


KEPT_IN_PYTHON = """\
import tensorflow as tf
import keras


class Moving(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.mean = tf.Variable(0.0, trainable=False)

    def call(self, x):
        self.mean.assign(tf.reduce_mean(x))
        return x - self.mean
"""


@pytest.mark.parametrize(
    ("train", "expected"),
    [
        (TRAIN.format("'mse'"), []),
        ("from moving import Moving\nlayer = Moving()\n" + TRAIN.format("'mse'"), ["warning KLL205"]),
    ],
)
def test_what_nobody_makes_loses_nothing(tmp_path: Path, train: str, expected: list[str]) -> None:
    files = {**ONE, "moving.py": KEPT_IN_PYTHON, "train.py": train}
    assert codes(tmp_path, files, "3", "KLL205") == expected


COUNTS = """
import tensorflow as tf

class A(tf.keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.steps = 0

    def call(self, x):
        self.steps += 1
        return x
"""


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("", []),
        ("# print(layer.steps)\nlayer.steps = 0\n", []),
        ("print(layer.steps)\n", ["warning KLL123"]),
        ("if layer.steps == 2: pass\n", ["warning KLL123"]),
    ],
)
def test_a_count_that_nothing_reads(tmp_path: Path, more: str, found: list[str]) -> None:
    assert codes(tmp_path, {"m.py": COUNTS, "train.py": more + "model.fit(x)\n"}, "2", "KLL123") == found


WRAPPER = """\
import keras
class Wrapper(keras.Model):
    def __init__(self, inner: keras.Model, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner
    def call(self, inputs):
        return self.inner(inputs)
wrapper = Wrapper(model)
"""
FOCAL = """\
import keras
class Focal(keras.losses.Loss):
    def __init__(self, gamma, **kwargs):
        super().__init__(**kwargs)
        self.gamma = gamma
    def call(self, y_true, y_pred):
        return self.gamma * (y_true - y_pred)
"""
REGISTERED = FOCAL.replace("class", '@keras.utils.register_keras_serializable("p")\nclass')


@pytest.mark.parametrize(
    ("source", "rest", "keras", "severity"),
    [
        # A SavedModel is loaded without the config, and an `.h5` file refuses such a model with one.
        (WRAPPER, "wrapper.save(path)\n", "2", None),
        (WRAPPER, "wrapper.save('a.keras')\n", "2", "warning"),
        (WRAPPER, "wrapper.save(path, save_format='keras')\n", "2", "warning"),
        (WRAPPER, "wrapper.save(path)\n", "3", "error"),
        # Keras 2 loads no loss that it is not given.
        (FOCAL, "model.compile(loss=Focal(2.0))\nmodel.save(path)\n", "2", None),
        (FOCAL, "keras.models.load_model(path, custom_objects={'Focal': Focal})\n", "2", "error"),
        (FOCAL, "model.compile(loss=Focal(2.0))\nmodel.save('a.keras')\n", "2", "error"),
        (REGISTERED, "model.compile(loss=Focal(2.0))\nmodel.save(path)\n", "2", "error"),
        (FOCAL, "model.compile(loss=Focal(2.0))\nmodel.save(path)\n", "3", "error"),
    ],
)
def test_what_a_format_asks_for(tmp_path: Path, source: str, rest: str, keras: str, severity: str | None) -> None:
    told = [f"{severity} KLL301"] if severity else []
    assert codes(tmp_path, {**ONE, "a.py": source + rest}, keras, "KLL301") == told
    library = {**PACKAGE, "pkg/a.py": source, "test.py": rest, "a.py": ""}
    in_library = codes(tmp_path, library, keras, "KLL301", any_use=True)
    assert in_library == [f"{severity or 'note'} KLL301"]


WRITTEN = """\
import keras
class Scale(keras.layers.Layer):
    def __init__(self, scale=20, **kwargs):
        super().__init__(**kwargs)
        self.scale = scale
    def call(self, inputs):
        return inputs * self.scale
    def get_config(self):
        return super().get_config()
class Shift(keras.layers.Layer):
    def __init__(self, by, **kwargs):
        super().__init__(**kwargs)
        self._by = by
    def call(self, inputs):
        return inputs + self._by
    def get_config(self):
        return {**super().get_config(), "by": self.by}
"""


@pytest.mark.parametrize(
    ("files", "severities"),
    [
        ({}, ["warning", "error"]),
        ({"train.py": "model.save_weights(path)\n"}, []),
        ({"train.py": "model.save_weights(path)\n", "test.py": "model.save(path)\n"}, ["warning", "error"]),
        ({**PACKAGE, "train.py": "model.save_weights(path)\n"}, ["warning", "error"]),
    ],
)
def test_a_config_of_its_own_that_nobody_asks_for(tmp_path: Path, files: dict[str, str], severities: list[str]) -> None:
    told = [f"{severity} {code}" for severity, code in zip(severities, ("KLL302", "KLL310"), strict=bool(severities))]
    name = "pkg/a.py" if PACKAGE.keys() <= files.keys() else "a.py"
    assert codes(tmp_path, {**ONE, name: WRITTEN, **files}, "2", "KLL302", "KLL310") == told


MIXIN = """\
import keras
class Mixin(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
    def call(self, inputs):
        return inputs
    def get_config(self):
        return {**super().get_config(), "units": self.units, "rate": self.rate}
"""


@pytest.mark.parametrize(
    ("more", "is_told"),
    [
        ("class Whole(Mixin): pass\n", True),
        ("class Whole(Mixin, abc.ABC): pass\n", True),
        ("class Whole(Mixin, metaclass=abc.ABCMeta): pass\n", True),
        ("class Other(Base, Third): pass\n", True),
        ("class Whole(Mixin, Base): pass\n", False),
        ("class Whole(\n    base.Base,\n    a.Mixin,\n): pass\n", False),
    ],
)
def test_what_a_class_that_it_is_mixed_with_may_have(tmp_path: Path, more: str, is_told: bool) -> None:
    set_here = MIXIN.replace("self.units = units", "self.units = units; self.rate = 0.5")
    for source, told in ((MIXIN, "error KLL310"), (set_here, "error KLL303")):
        found = codes(tmp_path, {"a.py": source, "b.py": more}, "3", "KLL303", "KLL310")
        assert found == ([told] if is_told else [])


WITHIN = """\
import keras
from moving import Moving


class {}(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.moving = Moving()
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"b.py": WITHIN.format("Block")}, []),
        (
            {
                "b.py": WITHIN.format("Block"),
                "c.py": "from b import Block\n\nclass Net(keras.Model):\n    b = Block()\n",
            },
            [],
        ),
        ({"b.py": WITHIN.format("Block"), "run.py": "from b import Block\nBlock()\n"}, ["warning KLL205"]),
        (
            {"b.py": WITHIN.format("Block"), "c.py": "from b import Block\n\ndef net():\n    return Block()\n"},
            ["warning KLL205"],
        ),
        ({"b.py": WITHIN.format("Block"), "a.ipynb": "Block()"}, ["warning KLL205"]),
        ({"b.py": WITHIN.format("Block").replace("class", "@register\nclass")}, ["warning KLL205"]),
    ],
)
def test_what_only_unused_classes_make(tmp_path: Path, more: dict[str, str], expected: list[str]) -> None:
    files = {**ONE, "moving.py": KEPT_IN_PYTHON, "train.py": TRAIN.format("'mse'"), **more}
    assert codes(tmp_path, files, "3", "KLL205") == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, []),  # Keras 2 of that time gave a float
        ({"requirements.txt": "tensorflow==2.12\n"}, ["error KLL402"]),
        ({"requirements.txt": "tensorflow==2.15\n"}, ["error KLL402"]),
        ({**PACKAGE}, ["error KLL402"]),  # with the newest Keras that it allows
    ],
)
def test_what_came_with_a_version_that_nothing_tells(
    tmp_path: Path, files: dict[str, str], expected: list[str]
) -> None:
    source = (
        "import tensorflow as tf\n\n\nclass Noam(tf.keras.optimizers.schedules.LearningRateSchedule):\n"
        "    def __call__(self, step):\n        return tf.math.rsqrt(step)\n"
    )
    name = "pkg/a.py" if PACKAGE.keys() <= files.keys() else "a.py"
    assert codes(tmp_path, {**ONE, name: source, **files}, "2", "KLL402") == expected
