"""A package that is not installed keeps only those layers from being run that use it, and is named once."""

import importlib
import json
import operator
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Optional, Union

import pytest

from keras_layer_lint.confirm.not_installed import NotInstalled, StandIns, not_installed
from tests.confirm.test_command import klint_in
from tests.frameworks import needs

LAYERS = """\
import keras
import no_such_package.graphs as graphs
from other_missing import helper

{more}


class Gate(keras.layers.Layer):
    def call(self, inputs):
        if keras.backend.mean(inputs) > 0.5:
            return inputs
        return inputs * 2.0


class Needs(keras.layers.Layer):
    def call(self, inputs):
        return graphs.aggregated(inputs)


class Too(keras.layers.Layer):
    def __init__(self, kind=graphs.KIND, **kwargs):
        super().__init__(**kwargs)
        self.size = graphs.size(kind)

    def call(self, inputs):
        return inputs


class Other(keras.layers.Layer):
    def call(self, inputs, training=False):
        return helper(inputs) if training else inputs
"""


def not_run(folder: Path, keras: str, more: str) -> Any:
    mean = "keras.ops.mean" if keras == "3" else "keras.backend.mean"
    source = LAYERS.format(more=more).replace("keras.backend.mean", mean)
    (folder / "layers.py").write_text(source, encoding="utf-8")
    options = (
        "--confirm=all",
        "--device",
        "cpu",
        "--keras",
        keras,
        "--output-format",
        "json",
        "--select",
        "KLL101,KLL900",
    )
    document = json.loads(klint_in(folder, "layers.py", *options).stdout)
    verdicts = [item["verdict"]["status"] for item in document["diagnostics"]]
    return verdicts, [(entry["classes"], entry["reason"], entry["help"]) for entry in document["not_run"]]


@pytest.mark.parametrize("keras", ["2", "3"])
def test_layers_that_do_not_use_it_are_run(tmp_path: Path, keras: str) -> None:
    """Under Keras 2, `if` on a tensor is converted: there is no finding, and nothing fails."""
    needs(keras)
    verdicts, missing = not_run(tmp_path, keras, "")
    assert verdicts == ["confirmed"] * (keras == "3")
    reason = "it uses `no_such_package`, which is not installed"
    help_ = "install what provides `no_such_package` in the Python that runs klint"
    assert missing == [(["Needs", "Too"], reason, help_)]


def test_a_module_that_uses_it_is_not_run(tmp_path: Path) -> None:
    needs("3")
    verdicts, missing = not_run(tmp_path, "3", "LIMIT = 2 * graphs.LIMIT")
    assert verdicts == ["inconclusive"]
    ((classes, reason, _),) = missing
    assert classes == ["Gate", "Needs", "Too", "Other"]
    assert reason == "importing `layers` raises ModuleNotFoundError: No module named 'no_such_package', line 2"


@pytest.fixture
def stand_ins() -> Iterator[StandIns]:
    made = StandIns()
    assert made.add(ModuleNotFoundError("", name="no_such_package.deep"), "shop")
    yield made
    sys.meta_path.remove(made)
    for name in [name for name in sys.modules if name.partition(".")[0] == "no_such_package"]:
        del sys.modules[name]


USES: list[Callable[[Any], object]] = [
    lambda thing: thing(),
    lambda thing: thing.deep.name(1),
    lambda thing: isinstance(3, thing),
    lambda thing: issubclass(int, thing),
    lambda thing: types.new_class("Derived", (thing,))(),
    lambda thing: types.new_class("Derived", (int, thing))(4),
    lambda thing: thing + 1,
    lambda thing: 2 * thing,
    lambda thing: thing["key"],
    lambda thing: list(thing),
    lambda thing: "a" in thing,
    lambda thing: thing == 3,
    lambda thing: thing > 3,
    bool,
    len,
    float,
    operator.index,
]


@pytest.mark.parametrize("use", USES)
def test_whatever_is_done_with_it_says_that_it_is_missing(stand_ins: StandIns, use: Callable[[Any], object]) -> None:
    thing = importlib.import_module("no_such_package.deep.er").Thing
    with pytest.raises(NotInstalled, match="No module named 'no_such_package'") as caught:
        use(thing)
    assert not_installed(caught.value) == "no_such_package"


def test_it_may_stand_in_annotations_and_among_bases(stand_ins: StandIns) -> None:
    thing = importlib.import_module("no_such_package.deep.er").Thing

    def annotated(one: Optional[thing], many: list[thing], other: thing | None) -> Union[int, thing]:  # type: ignore[valid-type]  # noqa: UP007,UP045
        return 3

    assert annotated(None, [], None) == 3
    assert issubclass(types.new_class("Derived", (int, thing)), int)


def test_for_what_nothing_stands_in(stand_ins: StandIns) -> None:
    for error in (
        None,
        ImportError("cannot import name", name="json"),
        ModuleNotFoundError("", name="no_such_package"),  # twice
        ModuleNotFoundError("", name="shop.layers"),
        ModuleNotFoundError("", name="tensorflow.contrib"),
        ModuleNotFoundError("", name="json.absent"),
        NotInstalled("", name="another"),
    ):
        assert not stand_ins.add(error, "shop")
    assert stand_ins.packages == ["no_such_package"]
    assert not_installed(ModuleNotFoundError("", name="x")) == ""
