from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.class_graph import (
    ClassInfo,
    ClassRef,
    ConstantRef,
    FunctionRef,
    KnownName,
    ModuleRef,
    Project,
    Resolution,
)


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))


def info(root: Path, file: str, name: str) -> ClassInfo:
    project = Project(root)
    module = project.module_at(root / file)
    return project.class_info(ClassRef(module, module.classes[name]))


def shown(found: Resolution) -> str:
    match found:
        case KnownName(name):
            return name
        case ClassRef(module, entry):
            return f"class {module.name}.{entry.qualname}"
        case FunctionRef(module, entry):
            return f"def {module.name}.{entry.name}"
        case ConstantRef(_, node):
            return f"= {ast.unparse(node)}"
        case ModuleRef(path, _):
            return f"module {path.name}"
    return "?"


ONE_FILE = {
    "import tensorflow as tf\nclass A(tf.keras.layers.Layer): pass": "tensorflow.keras.layers.Layer",
    "from tensorflow import keras\nclass A(keras.layers.Layer): pass": "tensorflow.keras.layers.Layer",
    "from keras import layers as L\nclass A(L.Layer): pass": "keras.layers.Layer",
    "from keras.layers import *\nclass A(Layer): pass": "keras.layers.Layer",
    "from tensorflow.keras import *\nclass A(layers.Layer): pass": "tensorflow.keras.layers.Layer",
    "import keras\nlayers = keras.layers\nBase = layers.Layer\nclass A(Base): pass": "keras.layers.Layer",
    "import tensorflow as tf\ntf = tf.compat.v2\nclass A(tf.keras.layers.Layer): pass": (
        "tensorflow.compat.v2.keras.layers.Layer"
    ),
    "try:\n    import tf_keras as keras\nexcept ImportError:\n    import keras\nclass A(keras.Layer): pass": (
        "tf_keras.Layer"
    ),
    "try:\n    from keras import Layer\nexcept ImportError:\n    Layer = object\nclass A(Layer): pass": "keras.Layer",
    "Layer = None\nif x:\n    from keras import Layer\nclass A(Layer): pass": "keras.Layer",
    "import keras\nBase = keras.Model if x else keras.Layer\nclass A(Base): pass": "keras.Model",
    "import keras\nclass A(keras.layers.Layer[int], object): pass": "keras.layers.Layer",
    "import keras\nclass B(keras.layers.Layer): pass\nclass A(B): pass": "keras.layers.Layer",
    "from lazy import LazyLoader\nkeras = LazyLoader('keras', globals(), 'keras')\nclass A(keras.Model): pass": (
        "keras.Model"
    ),
    "import keras\nclass O:\n    class B(keras.Layer): pass\nclass A(O.B): pass": "keras.Layer",
    "from keras import Layer\nLayer = patch(Layer)\nclass A(Layer): pass": "keras.Layer",
    "class A(torch.nn.Module): pass": None,
    "import torch.nn as nn\nclass A(nn.Module): pass": None,
    "class Layer: pass\nclass A(Layer): pass": None,
    "class A(A): pass": None,
    "class A(B): pass\nclass B(A): pass": None,
    "A = B\nB = A\nclass C(A): pass\nclass A(C): pass": None,
    "class A(make()): pass": None,
}


@pytest.mark.parametrize("source", ONE_FILE)
def test_root_within_one_file(tmp_path: Path, source: str) -> None:
    write(tmp_path, {"m.py": source})
    found = info(tmp_path, "m.py", "A")
    assert found.root == ONE_FILE[source]
    assert (found.kind is None) == (found.root is None)


