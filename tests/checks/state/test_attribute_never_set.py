"""KLL217: an attribute is read that nothing sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from tests.checks.cases import assert_silent, found, layer, write

TOLD = "error: `self.{}` is read in `{}`, and nothing sets it: neither `Subject` nor `Layer` has it"

REPORTED = [
    # where it is read, the attribute
    ("x = x * self.gain  # here", "gain"),
    ("x = ops.sum(x, axis=self.unit, keepdims=self.keepdims)  # here", "keepdims"),
    ("if self.flag:\n    x = x * self.gain  # here", "gain"),
    ("if training:\n    x = self.dropout(x, training=True)  # here", "dropout"),
    ("x = self.attend(x, mask=mask)  # here", "attend"),
    ("if self.gain is not None:  # here\n    x = x * self.gain", "gain"),
    ("for block in self.layers_of_mine:  # here\n    x = block(x)", "layers_of_mine"),
]

SILENT = [
    "x = x * self.units",
    "x = x + self.w",
    "self.gain = 2.0\nx = x * self.gain",
    "if hasattr(self, 'gain'):\n    x = x * self.gain",
    "x = x * getattr(self, 'gain', 1.0)\nif training:\n    x = x * self.gain",
    "try:\n    x = x * self.gain\nexcept AttributeError:\n    pass",
    "x = ops.cast(x, self.compute_dtype)",
    "self.add_loss(ops.sum(x))",
    "x = x * self.helper(x)",
    "x = x * self.computed",
    "x = x * self.CONSTANT",
    "x = x * self.annotated",
    "x = x * self.filled",
    "x = x * self.second",
]

METHODS = """\
CONSTANT = 2.0
annotated: float

def helper(self, x):
    return 1.0

@property
def computed(self):
    return 2.0

def adapt(self, data):
    self.filled = len(data)
    self.first, self.second = data
"""


def subject(call: str, methods: str = METHODS) -> str:
    return layer(call, methods=methods)


@pytest.mark.parametrize(("call", "name"), REPORTED)
def test_reported(call: str, name: str) -> None:
    source = subject(call.replace("# here", "# KLL217")).replace("self.unit,", "self.units,")
    for keras in "23":
        (diagnostic,) = found("KLL217", source, keras)
        assert f"{diagnostic.severity.label}: {diagnostic.message}".startswith(TOLD.format(name, "call"))


@pytest.mark.parametrize("call", SILENT)
def test_silent(call: str) -> None:
    assert_silent("KLL217", subject(call))


@pytest.mark.parametrize(
    "methods",
    [
        "def restore(self, state):\n    for name, value in state.items():\n        setattr(self, name, value)",
        "def restore(self, state):\n    self.__dict__.update(state)",
        "def __getattr__(self, name):\n    return 1.0",
    ],
)
def test_silent_where_any_attribute_may_be_set(methods: str) -> None:
    assert_silent("KLL217", subject("x = x * self.gain", methods))


@pytest.mark.parametrize(
    "more",
    [
        "class Louder(Subject):\n    def __init__(self):\n        super().__init__()\n        self.gain = 2.0\n",
        "import torch\n",
        "def tune(layer):\n    layer.gain = 3.0\n",
        "Subject.gain = 2.0\n",
    ],
)
def test_silent_where_code_around_may_supply_it(more: str) -> None:
    assert_silent("KLL217", subject("x = x * self.gain") + more)


@pytest.mark.parametrize("name", ["BaseGate", "GateBase", "QuantizerBaseGate", "GateMixin", "AbstractGate"])
def test_silent_in_what_is_called_a_base(name: str) -> None:
    assert_silent("KLL217", subject("x = x * self.gain").replace("class Subject", f"class {name}"))


def test_a_private_class_that_its_module_never_makes_is_a_base() -> None:
    source = subject("x = x * self.gain  # KLL217").replace("class Subject", "class _Subject")
    assert len(found("KLL217", source + "\n\nsubject = _Subject()\n", "3")) == 1
    assert_silent("KLL217", source.replace("  # KLL217", "") + "\n\nConv = factory(_Subject, rank=1)\n")


@pytest.mark.parametrize("base", ["layers.Dense", "Unknown", "layers.LSTMCell"])
def test_silent_where_a_base_may_have_it(base: str) -> None:
    assert_silent("KLL217", layer("x = x * self.gain", base="layers.Layer").replace("keras.layers.Layer", base))


def test_silent_behind_a_flag_that_the_class_refuses() -> None:
    refuses = "if self.flag:\n    raise NotImplementedError"
    assert_silent("KLL217", layer("if self.flag:\n    x = x * self.gain", build=refuses))
    assert len(found("KLL217", layer("if self.units:\n    x = x * self.gain  # KLL217", build=refuses), "3")) == 1


def test_of_every_method_that_keras_calls() -> None:
    methods = "def compute_output_shape(self, input_shape):\n    return (*input_shape[:-1], self.width)  # KLL217"
    assert len(found("KLL217", layer(build="size = self.size  # KLL217", methods=methods), "23")) == 2


def test_a_base_in_another_file_supplies_it(tmp_path: Path) -> None:
    base = "class Parent(layers.Layer):\n    def __init__(self):\n        super().__init__()\n        self.gain = 1.0\n"
    write(tmp_path, {"parents.py": base})
    here = """\
