"""Which code of a module exists under a generation.

In the cases, `only2()` exists under Keras 2 alone, `only3()` under Keras 3 alone, `both()` under either.
"""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.lint import Linter
from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.source.decode import split_lines
from keras_layer_lint.target import Generation

TESTS = {
    "string": ("import keras", "keras.__version__ >= '3'"),
    "string of tf": ("import tensorflow as tf", "tf.__version__ >= '2.16' and tf.keras.__version__ > '3'"),
    "string of tf.keras": ("import tensorflow as tf", "tf.keras.__version__ >= '3.0'"),
    "imported version": ("from keras import __version__ as version", "version >= '3'"),
    "startswith": ("import keras", "keras.__version__.startswith('3')"),
    "not startswith": ("import keras", "not keras.__version__.startswith('2.')"),
    "first letter": ("import keras", "keras.__version__[0] == '3'"),
    "split": ("import keras", "keras.__version__.split('.')[0] == '3'"),
    "int": ("import keras", "int(keras.__version__.split('.')[0]) >= 3"),
    "int of slice": ("import keras", "int(keras.__version__[:1]) > 2"),
    "float": ("import keras", "float(keras.__version__[:3]) >= 3.0"),
    "tuple": ("import keras", "tuple(int(part) for part in keras.__version__.split('.')[:2]) >= (3, 0)"),
    "map": ("import keras", "tuple(map(int, keras.__version__.split('.')[:2])) >= (3, 0)"),
    "unpacked": ("import keras\nmajor, minor, _ = keras.__version__.split('.')", "int(major) == 3 and int(minor) >= 0"),
    "unpacked numbers": (
        "import keras\nMAJOR, MINOR = [int(part) for part in keras.__version__.split('.')[:2]]",
        "MAJOR >= 3 and MINOR >= 0",
    ),
    "unpacked in a function": (
        "import keras\ndef is_3():\n    major, *_ = keras.__version__.split('.')\n"
        "    first, second = keras.__version__.split('.')[:2]\n    return int(first) > 2",
        "is_3()",
    ),
    "parse": (
        "import keras\nfrom packaging import version",
        "version.parse(keras.__version__) >= version.parse('3.0')",
    ),
    "Version": (
        "import keras\nfrom packaging.version import Version",
        "Version(keras.__version__) >= Version('3.0.0')",
    ),
    "major": ("import keras\nfrom packaging.version import Version", "Version(keras.__version__).major >= 3"),
    "release": ("import keras\nfrom packaging.version import parse", "parse(keras.__version__).release[0] == 3"),
    "LooseVersion": (
        "import keras\nfrom distutils.version import LooseVersion",
        "LooseVersion(keras.__version__) >= LooseVersion('3')",
    ),
    "chain": ("import keras", "'3' <= keras.__version__ < '4'"),
    "function": ("import keras", "keras.version() >= '3'"),
    "metadata": ("import importlib.metadata", "importlib.metadata.version('keras').startswith('3.')"),
    "hasattr ops": ("import keras", "hasattr(keras, 'ops')"),
    "hasattr config": ("from tensorflow import keras", "hasattr(keras, 'config')"),
    "not hasattr": ("import keras", "not hasattr(keras.layers, 'experimental')"),
    "flag": ("import keras\nK3 = keras.__version__ >= '3'", "K3"),
    "flag of int": ("import keras\nMAJOR = int(keras.__version__[0])", "MAJOR == 3"),
    "flag by if": ("import keras\nif keras.__version__[0] == '2':\n    K3 = False\nelse:\n    K3 = True", "K3"),
    "flag by try": ("try:\n    import keras.ops\n    K3 = True\nexcept ImportError:\n    K3 = False", "K3"),
    "flag by the other try": (
        "try:\n    from keras.layers.experimental import preprocessing\nexcept ImportError:\n    K3 = True\n"
        "else:\n    K3 = False",
        "K3",
    ),
    "helper": ("import keras\ndef is_3():\n    return keras.__version__.startswith('3')", "is_3()"),
    "helper of steps": (
        "def is_3():\n    import keras\n    major = int(keras.__version__.split('.')[0])\n    if major >= 3:\n"
        "        return True\n    return False",
        "is_3()",
    ),
    "helper with argument": (
        "import keras\nfrom packaging.version import parse\ndef at_least(wanted):\n"
        "    return parse(keras.__version__) >= parse(wanted)",
        "at_least('3.0')",
    ),
    "helper by try": (
        "def is_3():\n    try:\n        from keras import ops\n        return True\n    except ImportError:\n"
        "        return False",
        "is_3()",
    ),
    "backend": ("import keras", "keras.__version__ >= '3' and keras.backend.backend() == 'tensorflow'"),
}