PACKAGE = {
    "src/pkg/__init__.py": "from .base import Base\nfrom pkg.star import *\n",
    "src/pkg/base.py": """
        import tensorflow as tf
        class Base(tf.keras.layers.Layer): pass
        def helper(): pass
        SIZE = 3 + 4
    """,
    "src/pkg/star.py": "from .deep.more import *\nfrom .base import helper as _private\n",
    "src/pkg/deep/more.py": "from ..base import Base as Root\nclass Starred(Root): pass\nfrom ..star import *\n",
    "src/pkg/use.py": """
        import pkg, pkg.deep.more as more, os
        from pkg import deep, base as b, missing
        from . import Starred
    """,
    "src/pkg/broken.py": "class (:\n",
    "src/pkg/tests/test_use.py": "from pkg import Starred\nfrom pkg.broken import X\nfrom pkg.base import nothing\n",
    "other/script.py": "from pkg.base import Base\nimport sibling\nfrom external import Thing\n",
    "other/sibling.py": "class S: pass\n",
    "setup.py": "",
}


@pytest.mark.parametrize(
    ("file", "name", "meaning"),
    [
        ("src/pkg/use.py", "pkg.Base", "class pkg.base.Base"),
        ("src/pkg/use.py", "pkg.Starred", "class pkg.deep.more.Starred"),
        ("src/pkg/use.py", "more.Starred", "class pkg.deep.more.Starred"),
        ("src/pkg/use.py", "deep.more.Root", "class pkg.base.Base"),
        ("src/pkg/use.py", "pkg.deep", "module deep"),
        ("src/pkg/use.py", "b.helper", "def pkg.base.helper"),
        ("src/pkg/use.py", "b.SIZE", "= 3 + 4"),
        ("src/pkg/use.py", "b.SIZE.real", "?"),
        ("src/pkg/use.py", "b.tf.reduce_sum", "tensorflow.reduce_sum"),
        ("src/pkg/use.py", "Starred", "class pkg.deep.more.Starred"),
        ("src/pkg/use.py", "missing", "?"),
        ("src/pkg/use.py", "os.path.join", "os.path.join"),
        ("src/pkg/use.py", "len", "builtins.len"),
        ("src/pkg/use.py", "nowhere", "?"),
        ("src/pkg/use.py", "pkg._private", "?"),
        ("src/pkg/tests/test_use.py", "Starred", "class pkg.deep.more.Starred"),
        ("src/pkg/tests/test_use.py", "X", "?"),
        ("src/pkg/tests/test_use.py", "nothing", "?"),
        ("other/script.py", "Base", "class pkg.base.Base"),
        ("other/script.py", "sibling.S", "class sibling.S"),
        ("other/script.py", "Thing.attribute", "external.Thing.attribute"),
    ],
)
def test_names_across_modules(tmp_path: Path, file: str, name: str, meaning: str) -> None:
    write(tmp_path, PACKAGE)
    project = Project(None)
    assert shown(project.resolve(project.module_at(tmp_path / file), name)) == meaning


def test_a_module_beside_another_may_be_a_standard_one(tmp_path: Path) -> None:
    files = {"pkg/__init__.py": "", "pkg/random.py": "def randint(): ...", "pkg/use.py": "import random"}
    write(tmp_path, {**files, "random.py": "def randint(): ...", "script.py": "import random"})
    project = Project(None)
    assert shown(project.resolve(project.module_at(tmp_path / "pkg/use.py"), "random.randint")) == "?"
    assert shown(project.resolve(project.module_at(tmp_path / "script.py"), "random.randint")) == "def random.randint"


def test_names_seen_from_within_a_class(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "m.py": """
            import keras
            from numpy import mean
            def make(mean):
                from keras.layers import Dense
                import tensorflow as tf
                class Base(keras.Layer): pass
                class A(Base):
                    class Inner: pass
                return A
            """
        },
    )
    project = Project(tmp_path)
    module = project.module_at(tmp_path / "m.py")
    scope = module.classes["make.<locals>.A"]
    names = ["Dense", "tf.exp", "Base", "mean", "keras.ops"]
    assert [shown(project.resolve(module, name, scope=scope)) for name in names] == [
        "keras.layers.Dense",
        "tensorflow.exp",
        "class m.make.<locals>.Base",
        "?",
        "keras.ops",
    ]
    assert shown(project.resolve(module, "mean")) == "numpy.mean"
    assert project.class_info(ClassRef(module, scope)).kind is ClassKind.LAYER


