from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from keras_layer_lint.lint import lint_paths, report_of_source
from keras_layer_lint.model import survey
from keras_layer_lint.model.class_graph import ClassRef, Project
from keras_layer_lint.model.requirements import parsed
from keras_layer_lint.model.targets import generation_required, targets_of
from keras_layer_lint.settings import Settings
from keras_layer_lint.target import Generation, in_order

TF_LAYER = "import tensorflow as tf\nclass A(tf.keras.layers.Layer): pass\n"


def targets(root: Path, source: str, files: dict[str, str], settings: Settings | None = None) -> str:
    for name, text in {"pkg/__init__.py": "", "pkg/sub/__init__.py": "", "pkg/sub/m.py": source, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    project = Project(root)
    module = project.module_at(root / "pkg" / "sub" / "m.py")
    info = project.class_info(ClassRef(module, module.classes["A"]))
    found = targets_of(module, info, settings or Settings(), project)
    return ",".join(generation.value for generation in in_order(found))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import tf_keras\nclass A(tf_keras.layers.Layer): pass\n", "2"),
        ("from tensorflow.python.keras.layers import Layer\nclass A(Layer): pass\n", "2"),
        ("import keras_hub\nclass A(keras_hub.models.Backbone): pass\n", "3"),
        (TF_LAYER, "3"),
        (TF_LAYER + "import tf_keras\n", "2"),
        (TF_LAYER + "from keras import ops\n", "3"),
        (TF_LAYER + "from keras import ops\nimport tf_keras\n", "3"),
        ("import keras\nclass A(keras.Layer):\n    def call(self, x): return keras.ops.abs(x)\n", "3"),
    ],
)
def test_by_the_code(tmp_path: Path, source: str, expected: str) -> None:
    assert targets(tmp_path, source, {}) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"pyproject.toml": '[project]\nname = "x"\ndependencies = ["numpy", "tensorflow<2.16"]\n'}, "2"),
        ({"pyproject.toml": '[project]\nname = "x"\ndependencies = ["tensorflow>=2.16"]\n'}, "3"),
        ({"pyproject.toml": '[project]\nname = "x"\noptional-dependencies = {tf = ["tf_keras"]}\n'}, "2"),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.8"\ntensorflow = "^2.8"\n'}, "2"),
        ({"pyproject.toml": '[tool.poetry.dependencies]\nkeras = "^2"\n'}, "2"),
        ({"pyproject.toml": '[tool.poetry.dependencies]\nkeras = "2.11.0"\ntensorflow = "*"\n'}, "2"),
        ({"pyproject.toml": '[tool.poetry.dependencies]\nkeras = ">=3,<4"\n'}, "3"),
        ({"pyproject.toml": "not toml ["}, "3"),
        ({"requirements.txt": "# keras\ntensorflow-cpu==2.12.0  # old\n"}, "2"),
        ({"requirements/base.txt": "tf-keras~=2.16\n"}, "2"),
        ({"requirements-dev.txt": "keras>=2.4,<3\n"}, "2"),
        ({"requirements.txt": "tensorflow>=2.4\n"}, "3"),
        ({"requirments.txt": "tensorflow-gpu==2.1.0rc1\n"}, "2"),
        ({"setup.cfg": "[options]\ninstall_requires =\n    numpy\n    tensorflow<=2.15\npackages = find:\n"}, "2"),
        ({"setup.py": "raise SystemExit\nREQUIRED = ['tensorflow>=2.1,<2.12']\n"}, "2"),
        ({"setup.py": "name('tensorflow for all')\n"}, "3"),
        ({"setup.py": "read('docker/a/tf-requirements.txt')\n", "docker/a/tf-requirements.txt": "keras<3\n"}, "2"),
        ({"setup.py": "read('../requirements.txt')\n", "docker/a/requirements.txt": "keras<3\n"}, "3"),
        ({"pkg-1.0.dist-info/METADATA": "Name: pkg\nRequires-Dist: tf-keras>=2.16\n\nkeras>=3\n"}, "2"),
        ({"pkg-1.0.dist-info/METADATA": "Name: pkg\nRequires-Dist: tf-keras ; extra == 'x'\n"}, "2"),
        ({"pkg-1.0.dist-info/METADATA": "Requires-Dist: keras>=3\nRequires-Dist: tf-keras ; extra == 'x'\n"}, "3"),
        ({"other-1.0.dist-info/METADATA": "Requires-Dist: tf-keras\n", "b-1.dist-info/METADATA": ""}, "3"),
        ({"Dockerfile": "ENV TF_USE_LEGACY_KERAS=1\n"}, "2"),
        ({"pkg/__init__.py": "import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\n"}, "2"),
        ({"pkg/backend.py": "import os\nos.environ.setdefault('TF_USE_LEGACY_KERAS', '1')\n"}, "2"),
        ({"pkg/backend.py": "import os\nold = os.environ.get('TF_USE_LEGACY_KERAS') == '1'\n"}, "3"),
        ({"pkg/requirements.txt": "keras>=3\n", "requirements.txt": "tf-keras\n"}, "3"),
    ],
)
def test_by_the_metadata(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert targets(tmp_path, TF_LAYER, files) == expected


def test_the_search_ends_at_the_repository(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    (tmp_path / "requirements.txt").write_text("tf-keras\n")
    assert targets(repository, TF_LAYER, {}) == "3"


def test_settings_decide(tmp_path: Path) -> None:
    source = "import tf_keras\nclass A(tf_keras.layers.Layer): pass\n"
    assert targets(tmp_path, source, {}, Settings(keras=("2", "3"))) == "2,3"


@pytest.mark.parametrize(
    ("requirements", "expected"),
    [
        ([], None),
        (["tensorflow"], None),
        (["tensorflow==2.15.*"], "2"),
        (["tensorflow (>=2.16)"], "3"),
        (["tensorflow[and-cuda]~=2.15.0 ; python_version > '3'"], "2"),
        (["keras==3.0"], "3"),
        (["keras<3"], "2"),
        (["keras<4"], None),
        (["keras!=3.1"], None),
        (["tensorflow<2.16", "keras>=3"], None),
        (["tensorflow>=2.20", "tf-keras"], None),
        (["tensorflow<2.16", "tf-keras"], "2"),
        (["tensorflow>=2.20", "tf-keras>=2.20", "keras>=3.12"], None),
        (["tensorflow-text>=2.16", "kerastuner==1.0"], None),
        (["keras>=2.4 \\", "tensorflow==2.12.0 --hash=sha256:abc"], "2"),
        (["tensorflow===2.16.1"], "3"),
        (["tensorflow>=two", "keras<3; python_version<'3.9'"], "2"),
        (["-r base.txt", "", "git+https://x.org/tf-keras"], None),
    ],
)
def test_generation_required(requirements: list[str], expected: str | None) -> None:
    assert generation_required(parsed(requirements)) == (frozenset({Generation(expected)}) if expected else None)


OLD = "class A(layers.Layer):\n    pass\n"
IDIOMS = [
    # what the module says, and the generation
    ("import tensorflow_addons as tfa\nfrom tensorflow.keras import layers\n" + OLD, "2"),
    ("from tensorflow.keras import layers\nclass A(layers.AbstractRNNCell): pass\n", "2"),
    ("from tensorflow.keras.layers import AbstractRNNCell\nclass A(AbstractRNNCell): pass\n", "2"),
    ("from tensorflow.keras.layers.experimental import preprocessing as p\nclass A(p.Resizing): pass\n", "2"),
    ("from keras import backend as K, layers\n" + OLD + "    def call(self, x): return K.sum(x)\n", "2"),
    ("from keras.layers.core import Layer\nclass A(Layer): pass\n", "2"),
    ("import keras\nclass A(keras.layers.Layer):\n    def build(self, s): self.add_variable('w', s)\n", "2"),
    ("import keras\nclass A(keras.layers.Layer):\n    def build(self, s): self.add_weight('w', s)\n", "2"),
    ("import tensorflow as tf\nclass A(tf.keras.layers.Layer): pass\ntf.Session()\n", "2"),
    ("import tensorflow.compat.v1 as tf\nimport keras\nclass A(keras.layers.Layer): pass\n", "2"),
    # Neutral, or for Keras 3.
    ("import keras\nclass A(keras.layers.Layer):\n    def build(self, s): self.add_weight(name='w', shape=s)\n", "3"),
    ("import keras\nclass A(keras.layers.Layer):\n    def build(self, s): self.add_weight((3,), 'zeros')\n", "3"),
    ("import keras\nclass A(keras.Layer):\n    def call(self, x): return keras.ops.abs(keras.backend.sum(x))\n", "3"),
    ("import keras\nclass A(keras.layers.Layer):\n    v = keras.Variable\n    k = keras.backend.sum\n", "3"),
    ("from keras import backend as K, layers\n" + OLD + "    def call(self, x): return K.epsilon()\n", "3"),
    ("import tensorflow as tf\nclass A(tf.keras.layers.Layer): pass\ntf.reduce_sum(1)\n", "3"),
    ("import tensorflow as tf\nclass A(tf.keras.layers.Layer):\n    'As `tf.text.Tokenizer`.'\n", "3"),
    ("from tensorflow import keras\nclass A(keras.layers.Layer):\n    'See https://keras.io/api, keras.io.'\n", "3"),
    ("import keras\nclass A(keras.layers.Layer):\n    pass  # keras.backend.sum, tf.Session()\n", "3"),
    ("import keras\nclass A(keras.layers.Layer):\n    f = keras.activation.of_no_generation\n", "3"),
    ("from tensorflow.keras.saving import get_custom_objects\nfrom keras import Layer\nclass A(Layer): pass\n", "3"),
    # Saving weights, updates, optimizers.
    (TF_LAYER + "model.save_weights('a.h5')\n", "2"),
    (TF_LAYER + "model.save_weights(os.path.join(folder, 'a.h5'))\n", "2"),
    (TF_LAYER + "keras.callbacks.ModelCheckpoint('a.h5', save_weights_only=True)\n", "2"),
    (TF_LAYER + "model.save('a', save_format='tf')\n", "2"),
    (TF_LAYER + "model.save('a.keras', save_format='keras')\n", "3"),
    (TF_LAYER + "def keep(self, x): self.add_update(x)\n", "2"),
    # An optimizer of Keras 3 has `add_variable` too, and what it is handed is called otherwise than in Keras 2.
    (
        TF_LAYER + "class B(tf.keras.optimizers.Optimizer):\n    def build(self, v): self.add_variable((), 'zeros')\n",
        "3",
    ),
    (
        "import tensorflow as tf\nfrom keras import backend as K\nimport keras.layers\nimport keras\n"
        "class A(keras.layers.Layer):\n    def call(self, x): return K.sum(x)\n"
        "class B(tf.keras.optimizers.Optimizer):\n"
        "    def build(self, v): self.m = [self.add_variable_from_reference(reference_variable=each) for each in v]\n",
        "3",
    ),
    (TF_LAYER + "opt = tf.keras.optimizers.legacy.Adam(1e-3)\n", "2"),
    (TF_LAYER + "def fit(x, optimizer=tf.keras.optimizers.legacy.Adam(1e-3)): pass\n", "2"),
    (TF_LAYER + "tf.keras.optimizers.Adam(lr=1e-3)\n", "2"),
    (TF_LAYER + "model.fit_generator(data)\n", "2"),
    (TF_LAYER + "loss = self.optimizer.get_scaled_loss(loss)\n", "2"),
    (TF_LAYER + "# optimizer.get_scaled_loss(loss)\n", "3"),
    (TF_LAYER + "model.save_weights('a.weights.h5')\n", "3"),
    (TF_LAYER + "model.save('a.h5')\n", "3"),
    (TF_LAYER + "keras.callbacks.ModelCheckpoint('a.h5')\n", "3"),
    (TF_LAYER + "seen.add_update(1)\n", "3"),
    (TF_LAYER + "def log(self, x): self.add_metric(x, name='x')\n", "2"),
    (TF_LAYER + "from gpflow.keras import tf_keras\n", "2"),
    (TF_LAYER + "tf.keras.optimizers.Adam(learning_rate=lr)\n", "3"),
    # Arguments that Keras 3 does not take.
    (TF_LAYER + "model.fit(\n    f(x, (1, 2)),\n    epochs=2,\n    workers=4,\n)\n", "2"),
    (TF_LAYER + "model.evaluate(x, max_queue_size=1, use_multiprocessing=True)\n", "2"),
    (TF_LAYER + "data = Data(x, workers=4)\nmodel.fit(Data(x, workers=4))\n", "3"),
    (TF_LAYER + "model.fit(x)  # workers=4\n", "3"),
    (TF_LAYER + "model.compile('sgd', experimental_run_tf_function=False)\n", "2"),
    (TF_LAYER + "model.compile('sgd', run_eagerly=True)\n", "3"),
    (TF_LAYER + "optimizer.minimize(loss, var_list=self.trainable_variables)\n", "2"),
    (TF_LAYER + "optimizer.minimize(loss)\n", "3"),
    (TF_LAYER + "optimizer.apply_gradients(pairs, experimental_aggregate_gradients=False)\n", "2"),
    (TF_LAYER + "model.save(path, signatures=s)\n", "2"),
    (TF_LAYER + "tf.saved_model.save(model, path, signatures=s)\n", "3"),
    (TF_LAYER + "tf.keras.callbacks.TensorBoard(log_dir=path, write_grads=True)\n", "2"),
    (TF_LAYER + "model.add(LSTM(4, batch_input_shape=(2, 3, 4)))\n", "2"),
    (TF_LAYER + "model.add(InputLayer(batch_input_shape=(2, 3, 4)))\n", "3"),
    (TF_LAYER + "Adam(\n    lr=rate,\n)\n", "2"),
    (TF_LAYER + "import torch\ntorch.optim.Adam(p, lr=rate)\nAdam(p, lr=rate)\n", "3"),
    (TF_LAYER + "print(self.optimizer.lr)\n", "2"),
    (TF_LAYER + "model.layers[0].get_output_at(0)\n", "2"),
    (TF_LAYER + "model.fit(x, nb_epoch=2)\n", "2"),
    # Names of files.
    (TF_LAYER + "ModelCheckpoint(os.path.join(out, 'a.ckpt'), save_weights_only=True)\n", "2"),
    (TF_LAYER + "ModelCheckpoint(out + 'a-{epoch:02d}-{loss:.2f}')\n", "2"),
    (TF_LAYER + "ModelCheckpoint(filepath='a.hdf5', verbose=1)\n", "2"),
    (TF_LAYER + "ModelCheckpoint(monitor='loss', filepath='a.keras', period=2)\n", "2"),
    (TF_LAYER + "ModelCheckpoint('a-{epoch}.h5')\n", "3"),
    (TF_LAYER + "ModelCheckpoint(out + name, save_weights_only=True)\n", "3"),
    (TF_LAYER + "ModelCheckpoint('a', save_weights_only=only)\n", "3"),
    (TF_LAYER + "ModelCheckpoint(f'{out}')\n", "3"),
    ("from lightning.pytorch.callbacks import *\n" + TF_LAYER + "ModelCheckpoint('a', save_weights_only=True)\n", "3"),
    (TF_LAYER + "model.save_weights('out/a.ckpt')\n", "2"),
    (TF_LAYER + "model.save_weights('a-{}.hdf5'.format(step))\n", "2"),
    (TF_LAYER + "model.save_weights(f'out/{name}')\n", "3"),
    (TF_LAYER + "model.save_weights(path)\n", "3"),
    (TF_LAYER + "def save_weights(self, path): pass\nagent.save_weights('out/a.ckpt')\n", "3"),
    (TF_LAYER + "model.load_weights('out/a.ckpt').expect_partial()\n", "2"),
    (TF_LAYER + "model.load_weights(tf.train.latest_checkpoint(out))\n", "2"),
    (TF_LAYER + "model.load_weights('a.h5')\n", "3"),
    ("from tensorflow.keras.utils import np_utils, to_categorical\n" + TF_LAYER, "2"),
    # Names of Keras 2, by any alias, over several lines.
    ("from keras import (\n    layers,  # of it\n    backend as B,\n)\n" + OLD + "B.sum(1)\n", "2"),
    ("import keras.backend as K\n" + TF_LAYER + "K.learning_phase()\n", "2"),
    ("import tensorflow.keras.backend as K\n" + TF_LAYER + "K.epsilon()\n", "3"),
    (TF_LAYER + "# model.save_weights('a.h5')\n", "3"),
    (TF_LAYER + '"""Use\n    model.save_weights(\'a.h5\'), `tf.keras.backend.learning_phase()`.\n"""\n', "3"),
    ('"""A."""\n' + TF_LAYER + "tf.keras.backend.learning_phase()\n", "2"),
    # What a fallback imports does not make the module one for Keras 2 beside what only Keras 3 has.
    (
        "try:\n    import tensorflow_addons\nexcept ImportError: pass\nfrom keras import Layer, ops\n"
        "class A(Layer): pass\n",
        "3",
    ),
]


@pytest.mark.parametrize(("source", "expected"), IDIOMS)
def test_by_the_way_code_is_written(tmp_path: Path, source: str, expected: str) -> None:
    assert targets(tmp_path, source, {}) == expected


def test_what_the_project_requires_counts_more_than_idioms(tmp_path: Path) -> None:
    """Then a removed name is a fault."""
    source = "from keras import backend as K, layers\n" + OLD + "    def call(self, x): return K.sum(x)\n"
    assert targets(tmp_path, source, {"requirements.txt": "keras>=3\n"}) == "3"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"pkg/sub/other.py": "import tensorflow_addons as tfa\n"}, "2"),
        ({"pkg/train.py": "tf.Session()\n"}, "2"),
        ({"main.py": "self.add_weight('w', s)\n"}, "2"),
        ({"pkg/sub/other.py": "from tensorflow.keras.layers.experimental import preprocessing\n"}, "2"),
        ({"pkg/sub/other.py": "import tensorflow_addons\n", "pkg/sub/new.py": "from keras import ops\n"}, "3"),
        ({"pkg/deep/er/other.py": "import tensorflow_addons\n"}, "2"),
        ({"convert.py": "model.save_weights('a.h5')\n"}, "2"),
        ({"convert.py": "agent.save_weights('a.ckpt')\n"}, "3"),
        ({"pkg/a.py": "import keras_hub\n", "pkg/b.py": "tf.Session()\n", "pkg/c.py": "tf.Session()\n"}, "2"),
        ({"pkg/a.py": "tf.layers.dense(x)\n"}, "2"),
        ({"pkg/a.py": "tf.sessions\ntf_layers.dense\n"}, "3"),
        ({"pkg/sub/other.py": "import numpy\n"}, "3"),
        ({"pkg/sub/other.py": "import tensorflow as tf\ntf_keras = tf.keras\n"}, "3"),
        ({"demo.ipynb": '{"source": ["!pip install -q tensorflow==2.8 numpy\\n"]}'}, "2"),
        ({"demo.ipynb": '{"source": ["!pip install keras>=3\\n"]}'}, "3"),
        ({"environment.yml": "dependencies:\n  - python=3.7\n  - tensorflow-gpu=2.4.1=py37\n"}, "2"),
        ({"environment.yaml": "dependencies:\n  - pip:\n    - tensorflow>=2.16\n"}, "3"),
        ({"Pipfile": '[packages]\ntensorflow = "==2.3.0"\n'}, "2"),
        ({"notebooks/demo.ipynb": '{"source": ["!pip install tensorflow==2.8\\n"]}'}, "2"),
        ({"data/demo.ipynb": '{"source": ["!pip install tensorflow==2.8\\n"]}'}, "3"),
        ({"README.md": "# Demo\n`pip install tensorflow==2.4.1`\n"}, "2"),
        ({"README.md": "## Needs\n- Python 3.7\n- TensorFlow 2.3.0\n- numpy\n"}, "2"),
        ({"README.md": "Tested with tensorflow-gpu==1.15, on two cards.\n"}, "2"),
        ({"README.rst": "TensorFlow 2.18\n"}, "3"),
        ({"README.md": "# A TensorFlow2 implementation of X (tested on version 2.13.0)\n"}, "2"),
        ({"README.md": "A TensorFlow2 port (tested on version 2.13.0) of X ([PyTorch code](https://a.b))\n"}, "2"),
        ({"README.md": "Written in TensorFlow, tested with `2.8`.\n"}, "2"),
        ({"README.md": "TensorFlow 2 (tested on version 2.13 and newer)\n"}, "3"),
        ({"README.md": "TensorFlow 2 (tested on version 2.17)\n"}, "3"),
        ({"README.md": "TensorFlow port; the original was tested with PyTorch 1.7, or on version 1.4 of torch\n"}, "3"),
        ({"README.md": "- TensorFlow 2.3+\n"}, "3"),
        ({"README.md": "TensorFlow 2.3 or later, `pip install tensorflow`\n"}, "3"),
        ({"README.md": "TensorFlow 2.3\n\nTensorFlow 2.17\n"}, "3"),
        ({"README.md": "- Tensorflow GPU (2.9.1)\n"}, "2"),
        ({"ReadMe.md": "- Tensorflow 2.0 alpha\n"}, "2"),
        ({"Dockerfile": "FROM tensorflow/tensorflow:2.4.1-gpu\nRUN make\n"}, "2"),
        ({"docker/Dockerfile": "FROM --platform=amd64 x.io/tensorflow/tensorflow:2.17.0\n"}, "3"),
        ({"Dockerfile": "FROM tensorflow/tensorflow:latest\n"}, "3"),
        ({"Dockerfile": "FROM ubuntu\nRUN pip3 install tensorflow==2.4\n"}, "2"),
    ],
)
def test_by_what_stands_beside_it(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert targets(tmp_path, TF_LAYER, files) == expected


def kernel(version: str, source: str = "") -> str:
    cells = f'"cells": [{{"source": ["{source}"]}}]'
    return f'{{{cells}, "metadata": {{"language_info": {{"name": "python", "version": "{version}"}}}}, "nbformat": 4}}'


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # No TensorFlow that brings Keras 3 runs on Python 3.8.
        ({"environment.yml": "dependencies:\n  - python=3.7\n"}, "2"),
        ({"environment.yml": "dependencies:\n  - python>=3.7\n"}, "3"),
        ({"environment.yml": "dependencies:\n  - python=3.10\n"}, "3"),
        ({"Pipfile": '[requires]\npython_version = "3.8"\n'}, "2"),
        ({"runtime.txt": "python-3.7.9\n"}, "2"),
        ({".python-version": "3.8.1\n"}, "2"),
        ({".python-version": "3.8.1\n", "runtime.txt": "python-3.11.2\n"}, "3"),
        ({"Dockerfile": "FROM python:3.8-slim\n"}, "2"),
        ({"setup.py": "setup(\n    python_requires='>=3.6,<3.9',\n)\n"}, "2"),
        ({"setup.cfg": "[options]\npython_requires = >=3.6, <3.9\n"}, "2"),
        ({"pyproject.toml": "[tool.poetry.dependencies]\npython = '~=3.7.1'\n"}, "2"),
        ({"pyproject.toml": "[tool.poetry.dependencies]\npython = '^3.7'\n"}, "3"),
        ({"pyproject.toml": "[project]\nrequires-python = '>=3.7,<3.12'\n"}, "3"),
        ({"setup.py": "setup(\n    python_requires='>=3.6',\n)\n"}, "3"),
        ({"Dockerfile": "FROM nvcr.io/nvidia/tensorflow:21.02-tf2-py3\n"}, "2"),
        ({"Dockerfile": "FROM nvcr.io/nvidia/tensorflow:25.02-tf2-py3\n"}, "3"),
        ({"demo.ipynb": kernel("3.7.12")}, "2"),
        ({"demo.ipynb": kernel("3.7.12"), "notebooks/new.ipynb": kernel("3.10.4")}, "3"),
        ({"demo.ipynb": kernel("3.10.4")}, "3"),
        ({"README.md": "All was tested with Python 3.6.\n"}, "2"),
        ({"README.md": "`conda create -n x python=3.7`\n"}, "2"),
        ({"README.md": "Python 3.6+\n"}, "3"),
        ({"README.md": "Python >= 3.6\n"}, "3"),
        ({"README.md": "Python 3.6 or later.\n"}, "3"),
        ({"README.md": "Python 3.8, 3.9 and 3.10\n"}, "3"),
        # A sentence counts where it leaves no room for newer ones, and nothing says otherwise.
        ({"README.md": "A network, implemented in TensorFlow 2.0.\n"}, "2"),
        ({"README.md": "A network for TF2.4 by me\n"}, "2"),
        ({"README.md": "![](https://img.shields.io/badge/TensorFlow-2.4-orange)\n"}, "2"),
        ({"README.md": "![](https://img.shields.io/badge/TensorFlow-2.4%2B-orange)\n"}, "3"),
        ({"README.md": "A network, implemented in TensorFlow 2.\n"}, "3"),
        ({"README.md": "![](x.io/TensorFlow-2.10-orange) ![](x.io/Keras%203-red)\n"}, "3"),
        ({"README.md": "See [the guide to TensorFlow 2.0 layers](https://x.io).\n"}, "3"),
        ({"README.md": "[![made with TensorFlow 2.4 here](https://x.io)](https://y.io)\n"}, "2"),
        ({"README.md": "TensorFlow 2.0 and above\n"}, "3"),
        ({"README.md": "From TensorFlow 2.0 on, and TensorFlow 2.18 is best.\n"}, "3"),
        ({"README.md": "Written for TensorFlow 2.4 by me, now for Keras 3.\n"}, "3"),
        (
            {"README.md": "Written for TensorFlow 2.4 by me.\n", "environment.yml": "dependencies:\n- python=3.12\n"},
            "3",
        ),
        ({"README.md": "Written for TensorFlow 2.4 by me.\n", "pkg/a.py": "from keras import ops\n"}, "3"),
        ({"README.md": "Written for TensorFlow 2.4 by me.\n", "requirements.txt": "keras>=3\n"}, "3"),
        ({"README.md": "You need CUDA 10.1 and cuDNN.\n"}, "2"),
        ({"README.md": "You need CUDA 12.1 and cuDNN.\n"}, "3"),
        ({"environment.yml": "dependencies:\n- cudatoolkit=10.1\n"}, "2"),
        ({"demo.ipynb": kernel("3.10.4", "%tensorflow_version 2.x")}, "2"),
    ],
)
def test_by_the_time_of_its_environment(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert targets(tmp_path, TF_LAYER, {"setup.cfg": "", **files}) == expected


FUNCTION_OF_2 = "from keras import backend as K, layers\n" + OLD + "    def call(self, x): return K.sum(x)\n"
OF_3 = "from keras import ops\n"


PYTHON = "'Programming Language :: Python :: "
ONE_NAME = "from keras import backend as K\nK.learning_phase()\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"pkg/a.py": ONE_NAME}, "2"),
        # A library is installed with the newest Keras that it allows: one name that this has not is a fault.
        ({"pkg/a.py": ONE_NAME, "setup.py": ""}, "3"),
        ({"pkg/a.py": ONE_NAME, "pkg-1.0.dist-info/METADATA": ""}, "3"),
        ({"pkg/a.py": ONE_NAME, "pkg/b.py": ONE_NAME, "setup.py": ""}, "2"),
        ({"pkg/a.py": "def _resource_apply_dense(self, grad, var): pass\n", "setup.py": ""}, "2"),
        # Who names no Python of the time of Keras 3 did not know it.
        ({"pkg/a.py": ONE_NAME, "setup.py": f"{PYTHON}3.8'\n{PYTHON}3.9'\n"}, "2"),
        ({"pkg/a.py": ONE_NAME, "pkg-1.0.dist-info/METADATA": "Classifier: " + PYTHON[1:] + "3.10\n"}, "2"),
        ({"pkg/a.py": ONE_NAME, "setup.py": f"{PYTHON}3.8'\n{PYTHON}3.11'\n"}, "3"),
        ({"pkg/a.py": ONE_NAME, "setup.py": f"{PYTHON}3'\n"}, "3"),
        ({"pkg/a.py": "", "setup.py": f"{PYTHON}3.8'\n"}, "2"),
        ({"pkg/a.py": "from keras import ops\n", "setup.py": f"{PYTHON}3.8'\n"}, "3"),
        ({"pkg/a.py": "", "setup.py": f"{PYTHON}3.8'\n{PYTHON}3.12'\n"}, "3"),
        # Metrics of Keras 3 have no `reset_states`, and its layers take no `dynamic`.
        ({"pkg/a.py": "for m in self.metrics:\n    m.reset_states()\n"}, "2"),
        ({"pkg/a.py": "self.loss_tracker.reset_states()\n"}, "2"),
        ({"pkg/a.py": "self.cell.reset_states()\n"}, "3"),
        ({"pkg/a.py": "super().__init__(name=name, dynamic=dynamic)\n"}, "2"),
        ({"pkg/a.py": "import tensorflow_addons\n", "setup.py": ""}, "2"),
        # Keras 3 cannot even import it.
        ({"pkg/a.py": "def fit(x, by=tf.keras.optimizers.legacy.Adam(1e-3)): pass\n", "setup.py": ""}, "2"),
        ({"pkg/a.py": "by = tf.keras.optimizers.legacy.Adam(1e-3)\n", "setup.py": ""}, "3"),
        ({"pkg/a.py": "def update_step(self, gradient, variable, learning_rate): pass\n", "pkg/b.py": ONE_NAME}, "3"),
        ({"pkg/a.py": "def update_step(self, gradient, variable): pass\n", "pkg/b.py": ONE_NAME}, "2"),
    ],
)
def test_one_name_in_a_library(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert targets(tmp_path, TF_LAYER, files) == expected


BRANCH = (
    "import keras\nmajor, *_ = keras.__version__.split('.')\nif keras.__version__ < '3':\n    {old}\nelse:\n    {new}\n"
)
REQUIRES = {"setup.py": "REQUIRED = ['keras>=3']\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"pkg/__init__.py": BRANCH.format(old="from .sub.m import A", new="from .new.m import A")}, "2"),
        ({"pkg/__init__.py": BRANCH.format(old="from .old.m import A", new="from .sub.m import A")}, "3"),
        ({"pkg/__init__.py": BRANCH.format(old="from pkg.sub import A", new="from pkg.new import A"), **REQUIRES}, "2"),
        ({"pkg/sub/__init__.py": BRANCH.format(old="from .m import A", new="from .n import A")}, "2"),
        # What the other generation has no substitute for, or imports as well, may be for both.
        ({"pkg/__init__.py": BRANCH.format(old="from .sub.m import A", new="pass")}, "3"),
        ({"pkg/__init__.py": BRANCH.format(old="from .sub.m import A", new="from .sub.n import A")}, "3"),
        ({"pkg/__init__.py": "try:\n    from .sub.m import A\nexcept ImportError:\n    from .new.m import A\n"}, "3"),
    ],
)
def test_by_where_its_package_imports_it(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert targets(tmp_path, TF_LAYER, files) == expected


@pytest.mark.parametrize(
    ("source", "files", "expected"),
    [
        # Beside code for Keras 3 alone, a removed name is a fault; where the project is of two minds, it is a choice.
        (FUNCTION_OF_2, {f"pkg/{n}.py": OF_3 for n in "abcd"}, "3"),
        (FUNCTION_OF_2, {"pkg/a.py": OF_3}, "2"),
        # A module that only one generation can run is for that one.
        ("from keras.layers.core import Layer\n" + TF_LAYER, {f"pkg/{n}.py": OF_3 for n in "abcd"}, "2"),
        (TF_LAYER + "tf.Session()\n", {f"pkg/{n}.py": OF_3 for n in "abcd"}, "2"),
        (OF_3 + TF_LAYER, {f"pkg/{n}.py": "tf.Session()\n" for n in "abcd"}, "3"),
        # Saving to `.weights.h5` works with both.
        (TF_LAYER + "m.save_weights('a.weights.h5')\n", {f"pkg/{n}.py": "tf.Session()\n" for n in "abcd"}, "2"),
    ],
)
def test_a_module_and_its_project(tmp_path: Path, source: str, files: dict[str, str], expected: str) -> None:
    assert targets(tmp_path, source, files) == expected


def why(root: Path, name: str, settings: Settings | None = None) -> str:
    settings = settings or Settings(root=str(root))
    report = lint_paths([root / name], settings)
    (found,) = report.chosen
    assert found[1] == 1
    return f"{','.join(found[0].keras)}: {found[0].why}"


def written(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


LAYER = TF_LAYER.replace(": pass", ":\n    def call(self, x): return x")


def test_it_says_what_speaks_for_the_project(tmp_path: Path) -> None:
    written(
        tmp_path, {"a.py": LAYER, "b/c.py": "tf.Session()\n", "b/d.py": "tf.placeholder(1)\n", "pyproject.toml": ""}
    )
    told = "code of TensorFlow 1 is used in `b/c.py`, and 1 more of the project's files speak for it"
    assert why(tmp_path, "a.py") == f"2: {told}"


def test_what_is_excluded_does_not_count(tmp_path: Path) -> None:
    written(tmp_path, {"a.py": LAYER, "old/b.py": "tf.Session()\n", "pyproject.toml": ""})
    assert why(tmp_path, "a.py").startswith("2: ")
    assert why(tmp_path, "a.py", Settings(root=str(tmp_path), exclude=("old",))).startswith("3: ")


def test_the_nearest_project_decides(tmp_path: Path) -> None:
    """A project of a repository that says nothing follows the repository."""
    written(
        tmp_path,
        {
            "setup.py": "",
            "tf1.py": "tf.Session()\n",
            "new/requirements.txt": "",
            "new/model/a.py": LAYER,
            "new/b.py": OF_3,
            "open/pyproject.toml": "",
            "open/a.py": LAYER,
            "part/a.py": LAYER,
        },
    )
    assert why(tmp_path, "new/model/a.py").startswith("3: only Keras 3 has `keras.ops` in `b.py`")
    assert why(tmp_path, "open/a.py").startswith("2: ")
    assert why(tmp_path, "part/a.py").startswith("2: ")


def test_folders_side_by_side_without_a_mark_differ(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "one/sub/a.py": LAYER,
            "one/b.py": "tf.Session()\n",
            "two/sub/a.py": LAYER,
            "two/b.py": OF_3,
            "three/a.py": LAYER,
            "c.py": "tf.Session()\n",
        },
    )
    assert [why(tmp_path, f"{name}/a.py")[0] for name in ("one/sub", "two/sub", "three")] == ["2", "3", "2"]


def test_without_a_root_the_package_is_the_project(tmp_path: Path) -> None:
    files = {"top/__init__.py": "", "top/sub/__init__.py": "", "top/sub/a.py": LAYER, "top/b.py": "tf.Session()\n"}
    written(tmp_path / "here", files)
    (tmp_path / "there").mkdir()
    assert why(tmp_path / "here", "top/sub/a.py", Settings(root=str(tmp_path / "there"))).startswith("2: ")


@pytest.mark.slow
def test_it_is_the_same_for_one_file_and_all_in_any_order_and_process(tmp_path: Path) -> None:
    names = [f"pkg/m{number}.py" for number in range(6)]
    written(tmp_path, {"pyproject.toml": "", "old.py": "tf.Session()\n"} | dict.fromkeys(names, LAYER))
    settings = Settings(root=str(tmp_path))
    files = [tmp_path / name for name in names]
    whole = lint_paths([tmp_path], settings).chosen
    assert whole[0][1] == 6
    assert lint_paths(files[::-1], settings).chosen == whole
    assert lint_paths([tmp_path], replace(settings, jobs=2)).chosen == whole
    assert {lint_paths([file], settings).chosen[0][0] for file in files} == {whole[0][0]}


def test_source_that_is_no_file_speaks_for_itself(tmp_path: Path) -> None:
    written(tmp_path, {"old.py": "tf.Session()\n"})
    report = report_of_source(LAYER, tmp_path / "new.py", Settings(root=str(tmp_path)))
    assert report.chosen[0][0].keras == ("3",)


def test_no_more_is_looked_at_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, {f"{n}/a.py": LAYER for n in range(9)} | {"9/old.py": "tf.Session()\n", "pyproject.toml": ""})
    assert why(tmp_path, "0/a.py").startswith("2: ")
    monkeypatch.setattr(survey, "MOST_VISITED", 6)
    assert why(tmp_path, "0/a.py").startswith("3: ")