FORMS = {
    "if": "if {test}:\n    only3()\nelse:\n    only2()\nboth()",
    "not": "if not ({test}):\n    only2()\n    only2()\nboth()",
    "elif": "if {test}:\n    only3()\nelif unknown:\n    only2()\nelse:\n    only2()",
    "elif behind": "if unknown:\n    both()\nelif {test}:\n    only3()\nelse:\n    only2()",
    "one line": "if {test}: only3()\nelse: only2()",
    "expression": "x = [1, only3() if {test} else only2(), both()]",
    "or": "if unknown and {test}:\n    only3()\nelse:\n    both()",
    "return": "def f():\n    if {test}:\n        return only3()\n    only2()\n    return only2()\nboth()",
    "raise": "def f():\n    if not ({test}):\n        raise ImportError(only2())\n    only3()",
    "with": "with unknown:\n    if {test}:\n        only3()\n    both()",
    "loop": "for _ in both():\n    if {test}:\n        continue\n    only2()\nboth()",
    "class": "class A:\n    if {test}:\n        only3()\n    else:\n        def f(self):\n            only2()",
    "method": "class A:\n    def f(self, x):\n        y = (only3()\n             if {test}\n             else only2())\n        return y",
}

WHOLE = {
    "ops": "try:\n    from keras import ops\n    only3()\nexcept ImportError:\n    only2()\nboth()",
    "ops, bare": "try:\n    import keras.ops as ops\nexcept:\n    only2()\nelse:\n    only3()\nfinally:\n    both()",
    "the other order": (
        "try:\n    from keras.layers.experimental import preprocessing\n"
        "except (ImportError, AttributeError) as error:\n    only3()\nelse:\n    only2()"
    ),
    "attribute": "import keras\ntry:\n    ops = keras.ops\nexcept AttributeError:\n    only2()\nelse:\n    only3()",
    "attribute in a function": (
        "import keras\ndef f(x):\n    try:\n        add = keras.ops.add\n    except AttributeError:\n"
        "        return only2()\n    return only3()"
    ),
    "in a class": (
        "import keras\nclass A:\n    try:\n        from keras import ops\n    except ImportError:\n        only2()\n"
        "    def f(self):\n        try:\n            from keras import ops\n        except ImportError:\n            only2()"
    ),
    "flag of a class": (
        "import keras\nclass A:\n    new = keras.__version__ >= '3'\n    def f(self):\n        if self.new:\n"
        "            return only3()\n        return only2()"
    ),
    "attribute of self": (
        "import keras\nclass A:\n    def __init__(self):\n        self.new = hasattr(keras, 'ops')\n    def f(self):\n"
        "        return only3() if self.new else only2()"
    ),
    "inherited": (
        "import keras\nclass A:\n    new = hasattr(keras, 'ops')\nclass B(A):\n    def f(self):\n        if not self.new:\n"
        "            only2()\n        both()"
    ),
    "property": (
        "import keras\nclass A:\n    @property\n    def new(self):\n        return keras.__version__ >= '3'\n"
        "    def f(self):\n        if self.new:\n            only3()"
    ),
    "two classes": (
        "import keras\nif keras.__version__ < '3':\n    class A:\n        only2()\nelse:\n    @both\n    class A:\n        only3()"
    ).replace("@both", "@only3()"),
    "rest of the module": "import keras\nif keras.__version__ >= '3':\n    raise ImportError\nonly2()\ndef f():\n    only2()",
    "nested": (
        "import keras\nif keras.__version__ >= '3':\n    if hasattr(keras, 'nothing'):\n        pass\n    else:\n        only3()\n"
        "else:\n    if int(keras.__version__[0]) < 2:\n        pass\n    else:\n        only2()"
    ),
    "old versions": "import keras\nif keras.__version__ < '2.3':\n    pass\nelse:\n    both()",
    "other backends": "import keras\nif keras.backend.backend() == 'theano':\n    pass\nelse:\n    both()",
    # Not decided: everything stays.
    "a switch": "import keras\nDEBUG = False\nif DEBUG:\n    both()",
    "class attribute": "import keras\nclass A:\n    flag = False\n    def f(self):\n        if self.flag:\n            both()",
    "rebound": "import keras\nK3 = keras.__version__ >= '3'\nif unknown():\n    K3 = True\nif K3:\n    both()\nelse:\n    both()",
    "parameter": "import keras\nK3 = keras.__version__ >= '3'\ndef f(K3):\n    if K3:\n        both()\n    else:\n        both()",
    "other package": "try:\n    import einops\n    both()\nexcept ImportError:\n    both()",
    "other package first": "try:\n    import einops\n    from keras import ops\nexcept ImportError:\n    both()",
    "a call may fail": "import keras\ntry:\n    x = keras.layers.Dense('a')\nexcept Exception:\n    both()",
    "eager": "import tensorflow as tf\nif tf.executing_eagerly():\n    both()\nelse:\n    both()",
    "set on self again": (
        "import keras\nclass A:\n    def __init__(self, new):\n        self.new = keras.__version__ >= '3'\n        self.new = new\n"
        "    def f(self):\n        if self.new:\n            both()"
    ),
}