def test_kinds_and_bases(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "m.py": """
            import abc, keras, keras_hub, elsewhere
            class Mixin: pass
            class Base(Mixin, keras.layers.Layer): pass
            class Known(Base, abc.ABC): pass
            class Wide(keras.layers.Dense, Base): pass
            class Net(Base, keras.Model): pass
            class Half(Base, elsewhere.Thing): pass
            class Bone(keras_hub.models.Backbone): pass
            class Words(keras_hub.models.BertTokenizer): pass
            class Mean(keras.losses.Loss): pass
            class Rate(keras.optimizers.schedules.LearningRateSchedule): pass
            class Odd(Mixin, Base): pass
            """
        },
    )
    project = Project(tmp_path)
    module = project.module_at(tmp_path / "m.py")
    infos = {name: project.class_info(ClassRef(module, entry)) for name, entry in module.classes.items()}
    kinds = {name: found.kind.value if found.kind else None for name, found in infos.items()}
    assert kinds == {
        "Mixin": None,
        "Base": "layer",
        "Known": "layer",
        "Wide": "layer",
        "Net": "model",
        "Half": "layer",
        "Bone": "model",
        "Words": "layer",
        "Mean": "loss",
        "Rate": "schedule",
        "Odd": "layer",
    }
    assert [name for name, found in infos.items() if not found.complete] == ["Half"]
    assert infos["Wide"].builtin_base == "keras.layers.Dense"
    assert infos["Known"].builtin_base is None
    orders = {name: [shown(base).rpartition(".")[2] for base in infos[name].mro] for name in ("Known", "Odd")}
    assert orders == {"Known": ["Known", "Base", "Mixin", "Layer", "ABC"], "Odd": ["Odd", "Mixin", "Base", "Layer"]}


def test_keras_itself(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "keras/__init__.py": "",
            "keras/src/__init__.py": "",
            "keras/src/layers/__init__.py": "from keras.src.layers.layer import Layer\n",
            "keras/src/layers/layer.py": "class Operation: pass\nclass Layer(Operation):\n    def call(self): pass\n",
            "keras/src/layers/core/__init__.py": "",
            "keras/src/layers/core/dense.py": "from keras.src.layers import Layer\nclass Dense(Layer): pass\n",
            "keras/src/layers/core/more.py": "from .dense import Dense\nclass More(Dense): pass\n",
        },
    )
    assert info(tmp_path, "keras/src/layers/layer.py", "Layer").kind is None
    dense = info(tmp_path, "keras/src/layers/core/dense.py", "Dense")
    assert (dense.kind, dense.root) == (ClassKind.LAYER, "keras.src.layers.layer.Layer")
    assert info(tmp_path, "keras/src/layers/core/more.py", "More").builtin_base == "keras.layers.Dense"


def test_a_folder_named_like_a_framework_is_not_the_framework(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "setup.py": "",
            "keras/layers.py": "class Layer: pass\n",
            "m.py": "import keras\nclass A(keras.layers.Layer): pass",
        },
    )
    assert info(tmp_path, "m.py", "A").root == "keras.layers.Layer"


