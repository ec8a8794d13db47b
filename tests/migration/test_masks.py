"""Which layers take a list of no masks for None."""

from __future__ import annotations

import pytest

from keras_layer_lint.fixes.editing import edited
from keras_layer_lint.migration.masks import masks_as_in_keras_2

BEFORE = """\
class Pool(Layer):
    def call(self, {given}):
        {taken}
        {used}
        return x
"""
GUARD = """\
        if isinstance(mask, (list, tuple)) and all(each is None for each in mask):
            mask = None
"""
TAKEN = "x, a = inputs"
USED = "x = self.select(x, mask=mask)"


def migrated(given: str = "inputs, mask=None", taken: str = TAKEN, used: str = USED) -> tuple[str, str]:
    before = BEFORE.format(given=given, taken=taken, used=used)
    return before, edited(before, masks_as_in_keras_2(before, {"Pool"}))


@pytest.mark.parametrize(
    ("taken", "used"),
    [
        (TAKEN, USED),
        ("x, a = self.get_inputs(inputs)", USED),
        (TAKEN, "if mask is not None:\n            x *= tf.cast(mask, 'float32')"),
        (TAKEN, "print(mask.shape)"),
        ("x = inputs[0] + inputs[1]", USED),
        (TAKEN, "if mask is not None:\n            mask = tf.cast(mask, x.dtype)"),
    ],
)
def test_guarded(taken: str, used: str) -> None:
    before, after = migrated(taken=taken, used=used)
    head = "    def call(self, inputs, mask=None):\n"
    assert after == before.replace(head, head + GUARD)
    assert masks_as_in_keras_2(after, {"Pool"}) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"given": "inputs"},
        {"given": "inputs, masks=None"},
        {"taken": "x = inputs"},
        {"taken": "x = inputs[0] * inputs[0]"},
        {"taken": "x = inputs[0] + inputs[:, 1]"},
        {"taken": "x, a = self.parts(1)"},
        {"used": "pass"},
        {"used": "if mask is not None:\n            x *= mask[0]"},
        {"used": "x = self.select(x, mask=mask[0])"},
        {"used": "if isinstance(mask, list):\n            mask = mask[0]"},
        {"used": "mask = self.combined(x, mask)"},
        {"used": "mask = a if mask is None else mask\n        print(mask.shape)"},
    ],
    ids=str,
)
def test_left(changed: dict[str, str]) -> None:
    before, after = migrated(**changed)
    assert after == before