def reduced(source: str, generation: str, folder: Path = Path("/nowhere")) -> str:
    project = Project(folder)
    path = folder.absolute() / "subject.py"
    project.module_at(path, source.encode())
    return project.under(Generation(generation), "tensorflow").module_at(path).text


def check(source: str) -> None:
    ast.parse(source)
    lines = split_lines(source)
    for generation, other in (("2", "3"), ("3", "2")):
        text = reduced(source, generation)
        left = {(match.start(), match[0]) for match in re.finditer(r"\b(?:both|only\d)\(\)", text)}
        wanted = [match for match in re.finditer(r"\b(?:both|only\d)\(\)", source) if match[0] != f"only{other}()"]
        assert [name for _, name in sorted(left)] == [match[0] for match in wanted], (generation, text)
        for number, (line, whole) in enumerate(zip(split_lines(text), lines, strict=True)):
            for match in re.finditer(r"\b(?:both|only\d)\(\)", line):
                assert whole[match.start() :].startswith(match[0]), (number, text)
        ast.parse(text)


@pytest.mark.parametrize("test", TESTS)
def test_forms_of_tests(test: str) -> None:
    head, condition = TESTS[test]
    check(f"{head}\n" + FORMS["if"].format(test=condition))
    check(f"{head}\n" + FORMS["return"].format(test=condition))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("test", ["string", "flag", "startswith", "helper"])
def test_forms_of_branches(form: str, test: str) -> None:
    head, condition = TESTS[test]
    check(f"{head}\nunknown = both\n" + FORMS[form].format(test=condition))


@pytest.mark.parametrize("name", WHOLE)
def test_modules(name: str) -> None:
    check(WHOLE[name])


