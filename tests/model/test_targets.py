from __future__ import annotations

from pathlib import Path

import pytest

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
        ({"setup.cfg": "[options]\ninstall_requires =\n    numpy\n    tensorflow<=2.15\npackages = find:\n"}, "2"),
        ({"setup.py": "raise SystemExit\nREQUIRED = ['tensorflow>=2.1,<2.12']\n"}, "2"),
        ({"setup.py": "name('tensorflow for all')\n"}, "3"),
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
        (["tensorflow>=2.20", "tf-keras"], "2"),
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
        ({"pkg/sub/other.py": "import numpy\n"}, "3"),
        ({"pkg/sub/other.py": "import tensorflow as tf\ntf_keras = tf.keras\n"}, "3"),
        ({"demo.ipynb": '{"source": ["!pip install -q tensorflow==2.8 numpy\\n"]}'}, "2"),
        ({"demo.ipynb": '{"source": ["!pip install keras>=3\\n"]}'}, "3"),
        ({"environment.yml": "dependencies:\n  - python=3.7\n  - tensorflow-gpu=2.4.1=py37\n"}, "2"),
        ({"environment.yaml": "dependencies:\n  - pip:\n    - tensorflow>=2.16\n"}, "3"),
        ({"Pipfile": '[packages]\ntensorflow = "==2.3.0"\n'}, "2"),
    ],
)
def test_by_what_stands_beside_it(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert targets(tmp_path, TF_LAYER, files) == expected