UNIT = "from keras import layers\nclass A(layers.Layer): pass\n"
NAMED_LIKE_A_FRAMEWORK: dict[str, tuple[str, dict[str, str], str]] = {
    "a package in a folder": ("mine/keras/unit.py", {"mine/keras/__init__.py": ""}, "keras.layers.Layer"),
    "a package at the top": ("keras/unit.py", {"keras/__init__.py": "", "setup.py": ""}, "keras.layers.Layer"),
    "in a package, as before": (
        "mine/keras/unit.py", {"mine/keras/__init__.py": "", "mine/__init__.py": ""}, "keras.layers.Layer",
    ),
    "a folder that relative imports make a package": (
        "mine/keras/unit.py",
        {"mine/keras/other.py": "", "mine/keras/unit.py": f"from . import other\n{UNIT}"},
        "keras.layers.Layer",
    ),
    "within itself": ("keras/keras/unit.py", {"keras/keras/__init__.py": ""}, "keras.layers.Layer"),
    "a module": ("mine/keras.py", {}, "keras.layers.Layer"),
    "tensorflow": (
        "mine/tensorflow/unit.py",
        {
            "mine/tensorflow/__init__.py": "",
            "mine/tensorflow/unit.py": "import tensorflow as tf\nclass A(tf.keras.layers.Layer): pass\n",
        },
        "tensorflow.keras.layers.Layer",
    ),
    "with modules named like those of Keras": (
        "mine/keras/layers.py", {"mine/keras/__init__.py": "from keras import layers"}, "keras.layers.Layer",
    ),
    "a folder with a name that is no identifier": (
        "my-project-1.0/keras/unit.py",
        {
            "my-project-1.0/keras/__init__.py": "",
            "my-project-1.0/keras/base.py": UNIT,
            "my-project-1.0/keras/unit.py": "from .base import A as B\nclass A(B): pass\n",
        },
        "keras.layers.Layer",
    ),
    "relative imports": (
        "mine/keras/unit.py",
        {
            "mine/keras/__init__.py": "",
            "mine/keras/layers.py": UNIT.replace("class A", "class Layer"),
            "mine/keras/unit.py": "from .layers import Layer\nclass A(Layer): pass\n",
        },
        "keras.layers.Layer",
    ),
    "absolute imports of its own modules": (
        "mine/keras/unit.py",
        {
            "mine/keras/__init__.py": "",
            "mine/keras/base.py": UNIT.replace("class A", "class Base"),
            "mine/keras/unit.py": "from keras.base import Base\nclass A(Base): pass\n",
        },
        "keras.layers.Layer",
    ),
    "imports of its neighbours": (
        "mine/keras/unit.py",
        {
            "mine/keras/__init__.py": "",
            "mine/base.py": UNIT.replace("class A", "class Base"),
            "mine/keras/unit.py": "from base import Base\nclass A(Base): pass\n",
        },
        "keras.layers.Layer",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NAMED_LIKE_A_FRAMEWORK)
@pytest.mark.parametrize("has_root", [True, False])
def test_modules_named_like_a_framework_are_code_of_the_project(tmp_path: Path, case: str, has_root: bool) -> None:
    file, files, root = NAMED_LIKE_A_FRAMEWORK[case]
    write(tmp_path, {file: UNIT, **files})
    project = Project(tmp_path if has_root else None)
    module = project.module_at(tmp_path / file)
    found = project.class_info(ClassRef(module, module.classes["A"]))
    assert (found.kind, found.root, found.complete) == (ClassKind.LAYER, root, True)


def test_classes_named_like_those_of_keras_are_code_of_the_project(tmp_path: Path) -> None:
    """`keras.layers.Layer` by its place on disk, a class of the project by its folder, which is not that of Keras."""
    text = "import keras\nclass Layer(keras.layers.Layer): pass\nclass Dense(Layer): pass\nclass A(Dense): pass\n"
    write(tmp_path, {"mine/keras/__init__.py": "", "mine/keras/layers.py": text})
    found = info(tmp_path, "mine/keras/layers.py", "A")
    assert [shown(base).rpartition(".")[2] for base in found.mro] == ["A", "Dense", "Layer", "Layer"]
    assert found.builtin_base is None
    assert info(tmp_path, "mine/keras/layers.py", "Layer").kind is ClassKind.LAYER


def test_star_imports_in_a_clique_end(tmp_path: Path) -> None:
    count = 12
    stars = "\n".join(f"from .m{number} import *" for number in range(count))
    write(tmp_path, {"p/__init__.py": "", **{f"p/m{number}.py": stars for number in range(count)}})
    write(tmp_path, {"p/use.py": "from .m0 import *\nclass A(Gone): pass\n"})
    found = info(tmp_path, "p/use.py", "A")
    assert (found.kind, found.complete) == (None, False)


@pytest.mark.slow
def test_long_chains_end(tmp_path: Path) -> None:
    aliases = "import keras\nx0 = keras.Layer\n" + "".join(f"x{n + 1} = x{n}\n" for n in range(5000))
    classes = "class C0: pass\n" + "".join(f"class C{n + 1}(C{n}): pass\n" for n in range(2000))
    write(tmp_path, {"m.py": aliases + classes + "class A(x5000, C2000): pass\n"})
    assert not info(tmp_path, "m.py", "A").complete


def test_data_stands_in_for_the_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"p/__init__.py": "", "p/a.py": "class Base: pass\n", "p/b.py": "from .a import Base\nclass B(Base): pass\n"},
    )
    project = Project(tmp_path)
    project.module_at(tmp_path / "p" / "a.py", b"import keras\nclass Base(keras.Layer): pass\n")
    module = project.module_at(tmp_path / "p" / "b.py")
    assert project.class_info(ClassRef(module, module.classes["B"])).kind is ClassKind.LAYER


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("old = any\ndef any(x): pass\n", "builtins.any"),
        ("def any(x): pass\nold = any\n", "def m.any"),
        ("from tensorflow.keras.backend import any\nold = any\n", "tensorflow.keras.backend.any"),
    ],
)
def test_an_alias_means_what_its_name_meant_there(tmp_path: Path, source: str, expected: str) -> None:
    write(tmp_path, {"m.py": source})
    project = Project(tmp_path)
    assert shown(project.resolve(project.module_at(tmp_path / "m.py"), "old")) == expected