from parents import Parent


class Child(Parent):
    def call(self, x):
        return x * self.gain


class Other(Parent):
    def call(self, x):
        return x * self.grain  # KLL217
"""
    assert len(found("KLL217", here, "3", tmp_path / "here.py")) == 1


def test_silent_where_a_private_base_of_keras_has_it() -> None:
    source = """\
from tf_keras.src.engine import base_layer


class Noise(base_layer.BaseRandomLayer):
    def call(self, inputs):
        return inputs + self._random_generator.random_normal((1,))
"""
    assert_silent("KLL217", source)


TEMPLATE = """
class Coder(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

    def call(self, x):
        y = self.{first}(x){mark}
        return self.{second}(y){mark_2}

    def sample(self, x):
        return x
{more}
"""


def test_methods_that_are_left_to_those_who_derive_from_it() -> None:
    parts = {"first": "encode", "second": "decode", "mark": "", "mark_2": "", "more": ""}
    assert_silent("KLL217", TEMPLATE.format(**parts))


def test_one_missing_method_is_misspelt() -> None:
    parts = {"first": "encode", "second": "sample", "mark": "  # KLL217", "mark_2": "", "more": ""}
    assert len(found("KLL217", TEMPLATE.format(**parts), "3")) == 1


def test_a_class_that_is_made_is_no_template() -> None:
    marks = {"mark": "  # KLL217", "mark_2": "  # KLL217"}
    source = TEMPLATE.format(first="encode", second="decode", more="\n\ncoder = Coder()", **marks)
    assert len(found("KLL217", source, "3")) == 2


DERIVED = {
    # what a class of another file is, whether it brings `encode`
    "class Wide(Coder):\n    def encode(self, x):\n        return x": True,
    "class Wide(Coder):\n    def __init__(self):\n        super().__init__()\n        self.encode = abs": True,
    "class Wide(Coder, Unknown):\n    pass": True,
    "class Wide(Coder, layers.Dense):\n    pass": True,
    "class Wide(Coder):\n    pass\n\n\nclass Wider(Wide):\n    def encode(self, x):\n        return x": True,
    "def wide():\n    class Wide(Coder):\n        encode = abs\n    return Wide": True,
    "class Wide(Coder):\n    def decode(self, x):\n        return x": False,
    "class Wide(layers.Layer):\n    def encode(self, x):\n        return x": False,
}


@pytest.mark.parametrize(("user", "brings"), DERIVED.items(), ids=list(map(str, range(len(DERIVED)))))
def test_a_class_of_another_file_that_derives_from_it(tmp_path: Path, user: str, brings: bool) -> None:
    (tmp_path / "setup.py").touch()
    write(tmp_path, {"user.py": f"from coder import Coder\n\n\n{user}\n"})
    parts = {"first": "encode", "second": "sample", "mark_2": "", "more": ""}
    source = TEMPLATE.format(mark="" if brings else "  # KLL217", **parts)
    write(tmp_path, {"coder.py": source})
    assert (found("KLL217", source, "3", tmp_path / "coder.py") == ()) is brings


@pytest.mark.parametrize(("name", "said_of"), [("_BaseGate", "_BaseGate"), ("BaseGate", "Loud")])
def test_a_private_base_is_asked_with_those_that_derive_from_it(name: str, said_of: str) -> None:
    source = subject("x = x * self.gain  # KLL217").replace("class Subject", f"class {name}")
    derived = f"\n\nclass Loud({name}):\n    loud = True\n"
    assert {each.class_name for each in found("KLL217", source + derived, "3")} == {said_of}


def test_what_a_function_of_another_file_reads(tmp_path: Path) -> None:
    helpers = (
        "def louder(layer, x):\n    return x * layer.gain\n\n\ndef softer(layer, x):\n    return x * layer.units\n"
    )
    write(tmp_path, {"helpers.py": helpers, "tuned.py": f"{helpers}\n\ndef tune(layer):\n    layer.gain = 2.0\n"})
    imports = "from {} import louder, softer\n\n\n"
    call = "x = louder(self, x){}\nx = softer(self, x)"
    source = imports.format("helpers") + layer(call.format("  # KLL217"))
    (diagnostic,) = found("KLL217", source, "3", tmp_path / "here.py")
    assert diagnostic.message.startswith("`self.gain` is read in `louder()`, called here, and nothing sets it")
    assert found("KLL217", imports.format("tuned") + layer(call.format("")), "3", tmp_path / "here.py") == ()


def test_what_a_method_of_a_base_in_another_file_reads(tmp_path: Path) -> None:
    base = "class Parent(layers.Layer):\n    def louder(self, x):\n        return x * self.gain\n"
    write(tmp_path, {"parents.py": base})
    here = """\
from parents import Parent


class Child(Parent):
    def call(self, x):
        return self.louder(x)  # KLL217


class Other(Parent):
    gain = 2.0

    def call(self, x):
        return self.louder(x)
"""
    assert len(found("KLL217", here, "3", tmp_path / "here.py")) == 1


OBJECT = """\
class Subject(keras.{base}):
    def __init__(self, gain=2.0):
        super().__init__()
        self.gain = gain

    def {method}(self, *given):
        return given[0] * {read}{mark}
"""


@pytest.mark.parametrize(
    ("base", "method"),
    [
        ("losses.Loss", "call"),
        ("regularizers.Regularizer", "__call__"),
        ("constraints.Constraint", "__call__"),
    ],
)
@pytest.mark.parametrize(
    ("read", "is_set"), [("self.gian", False), ("self.add_weight((1,))", False), ("self.gain", True)]
)
def test_objects_that_are_no_layers(base: str, method: str, read: str, is_set: bool) -> None:
    mark = "" if is_set else "  # KLL217"
    assert len(found("KLL217", OBJECT.format(base=base, method=method, read=read, mark=mark), "23")) == (not is_set)


@pytest.mark.parametrize("base", ["losses.MeanSquaredError", "regularizers.L2"])
def test_silent_where_a_class_of_keras_may_have_it(base: str) -> None:
    assert_silent("KLL217", OBJECT.format(base=base, method="call", read="self.fn", mark=""))


def gate(init: str, call: str, arguments: str = "units, table=None, rate=0.0, mode='sum'", more: str = "") -> str:
    return f"""\
import keras


class Gate(keras.layers.Layer):
    def __init__(self, {arguments}, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.rate = rate
        {init}

    def call(self, x, training=None):
        {call}
        return x
{more}
"""


READ = "x = x * self.table"
TABLE = "if table is not None:\n            self.table = table"
DROPOUT = "if self.rate > 0:\n            self.dropout = keras.layers.Dropout(rate)"
POOL = "if mode in ('mean', 'max'):\n            self.pool = 1.0\n        else:\n            self.other = 2.0"


@pytest.mark.parametrize(
    ("init", "call", "told"),
    [
        (
            TABLE,
            "x = x * self.table  # KLL217",
            "`self.table` is read in `call`, and nothing sets it with `table=None`",
        ),
        (
            DROPOUT,
            "x = self.dropout(x)  # KLL217",
            "`self.dropout` is read in `call`, and nothing sets it with `rate=0.0`",
        ),
        (POOL, "x = x * self.pool  # KLL217", "`self.pool` is read in `call`, and nothing sets it with `mode='sum'`"),
        (
            "if table is None:\n            return\n        self.table = table",
            "if self.table is not None:  # KLL217\n            x = x * self.table",
            "`self.table` is read in `call`, and nothing sets it with `table=None`",
        ),
    ],
)
def test_not_set_with_the_defaults(init: str, call: str, told: str) -> None:
    for keras in "23":
        (diagnostic,) = found("KLL217", gate(init, call), keras)
        assert f"{diagnostic.severity.label}: {diagnostic.message}".startswith(f"warning: {told}, the default")


@pytest.mark.parametrize(
    ("init", "call", "arguments", "more"),
    [
        (TABLE, "if self.units:\n            x = x * self.table", "units, table=None", ""),
        (TABLE, "if not training:\n            return x\n        x = x * self.table", "units, table=None", ""),
        (TABLE, READ, "units, table", ""),
        (TABLE, READ, "units, table=DEFAULT", ""),
        (TABLE, "x = x * getattr(self, 'table', 1.0)\n        " + READ, "units, table=None", ""),
        (TABLE + "\n        else:\n            self.table = 1.0", READ, "units, table=None", ""),
        ("table = table or 2.0\n        " + TABLE, READ, "units, table=None", ""),
        ("if table is None:\n            raise ValueError('table')\n        " + TABLE, READ, "units, table=None", ""),
        (TABLE, READ, "units, table=None", "\n    def set(self, table):\n        self.table = table"),
        (TABLE, READ, "units, table=None", "\n    table = 1.0"),
        (TABLE, READ, "units, table=None", "\n\nGate(3).table = 2.0"),
        (TABLE, READ, "units, table=None", "\n\nclass M(Gate):\n    def build(self, shape):\n        self.table = 2.0"),
        ("for each in table or ():\n            self.table = each", READ, "units, table=None", ""),
        ("if rate > limit:\n            self.table = table", READ, "units, table=None", ""),
    ],
)
def test_silent_where_it_may_be_set(init: str, call: str, arguments: str, more: str) -> None:
    assert_silent("KLL217", gate(init, call, f"{arguments}, rate=0.0", more))


def test_what_another_class_sets_of_its_own() -> None:
    other = (
        "class Other(keras.layers.Layer):\n    def __init__(self):\n        super().__init__()\n        self.gain = 2.0"
    )
    source = gate("pass", "x = x * self.gain  # KLL217", more=f"\n\n{other}\n")
    assert len(found("KLL217", source, "3")) == 1


@pytest.mark.parametrize(
    ("train", "told"),
    [
        ("from net import Net\nmodel = Net()\nmodel.writer = writer\n", 0),
        ("from net import Net\nmodels['net'].writer = writer\nNet\n", 0),
        ("from net import Net\nmodel = Net()\nmodel.writer.flush()\nassert model.writer == 1\n", 1),
        ("class Other:\n    def __init__(self):\n        self.writer = 1\n# of Net\n", 1),
        ("model.writer = writer\n", 1),  # of another class, as far as one can see
    ],
)
def test_what_another_file_sets_from_outside(tmp_path: Path, train: str, told: int) -> None:
    net = (
        "import keras\n\n\nclass Net(keras.Model):\n    def call(self, x):\n"
        "        self.writer.write(x)\n        return x\n"
    )
    for name, text in {"requirements.txt": "", "net.py": net, "train.py": train}.items():
        (tmp_path / name).write_text(text)
    report = lint_paths([tmp_path], Settings(root=str(tmp_path), keras=("3",), select=("KLL217",)))
    assert [found.code for found in report.diagnostics] == ["KLL217"] * told
