"""KLL311: `get_config` serializes an argument that was never made into an object."""

from __future__ import annotations

import pytest

from tests.checks.cases import messages

CODE = "KLL311"
SUBJECT = """
class Subject(layers.Layer):
    def __init__(self, act{default}, **kwargs):
        super().__init__(**kwargs)
        self.act = {kept}

    def call(self, x):
        return x

    def get_config(self):
        return {{**super().get_config(), "act": {returned}}}{mark}
"""
SERIALIZED = "keras.activations.serialize(self.act)"


def subject(default: str = "=None", kept: str = "act", returned: str = SERIALIZED, mark: str = "") -> str:
    return SUBJECT.format(default=default, kept=kept, returned=returned, mark=mark)


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("default", "shown", "raised"),
    [
        ("=None", "None", "TypeError, with a text ValueError"),
        ('="relu"', "'relu'", "ValueError, with None TypeError"),
    ],
)
def test_reported(default: str, shown: str, raised: str, keras: str) -> None:
    assert messages(CODE, subject(default, mark="  # KLL311"), keras) == [
        f"error: `activations.serialize` takes a function, and `act` is {shown} unless a function is passed: "
        f"`Subject.get_config()` raises {raised}"
    ]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "source",
    [
        subject(kept="keras.activations.get(act)"),
        subject(kept="act or keras.activations.relu"),
        subject(kept="made_of(act)"),
        subject(default=""),
        subject(default="=tf.nn.relu"),
        subject(returned=f"{SERIALIZED} if self.act else None"),
        subject(returned=f"self.act if isinstance(self.act, str) else {SERIALIZED}"),
        subject(returned=f"self.act and {SERIALIZED}"),
        subject(returned="keras.activations.serialize(keras.activations.get(self.act))"),
        subject(returned="keras.initializers.serialize(self.act)"),
        subject(returned="keras.saving.serialize_keras_object(self.act)"),
    ],
)
def test_silent(source: str, keras: str) -> None:
    assert messages(CODE, source, keras) == []