def test_a_class_of_keras_is_one_class_by_whatever_name(tmp_path: Path) -> None:
    text = "import keras\nfrom keras.models import Model\nclass Mixin(Model): pass\nclass Base(keras.Model): pass\n"
    write(tmp_path, {"m.py": text + "class A(Mixin, Base): pass\nclass B(Base, Mixin): pass\n"})
    for name, order in (("A", ["A", "Mixin", "Base", "Model"]), ("B", ["B", "Base", "Mixin", "Model"])):
        assert [shown(base).rpartition(".")[2] for base in info(tmp_path, "m.py", name).mro] == order


@pytest.mark.parametrize(
    ("source", "name", "bases"),
    [
        ("class A(Layer): pass\nclass B(A): pass\nclass A(Model): pass\n", "B", ["B", "A", "Layer"]),
        ("class A(Layer): pass\nclass A(Model): pass\nclass B(A): pass\n", "B", ["B", "A", "Model"]),
        ("A = Layer\nclass B(A): pass\nclass A(Model): pass\n", "B", ["B", "Layer"]),
        ("class Layer(Layer): pass\n", "Layer", ["Layer", "Layer"]),
        (
            "try:\n    from p import A, B\nexcept ImportError:\n    class Layer: pass\n    class B(Layer): pass\n",
            "B",
            ["B", "Layer"],
        ),
        (
            "try:\n    from p import A\nexcept ImportError:\n    class Other(Layer): pass\n    class B(Other): pass\n",
            "B",
            ["B", "Other", "Layer"],
        ),
    ],
)
def test_a_base_is_what_its_name_meant_there(tmp_path: Path, source: str, name: str, bases: list[str]) -> None:
    write(tmp_path, {"m.py": "from keras import Layer, Model\n" + source})
    found = info(tmp_path, "m.py", name)
    assert [shown(base).rpartition(".")[2] for base in found.mro] == bases
    is_own = "class Layer: pass" in source
    assert found.kind is (None if is_own else ClassKind.MODEL if bases[-1] == "Model" else ClassKind.LAYER)
