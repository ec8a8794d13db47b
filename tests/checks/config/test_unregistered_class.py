from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_source
from tests.checks.cases import HEADER, messages

CODE = "KLL309"
LAYER = """
{above}
class Half(layers.Layer):{mark}
    def call(self, inputs):
        return inputs / 2


{below}
"""


def test_reported() -> None:
    source = LAYER.format(above="", below="", mark=f"  # {CODE}")
    (message,) = messages(CODE, source, "3")
    assert message.startswith("note: `Half` is not registered")
    assert messages(CODE, LAYER.format(above="@shared.logged", below="", mark=f"  # {CODE}"), "2")


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("@keras.saving.register_keras_serializable()", ""),
        ("@keras.utils.register_keras_serializable(package='a')", ""),
        ("@keras_export('a.Half')", ""),
        ("", "@keras.saving.register_keras_serializable()\nclass Quarter(Half):\n    pass"),
        ("", "keras.saving.register_keras_serializable('a')(Half)"),
        ("", "keras.utils.get_custom_objects().update({'Half': Half})"),
        ("", "keras.models.load_model('a.keras', custom_objects={'Half': Half})"),
    ],
)
def test_silent(above: str, below: str) -> None:
    assert messages(CODE, LAYER.format(above=above, below=below, mark=""), "3") == []


@pytest.mark.parametrize("name", ["_Half", "BaseHalf", "_BaseHalf", "HalfBase"])
def test_silent_on_what_is_named_private_or_a_base(name: str) -> None:
    assert messages(CODE, LAYER.format(above="", below="", mark="").replace("Half", name), "3") == []


@pytest.mark.parametrize(
    ("settings", "is_on"),
    [
        (Settings(), False),
        (Settings(select=("KLL",)), False),
        (Settings(select=("KLL3",)), False),
        (Settings(select=("KLL30",)), True),
        (Settings(select=("KLL309",)), True),
        (Settings(extend_select=("KLL309",)), True),
        (Settings(extend_select=("KLL309",), ignore=("KLL309",)), False),
    ],
)
def test_off_by_default(settings: Settings, is_on: bool) -> None:
    found = lint_source(HEADER + LAYER.format(above="", below="", mark=""), "a.py", settings)
    assert (CODE in {diagnostic.code for diagnostic in found}) is is_on
