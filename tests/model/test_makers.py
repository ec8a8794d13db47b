"""Who makes the objects of a class, told from the text of a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint.model.makers import MadeBy, Makers
from keras_layer_lint.model.mentions import SourceText

ANYONE, CLASSES, REBUILT = MadeBy.ANYONE, MadeBy.CLASSES, MadeBy.REBUILT

GATE = "class Gate(Layer):\n    def call(self, x): return x\n"
NET = "class Net(Model):\n    def __init__(self):\n        self.gate = layers.Gate(4)\n"
CONFIG = '    def get_config(self):\n        return {"n": self.n}\n'
MERGED = CONFIG.replace('{"n"', '{**super().get_config(), "n"')
STAGE = "class Stage(Layer):\n    def __init__(self):\n        self.gate = Gate(4)\n"
OUTER = "class Outer(Model):\n    def __init__(self):\n        self.stage = Stage()\n" + CONFIG
MAKE = "def make(n):\n    return Gate(n)\n"
CALLS = "class Net(Model):\n    def __init__(self):\n        self.gate = make(4)\n" + CONFIG
DECORATED = "def rebuilt(cls):\n    cls.get_config = lambda self: self.cfg\n    return cls\n\n@rebuilt\n" + NET
TABLE = 'GATES = {"gate": Gate}\nclass Net(Model):\n    def __init__(self): self.g = GATES["gate"](4)\n' + CONFIG


def made_by(files: dict[str, str], name: str = "Gate", **kinds: bool) -> MadeBy:
    found = [SourceText(Path("/p") / path, text, "test" in path) for path, text in files.items()]
    return Makers(lambda: found, **kinds).of(Path("/p/gate.py"), name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ANYONE),  # made nowhere: somebody else does
        (NET, CLASSES),
        ("class Net(Model):\n    gate = Gate(\n4\n)\n", CLASSES),
        (NET + "gate = Gate(4)\n", ANYONE),
        # It is no layer itself: what it makes goes into models.
        (NET.replace("(Model)", ""), ANYONE),
        (NET.replace("(Model)", "(object)") + CONFIG, ANYONE),
        (NET.replace("(Model)", "(kt.HyperModel, ABC)"), ANYONE),
        (NET.replace("(Model)", "(keras.Model, ABC)"), CLASSES),
        (NET + "def net():\n    return Gate(4)(inputs)\n", ANYONE),
        (NET + "\n\nGate(4)\n", ANYONE),
        (NET + "if debug:\n    Gate(4)\n", ANYONE),
        ("class Net(Model):\n    def call(self, x): return MyGate(4)(x)\n", ANYONE),
        # What it is compared with, told of or annotated as makes none.
        ("class Net(Model):\n    def call(self, x: Gate, y: List[Gate]): assert isinstance(x, Gate)\n", ANYONE),
        ('class Net(Model):\n    """Holds a Gate(4), or Gate."""\n', ANYONE),
        ("class Net(Model):\n    x = 1  # or Gate(4)\n", ANYONE),
        ("from gates import Gate\n", ANYONE),
        # The config of the owner makes it again.
        (NET + CONFIG, REBUILT),
        (NET + CONFIG + "def net():\n    return Gate(4)(inputs)\n", ANYONE),
        (NET + CONFIG + NET.replace("Net", "Other"), CLASSES),
        (STAGE + OUTER, REBUILT),
        (STAGE + OUTER + "stage = Stage()\n", CLASSES),
        (DECORATED, REBUILT),
        (DECORATED.replace(".get_config", ".get_more"), CLASSES),
        ("class Own(Model):\n" + CONFIG + NET.replace("Model", "Own"), REBUILT),
        # What derives from it and is made by its `__init__`, whatever config it has.
        ("class Fine(Gate):\n" + CONFIG, ANYONE),
        ("class Fine(Gate):\n" + CONFIG + "fine = Fine()\n", ANYONE),
        ("class Fine(Gate):\n" + CONFIG + NET.replace("Gate", "Fine") + CONFIG, REBUILT),
        ("class Fine(Gate):\n" + CONFIG + NET.replace("Gate", "Fine"), CLASSES),
        ("class Fine(Gate):\n    def __init__(self):\n        super().__init__()\n" + CONFIG, REBUILT),
        # It asks the layer for its config all the same.
        (NET + CONFIG.replace("self.n", "serialize(self.gate)"), CLASSES),
        (NET + CONFIG.replace("self.n", "self.gate.get_config()"), CLASSES),
        (NET + CONFIG.replace("self.n", "self.gate"), CLASSES),
        (NET + "    def get_config(self):\n        raise NotImplementedError\n", CLASSES),
        (NET + MERGED, REBUILT),
        (NET.replace("Model", "Wrapper") + MERGED, CLASSES),
        (
            NET + "        super().__init__(inputs=x, outputs=y)\n" + MERGED,
            CLASSES,
        ),
        # By way of a function, a table or a choice.
        (MAKE + CALLS, REBUILT),
        (MAKE + CALLS + "make(4)\n", ANYONE),
        ("@register\n" + MAKE + CALLS, ANYONE),
        (MAKE, ANYONE),
        (TABLE, REBUILT),
        (TABLE + 'GATES["gate"](4)\n', ANYONE),
        ("class Net(Model):\n    def __init__(self):\n        kind = Gate if a else Other\n" + CONFIG, REBUILT),
        ("class Net(Model):\n    def __init__(self):\n        kind = Other if a else Gate\n" + CONFIG, REBUILT),
        ("class Sub(Gate):\n    pass\n", ANYONE),
    ],
)  # fmt: skip
def test_who_makes_a_class(text: str, expected: MadeBy) -> None:
    assert made_by({"gate.py": GATE, "net.py": text}) is expected
    assert made_by({"gate.py": GATE + text}) is expected


@pytest.mark.parametrize(
    ("package", "module", "expected"),
    [
        ("", "", REBUILT),
        ("from .nets import Net\n", "", REBUILT),
        ("from .gate import Gate\n", "", ANYONE),
        ("from .gate import *\n", "", REBUILT),
        ("from .gate import *\n", '__all__ = ["Gate"]\n', ANYONE),
        ("", '__all__ = [\n    "Net",\n    "Gate",\n]\n', ANYONE),
        ("from .gate import *\n", '__all__ = ["Net"]\n', REBUILT),
    ],
)
def test_what_a_library_hands_out_others_make(package: str, module: str, expected: MadeBy) -> None:
    files = {"__init__.py": package, "gate.py": module + GATE, "net.py": NET + CONFIG}
    assert made_by(files, is_library=True) is expected
    assert made_by(files) is REBUILT


def test_another_class_of_the_name() -> None:
    files = {"gate.py": GATE, "net.py": NET + CONFIG}
    other = {"torch/gate.py": GATE, "torch/__init__.py": "from .gate import Gate\n", "torch/a.py": "Gate(4)\n"}
    assert made_by(files | other, is_library=True) is REBUILT
    assert made_by(files | {"torch/a.py": "Gate(4)\n"}, is_library=True) is ANYONE
    assert made_by(files | {"other.py": GATE + "Gate(4)\n"}) is REBUILT


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("from other import Gate\n", REBUILT),
        ("from .other import (\n    Gate,\n    Net,\n)\n", REBUILT),
        ("from gate import Gate\n", ANYONE),
        ("from pkg import Gate\n", ANYONE),
        ("import gate\n", ANYONE),
    ],
)
def test_a_name_is_of_the_file_that_it_is_imported_from(imports: str, expected: MadeBy) -> None:
    files = {"gate.py": GATE, "other.py": GATE, "net.py": "from gate import Gate\n" + NET + CONFIG}
    assert made_by(files | {"a.py": f"{imports}Gate(4)\n"}) is expected


def test_what_tests_make_is_not_kept() -> None:
    assert made_by({"gate.py": GATE, "net.py": NET + CONFIG, "tests/a.py": "Gate(4)\n"}) is REBUILT


def test_what_only_makes_itself() -> None:
    loop = "def first(n):\n    return second(n) or Gate(n)\n\ndef second(n):\n    return first(n)\n"
    assert made_by({"gate.py": GATE + loop}) is ANYONE
    assert made_by({"gate.py": GATE + loop + CALLS.replace("make", "first")}) is REBUILT
