"""A module may be a script, too: what it does behind its last definition costs no class."""

from pathlib import Path

import pytest

from keras_layer_lint.confirm.scripts import Script, in_two
from tests.confirm.conftest import claims_in, probe, ran
from tests.frameworks import needs

LAYER = """\
from __future__ import annotations

import keras


class Gate(keras.layers.Layer):
    def call(self, inputs: Undefined):
        if keras.ops.mean(inputs) > 0.5:
            return inputs
        return inputs{more}


{script}
"""
SCRIPTS = {
    "wants_data": "data = open('no_such_file.csv').read()\nrows = data.split()",
    "raises": "Gate()(size)",
    "trains_for_ever": "step = 0\nwhile True:\n    step += 1",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_class_is_run_all_the_same(name: str, tmp_path: Path) -> None:
    needs("3")
    path = tmp_path / f"{name}.py"
    path.write_text(LAYER.format(more="", script=SCRIPTS[name]), encoding="utf-8")
    claims = claims_in(path, "3", "KLL101")["Gate"]
    [result], _ = ran([probe(path, "Gate", claims)])
    assert result.reason == ""
    assert [verdict.status for verdict in result.verdicts] == ["confirmed"]


def test_what_only_the_script_defines_is_no_fault_of_the_class(tmp_path: Path) -> None:
    needs("3")
    path = tmp_path / "uses_it.py"
    script = "rows = open('no_such_file.csv').read()"
    path.write_text(LAYER.format(more=" * len(rows)", script=script).replace("> 0.5", "> 9.0"), encoding="utf-8")
    [result], _ = ran([probe(path, "Gate", [], everything=True)])
    assert "name 'rows' is not defined" in result.reason
    assert result.failures == ()


def test_a_script_that_can_be_run_is_run() -> None:
    names: dict[str, object] = {}
    script = Script()
    script.execute("def double(number):\n    return 2 * number\n\n\ntwice = double(4)\n", "script.py", names)
    assert (names["twice"], script.is_left_out) == (8, False)


@pytest.mark.parametrize(
    "text",
    [
        "import keras\nx = 1\n",
        "class A: ...\n\nif __name__ == '__main__':\n    A()\n",
        "x = int('a')\n\n\ndef late(): ...\n",
        "import os\ntry:\n    import no_such\nexcept ImportError:\n    no_such = None\n",
        "x = int('a')\n",
        "",
    ],
)
def test_without_a_script(text: str) -> None:
    assert in_two(text, "script.py")[1] is None


def test_the_names_that_a_script_binds() -> None:
    _, script = in_two("import os\n\nfor row in os.listdir():\n    size = len(row)\n", "script.py")
    assert script is not None
    assert script[1] == {"row", "size"}


def test_what_raises_before_the_last_definition_is_an_error() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        Script().execute("x = int('a')\nclass A: ...\nprint(x)\n", "script.py", {})


def test_what_another_text_does_is_an_error() -> None:
    script = Script()
    script.execute("class A: ...\n", "script.py", {})
    with pytest.raises(AssertionError):
        script.execute("class A: ...\n\n\nassert False\n", "script.py", {})