@pytest.mark.parametrize(
    ("compat", "head", "test"),
    [
        ("import keras\nK3 = keras.__version__ >= '3'", "from compat import K3", "K3"),
        ("import keras\nK3 = keras.__version__ >= '3'", "import compat", "compat.K3"),
        ("import keras\nK3 = keras.__version__ >= '3'", "import compat as c", "not c.K3 is False"),
        ("import keras\ndef is_3():\n    return hasattr(keras, 'ops')", "from compat import is_3 as new", "new()"),
        ("import keras\ndef is_3():\n    return hasattr(keras, 'ops')", "import compat", "compat.is_3()"),
        (
            "try:\n    from keras import ops\n    NEW = True\nexcept ImportError:\n    NEW = False",
            "import compat",
            "compat.NEW",
        ),
        ("import keras\nclass Flags:\n    new = hasattr(keras, 'ops')", "from compat import Flags", "Flags.new"),
    ],
)
def test_flags_of_other_modules(compat: str, head: str, test: str, tmp_path: Path) -> None:
    (tmp_path / "compat.py").write_text(compat)
    (tmp_path / "pyproject.toml").write_text("")
    source = f"{head}\n" + FORMS["if"].format(test=test)
    assert "only2" not in reduced(source, "3", tmp_path)
    assert "only3" not in reduced(source, "2", tmp_path)
    assert "only3" in reduced(source, "3", tmp_path)


def test_a_minor_version_is_open() -> None:
    source = "import keras\nif keras.__version__ >= '3.5':\n    a()\nelse:\n    b()"
    assert reduced(source, "3") == source
    assert "a()" not in reduced(source, "2")


def test_modules_that_ask_each_other(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "compat.py").write_text(
        "import keras\nfrom subject import F\nK3 = keras.__version__ > '3'\nif F:\n    pass\n"
    )
    source = "from compat import K3\nF = K3\nif K3:\n    only3()\nelse:\n    only2()"
    assert "only2" not in reduced(source, "3", tmp_path)


LAYER = """
    import keras
    {head}

    class Half(keras.layers.Layer):
        def call(self, inputs):
            if {test}:
                half = keras.ops.mean(inputs, axis=-1)
            else:
                half = keras.backend.mean(inputs, axis=-1)
            {wrong}
            return half
"""


def codes(source: str, *keras: str) -> list[tuple[str, tuple[str, ...]]]:
    found = lint_source(textwrap.dedent(source), "a.py", Settings(keras=keras or None))
    return [(one.code, one.keras) for one in found if one.severity.name != "NOTE"]


def test_what_is_found_in_live_code() -> None:
    """A removed name in the dead branch is none; a branch on a tensor that the live one made is a fault."""
    source = LAYER.format(head="K3 = keras.__version__ >= '3'", test="K3", wrong="pass")
    assert codes(source, "3") == []
    source = LAYER.format(head="K3 = keras.__version__ >= '3'", test="K3", wrong="x = int(half[0])")
    assert codes(source, "3") == [("KLL113", ("3",))]
    source = LAYER.format(head="K3 = keras.__version__ < '3'", test="K3", wrong="pass")
    assert codes(source, "3") == [("KLL147", ("3",))]


def test_both_generations_have_their_own_code() -> None:
    source = LAYER.format(head="", test="hasattr(keras, 'ops')", wrong="half.numpy()")
    assert codes(source, "2", "3") == [("KLL112", ("2", "3"))]
    source = LAYER.format(head="", test="not hasattr(keras, 'ops')", wrong="pass")
    assert codes(source, "2", "3") == [("KLL147", ("3",))]
    (found,) = lint_source(textwrap.dedent(source), "a.py", Settings(keras=("2", "3")))
    assert found.message.endswith("(Keras 3)")


def test_comments_in_dead_code_are_not_unused() -> None:
    source = LAYER.format(head="", test="hasattr(keras, 'ops')", wrong="pass").replace(
        "keras.backend.mean(inputs, axis=-1)", "keras.backend.mean(inputs, axis=-1)  # klint: ignore[KLL147]"
    )
    assert codes(source, "3") == []
    assert codes(source.replace("if hasattr(keras, 'ops')", "if unknown"), "3") == []
    plain = source.replace("keras.backend.mean", "keras.ops.mean").replace("if hasattr(keras, 'ops')", "if unknown")
    assert [code for code, _ in codes(plain, "3")] == ["KLL002"]


def test_layers_are_counted_once() -> None:
    source = textwrap.dedent(LAYER.format(head="", test="hasattr(keras, 'ops')", wrong="pass"))
    assert Linter(Settings(keras=("2", "3"))).report(source, "a.py").layers == 1
